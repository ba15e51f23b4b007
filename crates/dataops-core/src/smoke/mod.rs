//! The smoke test of an environment: what is deployed runs once on input of its own, in folders of its own, within limits.
//!
//! It touches nothing that it has not made: its input lies in a folder that no other test has, what the run writes lies there or in
//! folders named after the run, and only these are looked at and removed. Input that would fire a trigger is refused.

mod canary;
mod cleanup;
mod contract;
mod ended;
mod error;
mod guard;
mod limits;
mod report;
mod trace;

use std::path::PathBuf;

use dataops_solution::Solution;
use dataops_solution::settings::SmokeSettings;
use futures::future::{Either, select};

pub use canary::Canary;
pub use cleanup::Cleaned;
pub use contract::HeldAgainst;
pub use error::SmokeError;
pub use limits::{Bounds, Spent};
pub use report::SmokeReport;
pub use trace::{Killed, Traces};

use ended::{EndedRun, Why, run_ids};
use trace::Trace;

use crate::apply::Interrupt;
use crate::connection::Connection;
use crate::ingestion::{Check, Counting, IngestionTest, Input, only_csv};
use crate::run::{RunError, RunOptions, RunReport, Runs};

/// A smoke test that is about to be made.
#[derive(Debug)]
pub struct Smoke<'s> {
    solution: &'s Solution,
    connection: &'s Connection,
    settings: &'s SmokeSettings,
    canary: Canary,
    interrupt: Interrupt,
    traces: Option<Traces>,
    contract: Option<HeldAgainst<'s>>,
    counting: Counting,
}

impl<'s> Smoke<'s> {
    /// Prepares the test that an environment wants; nothing where it wants none.
    ///
    /// # Errors
    ///
    /// When its settings do not fit together.
    pub fn of(
        solution: &'s Solution,
        connection: &'s Connection,
    ) -> Result<Option<Self>, SmokeError> {
        let Some(settings) = &connection.environment().smoke else {
            return Ok(None);
        };
        let canary = Canary::of(solution, settings)?;
        if let Some(input) = &canary.input {
            input.check()?;
        }
        Ok(Some(Self {
            canary,
            solution,
            connection,
            settings,
            interrupt: Interrupt::default(),
            traces: None,
            contract: None,
            counting: only_csv,
        }))
    }

    /// The contract that the environment names.
    #[must_use]
    pub fn contract(&self) -> Option<PathBuf> {
        let contract = self.settings.contract.as_ref();
        contract.map(|path| self.solution.path(path))
    }

    /// Holds what was written against the contract, too.
    #[must_use]
    pub fn holding(mut self, contract: HeldAgainst<'s>) -> Self {
        self.contract = Some(contract);
        self
    }

    /// Has files that are no plain CSV counted, too.
    #[must_use]
    pub fn counting(mut self, counting: Counting) -> Self {
        self.counting = counting;
        self
    }

    /// Until somebody wishes to end early: the run is cancelled, and what was made is removed.
    #[must_use]
    pub fn until(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = interrupt;
        self
    }

    /// Writes down what it is about to do, so that the next one removes what it leaves when it is killed.
    #[must_use]
    pub fn remembered_in(mut self, traces: Traces) -> Self {
        self.traces = Some(traces);
        self
    }

    /// Whether a failure is to make the environment go back.
    #[must_use]
    pub fn rolls_back(&self) -> bool {
        self.settings.rollback.unwrap_or(false)
    }

    /// Makes the test; `tell` hears what comes next, `on_run` sees the run each time it was asked about.
    ///
    /// # Errors
    ///
    /// When it could not be begun, or could not be told; what was made is removed all the same. Parameters that the pipeline does not
    /// have are an error before anything is made: it would run on what it takes by default.
    pub async fn run(
        &self,
        tell: &(dyn Fn(&str) + Sync),
        on_run: &mut (dyn FnMut(&RunReport) + Send),
    ) -> Result<SmokeReport, SmokeError> {
        let runs = Runs::new(self.connection)?;
        let given = &self.canary.parameters;
        runs.check_arguments(&self.settings.pipeline, given).await?;
        guard::check(self.connection, &self.canary).await?;
        // Where there is no storage, nothing is written that is known of.
        let containers = match (self.connection.storage_account(), &self.canary.input) {
            (None, None) => Vec::new(),
            _ => cleanup::containers(self.solution, &self.canary),
        };
        let trace = Trace::new(&self.settings.pipeline, &self.canary, containers);
        if let Some(traces) = &self.traces {
            traces.write(&trace).await?;
        }
        let mut run_id = None;
        let tried = self.attempt(tell, on_run, &trace, &mut run_id).await;
        let cleaned = match self.settings.cleanup.unwrap_or(true) {
            true => {
                tell("removing what the smoke test has made");
                let run = tried.as_ref().ok().and_then(|report| report.run.as_ref());
                let mut folders = run_ids(run_id.as_deref(), run);
                folders.push(self.canary.folder.clone());
                cleanup::remove(self.connection, trace.containers(), &folders).await
            }
            false => Cleaned::default(),
        };
        if let (Some(traces), true) = (&self.traces, cleaned.left.is_empty()) {
            traces.forget(&self.canary.folder).await?;
        }
        let mut report = tried?;
        report.checks.extend(cleaned.check());
        report.cleaned = cleaned;
        Ok(report)
    }

