//! The test of a run's folders beside contracts, in their form: one report says it all.

use data_contract::Verdict;
use data_contract::verdict::{CheckResult, ObjectRead, Status};
use dataops_core::ingestion::{Check, CheckOutcome, IngestionReport};

use super::{About, Held};

/// What the checks are about.
const OBJECT: &str = "ingestion";

impl Held {
    /// The test of a run's folders.
    pub(crate) fn of_ingestion(test: &IngestionReport) -> Self {
        let object = ObjectRead {
            name: OBJECT.to_owned(),
            location: format!("run {}", test.run_id),
            rows: test.written_rows(),
            ..ObjectRead::default()
        };
        Self {
            file: String::new(),
            about: About::default(),
            seconds: 0.0,
            verdict: Verdict {
                contract: "folders of the run".to_owned(),
                version: String::new(),
                objects: vec![object],
                checks: test.checks.iter().map(check).collect(),
            },
            profiles: Vec::new(),
            databricks: None,
        }
    }
}

fn check(check: &Check) -> CheckResult {
    // By its name, and not by how many others were made before it.
    let id = check.name.replace(' ', "-");
    CheckResult {
        dimension: Some("completeness".to_owned()),
        status: match check.outcome {
            CheckOutcome::Passed => Status::Passed,
            CheckOutcome::Failed => Status::Failed,
            CheckOutcome::Skipped => Status::NotExecutable,
        },
        measured: Some(check.found.clone()),
        ..CheckResult::of_files(OBJECT, &id, &check.name)
    }
}
