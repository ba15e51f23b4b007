//! One pipeline run, from its start to its end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::{Either, select};
use serde_json::{Map, Value, json};

use crate::activity_run::Stop;
use crate::admission::Admitted;
use crate::engine::RunOutcome;
use crate::flow::Flow;
use crate::frame::{FlowEnd, Frame};
use crate::host::Host;
use crate::rerun::Rerun;
use crate::secrets::Secrets;
use crate::tree::Children;
use crate::variables::Variables;
use crate::{Cancellation, PipelineRunRecord, RunRequest, RunStatus, Timestamp};

pub(crate) struct Run {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) name: String,
    pub(crate) request: RunRequest,
    pub(crate) cancellation: Cancellation,
    /// How many runs are above this one.
    pub(crate) depth: u32,
    pub(crate) children: Children,
    /// What `pipeline()` gives.
    pub(crate) system: Value,
    pub(crate) variables: Variables,
    pub(crate) rerun: Rerun,
    pub(crate) secrets: Secrets,
    /// What the run returns to its caller, so far.
    pub(crate) returned: Mutex<Option<Map<String, Value>>>,
    flow: Flow,
    record: Mutex<PipelineRunRecord>,
}

impl Run {
    /// A run that no other run has started.
    pub(crate) fn root(
        host: Arc<dyn Host>,
        admitted: Admitted,
        request: RunRequest,
        cancellation: Cancellation,
        children: Children,
        secrets: Secrets,
    ) -> Self {
        admitted.hide(&secrets);
        let record = admitted.record(&request, host.now());
        let variables = Variables::new(&admitted.pipeline.properties.variables);
        let rerun = Rerun::new(request.recovery.clone(), &admitted.flow);
        Self {
            system: system(host.as_ref(), &admitted, &request),
            name: admitted.name,
            flow: admitted.flow,
            variables,
            rerun,
            secrets,
            record: Mutex::new(record),
            returned: Mutex::default(),
            depth: 0,
            host,
            request,
            cancellation,
            children,
        }
    }

    /// A run that an activity of `self` starts.
    pub(crate) fn child(&self, admitted: Admitted, request: RunRequest) -> Self {
        let host = Arc::clone(&self.host);
        let cancellation = self.cancellation.child();
        let children = self.children.clone();
        Self {
            depth: self.depth + 1,
            ..Self::root(
                host,
                admitted,
                request,
                cancellation,
                children,
                self.secrets.clone(),
            )
        }
    }

    /// Runs to the end.
    pub(crate) async fn execute(self) -> RunOutcome {
        let _active = Active::new(&self);
        let start = Timestamp(self.host.now());
        self.change(|record| {
            record.status = RunStatus::InProgress;
            record.run_start = Some(start);
        });
        let frame = Frame::outermost(&self.flow);
        let cancelled = std::pin::pin!(self.cancellation.cancelled());
        let end = match select(cancelled, self.flow(&frame)).await {
            Either::Right((end, _)) => end,
            Either::Left(((), flow)) => {
                self.change(|record| record.status = RunStatus::Canceling);
                flow.await;
                FlowEnd::Cancelled
            }
        };
        self.finish(start, &end)
    }

    fn finish(&self, start: Timestamp, end: &FlowEnd) -> RunOutcome {
        let now = Timestamp(self.host.now());
        let returned = self.returned().take();
        let run = self.change(|record| {
            record.status = match end {
                FlowEnd::Succeeded => RunStatus::Succeeded,
                FlowEnd::Failed(_) => RunStatus::Failed,
                FlowEnd::Cancelled => RunStatus::Cancelled,
            };
            record.message = end.message();
            record.run_end = Some(now);
            record.duration_in_ms = Some(milliseconds(start, now));
            record.pipeline_return_value.clone_from(&returned);
        });
        RunOutcome {
            run,
            returned,
            variables: self.variables.all(),
        }
    }

    fn change(&self, change: impl FnOnce(&mut PipelineRunRecord)) -> PipelineRunRecord {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut record);
        record.last_updated = Timestamp(self.host.now());
        let shown = self.secrets.of_pipeline(&record);
        self.host.pipeline_run(&shown);
        shown
    }

    pub(crate) fn returned(&self) -> MutexGuard<'_, Option<Map<String, Value>>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, unless the run is cancelled meanwhile.
    pub(crate) async fn pause(&self, duration: std::time::Duration) -> Result<(), Stop> {
        let cancelled = std::pin::pin!(self.cancellation.cancelled());
        match select(cancelled, self.host.sleep(duration)).await {
            Either::Left(_) => Err(Stop::Cancelled),
            Either::Right(_) => Ok(()),
        }
    }
}

/// The time between two times, in milliseconds.
pub(crate) fn milliseconds(from: Timestamp, to: Timestamp) -> i64 {
    i64::try_from((to.0 - from.0).whole_milliseconds()).unwrap_or(i64::MAX)
}

fn system(host: &dyn Host, admitted: &Admitted, request: &RunRequest) -> Value {
    let by = &request.invoked_by;
    let fired = request.trigger_time.unwrap_or_else(|| host.now());
    let mut system = json!({
        "DataFactory": host.definitions().factory_name(),
        "Pipeline": admitted.name,
        "RunId": request.run_id,
        "GroupId": request.group_id,
        "TriggerType": by.invoked_by_type,
        "TriggerId": by.id,
        "TriggerName": by.name,
        "TriggerTime": Timestamp(fired),
        "parameters": admitted.parameters,
        "globalParameters": host.definitions().global_parameters(),
    });
    if let Some(name) = &by.pipeline_name {
        system["TriggeredByPipelineName"] = Value::from(name.as_str());
    }
    if let Some(run_id) = &by.pipeline_run_id {
        system["TriggeredByPipelineRunId"] = Value::from(run_id.as_str());
    }
    system
}

/// Keeps a run known to its engine, until it ends or is dropped.
struct Active {
    host: Arc<dyn Host>,
    run_id: String,
}

impl Active {
    fn new(run: &Run) -> Self {
        run.host.begin(&run.request.run_id, &run.cancellation);
        Self {
            host: Arc::clone(&run.host),
            run_id: run.request.run_id.clone(),
        }
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.host.end(&self.run_id);
    }
}
