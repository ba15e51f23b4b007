//! What is recorded of a test, whatever came of it.

use dataops_core::connection::Connection;
use dataops_core::ledger::{Ledger, now};
use dataops_core::run::{RunError, RunReport};
use dataops_ledger::{Did, Drift, Outcome, Test, TestCase, TestOutcome, Time};
use dataops_plan::{Digest, FactoryAddress};

use crate::context::Context;
use crate::failure::Failure;
use crate::ledger;
use crate::planning;

/// A test that goes on: what was deployed when it began.
pub(crate) struct Trial {
    ledger: Ledger,
    test: Test,
    /// When what is deployed had been brought.
    since: Option<Time>,
    /// The factory that it was brought to, and the state in which that was left.
    left: Option<(Option<FactoryAddress>, Option<Digest>)>,
    /// When a deployment began that did not end, beside which only parts were deployed.
    untold: Option<Time>,
    /// Why the test says nothing about what is deployed.
    beside: Option<String>,
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
            interrupted: false,
            reason: None,
            deployment: last.map(|(record, _)| record.number),
            bundle: last.and_then(|(_, deployment)| deployment.bundle.clone()),
            run_id,
            cases: Vec::new(),
        };
        let unfinished = last.filter(|(_, deployment)| deployment.outcome == Outcome::Begun);
        let beside = unfinished.map(|(record, _)| {
            format!(
                "the deployment that began on {} did not end",
                record.at.short()
            )
        });
        // What somebody has changed beside a part that was deployed is told by its state alone.
        let untold = last.filter(|(_, it)| it.state.is_none() && !it.is_whole());
        let beside = beside.or_else(|| {
            let (record, _) = untold?;
            let number = record.number;
            Some(format!(
                "record {number}, of a part, does not tell the state of the factory"
            ))
        });
        Ok(Self {
            test,
            since: last.map(|(record, _)| record.at),
            left: last.map(|(_, it)| (it.factory.clone(), it.state.clone())),
            untold: chain.untold().map(|(record, _)| record.at),
            beside,
            ledger,
        })
    }

    /// The run whose data were tested: only one that has succeeded, and that what is deployed has made, proves anything.
    pub(crate) fn of_run(&mut self, run: &Result<RunReport, RunError>) {
        let beside = match run {
            Err(error) => Some(error.to_string()),
            Ok(run) if run.status != "Succeeded" => {
                Some(format!("run {} ended as {}", run.run_id, run.status))
            }
            Ok(run) => {
                let millis = run.start.map(|start| start.unix_timestamp() * 1000 + 999);
                let before = millis
                    .zip(self.since)
                    .is_some_and(|(start, since)| start < since.as_millis());
                before.then(|| format!("run {} began before the deployment had ended", run.run_id))
            }
        };
        self.beside = self.beside.take().or(beside);
    }

    /// The factory that made the data: it proves something of what was deployed only as it was left.
    pub(crate) async fn of_factory(
        &mut self,
        context: &Context,
        connection: &Connection,
    ) -> Result<(), Failure> {
        let Some((factory, state)) = self.left.take().filter(|_| self.beside.is_none()) else {
            return Ok(());
        };
        let here = planning::address(connection.environment());
        if factory.is_some() && factory != here {
            self.beside = Some("the last deployment was that of another factory".to_owned());
            return Ok(());
        }
        let Some(state) = state else {
            context.explain(
                "the last deployment has recorded no state of the factory to compare with",
            );
            return Ok(());
        };
        let left = self.ledger.state(&state).await.map_err(ledger::failure)?;
        let drift = Drift::between(&left, &planning::live(connection).await?);
        let changed = drift.changed.iter().map(|it| &it.resource);
        let mut moved = drift.added.iter().chain(&drift.removed).chain(changed);
        self.beside = moved.next().map(|first| match self.untold {
            Some(began) => format!(
                "{first} is not as it was left, and the deployment that began on {} did not end; `dataops drift` shows it",
                began.short()
            ),
            None => {
                format!("somebody has changed {first} since the deployment; `dataops drift` shows it")
            }
        });
        Ok(())
    }

    /// Writes the record.
    pub(crate) async fn record(
        mut self,
        context: &Context,
        tested: Result<Tried, &Failure>,
    ) -> Result<(), Failure> {
        match tested {
            Ok(tried) => {
                self.test.outcome = outcome(tried.holds);
                if let Some(why) = self.beside.take() {
                    let text = format!("the test is recorded as one that proves nothing: {why}");
                    context.warn("warning", &text, Some("start a run and test what it wrote"));
                    self.test.outcome = TestOutcome::Error;
                    self.test.reason = Some(why);
                }
                self.test.run_id = Some(tried.run_id);
                self.test.cases = tried.cases;
            }
            Err(failure) => {
                let summary = failure.summary();
                let masked = adf_model::secret::masked(&summary, "***");
                self.test.reason = Some(masked.into_owned());
            }
        }
        let entry = ledger::entry(context, &self.ledger, Did::Test(self.test));
        let record = self.ledger.append(entry).await.map_err(ledger::failure)?;
        ledger::tell_record(context, &self.ledger, &record);
        Ok(())
    }
}

/// What came of a test, as it is recorded.
pub(crate) struct Tried {
    /// The run whose data were tested.
    pub(crate) run_id: String,
    /// Whether all of it holds.
    pub(crate) holds: bool,
    /// What was looked at.
    pub(crate) cases: Vec<TestCase>,
}

/// A thing that was looked at, and what was found where it does not hold.
pub(crate) fn case(name: &str, holds: bool, found: &str) -> TestCase {
    TestCase {
        name: name.to_owned(),
        outcome: outcome(holds),
        reason: (!holds).then(|| found.to_owned()),
    }
}

fn outcome(holds: bool) -> TestOutcome {
    match holds {
        true => TestOutcome::Passed,
        false => TestOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use azure_core::time::OffsetDateTime;
    use dataops_core::store::FolderStore;

    use super::*;

    fn beside(status: &str, start: i64) -> Option<String> {
        let mut trial = Trial {
            ledger: Ledger::new(Arc::new(FolderStore::new("records")), "qa"),
            test: Test {
                name: "contract".to_owned(),
                began: Time::from_millis(200_000),
                outcome: TestOutcome::Passed,
                interrupted: false,
                reason: None,
                deployment: Some(1),
                bundle: None,
                run_id: None,
                cases: Vec::new(),
            },
            since: Some(Time::from_millis(100_000)),
            left: None,
            untold: None,
            beside: None,
        };
        trial.of_run(&Ok(RunReport {
            factory: "adf-qa".to_owned(),
            pipeline: "ingest".to_owned(),
            run_id: "r1".to_owned(),
            status: status.to_owned(),
            message: String::new(),
            invoked_by: "Manual".to_owned(),
            parameters: serde_json::Map::new(),
            start: Some(OffsetDateTime::from_unix_timestamp(start).unwrap()),
            end: None,
            activities: Vec::new(),
            url: None,
        }));
        trial.beside
    }

    #[test]
    fn only_a_run_that_has_succeeded_since_the_deployment_proves_it() {
        assert_eq!(beside("Succeeded", 100), None);
        assert_eq!(
            beside("Failed", 150).as_deref(),
            Some("run r1 ended as Failed")
        );
        assert_eq!(
            beside("Succeeded", 99).as_deref(),
            Some("run r1 began before the deployment had ended")
        );
    }
}
