//! `jobs/runs/*`.

use axum::extract::State;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::api::listed;
use super::repair::history;
use super::run::{Run, RunType, TaskRun};
use super::{VERSIONS, export, render};
use crate::databricks::Workspace;
use crate::databricks::fields::{Answer, Fields, empty, page};
use crate::databricks::refusal::Refusal;

pub(super) fn router() -> Router<Workspace> {
    let mut router = Router::new();
    for version in VERSIONS {
        let at = |name: &str| format!("/api/{version}/jobs/runs/{name}");
        router = router
            .route(&at("submit"), post(submit))
            .route(&at("get"), any(one))
            .route(&at("get-output"), any(output))
            .route(&at("list"), any(list))
            .route(&at("cancel"), post(cancel))
            .route(&at("cancel-all"), post(cancel_all))
            .route(&at("delete"), post(delete))
            .route(&at("repair"), post(repair))
            .route(&at("export"), any(export_run));
    }
    router
}

async fn submit(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let run_id = workspace.submit_run(fields.all()).await?;
    Ok(Json(json!({"run_id": run_id})))
}

async fn one(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (run, at) = workspace.runs().find(fields.id("run_id")?)?;
    let endpoint = workspace.endpoint();
    Ok(Json(match at.and_then(|at| run.tasks.get(at)) {
        Some(task) => render::task_as_run(&run, task, &endpoint),
        None => {
            let mut answer = render::run(&run, &endpoint, true);
            if fields.flag("include_history")? {
                answer["repair_history"] = history(&run).into();
            }
            answer
        }
    }))
}

async fn repair(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let repair_id = workspace.repair_run(&fields).await?;
    Ok(Json(json!({"repair_id": repair_id})))
}

async fn output(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (run, at) = workspace.runs().find(fields.id("run_id")?)?;
    let task = match (at.and_then(|at| run.tasks.get(at)), run.tasks.last()) {
        (Some(task), _) => task,
        (None, Some(task)) if run.flat => task,
        _ => {
            return Err(Refusal::invalid(
                "Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of \
                 each individual task run instead.",
            ));
        }
    };
    Ok(Json(task_output(&workspace, &run, task)))
}

fn task_output(workspace: &Workspace, run: &Run, task: &TaskRun) -> Value {
    let left = workspace.runs().outputs.read(task.run_id);
    let metadata = render::task_as_run(run, task, &workspace.endpoint());
    let mut answer = json!({"metadata": metadata});
    if task.spec.contains_key("notebook_task") {
        answer["notebook_output"] = json!({"truncated": left.truncated});
        if let Some(result) = left.result {
            answer["notebook_output"]["result"] = result.into();
        }
    } else {
        answer["logs"] = left.lines.join("\n").into();
        answer["logs_truncated"] = left.lines_truncated.into();
    }
    for (field, value) in [
        ("error", left.error),
        ("error_trace", left.trace),
        ("info", left.hint),
    ] {
        if let Some(value) = value {
            answer[field] = value.into();
        }
    }
    answer
}

async fn list(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (active, completed) = (fields.flag("active_only")?, fields.flag("completed_only")?);
    if active && completed {
        let message = "Only one of active_only and completed_only may be true";
        return Err(Refusal::invalid(message));
    }
    let job_id = fields.number("job_id")?;
    let (from, to) = (
        fields.number("start_time_from")?,
        fields.number("start_time_to")?,
    );
    let run_type = fields.text("run_type")?;
    let wanted = |run: &Run| {
        let kind = match run.run_type {
            RunType::JobRun => "JOB_RUN",
            RunType::SubmitRun => "SUBMIT_RUN",
        };
        job_id.is_none_or(|id| u64::try_from(id) == Ok(run.job_id))
            && !(active && run.standing.is_over())
            && (!completed || run.standing.is_over())
            && from.is_none_or(|from| run.start_time >= from)
            && to.is_none_or(|to| run.start_time <= to)
            && run_type.as_ref().is_none_or(|wanted| wanted == kind)
    };
    let mut runs = workspace.runs().newest_first();
    runs.retain(wanted);
    let size = match fields.number("limit")?.unwrap_or(20) {
        0 => 24,
        limit => usize::try_from(limit.clamp(1, 24)).unwrap_or(20),
    };
    let token = fields.text("page_token")?;
    let (runs, next) = page(runs, size, token.as_deref())?;
    let with_tasks = fields.flag("expand_tasks")?;
    let endpoint = workspace.endpoint();
    let runs = runs
        .iter()
        .map(|run| render::run(run, &endpoint, with_tasks));
    Ok(Json(listed("runs", runs.collect(), next)))
}

async fn cancel(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace.cancel(fields.id("run_id")?)?;
    empty()
}

async fn cancel_all(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let job_id = fields.id("job_id")?;
    for run in workspace.runs().newest_first() {
        if run.job_id == job_id && !run.standing.is_over() {
            workspace.cancel(run.run_id)?;
        }
    }
    empty()
}

async fn delete(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let run = workspace.runs().get(fields.id("run_id")?)?;
    if !run.standing.is_over() {
        let message = format!("Run {} is active and cannot be deleted.", run.run_id);
        return Err(Refusal::bad("INVALID_STATE", message));
    }
    workspace.runs().remove(&run)?;
    empty()
}

async fn export_run(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (run, at) = workspace.runs().find(fields.id("run_id")?)?;
    let tasks: Vec<&TaskRun> = match at.and_then(|at| run.tasks.get(at)) {
        Some(task) => vec![task],
        None => run.tasks.iter().collect(),
    };
    let view = |task: &TaskRun| {
        let left = workspace.runs().outputs.read(task.run_id);
        json!({"name": task.key, "type": "NOTEBOOK", "content": export::page(&run, task, &left)})
    };
    let views: Vec<Value> = tasks.into_iter().map(view).collect();
    Ok(Json(json!({"views": views})))
}
