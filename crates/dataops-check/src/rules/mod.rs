//! The rules, a file for each subject: what they are called, and the check that reports them.

mod across;
mod activities;
mod arm;
mod contracts;
mod dependencies;
mod environments;
mod expressions;
mod files;
mod fitting;
mod limits;
mod names;
mod notebooks;
mod python;
mod references;
mod retired;
mod secrets;
mod shape;
mod triggers;
mod unused;

use crate::{Context, Findings, Rule};

pub(crate) use shape::misplaced;

/// Rules that belong together, and the check that reports them.
pub(crate) struct Group {
    /// The rules.
    pub(crate) rules: &'static [&'static Rule],
    /// Looks at the subject; reports only the rules of the group.
    pub(crate) check: fn(&Context<'_>, &mut Findings),
}

/// Every group.
pub(crate) const GROUPS: &[Group] = &[
    files::GROUP,
    shape::GROUP,
    names::GROUP,
    activities::GROUP,
    references::GROUP,
    fitting::GROUP,
    dependencies::GROUP,
    expressions::GROUP,
    environments::GROUP,
    environments::OVERRIDDEN,
    notebooks::GROUP,
    across::GROUP,
    contracts::GROUP,
    arm::GROUP,
    python::GROUP,
    limits::GROUP,
    triggers::GROUP,
    unused::GROUP,
    secrets::GROUP,
    retired::GROUP,
];

/// Whether the findings of a rule are about the text of a file, as those about its syntax are.
pub(crate) fn is_about_text(rule: &Rule) -> bool {
    files::GROUP.rules.contains(&rule)
        || environments::ABOUT_TEXT.contains(&rule)
        || across::ABOUT_TEXT.contains(&rule)
}

/// A rule; its explanation is `explanations/<id>.md`.
macro_rules! rule {
    ($id:literal, $name:literal, $severity:ident, $summary:literal) => {
        $crate::Rule {
            id: $id,
            name: $name,
            severity: $crate::Severity::$severity,
            summary: $summary,
            explanation: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/explanations/",
                $id,
                ".md"
            )),
        }
    };
}
use rule;
