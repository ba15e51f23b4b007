//! What is known of a run, and kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::repair::Earlier;

/// `state.life_cycle_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum LifeCycle {
    Blocked,
    Pending,
    Running,
    Terminating,
    Terminated,
    Skipped,
    InternalError,
}

impl LifeCycle {
    pub(super) fn is_over(self) -> bool {
        matches!(self, Self::Terminated | Self::Skipped | Self::InternalError)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "BLOCKED",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Terminating => "TERMINATING",
            Self::Terminated => "TERMINATED",
            Self::Skipped => "SKIPPED",
            Self::InternalError => "INTERNAL_ERROR",
        }
    }
}

/// `state.result_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ResultState {
    Success,
    SuccessWithFailures,
    Failed,
    #[serde(rename = "TIMEDOUT")]
    TimedOut,
    Canceled,
    Excluded,
    UpstreamFailed,
    UpstreamCanceled,
}

impl ResultState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::SuccessWithFailures => "SUCCESS_WITH_FAILURES",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMEDOUT",
            Self::Canceled => "CANCELED",
            Self::Excluded => "EXCLUDED",
            Self::UpstreamFailed => "UPSTREAM_FAILED",
            Self::UpstreamCanceled => "UPSTREAM_CANCELED",
        }
    }
}

/// How a run or a task stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) life_cycle: LifeCycle,
    pub(super) result: Option<ResultState>,
    pub(super) message: String,
    /// `status.termination_details.code`.
    pub(super) code: Option<String>,
}

impl Standing {
    pub(super) fn at(life_cycle: LifeCycle) -> Self {
        Self {
            life_cycle,
            result: None,
            message: String::new(),
            code: None,
        }
    }

    pub(super) fn ended(
        life_cycle: LifeCycle,
        result: Option<ResultState>,
        code: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            life_cycle,
            result,
            message: message.into(),
            code: Some(code.to_owned()),
        }
    }

    pub(super) fn success() -> Self {
        let result = Some(ResultState::Success);
        Self::ended(LifeCycle::Terminated, result, "SUCCESS", "")
    }

    /// The service, and not the user's code, failed.
    pub(super) fn broken(code: &str, message: impl Into<String>) -> Self {
        let result = Some(ResultState::Failed);
        Self::ended(LifeCycle::InternalError, result, code, message)
    }

    pub(super) fn canceled() -> Self {
        let result = Some(ResultState::Canceled);
        Self::ended(
            LifeCycle::Terminated,
            result,
            "USER_CANCELED",
            "Run cancelled.",
        )
    }

    pub(super) fn timed_out(seconds: u64) -> Self {
        let result = Some(ResultState::TimedOut);
        let message = format!("Run reached its time limit of {seconds} seconds.");
        Self::ended(LifeCycle::Terminated, result, "CANCELED", message)
    }

    pub(super) fn is_over(&self) -> bool {
        self.life_cycle.is_over()
    }
}

/// A task of a run. Each attempt has its own.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct TaskRun {
    pub(super) run_id: u64,
    pub(super) key: String,
    pub(super) attempt: u64,
    /// The task as it was given.
    pub(super) spec: Map<String, Value>,
    pub(super) standing: Standing,
    pub(super) start_time: i64,
    pub(super) execution_start: Option<i64>,
    pub(super) end_time: Option<i64>,
    pub(super) cluster_id: Option<String>,
    /// What `dbutils.jobs.taskValues` holds.
    pub(super) values: Map<String, Value>,
}

/// How a run came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RunType {
    JobRun,
    SubmitRun,
}

/// A run's row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) run_id: u64,
    pub(super) job_id: u64,
    pub(super) number_in_job: u64,
    pub(super) name: String,
    pub(super) run_type: RunType,
    /// Came in the old form, without `tasks`.
    pub(super) flat: bool,
    pub(super) standing: Standing,
    pub(super) start_time: i64,
    pub(super) end_time: Option<i64>,
    pub(super) timeout_seconds: u64,
    pub(super) tasks: Vec<TaskRun>,
    pub(super) job_parameters: BTreeMap<String, String>,
    /// `overriding_parameters` as they were given.
    pub(super) overriding: Map<String, Value>,
    /// The latest repair.
    #[serde(default)]
    pub(super) repair_id: Option<u64>,
    #[serde(default)]
    pub(super) repaired_at: Option<i64>,
    /// What the run was before each repair.
    #[serde(default)]
    pub(super) earlier: Vec<Earlier>,
}

impl Run {
    /// The latest attempt of every task, in the order of the tasks.
    pub(super) fn latest(&self) -> Vec<&TaskRun> {
        let mut latest: Vec<&TaskRun> = Vec::new();
        for task in &self.tasks {
            match latest.iter_mut().find(|other| other.key == task.key) {
                Some(place) => *place = task,
                None => latest.push(task),
            }
        }
        latest
    }

    pub(super) fn task(&self, run_id: u64) -> Option<&TaskRun> {
        self.tasks.iter().find(|task| task.run_id == run_id)
    }
}
