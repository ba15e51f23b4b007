//! The exit codes of all programs.

use std::process::ExitCode;

/// Why a program ended as it did. The numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It holds.
    Ok = 0,
    /// What was asked about failed: a run, a test, a finding.
    Failed = 1,
    /// Wrong usage or configuration; nothing was changed.
    Usage = 2,
    /// The service refused.
    Refused = 3,
    /// The service was not reached, or a time limit was.
    Unreachable = 4,
    /// Deployed, and a trigger is not in its state.
    Triggers = 5,
    /// A fault of this program.
    Bug = 70,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
