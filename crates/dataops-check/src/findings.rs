//! The findings of a check, a bounded number of them.

use std::collections::HashMap;

use crate::finding::Base;
use crate::{Finding, Rule};

/// The most findings of one rule in one file. More are counted, and said in one sentence.
const MOST: usize = 1_000;

/// The findings so far.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
    counts: HashMap<(&'static str, String), Count>,
}

#[derive(Debug)]
struct Count {
    rule: &'static Rule,
    base: Base,
    found: usize,
}

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        if self.has_room(finding.rule, &finding.path, finding.base) {
            self.found.push(finding);
        }
    }

    /// Adds findings.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Those that were added when there were as many as `length` already.
    pub(crate) fn since(&self, length: usize) -> &[Finding] {
        self.found.get(length..).unwrap_or_default()
    }

    /// Adds the findings of other rules.
    pub(crate) fn merge(&mut self, other: Self) {
        self.found.extend(other.found);
        self.counts.extend(other.counts);
    }

    fn has_room(&mut self, rule: &'static Rule, path: &str, base: Base) -> bool {
        let count = self.counts.entry((rule.id, path.to_owned()));
        let count = count.or_insert(Count {
            rule,
            base,
            found: 0,
        });
        count.found += 1;
        count.found <= MOST
    }

    /// All findings in the order of their places, each once, with paths from the solution's root.
    pub(crate) fn into_sorted(self, prefix: &str) -> Vec<Finding> {
        let omitted = self
            .counts
            .into_iter()
            .filter(|(_, count)| count.found > MOST);
        let omitted = omitted.map(|((_, path), count)| {
            let message = format!("and {} more in this file", count.found - MOST);
            Finding {
                base: count.base,
                ..Finding::in_file(count.rule, path, message)
            }
        });
        let mut found = self.found;
        found.extend(omitted);
        for finding in &mut found {
            from_root(&mut finding.path, &mut finding.base, prefix);
            for related in &mut finding.related {
                from_root(&mut related.path, &mut related.base, prefix);
            }
        }
        found.sort_by(|left, right| key(left).cmp(&key(right)));
        found.dedup();
        found
    }
}

fn from_root(path: &mut String, base: &mut Base, prefix: &str) {
    if *base == Base::Repository {
        path.insert_str(0, prefix);
        *base = Base::Solution;
    }
}

fn key(finding: &Finding) -> impl Ord + '_ {
    let span = finding.span.as_ref();
    let place = span.map(|span| (span.start, span.end));
    (&finding.path, place, finding.rule.id, &finding.message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RULES;

    #[test]
    fn a_flood_is_counted() {
        let rule = RULES[0];
        let mut findings = Findings::default();
        for at in 0..3_000 {
            findings.add(Finding::in_repository(rule, "a.json", format!("{at:05}")));
        }

        let found = findings.into_sorted("adf/");

        assert_eq!(found.len(), MOST + 1);
        assert_eq!(found[0].path, "adf/a.json");
        assert_eq!(found[MOST].message, "and 2000 more in this file");
    }
}
