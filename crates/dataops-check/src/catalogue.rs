//! The rules: what they are called, how severe they are, and why they exist.

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
    /// Why, with an example and what to do, in Markdown.
    pub explanation: &'static str,
}

/// Every rule, in the order of ids.
pub static RULES: &[&Rule] = rules::ALL;

/// The rule with an id or a name, whatever its case.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.id.eq_ignore_ascii_case(id) || rule.name.eq_ignore_ascii_case(id))
}
