//! What `run-now` changes in a job's tasks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::tasks::{key_of, upstream_of};
use crate::databricks::fields::Fields;
use crate::databricks::refusal::Refusal;

pub(super) fn keep_only(
    tasks: &mut Vec<Map<String, Value>>,
    only: &[String],
) -> Result<(), Refusal> {
    if only.is_empty() {
        return Ok(());
    }
    let mut kept = BTreeSet::new();
    for wanted in only {
        let (up, key) = match wanted.strip_prefix('+') {
            Some(key) => (true, key),
            None => (false, wanted.as_str()),
        };
        let (down, key) = match key.strip_suffix('+') {
            Some(key) => (true, key),
            None => (false, key),
        };
        if !tasks.iter().any(|task| key_of(task) == key) {
            return Err(Refusal::invalid(format!(
                "`only` names `{wanted}`, which is no task"
            )));
        }
        kept.insert(key.to_owned());
        kept.extend(related(tasks, key, up, down));
    }
    let only: Vec<String> = kept.into_iter().collect();
    tasks.retain(|task| only.iter().any(|key| key == key_of(task)));
    for task in tasks {
        if let Some(Value::Array(upstream)) = task.get_mut("depends_on") {
            let is_kept = |item: &Value| only.iter().any(|key| item["task_key"] == key.as_str());
            upstream.retain(is_kept);
        }
    }
    Ok(())
}

/// The tasks before a task, and those after it.
fn related(tasks: &[Map<String, Value>], key: &str, up: bool, down: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (wanted, upwards) in [(up, true), (down, false)] {
        let mut open = vec![key.to_owned()];
        while let Some(at) = open.pop().filter(|_| wanted) {
            let next = tasks.iter().flat_map(|task| {
                let own = key_of(task);
                let pair = |other: &str| match upwards {
                    true if own == at => Some(other.to_owned()),
                    false if other == at => Some(own.to_owned()),
                    _ => None,
                };
                upstream_of(task).filter_map(pair).collect::<Vec<_>>()
            });
            open.extend(
                next.filter(|key| found.insert(key.clone()))
                    .collect::<Vec<_>>(),
            );
        }
    }
    found
}

pub(super) fn job_parameters(
    settings: &Map<String, Value>,
    fields: &Fields,
) -> Result<BTreeMap<String, String>, Refusal> {
    let declared = settings.get("parameters").and_then(Value::as_array);
    let mut parameters: BTreeMap<String, String> = declared
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let default = item["default"].as_str().unwrap_or_default();
            Some((item["name"].as_str()?.to_owned(), default.to_owned()))
        })
        .collect();
    let given = fields.value("job_parameters").and_then(Value::as_object);
    for (name, value) in given.into_iter().flatten() {
        let Some(place) = parameters.get_mut(name) else {
            let message = format!("the job does not declare the parameter `{name}`");
            return Err(Refusal::invalid(message));
        };
        *place = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
    }
    Ok(parameters)
}

pub(super) fn resolve_job_cluster(
    task: &mut Map<String, Value>,
    settings: &Map<String, Value>,
) -> Result<(), Refusal> {
    let Some(key) = task.get("job_cluster_key").and_then(Value::as_str) else {
        return Ok(());
    };
    let clusters = settings.get("job_clusters").and_then(Value::as_array);
    let found = clusters
        .into_iter()
        .flatten()
        .find(|cluster| cluster["job_cluster_key"] == key);
    let found = found.ok_or_else(|| {
        Refusal::invalid(format!(
            "job_cluster_key `{key}` is not among the job's clusters"
        ))
    })?;
    task.insert("new_cluster".into(), found["new_cluster"].clone());
    Ok(())
}

pub(super) fn override_parameters(
    task: &mut Map<String, Value>,
    overriding: &Map<String, Value>,
    job_parameters: &BTreeMap<String, String>,
) {
    if let Some(notebook) = task.get_mut("notebook_task") {
        let base = notebook.get("base_parameters").and_then(Value::as_object);
        let mut parameters = base.cloned().unwrap_or_default();
        for (name, value) in job_parameters {
            parameters.insert(name.clone(), value.as_str().into());
        }
        let given = overriding.get("notebook_params").and_then(Value::as_object);
        for (name, value) in given.into_iter().flatten() {
            parameters.insert(name.clone(), value.clone());
        }
        notebook["base_parameters"] = Value::Object(parameters);
    }
    if let (Some(script), Some(given)) = (
        task.get_mut("spark_python_task"),
        overriding.get("python_params"),
    ) {
        script["parameters"] = json!(given);
    }
}
