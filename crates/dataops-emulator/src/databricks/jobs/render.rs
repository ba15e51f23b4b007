//! Runs as the API tells them.

use serde_json::{Map, Value, json};

use super::run::{LifeCycle, Run, RunType, Standing, TaskRun};
use crate::databricks::USER;

pub(super) fn state(standing: &Standing) -> Value {
    let by_user = matches!(standing.code.as_deref(), Some("USER_CANCELED" | "CANCELED"));
    let mut state = json!({
        "life_cycle_state": standing.life_cycle.as_str(),
        "state_message": standing.message,
        "user_cancelled_or_timedout": by_user,
    });
    if let Some(result) = standing.result {
        state["result_state"] = result.as_str().into();
    }
    state
}

pub(super) fn status(standing: &Standing) -> Value {
    let phase = match standing.life_cycle {
        LifeCycle::Skipped | LifeCycle::InternalError => LifeCycle::Terminated,
        other => other,
    };
    let mut status = json!({"state": phase.as_str()});
    if let Some(code) = &standing.code {
        let kind = match code.as_str() {
            "SUCCESS" | "SUCCESS_WITH_FAILURES" | "SKIPPED" => "SUCCESS",
            "INTERNAL_ERROR" | "DRIVER_ERROR" => "INTERNAL_ERROR",
            _ => "CLIENT_ERROR",
        };
        status["termination_details"] =
            json!({"code": code, "type": kind, "message": standing.message});
    }
    status
}

/// The page of a run: a link that the emulator's own page understands.
pub(super) fn page_url(endpoint: &str, run: &Run) -> String {
    match run.run_type {
        RunType::JobRun => format!("{endpoint}/#job/{}/run/{}", run.job_id, run.run_id),
        RunType::SubmitRun => format!("{endpoint}/#job/run/{}", run.run_id),
    }
}

/// The `Run`.
pub(super) fn run(run: &Run, endpoint: &str, with_tasks: bool) -> Value {
    let duration = run.end_time.map_or(0, |end| end - run.start_time);
    let mut answer = json!({
        "job_id": run.job_id,
        "run_id": run.run_id,
        "number_in_job": run.number_in_job,
        "run_name": run.name,
        "run_type": run.run_type,
        "run_page_url": page_url(endpoint, run),
        "creator_user_name": USER,
        "trigger": "ONE_TIME",
        "format": if run.flat { "SINGLE_TASK" } else { "MULTI_TASK" },
        "state": state(&run.standing),
        "status": status(&run.standing),
        "start_time": run.start_time,
        "end_time": run.end_time.unwrap_or(0),
        "run_duration": duration,
        "setup_duration": 0,
        "execution_duration": 0,
        "cleanup_duration": 0,
    });
    if !run.overriding.is_empty() {
        answer["overriding_parameters"] = Value::Object(run.overriding.clone());
    }
    if !run.job_parameters.is_empty() {
        let parameter = |(name, value): (&String, &String)| json!({"name": name, "value": value});
        answer["job_parameters"] = run.job_parameters.iter().map(parameter).collect();
    }
    if let (true, Some(only)) = (run.flat, run.tasks.last()) {
        flatten(&mut answer, only);
    }
    if with_tasks {
        let tasks = run.tasks.iter().map(|one| task(run, one, endpoint));
        answer["tasks"] = tasks.collect();
    }
    answer
}

/// What runs of the old form tell of their one task.
fn flatten(answer: &mut Value, only: &TaskRun) {
    let mut kind = Map::new();
    for (field, value) in only
        .spec
        .iter()
        .filter(|(field, _)| field.ends_with("_task"))
    {
        kind.insert(field.clone(), value.clone());
    }
    let mut cluster = Map::new();
    for field in ["existing_cluster_id", "new_cluster", "libraries"] {
        if let Some(value) = only.spec.get(field) {
            cluster.insert(field.into(), value.clone());
        }
    }
    let (setup, execution) = durations(only);
    answer["task"] = Value::Object(kind);
    answer["cluster_spec"] = Value::Object(cluster);
    answer["setup_duration"] = setup.into();
    answer["execution_duration"] = execution.into();
    if let Some(id) = &only.cluster_id {
        answer["cluster_instance"] = json!({"cluster_id": id});
    }
}

fn durations(task: &TaskRun) -> (i64, i64) {
    let Some(begun) = task.execution_start else {
        return (0, 0);
    };
    let execution = task.end_time.map_or(0, |end| end - begun);
    (begun - task.start_time, execution)
}

/// The `RunTask`.
pub(super) fn task(run: &Run, task: &TaskRun, endpoint: &str) -> Value {
    let mut answer = task.spec.clone();
    let (setup, execution) = durations(task);
    let fields = json!({
        "run_id": task.run_id,
        "task_key": task.key,
        "attempt_number": task.attempt,
        "run_if": answer.get("run_if").cloned().unwrap_or_else(|| "ALL_SUCCESS".into()),
        "state": state(&task.standing),
        "status": status(&task.standing),
        "start_time": task.start_time,
        "end_time": task.end_time.unwrap_or(0),
        "setup_duration": setup,
        "execution_duration": execution,
        "cleanup_duration": 0,
        "run_page_url": page_url(endpoint, run),
    });
    if let Value::Object(fields) = fields {
        answer.extend(fields);
    }
    if let Some(notebook) = answer.get_mut("notebook_task")
        && notebook.get("source").is_none()
    {
        notebook["source"] = "WORKSPACE".into();
    }
    if let Some(id) = &task.cluster_id {
        answer.insert("cluster_instance".into(), json!({"cluster_id": id}));
    }
    Value::Object(answer)
}

/// The run of one task, as `runs/get` tells it for a task's id, and as the `metadata` of an output.
pub(super) fn task_as_run(whole: &Run, one: &TaskRun, endpoint: &str) -> Value {
    let mut answer = run(whole, endpoint, false);
    let details = task(whole, one, endpoint);
    for field in [
        "run_id",
        "state",
        "status",
        "start_time",
        "end_time",
        "setup_duration",
        "execution_duration",
        "attempt_number",
        "task_key",
        "cluster_instance",
    ] {
        if let Some(value) = details.get(field) {
            answer[field] = value.clone();
        }
    }
    answer["job_run_id"] = whole.run_id.into();
    let duration = one.end_time.map_or(0, |end| end - one.start_time);
    answer["run_duration"] = duration.into();
    answer
}
