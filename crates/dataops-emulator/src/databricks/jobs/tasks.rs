//! Tasks as callers give them: `tasks`, or one task spread over the top level as version 2.0 had it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::databricks::Workspace;
use crate::databricks::libraries;
use crate::databricks::refusal::Refusal;

/// The fields of a task that the old form has at the top level.
const TASK_FIELDS: [&str; 15] = [
    "notebook_task",
    "spark_python_task",
    "spark_jar_task",
    "spark_submit_task",
    "python_wheel_task",
    "pipeline_task",
    "sql_task",
    "dbt_task",
    "existing_cluster_id",
    "new_cluster",
    "libraries",
    "timeout_seconds",
    "max_retries",
    "min_retry_interval_millis",
    "retry_on_timeout",
];
/// The key of the one task of the old form.
const ONLY: &str = "main";
const MOST_TASKS: usize = 1000;

/// The tasks of a job or a submission, and whether they came in the old form.
pub(super) fn tasks_of(
    settings: &Map<String, Value>,
) -> Result<(Vec<Map<String, Value>>, bool), Refusal> {
    match settings.get("tasks") {
        Some(Value::Array(tasks)) if !tasks.is_empty() => {
            let tasks: Option<Vec<_>> =
                tasks.iter().map(|task| task.as_object().cloned()).collect();
            let tasks = tasks.ok_or_else(|| Refusal::malformed("each of `tasks` is an object"))?;
            Ok((tasks, false))
        }
        _ => {
            let mut task = Map::new();
            for field in TASK_FIELDS {
                if let Some(value) = settings.get(field) {
                    task.insert(field.into(), value.clone());
                }
            }
            if !task.keys().any(|field| field.ends_with("_task")) {
                let message = "One of job_cluster_key, new_cluster, or existing_cluster_id and a task must be specified";
                return Err(Refusal::invalid(message));
            }
            task.insert("task_key".into(), ONLY.into());
            Ok((vec![task], true))
        }
    }
}

impl Workspace {
    /// Refuses what the service refuses before anything runs.
    pub(super) fn check_tasks(&self, tasks: &[Map<String, Value>]) -> Result<(), Refusal> {
        if tasks.len() > MOST_TASKS {
            let message = format!("a job has at most {MOST_TASKS} tasks");
            return Err(Refusal::invalid(message));
        }
        let mut keys = BTreeSet::new();
        for task in tasks {
            let key = key_of(task);
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            if key.is_empty() || key.len() > 100 || !key.bytes().all(allowed) {
                return Err(Refusal::invalid(format!(
                    "`{key}` is not a task key: 1 to 100 letters, digits, `_` and `-`"
                )));
            }
            if !keys.insert(key) {
                let message = format!("task key `{key}` is used twice");
                return Err(Refusal::invalid(message));
            }
            self.check_task(task)?;
        }
        check_order(tasks, &keys)
    }

    fn check_task(&self, task: &Map<String, Value>) -> Result<(), Refusal> {
        let key = key_of(task);
        let kinds = task
            .iter()
            .filter(|(field, value)| field.ends_with("_task") && value.is_object());
        if kinds.count() != 1 {
            return Err(Refusal::invalid(format!(
                "task `{key}` must have exactly one of notebook_task, spark_python_task and the other kinds of tasks"
            )));
        }
        if let Some(notebook) = task.get("notebook_task") {
            let path = notebook["notebook_path"].as_str().unwrap_or_default();
            let is_git = notebook["source"] == "GIT";
            if path.is_empty() || !(is_git || path.starts_with('/')) {
                return Err(Refusal::invalid(format!(
                    "task `{key}`: notebook_path `{path}` must be an absolute path"
                )));
            }
            let parameters = notebook.get("base_parameters").and_then(Value::as_object);
            if parameters.is_some_and(|all| !all.values().all(Value::is_string)) {
                return Err(Refusal::malformed(format!(
                    "task `{key}`: the values of base_parameters must be strings"
                )));
            }
        }
        if let Some(id) = task.get("existing_cluster_id").and_then(Value::as_str) {
            self.clusters().peek(id)?;
        }
        if let Some(cluster) = task.get("new_cluster").filter(|cluster| !cluster.is_null())
            && !cluster["spark_version"].is_string()
        {
            let message = format!("task `{key}`: Missing required field 'spark_version'");
            return Err(Refusal::invalid(message));
        }
        for library in libraries_of(task) {
            libraries::check_shape(library)?;
        }
        Ok(())
    }
}

/// Upstream tasks exist, and no task waits for itself.
fn check_order(tasks: &[Map<String, Value>], keys: &BTreeSet<&str>) -> Result<(), Refusal> {
    for task in tasks {
        for upstream in upstream_of(task) {
            if !keys.contains(upstream) {
                let key = key_of(task);
                let message = format!("task `{key}` depends on `{upstream}`, which is no task");
                return Err(Refusal::invalid(message));
            }
        }
    }
    let mut open: Vec<&Map<String, Value>> = tasks.iter().collect();
    while !open.is_empty() {
        let waiting: BTreeSet<&str> = open.iter().map(|task| key_of(task)).collect();
        let before = open.len();
        open.retain(|task| upstream_of(task).any(|key| waiting.contains(key)));
        if open.len() == before {
            return Err(Refusal::invalid(
                "the tasks depend on each other in a circle",
            ));
        }
    }
    Ok(())
}

pub(super) fn key_of(task: &Map<String, Value>) -> &str {
    let key = task.get("task_key").and_then(Value::as_str);
    key.unwrap_or_default()
}

/// The keys of the tasks that must end first.
pub(super) fn upstream_of(task: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let all = task.get("depends_on").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(|dependency| dependency["task_key"].as_str())
}

pub(super) fn libraries_of(task: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let all = task.get("libraries").and_then(Value::as_array);
    all.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn the_old_form_is_one_task() {
        let settings = map(&json!({
            "name": "x", "existing_cluster_id": "c", "notebook_task": {"notebook_path": "/a"}, "timeout_seconds": 3,
        }));

        let (tasks, flat) = tasks_of(&settings).unwrap();

        assert!(flat);
        assert_eq!(key_of(&tasks[0]), "main");
        assert_eq!(tasks[0]["timeout_seconds"], 3);
        assert!(tasks_of(&map(&json!({"name": "x"}))).is_err());
    }

    #[test]
    fn circles_and_strangers_are_refused() {
        let task = |key: &str, upstream: &str| {
            map(&json!({"task_key": key, "depends_on": [{"task_key": upstream}]}))
        };
        let keys: BTreeSet<&str> = ["a", "b"].into();
        assert!(check_order(&[task("a", "b"), task("b", "a")], &keys).is_err());
        assert!(check_order(&[task("a", "z")], &keys).is_err());
        assert!(check_order(&[task("a", "b"), map(&json!({"task_key": "b"}))], &keys).is_ok());
    }
}
