//! The rules: what they are called, how severe they are, and why they exist.

use std::sync::LazyLock;

use serde::Serialize;

use crate::rules;

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The service would refuse it, or it cannot work.
    Error,
    /// It works, and is probably not what was meant.
    Warning,
    /// It could be better.
    Note,
}

impl Severity {
    /// The severity in a word: `error`, `warning` or `note`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A rule. Ids never change their meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, such as `ADF201`.
    pub id: &'static str,
    /// The name that says what it is about, such as `missing-reference`.
    pub name: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Why, with a wrong and a right example, in Markdown.
    pub explanation: &'static str,
}

/// Every rule, in the order of ids.
pub static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<_> = rules::GROUPS
        .iter()
        .flat_map(|group| group.rules.iter().copied())
        .collect();
    rules.sort_by_key(|rule| rule.id);
    rules
});

/// The rule with an id or a name, whatever its case.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.id.eq_ignore_ascii_case(id) || rule.name.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_names_are_unique() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();

        assert_eq!((ids.len(), names.len()), (RULES.len(), RULES.len()));
        assert_eq!(rule("adf201"), rule("Missing-Reference"));
        assert_eq!(rule("ADF"), None);
    }

    #[test]
    fn ids_are_letters_and_a_number_and_names_are_kebab_case() {
        for rule in RULES.iter() {
            let digits = rule
                .id
                .trim_start_matches(|letter: char| letter.is_ascii_uppercase());
            assert!(
                digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit()),
                "{}",
                rule.id
            );
            let kebab = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-');
            assert!(rule.name.chars().all(kebab), "{}", rule.name);
        }
    }

    #[test]
    fn every_rule_is_explained_by_a_wrong_and_a_right_example() {
        for rule in RULES.iter() {
            let (id, text) = (rule.id, rule.explanation);
            for part in ["\nWrong:\n\n```", "\nRight:\n\n```"] {
                assert_eq!(text.matches(part).count(), 1, "{id} lacks {part:?}");
            }
            assert_eq!(text.matches("```").count() % 2, 0, "{id}");
            assert!(
                rule.summary.len() > 20 && !rule.summary.ends_with('.'),
                "{id}"
            );
        }
    }
}
