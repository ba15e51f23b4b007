//! What is known about runs, in the shape that the run queries of the service answer with
//! (`PipelineRuns - Get`, `Activity Runs - Query By Pipeline Run`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{FailureType, Timestamp};

/// Is told of every change of a run.
pub trait Recorder: Send + Sync + 'static {
    /// A pipeline run has changed; records of the same `run_id` replace each other.
    fn pipeline_run(&self, record: &PipelineRunRecord);

    /// An activity run has changed; records of the same `activity_run_id` replace each other.
    ///
    /// Activities that never start are told once, with status `Skipped`. The service does not list those.
    fn activity_run(&self, record: &ActivityRunRecord);
}

impl<T: Recorder> Recorder for std::sync::Arc<T> {
    fn pipeline_run(&self, record: &PipelineRunRecord) {
        (**self).pipeline_run(record);
    }

    fn activity_run(&self, record: &ActivityRunRecord) {
        (**self).activity_run(record);
    }
}

/// Forgets everything.
impl Recorder for () {
    fn pipeline_run(&self, _record: &PipelineRunRecord) {}

    fn activity_run(&self, _record: &ActivityRunRecord) {}
}

/// Where a pipeline run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RunStatus {
    /// It waits for its turn.
    Queued,
    /// It runs.
    InProgress,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// It was asked to stop.
    Canceling,
    /// It was stopped.
    Cancelled,
}

impl RunStatus {
    /// Whether nothing changes any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// Where an activity run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ActivityStatus {
    /// It waits for its turn.
    Queued,
    /// It runs.
    InProgress,
    /// It ended well.
    Succeeded,
    /// It ended badly, or took too long.
    Failed,
    /// It was stopped.
    Cancelled,
    /// It never started: a dependency was not satisfied.
    Skipped,
    /// It is switched off.
    Inactive,
}

/// Who started a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvokedBy {
    /// 32 hexadecimal digits, the trigger run's id, or the activity run's id.
    pub id: String,
    /// `Manual`, the trigger's name, or the activity run's id.
    pub name: String,
    /// `Manual`, `PipelineActivity`, or the trigger's type.
    pub invoked_by_type: String,
    /// The pipeline whose activity it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_name: Option<String>,
    /// The pipeline run whose activity it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_run_id: Option<String>,
}

impl InvokedBy {
    /// Somebody called `createRun`.
    #[must_use]
    pub fn manual() -> Self {
        Self {
            id: uuid::Uuid::new_v4().simple().to_string(),
            name: "Manual".to_owned(),
            invoked_by_type: "Manual".to_owned(),
            pipeline_name: None,
            pipeline_run_id: None,
        }
    }

    /// A trigger fired; `kind` is its type, such as `BlobEventsTrigger`.
    pub fn trigger(
        trigger_run_id: impl Into<String>,
        name: impl Into<String>,
        kind: impl Into<String>,
    ) -> Self {
        Self {
            id: trigger_run_id.into(),
            name: name.into(),
            invoked_by_type: kind.into(),
            pipeline_name: None,
            pipeline_run_id: None,
        }
    }
}

/// A pipeline run. The service adds `id`, the upper-cased ARM path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PipelineRunRecord {
    /// The run, a GUID.
    pub run_id: String,
    /// Set for debug runs only.
    #[serde(default)]
    pub debug_run_id: Option<String>,
    /// The first run of the group of reruns that this one belongs to.
    pub run_group_id: String,
    /// Whether it is the newest of its group; the host takes it away from the others.
    pub is_latest: bool,
    /// The pipeline's name.
    pub pipeline_name: String,
    /// Name to text; arrays and objects are JSON text, secure values are hidden.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// Labels of the trigger.
    #[serde(default)]
    pub run_dimension: Map<String, Value>,
    /// Who started it.
    pub invoked_by: InvokedBy,
    /// When it started.
    pub run_start: Option<Timestamp>,
    /// When it ended.
    pub run_end: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration_in_ms: Option<i64>,
    /// Where it stands.
    pub status: RunStatus,
    /// Why it failed; empty otherwise.
    #[serde(default)]
    pub message: String,
    /// When this record was made.
    pub last_updated: Timestamp,
    /// The pipeline's labels.
    #[serde(default)]
    pub annotations: Vec<Value>,
    /// What it returns to its caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_return_value: Option<Map<String, Value>>,
}

/// An activity run; each attempt is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityRunRecord {
    /// The activity's name.
    pub activity_name: String,
    /// The attempt, a GUID.
    pub activity_run_id: String,
    /// The activity's type.
    pub activity_type: String,
    /// When it started.
    pub activity_run_start: Option<Timestamp>,
    /// When it ended.
    pub activity_run_end: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration_in_ms: Option<i64>,
    /// What it was given; empty with `secureInput`.
    #[serde(default)]
    pub input: Value,
    /// What it gave; empty with `secureOutput`.
    #[serde(default)]
    pub output: Value,
    /// Where it stands.
    pub status: ActivityStatus,
    /// Why it failed; empty texts otherwise.
    #[serde(default)]
    pub error: ActivityError,
    /// The linked service's name; empty when there is none.
    #[serde(default)]
    pub linked_service_name: String,
    /// The pipeline's name.
    pub pipeline_name: String,
    /// The pipeline run.
    pub pipeline_run_id: String,
    /// Nothing for the first attempt, then 1, 2, …
    #[serde(default)]
    pub retry_attempt: Option<u32>,
    /// Equal for the activities of one pass through a loop.
    #[serde(default)]
    pub iteration_hash: Option<String>,
    /// The activity's labels.
    #[serde(default)]
    pub user_properties: Map<String, Value>,
    /// `None`, or `Recovered` when an earlier run's output was taken over.
    #[serde(default)]
    pub recovery_status: String,
}

/// Why an activity run failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityError {
    /// The code.
    pub error_code: String,
    /// What happened.
    pub message: String,
    /// `UserError`, `SystemError`, or empty.
    pub failure_type: String,
    /// The activity's name.
    pub target: String,
}

impl ActivityError {
    pub(crate) fn none(activity: &str) -> Self {
        Self {
            target: activity.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn of(activity: &str, failure: &crate::ActivityFailure) -> Self {
        let failure_type = match failure.failure_type {
            FailureType::UserError => "UserError",
            FailureType::SystemError => "SystemError",
        };
        Self {
            error_code: failure.error_code.clone(),
            message: failure.message.clone(),
            failure_type: failure_type.to_owned(),
            target: activity.to_owned(),
        }
    }
}
