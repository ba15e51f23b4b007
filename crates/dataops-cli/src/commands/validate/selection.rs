//! Which rules are asked for.

use dataops_check::{RULES, Rule};

use crate::failure::{Failure, suggestion};

/// Which rules are asked for.
#[derive(Debug, Default)]
pub(super) struct Selection {
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Selection {
    /// The rules that `select` names, or all, without those that `ignore` names.
    pub(super) fn new(select: &[String], ignore: &[String]) -> Result<Self, Failure> {
        let upper = |names: &[String]| {
            names
                .iter()
                .map(|name| name.trim().to_ascii_uppercase())
                .collect()
        };
        let selection = Self {
            select: upper(select),
            ignore: upper(ignore),
        };
        for name in selection.select.iter().chain(&selection.ignore) {
            if !RULES.iter().any(|rule| names(name, rule)) {
                return Err(unknown(name));
            }
        }
        Ok(selection)
    }

    /// Whether a rule is asked for. Where both name it, the longer name counts.
    pub(super) fn has(&self, rule: &Rule) -> bool {
        let longest = |list: &[String]| {
            let named = list.iter().filter(|name| names(name, rule));
            named.map(String::len).max()
        };
        match (longest(&self.select), longest(&self.ignore)) {
            (None, None) => self.select.is_empty(),
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(selected), Some(ignored)) => selected > ignored,
        }
    }
}

/// Whether a name in capitals is that of the rule, or the beginning of its id.
fn names(name: &str, rule: &Rule) -> bool {
    !name.is_empty() && (rule.id.starts_with(name) || rule.name.eq_ignore_ascii_case(name))
}

/// A name that no rule has.
pub(super) fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no rule `{name}`"));
    let known = RULES
        .iter()
        .flat_map(|rule| [rule.id.to_owned(), rule.name.to_owned()]);
    let known: Vec<_> = known.collect();
    match suggestion::nearest(name, &known) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint("`dataops validate --rules` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(select: &[&str], ignore: &[&str], id: &str) -> bool {
        let owned = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let selection = Selection::new(&owned(select), &owned(ignore)).unwrap();
        selection.has(dataops_check::rule(id).unwrap())
    }

    #[test]
    fn rules_are_named_by_id_beginning_and_name() {
        assert!(has(&[], &[], "ADF201"));
        assert!(has(&["adf2"], &[], "ADF201") && !has(&["ADF2"], &[], "ADF101"));
        assert!(
            has(&["missing-reference"], &[], "ADF201")
                && !has(&["missing-reference"], &[], "ADF202")
        );
        assert!(!has(&[], &["ADF2"], "ADF201") && has(&[], &["ADF2"], "ADF101"));
    }

    #[test]
    fn the_longer_name_counts() {
        assert!(has(&["ADF201"], &["ADF2"], "ADF201"));
        assert!(!has(&["ADF2"], &["ADF201"], "ADF201"));
    }

    #[test]
    fn what_names_no_rule_is_refused() {
        let error = Selection::new(&["ADF2O1".to_owned()], &[])
            .unwrap_err()
            .render();

        assert!(
            error.contains("there is no rule `ADF2O1`") && error.contains("did you mean `ADF2"),
            "{error}"
        );
    }
}
