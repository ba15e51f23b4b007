//! Everything about a solution that can be known offline.
//!
//! A [`Subject`] is what is looked at. Each [`Rule`] has a stable id, a severity and an explanation; a check reports
//! [`Finding`]s with their place. Nothing here reads a file or asks a service: what must be read is in the subject.

mod catalogue;
mod finding;
mod rules;
mod subject;

pub use catalogue::{RULES, Rule, Severity, rule};
pub use finding::{Finding, Findings, Fix, Related};
pub use subject::Subject;

/// Looks at everything in `subject`; findings come in the order of their places.
#[must_use]
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    for check in rules::CHECKS {
        check(subject, &mut findings);
    }
    findings.into_sorted()
}
