//! Starting runs, at most once.

use std::collections::BTreeMap;

use azure_core::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::settings::{Environment, GitSource, RunAs, Task};
use crate::DatabricksError;

/// A run of tasks without a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SubmitRun {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_name: Option<String>,
    /// Its tasks, each with its own compute.
    pub tasks: Vec<Task>,
    /// Serverless environments that its tasks share.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<Environment>,
    /// The git repository that its tasks come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git_source: Option<GitSource>,
    /// After how many seconds it is ended; 0 for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Names this start, in 1 to 64 characters: the same token again gives the run that it started. A fresh one by default.
    #[serde(skip)]
    pub idempotency_token: Option<String>,
    /// Whom it runs as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_as: Option<RunAs>,
    /// Tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Every other field of the service, such as `access_control_list` or `queue`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A run of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunNow {
    /// The job.
    pub job_id: i64,
    /// Names this start, as in [`SubmitRun`].
    #[serde(skip)]
    pub idempotency_token: Option<String>,
    /// Values of parameters that the job declares.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub job_parameters: BTreeMap<String, String>,
    /// Parameters of the notebooks of a job that declares none; they go before those of the tasks.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub notebook_params: BTreeMap<String, String>,
    /// Arguments of the Python scripts, in place of those of the tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub python_params: Vec<String>,
    /// The tasks to run: `k`, `+k` with those before it, `k+` with those after it; all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Every other field of the service, such as `queue`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// The answer to a start.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct RunStarted {
    /// The run's id.
    pub run_id: i64,
    /// Which run of its job it is.
    pub number_in_job: Option<i64>,
}

/// A body with its idempotency token.
#[derive(Serialize)]
pub(super) struct WithToken<'b, B> {
    #[serde(rename = "idempotency_token")]
    pub(super) token: String,
    #[serde(flatten)]
    pub(super) body: &'b B,
}

/// The given idempotency token, or a fresh one.
pub(super) fn token(given: Option<&str>) -> Result<String> {
    match given {
        Some(token) if token.is_empty() || token.chars().count() > 64 => {
            Err(DatabricksError::IdempotencyToken {
                token: token.to_owned(),
            }
            .into_error())
        }
        Some(token) => Ok(token.to_owned()),
        None => Ok(uuid::Uuid::new_v4().to_string()),
    }
}
