//! What is recorded of a test, whatever came of it.

use dataops_core::ingestion::{Check, CheckOutcome, IngestionReport};
use dataops_core::ledger::{Ledger, now};
use dataops_ledger::{Did, Test, TestCase, TestOutcome};

use crate::context::Context;
use crate::failure::Failure;
use crate::ledger;

/// A test that goes on: what was deployed when it began.
pub(crate) struct Trial {
    ledger: Ledger,
    test: Test,
}

impl Trial {
    /// A test that begins now.
    pub(crate) async fn begin(
        ledger: Ledger,
        name: &str,
        run_id: Option<String>,
    ) -> Result<Self, Failure> {
        let chain = ledger::chain(&ledger).await?;
        let last = chain.last_deployment();
        let test = Test {
            name: name.to_owned(),
            began: now(),
            outcome: TestOutcome::Error,
            reason: None,
            deployment: last.map(|(record, _)| record.number),
            bundle: last.and_then(|(_, deployment)| deployment.bundle.clone()),
            run_id,
            cases: Vec::new(),
        };
        Ok(Self { ledger, test })
    }

    /// Writes the record.
    pub(crate) async fn record(
        mut self,
        context: &Context,
        tested: Result<&IngestionReport, &Failure>,
    ) -> Result<(), Failure> {
        match tested {
            Ok(report) => {
                self.test.outcome = outcome(report.holds());
                self.test.run_id = Some(report.run_id.clone());
                self.test.cases = report.checks.iter().map(case).collect();
            }
            Err(failure) => {
                let summary = failure.summary();
                let masked = adf_model::secret::masked(&summary, "***");
                self.test.reason = Some(masked.into_owned());
            }
        }
        let entry = ledger::entry(context, &self.ledger, Did::Test(self.test));
        let record = self.ledger.append(entry).await.map_err(ledger::failure)?;
        context.say(&format!(
            "recorded as {} of {} in {}",
            record.number,
            self.ledger.environment(),
            self.ledger.place()
        ));
        Ok(())
    }
}

fn case(check: &Check) -> TestCase {
    let failed = check.outcome == CheckOutcome::Failed;
    TestCase {
        name: check.name.clone(),
        outcome: outcome(!failed),
        reason: failed.then(|| check.found.clone()),
    }
}

fn outcome(holds: bool) -> TestOutcome {
    match holds {
        true => TestOutcome::Passed,
        false => TestOutcome::Failed,
    }
}
