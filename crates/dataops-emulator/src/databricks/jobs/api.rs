//! `jobs/create`, `get`, `list`, `update`, `reset`, `delete` and `run-now`.

use axum::extract::State;
use axum::http::Uri;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::VERSIONS;
use super::registry::key;
use super::tasks::tasks_of;
use crate::databricks::clock::now;
use crate::databricks::fields::{Answer, Fields, empty, page};
use crate::databricks::refusal::Refusal;
use crate::databricks::{USER, Workspace};

pub(super) fn router() -> Router<Workspace> {
    let mut router = Router::new();
    for version in VERSIONS {
        let at = |name: &str| format!("/api/{version}/jobs/{name}");
        router = router
            .route(&at("create"), post(create))
            .route(&at("reset"), post(reset))
            .route(&at("update"), post(update))
            .route(&at("delete"), post(delete))
            .route(&at("get"), any(one))
            .route(&at("list"), any(list))
            .route(&at("run-now"), post(run_now));
    }
    router
}

/// What the service adds on its own.
fn with_defaults(mut settings: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let (_, flat) = tasks_of(&settings)?;
    settings.remove("access_control_list");
    let format = if flat { "SINGLE_TASK" } else { "MULTI_TASK" };
    settings.insert("format".into(), format.into());
    for (field, value) in [
        ("name", json!("Untitled")),
        ("email_notifications", json!({})),
        ("webhook_notifications", json!({})),
        ("timeout_seconds", json!(0)),
        ("max_concurrent_runs", json!(1)),
    ] {
        settings.entry(field).or_insert(value);
    }
    for task in settings
        .get_mut("tasks")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if task.get("run_if").is_none() {
            task["run_if"] = "ALL_SUCCESS".into();
        }
        if let Some(notebook) = task.get_mut("notebook_task")
            && notebook.get("source").is_none()
        {
            notebook["source"] = "WORKSPACE".into();
        }
    }
    Ok(settings)
}

fn checked(workspace: &Workspace, settings: Map<String, Value>) -> Result<Value, Refusal> {
    let settings = with_defaults(settings)?;
    let (tasks, _) = tasks_of(&settings)?;
    workspace.check_tasks(&tasks)?;
    Ok(Value::Object(settings))
}

async fn create(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let settings = checked(&workspace, fields.into_all())?;
    let job_id = workspace.next_id()?;
    let mut job = Map::new();
    job.insert("created_time".into(), now().into());
    job.insert("settings".into(), settings);
    workspace.runs().jobs.put(&key(job_id), job)?;
    Ok(Json(json!({"job_id": job_id})))
}

fn new_settings(fields: &Fields) -> Result<Map<String, Value>, Refusal> {
    let given = fields.value("new_settings").and_then(Value::as_object);
    given
        .cloned()
        .ok_or_else(|| Refusal::invalid("Missing required field: new_settings"))
}

async fn reset(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let job_id = fields.id("job_id")?;
    workspace.runs().job(job_id)?;
    let settings = checked(&workspace, new_settings(&fields)?)?;
    put_settings(&workspace, job_id, settings)
}

async fn update(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let job_id = fields.id("job_id")?;
    let job = workspace.runs().job(job_id)?;
    let settings = job.get("settings").and_then(Value::as_object);
    let mut settings = settings.cloned().unwrap_or_default();
    for name in fields.texts("fields_to_remove") {
        settings.remove(&name);
    }
    let given = fields.value("new_settings").and_then(Value::as_object);
    for (name, value) in given.into_iter().flatten() {
        match (name.as_str(), settings.get_mut(name)) {
            ("tasks", Some(there)) => merge(there, value, "task_key"),
            ("job_clusters", Some(there)) => merge(there, value, "job_cluster_key"),
            _ => {
                settings.insert(name.clone(), value.clone());
            }
        }
    }
    let settings = checked(&workspace, settings)?;
    put_settings(&workspace, job_id, settings)
}

/// Replaces the items of the same key and adds the others.
fn merge(there: &mut Value, given: &Value, key: &str) {
    let (Some(there), Some(given)) = (there.as_array_mut(), given.as_array()) else {
        *there = given.clone();
        return;
    };
    for item in given {
        match there.iter_mut().find(|other| other[key] == item[key]) {
            Some(place) => *place = item.clone(),
            None => there.push(item.clone()),
        }
    }
}

fn put_settings(workspace: &Workspace, job_id: u64, settings: Value) -> Answer {
    workspace
        .runs()
        .jobs
        .update(&key(job_id), |job| job.insert("settings".into(), settings))?;
    empty()
}

async fn delete(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let job_id = fields.id("job_id")?;
    workspace.runs().job(job_id)?;
    workspace.runs().jobs.remove(&key(job_id))?;
    empty()
}

fn describe(job_id: u64, job: &Map<String, Value>) -> Value {
    json!({
        "job_id": job_id,
        "creator_user_name": USER,
        "run_as_user_name": USER,
        "created_time": job.get("created_time"),
        "settings": job.get("settings"),
    })
}

async fn one(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let job_id = fields.id("job_id")?;
    Ok(Json(describe(job_id, &workspace.runs().job(job_id)?)))
}

async fn list(State(workspace): State<Workspace>, uri: Uri, fields: Fields) -> Answer {
    let name = fields.text("name")?.map(|name| name.to_lowercase());
    let expanded = fields.flag("expand_tasks")? || uri.path().starts_with("/api/2.0/");
    let mut found = Vec::new();
    for (id, mut job) in workspace.runs().jobs.list().into_iter().rev() {
        let settings = job.get_mut("settings").and_then(Value::as_object_mut);
        let Some(settings) = settings else { continue };
        let own = settings
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if name
            .as_ref()
            .is_some_and(|name| *name != own.to_lowercase())
        {
            continue;
        }
        if !expanded {
            settings.remove("tasks");
            settings.remove("job_clusters");
        }
        found.push(describe(id.parse().unwrap_or(0), &job));
    }
    let size = fields.number("limit")?.unwrap_or(20).clamp(1, 100);
    let token = fields.text("page_token")?;
    let size = usize::try_from(size).unwrap_or(20);
    let (jobs, next) = page(found, size, token.as_deref())?;
    Ok(Json(listed("jobs", jobs, next)))
}

/// A page with its key, which is absent when there is nothing.
pub(super) fn listed(name: &str, items: Vec<Value>, next: Option<String>) -> Value {
    let mut answer = json!({"has_more": next.is_some()});
    if !items.is_empty() {
        answer[name] = items.into();
    }
    if let Some(next) = next {
        answer["next_page_token"] = next.into();
    }
    answer
}

async fn run_now(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (run_id, number) = workspace.run_job(&fields).await?;
    Ok(Json(json!({"run_id": run_id, "number_in_job": number})))
}
