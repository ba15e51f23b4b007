//! The way in: checks and runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::host::Host;
use crate::run::Run;
use crate::secrets::Secrets;
use crate::{
    ActivityCall, ActivityFailure, ActivityRunRecord, Cancellation, Clock, Definitions, Executor,
    PipelineRunRecord, Recorder, Rejected, RunRequest, admission, tree,
};

/// Runs the pipelines of one factory.
///
/// How many runs of a pipeline go at a time (`concurrency`) is the caller's business.
#[derive(Debug)]
pub struct Engine<E, C, R, D> {
    parts: Arc<Parts<E, C, R, D>>,
}

impl<E, C, R, D> Clone for Engine<E, C, R, D> {
    fn clone(&self) -> Self {
        Self {
            parts: Arc::clone(&self.parts),
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RunOutcome {
    /// The last record of the run.
    pub run: PipelineRunRecord,
    /// The last values of its variables, secure ones too.
    pub variables: Map<String, Value>,
    /// What it returns to its caller, of which the record hides what is secure.
    pub(crate) returned: Option<Map<String, Value>>,
}

impl<E: Executor, C: Clock, R: Recorder, D: Definitions> Engine<E, C, R, D> {
    /// An engine for the factory that `definitions` describes.
    pub fn new(executor: E, clock: C, recorder: R, definitions: D) -> Self {
        Self {
            parts: Arc::new(Parts {
                executor,
                clock,
                recorder,
                definitions,
                active: Mutex::default(),
            }),
        }
    }

    /// The factory's definitions.
    pub fn definitions(&self) -> &D {
        &self.parts.definitions
    }

    /// Says whether a run of `pipeline` with these arguments would start.
    ///
    /// Pipelines that it calls are looked at too, as far as they can be reached by constant names.
    ///
    /// # Errors
    ///
    /// Why the run would be refused.
    pub fn check(&self, pipeline: &str, parameters: &Map<String, Value>) -> Result<(), Rejected> {
        admission::admit(&self.parts.definitions, pipeline, parameters).map(drop)
    }

    /// The record of a run that waits for its turn; [`run`](Self::run) replaces it. The recorder is not told.
    ///
    /// # Errors
    ///
    /// Why the run would be refused.
    pub fn queued(&self, request: &RunRequest) -> Result<PipelineRunRecord, Rejected> {
        let definitions = &self.parts.definitions;
        let admitted = admission::admit(definitions, &request.pipeline, &request.parameters)?;
        let secrets = Secrets::default();
        admitted.hide(&secrets);
        Ok(secrets.of_pipeline(&admitted.record(request, self.parts.clock.now())))
    }

    /// Runs a pipeline. Must be polled to the end; nothing runs elsewhere.
    ///
    /// Child runs are part of this future, also those that the pipeline does not wait for. So it may end later than the
    /// run itself, whose end the recorder is told at once.
    ///
    /// # Errors
    ///
    /// Why the run was refused; nothing was recorded then.
    pub async fn run(
        &self,
        request: RunRequest,
        cancellation: Cancellation,
    ) -> Result<RunOutcome, Rejected> {
        let definitions = &self.parts.definitions;
        let admitted = admission::admit(definitions, &request.pipeline, &request.parameters)?;
        let host: Arc<dyn Host> = self.parts.clone();
        let outcome = tree::grow(|children| {
            Run::root(
                host,
                admitted,
                request,
                cancellation,
                children,
                Secrets::default(),
            )
            .execute()
            .boxed()
        });
        Ok(outcome.await)
    }

    /// Asks a run of this engine to stop, child runs included. Those below it stop too when `recursive`.
    ///
    /// Answers whether the run is going on; it becomes `Canceling`, then `Cancelled`.
    pub fn cancel(&self, run_id: &str, recursive: bool) -> bool {
        let active = self.parts.active();
        match active.get(run_id) {
            Some(run) if recursive => run.cancel_recursively(),
            Some(run) => run.cancel(),
            None => return false,
        }
        true
    }
}

#[derive(Debug)]
struct Parts<E, C, R, D> {
    executor: E,
    clock: C,
    recorder: R,
    definitions: D,
    active: Mutex<HashMap<String, Cancellation>>,
}

impl<E, C, R, D> Parts<E, C, R, D> {
    fn active(&self) -> std::sync::MutexGuard<'_, HashMap<String, Cancellation>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E: Executor, C: Clock, R: Recorder, D: Definitions> Host for Parts<E, C, R, D> {
    fn definitions(&self) -> &dyn Definitions {
        &self.definitions
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.clock.sleep(duration).boxed()
    }

    fn execute(&self, call: ActivityCall) -> BoxFuture<'_, Result<Value, ActivityFailure>> {
        self.executor.execute(call).boxed()
    }

    fn pipeline_run(&self, record: &PipelineRunRecord) {
        self.recorder.pipeline_run(record);
    }

    fn activity_run(&self, record: &ActivityRunRecord) {
        self.recorder.activity_run(record);
    }

    fn begin(&self, run_id: &str, cancellation: &Cancellation) {
        self.active()
            .insert(run_id.to_owned(), cancellation.clone());
    }

    fn end(&self, run_id: &str) {
        self.active().remove(run_id);
    }

    fn going(&self) -> usize {
        self.active().len()
    }
}
