//! Runs as the service tells them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reading::{Outcome, RunReading};
use crate::wire::{self, display_as_sent};

/// A run. How it stands is told twice, in the old form and in the new one; [`Run::reading`] makes one of them.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Run {
    /// Its id.
    pub run_id: i64,
    /// Its job; a one-time run has one of its own.
    pub job_id: Option<i64>,
    /// Its name.
    pub run_name: Option<String>,
    /// The web page that shows it.
    pub run_page_url: Option<String>,
    /// What kind of run it is.
    pub run_type: Option<RunType>,
    /// How it stands, in the old form.
    pub state: Option<RunState>,
    /// How it stands, in the new form.
    pub status: Option<RunStatus>,
    /// When it started, in milliseconds since the epoch.
    pub start_time: Option<i64>,
    /// When it ended, in milliseconds since the epoch; 0 while it has not.
    pub end_time: Option<i64>,
    /// How long it took, in milliseconds; the only duration that is told for a run of several tasks.
    pub run_duration: Option<i64>,
    /// How long its cluster took to start, in milliseconds; 0 for a run of several tasks.
    pub setup_duration: Option<i64>,
    /// How long its work took, in milliseconds; 0 for a run of several tasks.
    pub execution_duration: Option<i64>,
    /// Who started it.
    pub creator_user_name: Option<String>,
    /// Its tasks.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub tasks: Vec<RunTask>,
    /// The values of the job's parameters.
    pub job_parameters: Option<Value>,
}

/// The run of a task.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct RunTask {
    /// Its own id, which its output is asked for with.
    pub run_id: i64,
    /// The task.
    pub task_key: String,
    /// Which attempt it is, from 0.
    pub attempt_number: Option<u32>,
    /// How it stands, in the old form.
    pub state: Option<RunState>,
    /// How it stands, in the new form.
    pub status: Option<RunStatus>,
    /// The web page that shows it.
    pub run_page_url: Option<String>,
    /// When it started, in milliseconds since the epoch.
    pub start_time: Option<i64>,
    /// When it ended, in milliseconds since the epoch; 0 while it has not.
    pub end_time: Option<i64>,
    /// How long its cluster took to start, in milliseconds.
    pub setup_duration: Option<i64>,
    /// How long its work took, in milliseconds.
    pub execution_duration: Option<i64>,
    /// The cluster that it runs on.
    pub existing_cluster_id: Option<String>,
}

impl Run {
    /// How the run stands.
    #[must_use]
    pub fn reading(&self) -> RunReading {
        RunReading::of(self.status.as_ref(), self.state.as_ref())
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.outcome().is_some()
    }

    /// How the run ended, once it has.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.reading().outcome
    }
}

impl RunTask {
    /// How the task stands.
    #[must_use]
    pub fn reading(&self) -> RunReading {
        RunReading::of(self.status.as_ref(), self.state.as_ref())
    }

    /// How the task ended, once it has.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.reading().outcome
    }
}

/// What kind of run a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum RunType {
    /// A run of a job.
    JobRun,
    /// A one-time run.
    SubmitRun,
    /// A run that a notebook started.
    WorkflowRun,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// How a run stands, in the old form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RunState {
    /// Where in its life it is.
    pub life_cycle_state: Option<LifeCycleState>,
    /// How it ended.
    pub result_state: Option<ResultState>,
    /// What the service says about that.
    pub state_message: Option<String>,
    /// Why it waits.
    pub queue_reason: Option<String>,
    /// Whether a user, or the run's own time limit, ended it.
    pub user_cancelled_or_timedout: Option<bool>,
}

/// Where in its life a run is, in the old form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum LifeCycleState {
    /// It waits for its turn.
    Queued,
    /// It waits for its cluster.
    Pending,
    /// It waits for another task.
    Blocked,
    /// It waits to be tried again.
    WaitingForRetry,
    /// It runs.
    Running,
    /// Its work is done and is being cleaned up.
    Terminating,
    /// It has ended.
    Terminated,
    /// It was not run.
    Skipped,
    /// It has ended; the run of a job says so whenever a task failed.
    InternalError,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// How a run ended, in the old form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ResultState {
    /// Well.
    Success,
    /// Well, although a task failed.
    SuccessWithFailures,
    /// It failed.
    Failed,
    /// Its time limit was reached.
    #[serde(rename = "TIMEDOUT")]
    TimedOut,
    /// It was cancelled.
    Canceled,
    /// As many runs as the job allows were active.
    MaximumConcurrentRunsReached,
    /// It was left out.
    Excluded,
    /// A task before it failed.
    UpstreamFailed,
    /// A task before it was cancelled.
    UpstreamCanceled,
    /// It is switched off.
    Disabled,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// How a run stands, in the new form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RunStatus {
    /// Where in its life it is.
    pub state: Option<RunPhase>,
    /// How and why it ended.
    pub termination_details: Option<TerminationDetails>,
}

/// Where in its life a run is, in the new form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum RunPhase {
    /// It waits for another task.
    Blocked,
    /// It waits for its cluster.
    Pending,
    /// It waits for its turn.
    Queued,
    /// It runs.
    Running,
    /// It waits to be tried again.
    Waiting,
    /// Its work is done and is being cleaned up.
    Terminating,
    /// It has ended.
    Terminated,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// How and why a run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TerminationDetails {
    /// Such as `SUCCESS`, `RUN_EXECUTION_ERROR` or `CLUSTER_ERROR`.
    pub code: Option<String>,
    /// Whose affair it is.
    #[serde(rename = "type")]
    pub kind: Option<TerminationType>,
    /// What the service says about that.
    pub message: Option<String>,
}

/// Whose affair the end of a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum TerminationType {
    /// It ended well.
    Success,
    /// The notebook's, its parameters' or its settings'.
    ClientError,
    /// The service's.
    InternalError,
    /// The cloud's.
    CloudFailure,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(
    RunType,
    LifeCycleState,
    ResultState,
    RunPhase,
    TerminationType
);
