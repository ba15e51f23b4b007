//! The rules, a file for each subject: what they are called, and the check that reports them.

mod files;
mod references;

use crate::{Context, Findings, Rule};

/// Rules that belong together, and the check that reports them.
pub(crate) struct Group {
    /// The rules.
    pub(crate) rules: &'static [&'static Rule],
    /// Looks at the subject; reports only the rules of the group.
    pub(crate) check: fn(&Context<'_>, &mut Findings),
}

/// Every group.
pub(crate) const GROUPS: &[Group] = &[files::GROUP, references::GROUP];
