//! What came of a smoke test.

use serde::Serialize;

use super::{Cleaned, Spent};
use crate::ingestion::{Check, CheckOutcome};
use crate::run::RunReport;

/// What came of a smoke test.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SmokeReport {
    /// The environment's name.
    pub environment: String,
    /// The pipeline.
    pub pipeline: String,
    /// The folder of this test.
    pub folder: String,
    /// The run, as far as it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunReport>,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
    /// What it cost, as far as the service tells.
    pub spent: Spent,
    /// What was removed afterwards.
    pub cleaned: Cleaned,
    /// Whether somebody has ended it early.
    pub was_interrupted: bool,
}

impl SmokeReport {
    /// Whether everything that was looked at is as it ought to be.
    #[must_use]
    pub fn holds(&self) -> bool {
        let failed = |check: &Check| check.outcome == CheckOutcome::Failed;
        !self.was_interrupted && !self.checks.iter().any(failed)
    }

    /// The checks that do not hold, in one line.
    #[must_use]
    pub fn complaint(&self) -> String {
        if self.was_interrupted {
            return dataops_ledger::INTERRUPTED.to_owned();
        }
        let failed = self
            .checks
            .iter()
            .filter(|check| check.outcome == CheckOutcome::Failed);
        let failed: Vec<_> = failed
            .map(|check| format!("{} ({})", check.name, check.found))
            .collect();
        format!("the smoke test does not hold: {}", failed.join("; "))
    }
}
