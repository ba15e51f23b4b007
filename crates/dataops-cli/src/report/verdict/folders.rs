//! The test of a run's folders beside contracts, in their form: one report says it all.

use data_contract::Verdict;
use data_contract::plan::{Category, Evidence, Severity};
use data_contract::verdict::{CheckResult, ObjectRead, Status};
use dataops_core::ingestion::{Check, CheckOutcome, IngestionReport};

use super::Held;

/// What the checks are about.
const OBJECT: &str = "ingestion";

impl Held {
    /// The test of a run's folders.
    pub(crate) fn of_ingestion(test: &IngestionReport) -> Self {
        let object = ObjectRead {
            name: OBJECT.to_owned(),
            location: format!("run {}", test.run_id),
            rows: Some(test.training_rows + test.testing_rows),
            ..ObjectRead::default()
        };
        Self {
            file: String::new(),
            seconds: 0.0,
            verdict: Verdict {
                contract: "folders of the run".to_owned(),
                version: String::new(),
                objects: vec![object],
                checks: test.checks.iter().enumerate().map(check).collect(),
            },
            profiles: Vec::new(),
            databricks: None,
        }
    }
}

fn check((at, check): (usize, &Check)) -> CheckResult {
    CheckResult {
        id: format!("{OBJECT}.{}", at + 1),
        title: check.name.clone(),
        object: OBJECT.to_owned(),
        column: None,
        category: Category::Schema,
        dimension: Some("completeness".to_owned()),
        severity: Severity::Error,
        tags: Vec::new(),
        line: 0,
        status: match check.outcome {
            CheckOutcome::Passed => Status::Passed,
            CheckOutcome::Failed => Status::Failed,
            CheckOutcome::Skipped => Status::NotExecutable,
        },
        measured: Some(check.found.clone()),
        expected: None,
        value: None,
        rows: None,
        reason: None,
        evidence: Evidence::Scan,
        samples: Vec::new(),
        files: Vec::new(),
    }
}