    async fn attempt(
        &self,
        tell: &(dyn Fn(&str) + Sync),
        on_run: &mut (dyn FnMut(&RunReport) + Send),
        trace: &Trace,
        run_id: &mut Option<String>,
    ) -> Result<SmokeReport, SmokeError> {
        if let Some(input) = &self.canary.input {
            tell(&format!(
                "bringing {} to {}/{}",
                input.file.display(),
                input.container,
                input.blob
            ));
            self.connection
                .storage()?
                .upload(&input.file, &input.container, &input.blob)
                .await?;
        }
        let runs = Runs::new(self.connection)?;
        let pipeline = &self.settings.pipeline;
        tell(&format!("starting pipeline {pipeline}"));
        let id = runs.start(pipeline, &self.canary.parameters).await?;
        *run_id = Some(id.clone());
        if let Some(traces) = &self.traces {
            // Who comes after a kill finds the run by what it was given, too.
            let _ = traces.write(&trace.with_run(&id)).await;
        }
        let bounds = Bounds::of(&self.settings.limits);
        let (ended, was_interrupted) = self.watch(&runs, &id, bounds, on_run).await?;
        let mut report = SmokeReport {
            environment: self.connection.environment().name.clone(),
            pipeline: pipeline.clone(),
            folder: self.canary.folder.clone(),
            run: None,
            checks: Vec::new(),
            spent: Spent::default(),
            cleaned: Cleaned::default(),
            was_interrupted,
        };
        report.checks.push(ended.check);
        if let Some(run) = ended.run {
            report.spent = Spent::of(&run);
            report.checks.extend(bounds.checks(&report.spent));
            if run.status == "Succeeded" && !was_interrupted {
                report.checks.extend(self.test(&run).await?);
                report.checks.extend(self.hold(&run).await?);
            }
            report.run = Some(run);
        }
        Ok(report)
    }

    /// Holds what was written against the contract that the environment names.
    async fn hold(&self, run: &RunReport) -> Result<Vec<Check>, SmokeError> {
        match (&self.contract, self.contract()) {
            (Some(contract), _) => contract.of_run(&run.run_id).await,
            (None, Some(file)) => Err(SmokeError::Contract {
                file,
                source: "whoever makes this test reads no contracts".into(),
            }),
            (None, None) => Ok(Vec::new()),
        }
    }

    /// Watches the run to its end, to a limit, or until somebody wishes to end early; in both of these it is cancelled.
    async fn watch(
        &self,
        runs: &Runs,
        id: &str,
        bounds: Bounds,
        on_run: &mut (dyn FnMut(&RunReport) + Send),
    ) -> Result<(EndedRun, bool), SmokeError> {
        let too_much = Interrupt::default();
        let options = RunOptions {
            timeout: bounds.time,
            cancel_on_timeout: true,
        };
        let watching = runs.watch(id, options, |run: &RunReport| {
            on_run(run);
            if bounds.is_passed(&Spent::of(run)) {
                too_much.raise();
            }
        });
        let ending = select(
            Box::pin(self.interrupt.raised()),
            Box::pin(too_much.raised()),
        );
        let ended = match select(Box::pin(watching), Box::pin(ending)).await {
            Either::Left((ended, _)) => ended,
            Either::Right((which, _)) => {
                let _ = runs.cancel(id).await;
                let wait = RunOptions {
                    timeout: limits::UNTIL_CANCELLED,
                    cancel_on_timeout: false,
                };
                let was_interrupted = matches!(which, Either::Left(_));
                let ended = runs.watch(id, wait, |_| {}).await;
                let why = match was_interrupted {
                    true => Why::Interrupted,
                    false => Why::TooMuch,
                };
                return Ok((EndedRun::cancelled(ended.ok(), why), was_interrupted));
            }
        };
        match ended {
            Ok(run) => Ok((EndedRun::of(run), self.interrupt.is_raised())),
            Err(RunError::TimedOut { limit, .. }) => {
                let run = runs.get(id).await.ok();
                Ok((EndedRun::late(run, limit), false))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tests what was written, as `dataops test` does. A pipeline other than the one that is tested there may write nothing of that kind.
    async fn test(&self, run: &RunReport) -> Result<Vec<Check>, SmokeError> {
        let settings = &self.solution.settings;
        let (Some(training), Some(testing)) =
            (&settings.storage.training, &settings.storage.testing)
        else {
            return Ok(Vec::new());
        };
        let storage = self.connection.storage()?;
        let is_ingestion = settings.pipeline.as_ref() == Some(&self.settings.pipeline);
        if !is_ingestion {
            let prefix = format!("{}/", run.run_id);
            let mut has_written = false;
            for container in [training, testing] {
                has_written |= !storage
                    .list(container, &prefix)
                    .await
                    .unwrap_or_default()
                    .is_empty();
            }
            if !has_written {
                return Ok(Vec::new());
            }
        }
        let input = match &self.canary.input {
            Some(input) => Input::Blob {
                container: input.container.clone(),
                blob: input.blob.clone(),
            },
            None => Input::NotAsked,
        };
        let test = IngestionTest {
            training: training.clone(),
            testing: testing.clone(),
            run_id: run.run_id.clone(),
            input,
            counting: self.counting,
        };
        Ok(test.run(&storage).await?.checks)
    }
}

/// A file of the solution that is brought as input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanaryInput {
    /// The file.
    pub file: PathBuf,
    /// The container that it goes into.
    pub container: String,
    /// The blob that it becomes.
    pub blob: String,
}
