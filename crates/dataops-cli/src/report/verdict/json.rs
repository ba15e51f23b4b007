//! One JSON document: what came of all checks, who says so and when, and each contract.

use data_contract::verdict::Status;
use serde::{Serialize, Serializer};

use super::{Held, Outcome, Verdicts};

/// The document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'v> {
    /// The version of the program.
    dataops: &'static str,
    /// When the report was made.
    at: String,
    outcome: Outcome,
    checks: Counts,
    contracts: &'v [Held],
}

/// How many checks have each status.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    passed: usize,
    warning: usize,
    failed: usize,
    error: usize,
    not_executable: usize,
}

impl<'v> Document<'v> {
    fn of(verdicts: &'v Verdicts) -> Self {
        Self {
            dataops: env!("CARGO_PKG_VERSION"),
            at: format!("{:.0}", jiff::Timestamp::now()),
            outcome: verdicts.outcome(),
            checks: Counts {
                passed: verdicts.count(Status::Passed),
                warning: verdicts.count(Status::Warning),
                failed: verdicts.count(Status::Failed),
                error: verdicts.count(Status::Error),
                not_executable: verdicts.count(Status::NotExecutable),
            },
            contracts: &verdicts.contracts,
        }
    }
}

impl Serialize for Verdicts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Document::of(self).serialize(serializer)
    }
}
