//! What a job or a one-time run does.
//!
//! Each of these types names the fields that are in common use; `more` carries every other field of the service by its own
//! name, both ways.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clusters::ClusterSpec;
use crate::libraries::Library;
use crate::wire;

/// The settings of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobSettings {
    /// Its name, which need not be unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its tasks.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub tasks: Vec<Task>,
    /// Clusters that its tasks share.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub job_clusters: Vec<JobCluster>,
    /// Serverless environments that its tasks share.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub environments: Vec<Environment>,
    /// Parameters that a run may set.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub parameters: Vec<JobParameter>,
    /// How many of its runs may be active at once; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_runs: Option<u32>,
    /// After how many seconds a run is ended; 0 for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Tags.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub tags: BTreeMap<String, String>,
    /// Whom it runs as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_as: Option<RunAs>,
    /// The git repository that its tasks come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git_source: Option<GitSource>,
    /// Every other field of the service, such as `schedule` or `queue`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A task of a job or of a one-time run. Its compute is one of `existing_cluster_id`, `new_cluster`, `job_cluster_key` (jobs
/// only) and `environment_key`; a notebook without any runs serverless.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// Its key, unique in the run: up to 100 letters, digits, `-` and `_`.
    pub task_key: String,
    /// Runs a notebook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notebook_task: Option<NotebookTask>,
    /// Runs a Python script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spark_python_task: Option<SparkPythonTask>,
    /// Runs an entry point of a Python wheel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python_wheel_task: Option<PythonWheelTask>,
    /// A cluster that exists; it is started when it stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_cluster_id: Option<String>,
    /// A cluster for this task alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_cluster: Option<ClusterSpec>,
    /// One of the job's clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_cluster_key: Option<String>,
    /// One of the serverless environments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_key: Option<String>,
    /// Libraries that its cluster needs.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub libraries: Vec<Library>,
    /// The tasks that go before.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub depends_on: Vec<TaskDependency>,
    /// How the tasks before must have ended, such as `ALL_SUCCESS`, which is the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_if: Option<String>,
    /// After how many seconds it is ended; 0 for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// How often it is tried again after a failure; -1 for without end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i32>,
    /// Every other field of the service, such as `sql_task`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Runs a notebook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotebookTask {
    /// Its absolute path, or its path in the git repository without extension.
    pub notebook_path: String,
    /// Its parameters, which appear as widgets.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub base_parameters: BTreeMap<String, String>,
    /// `WORKSPACE` or `GIT`; the latter by default where the run has a git repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The SQL warehouse of a notebook that holds SQL only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_id: Option<String>,
}

/// Runs a Python script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SparkPythonTask {
    /// Where the script is.
    pub python_file: String,
    /// Its arguments.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub parameters: Vec<String>,
    /// `WORKSPACE` or `GIT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Runs an entry point of a Python wheel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PythonWheelTask {
    /// The package.
    pub package_name: String,
    /// The entry point.
    pub entry_point: String,
    /// Its arguments; not together with `named_parameters`.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub parameters: Vec<String>,
    /// Its arguments as `--name=value`.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub named_parameters: BTreeMap<String, String>,
}

/// A task that goes before another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskDependency {
    /// Its key.
    pub task_key: String,
    /// The outcome that a condition must have had, `"true"` or `"false"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// A cluster that a job's tasks share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobCluster {
    /// Its key, unique in the job.
    pub job_cluster_key: String,
    /// What it is like.
    pub new_cluster: ClusterSpec,
}

/// A serverless environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// Its key, unique in the run.
    pub environment_key: String,
    /// What it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<EnvironmentSpec>,
}

/// What a serverless environment holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvironmentSpec {
    /// Its version, such as `"4"`. Version `"1"` drops the dependencies without a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_version: Option<String>,
    /// Requirement lines of pip, or paths of wheels.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub dependencies: Vec<String>,
    /// Every other field of the service.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A parameter that a job declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobParameter {
    /// Its name.
    pub name: String,
    /// Its value where a run sets none.
    pub default: String,
}

/// Whom a run acts as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunAs {
    /// A user by e-mail address.
    UserName(String),
    /// A service principal by application id.
    ServicePrincipalName(String),
    /// One of a kind that this version does not know.
    #[serde(untagged)]
    Unknown(Map<String, Value>),
}

/// The git repository that tasks come from, at one of branch, tag and commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GitSource {
    /// Its address.
    pub git_url: String,
    /// Who serves it, such as `gitHub` or `azureDevOpsServices`.
    pub git_provider: String,
    /// The branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git_branch: Option<String>,
    /// The tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git_tag: Option<String>,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git_commit: Option<String>,
    /// Every other field of the service, such as `git_snapshot`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_come_out_as_they_went_in() {
        let settings = json!({
            "name": "ingest",
            "tasks": [{
                "task_key": "prepare",
                "notebook_task": {"notebook_path": "/Shared/prepare", "base_parameters": {"a": "b"}, "source": "WORKSPACE"},
                "job_cluster_key": "small",
                "libraries": [{"pypi": {"package": "lightgbm"}}, {"whl": "/Volumes/x.whl"}, {"conda": {"x": 1}}],
                "max_retries": -1,
                "webhook_notifications": {},
            }],
            "job_clusters": [{"job_cluster_key": "small", "new_cluster": {"spark_version": "15.4.x-scala2.12", "num_workers": 0, "kind": "CLASSIC_PREVIEW"}}],
            "parameters": [{"name": "file", "default": ""}],
            "max_concurrent_runs": 1,
            "timeout_seconds": 0,
            "run_as": {"user_name": "a@example.test"},
            "format": "MULTI_TASK",
            "schedule": {"quartz_cron_expression": "0 0 * * * ?", "timezone_id": "UTC"},
        });

        let read: JobSettings = serde_json::from_value(settings.clone()).unwrap();

        assert_eq!(serde_json::to_value(&read).unwrap(), settings);
    }
}
