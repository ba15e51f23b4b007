//! Everything about a solution that can be known offline.
//!
//! A [`Subject`] is what is looked at. Each [`Rule`] has a stable id, a severity and an explanation; a check reports
//! [`Finding`]s with their place. Nothing here reads a file or asks a service: what must be read is in the subject.

mod catalogue;
mod context;
mod finding;
mod findings;
mod lint;
mod mending;
mod notebooks;
mod pipeline;
mod rules;
mod secret;
mod settings;
mod subject;
mod suggestion;
mod text;
mod time_span;
mod value;
mod walk;

pub(crate) use context::Context;

pub use catalogue::{RULES, Rule, Severity, rule};
pub use finding::{Finding, Fix, Related};
pub use findings::Findings;
pub use lint::PythonLint;
pub use mending::{Mended, mend};
pub use subject::Subject;

/// Looks at everything in `subject`; findings come in the order of their places.
#[must_use]
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let context = Context::new(subject);
    let mut findings = Findings::default();
    for group in rules::GROUPS {
        (group.check)(&context, &mut findings);
    }
    findings.into_sorted(subject.prefix)
}
