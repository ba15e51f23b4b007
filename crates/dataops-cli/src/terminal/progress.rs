//! A run as it goes on: a live tree on a terminal, plain lines in a log.

use std::io::{IsTerminal, Write};

use azure_core::time::OffsetDateTime;
use dataops_core::run::RunReport;

use super::lines::Lines;
use super::tree::Tree;

/// Shows a run while it goes on, on stderr.
pub(crate) enum Progress {
    /// A live tree.
    Tree(Tree),
    /// A line for each change.
    Lines(Lines),
    /// Nothing.
    Quiet,
}

impl Progress {
    /// A tree on a terminal, lines elsewhere, nothing when `quiet`.
    #[must_use]
    pub(crate) fn new(quiet: bool, ci: bool, result_for_people: bool) -> Self {
        match () {
            () if quiet => Self::Quiet,
            () if std::io::stderr().is_terminal() && !ci => {
                Self::Tree(Tree::new(result_for_people))
            }
            () => Self::Lines(Lines::default()),
        }
    }

    /// Shows where the run stands.
    pub(crate) fn update(&mut self, run: &RunReport) {
        match self {
            Self::Tree(tree) => tree.update(run),
            Self::Lines(lines) => {
                for line in lines.changes(run, OffsetDateTime::now_utc()) {
                    // A log that cannot be written to is no reason to end a run.
                    let _ = writeln!(std::io::stderr(), "{line}");
                }
            }
            Self::Quiet => {}
        }
    }
}
