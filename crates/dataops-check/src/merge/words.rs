//! The names in a sentence.

use std::collections::BTreeSet;

use crate::Finding;

/// Names, in lower case.
#[derive(Debug, Default)]
pub(super) struct Words(BTreeSet<String>);

impl Words {
    /// The names that a finding speaks of: what stands in backticks, and the last part of it where it is a path.
    pub(super) fn of_finding(finding: &Finding) -> Self {
        let mut words = Self::default();
        words.read(&finding.message);
        for related in &finding.related {
            words.read(&related.message);
        }
        words
    }

    /// The names in a text.
    pub(super) fn of(text: &str) -> Self {
        let mut words = Self::default();
        words.read(text);
        words
    }

    fn read(&mut self, text: &str) {
        for word in text.split('`').skip(1).step_by(2) {
            self.add(word);
        }
    }

    pub(super) fn add(&mut self, word: &str) {
        let word = word.to_lowercase();
        if let Some((_, last)) = word.rsplit_once('/') {
            self.0.insert(last.to_owned());
        }
        self.0.insert(word);
        self.0.remove("");
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(&word.to_lowercase())
    }

    /// How many names are in both.
    pub(super) fn common(&self, other: &Self) -> usize {
        self.0.intersection(&other.0).count()
    }

    /// Whether a text holds one of the names.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().any(|word| text.contains(word))
    }
}

/// A sentence without the numbers that stand outside names: lines and counts.
pub(super) fn without_numbers(text: &str) -> String {
    let mut is_name = false;
    let kept = text.chars().filter(|c| {
        is_name ^= *c == '`';
        is_name || !c.is_ascii_digit()
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_backticks() {
        let words = Words::of("the notebook `/Shared/x/Prepare` never reads `run_id`");

        assert!(words.has("prepare") && words.has("RUN_ID") && !words.has("reads"));
        assert!(words.are_in("x = get(\"run_id\")"));
    }

    #[test]
    fn counts_are_no_part_of_what_is_the_same() {
        assert_eq!(without_numbers("`p1` has 85 of 80"), "`p1` has  of ");
    }
}
