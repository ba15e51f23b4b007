//! What is recorded of a smoke test, whatever came of it.

use dataops_core::ingestion::{Check, CheckOutcome};
use dataops_core::ledger::Ledger;
use dataops_core::smoke::SmokeReport;
use dataops_ledger::{Did, SMOKE, Test, TestCase, TestOutcome, Time};

use crate::context::Context;
use crate::failure::Failure;
use crate::ledger;

/// Writes the record of a smoke test that began then, and that somebody may have `interrupted` before anything came of it.
pub(crate) async fn smoke(
    context: &Context,
    ledger: &Ledger,
    began: Time,
    made: Result<&SmokeReport, &Failure>,
    interrupted: bool,
) -> Result<(), Failure> {
    let chain = ledger::chain(ledger).await?;
    let last = chain.last_deployment();
    let mut test = Test {
        name: SMOKE.to_owned(),
        began,
        outcome: TestOutcome::Error,
        interrupted,
        reason: None,
        deployment: last.map(|(record, _)| record.number),
        bundle: last.and_then(|(_, deployment)| deployment.bundle.clone()),
        run_id: None,
        cases: Vec::new(),
    };
    let masked = |text: &str| adf_model::secret::masked(text, "***").into_owned();
    match made {
        Ok(report) => {
            test.outcome = outcome(report);
            test.interrupted = report.was_interrupted;
            test.reason = (!report.holds()).then(|| masked(&report.complaint()));
            test.run_id = report.run.as_ref().map(|run| run.run_id.clone());
            let checks = report.checks.iter();
            test.cases = checks.filter_map(|check| case(check, &masked)).collect();
        }
        Err(failure) => test.reason = Some(masked(&failure.summary())),
    }
    let entry = ledger::entry(context, ledger, Did::Test(test));
    let record = ledger.append(entry).await.map_err(ledger::failure)?;
    context.say(&format!(
        "recorded as {} of {} in {}",
        record.number,
        ledger.environment(),
        ledger.place()
    ));
    Ok(())
}

fn outcome(report: &SmokeReport) -> TestOutcome {
    match report.holds() {
        true => TestOutcome::Passed,
        // It says nothing about what is deployed.
        false if report.was_interrupted => TestOutcome::Error,
        false => TestOutcome::Failed,
    }
}

/// A check that was made; one that could not be made says nothing.
fn case(check: &Check, masked: &dyn Fn(&str) -> String) -> Option<TestCase> {
    let (outcome, reason) = match check.outcome {
        CheckOutcome::Passed => (TestOutcome::Passed, None),
        CheckOutcome::Failed => (TestOutcome::Failed, Some(masked(&check.found))),
        CheckOutcome::Skipped => return None,
    };
    Some(TestCase {
        name: check.name.clone(),
        outcome,
        reason,
    })
}
