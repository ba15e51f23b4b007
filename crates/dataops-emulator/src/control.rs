//! The emulator's own controls: `/_emulator/state`, `/_emulator/reset`, `/_emulator/faults`, `/_emulator/pace`,
//! `/_emulator/approvals`.

use std::sync::Arc;
use std::time::Duration;

use adf_model::Kind;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::adf::approvals::Decision;
use crate::faults::Fault;
use crate::pace::Limits;
use crate::page;
use crate::problem::Problem;
use crate::service::Service;
use crate::state::State;

/// The controls and the page.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/", get(page::show))
        .route("/_emulator/state", get(show))
        .route("/_emulator/reset", post(reset))
        .route(
            "/_emulator/approvals",
            get(show_approvals)
                .put(set_approvals)
                .delete(clear_approvals),
        )
        .route(
            "/_emulator/faults",
            get(list_faults).post(add_faults).delete(clear_faults),
        )
        .route(
            "/_emulator/pace",
            get(show_pace).put(set_pace).delete(clear_pace),
        )
        .with_state(state)
}

fn json(body: &Value) -> Response {
    let kind = [("content-type", "application/json; charset=utf-8")];
    (kind, body.to_string()).into_response()
}

async fn show(Extract(state): Extract<Arc<State>>) -> Result<Response, Problem> {
    let factories = state.adf.factories.list();
    let factories = factories.iter().map(|(_, row)| {
        let count = |kind: Kind| state.adf.of_kind(&row.path, kind, None).len();
        let kinds = Kind::ALL.into_iter();
        let counts: Map<String, Value> = kinds
            .map(|kind| (kind.arm_segment().to_owned(), count(kind).into()))
            .filter(|(_, count)| *count != 0)
            .collect();
        json!({"id": row.path.id(), "resources": counts})
    });
    let mut runs = Map::new();
    for (_, row) in state.adf.runs.list() {
        let status = format!("{:?}", row.record.status);
        let count = runs.get(&status).and_then(Value::as_u64).unwrap_or(0);
        runs.insert(status, (count + 1).into());
    }
    Ok(json(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "endpoint": state.endpoint(),
        "account": state.account,
        "dataDir": state.dir(),
        "python": state.python,
        "factories": factories.collect::<Vec<_>>(),
        "pipelineRuns": runs,
        "triggerRuns": state.adf.trigger_runs.list().len(),
        "containers": state.blob.containers()?,
        "faults": state.faults.list().len(),
    })))
}

/// Ends all runs, then forgets everything but the token and the key.
async fn reset(Extract(state): Extract<Arc<State>>) -> Result<Response, Problem> {
    if !state.adf.active.end_all(Duration::from_secs(30)).await {
        return Err(Problem::new(
            Service::Control,
            StatusCode::CONFLICT,
            "Conflict",
            "some runs did not end within 30 s; nothing was forgotten",
        ));
    }
    state.adf.clear()?;
    state.blob.clear()?;
    state.vaults.clear()?;
    state.faults.clear();
    state.approvals.decide(None);
    state.pace.set(Limits::default());
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn list_faults(Extract(state): Extract<Arc<State>>) -> Response {
    json(&json!({"value": state.faults.list()}))
}

async fn clear_faults(Extract(state): Extract<Arc<State>>) -> StatusCode {
    state.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    More(Vec<Fault>),
    One(Box<Fault>),
}

async fn add_faults(
    Extract(state): Extract<Arc<State>>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let wrong = |reason: &str| refused(&format!("not a fault, nor a list of them: {reason}"));
    // An untagged enum alone would not say what is wrong.
    let read: Result<OneOrMore, _> = serde_json::from_slice(&body);
    let faults = match read {
        Ok(OneOrMore::More(faults)) => faults,
        Ok(OneOrMore::One(fault)) => vec![*fault],
        Err(_) => vec![
            serde_json::from_slice(&body)
                .map_err(|error: serde_json::Error| wrong(&error.to_string()))?,
        ],
    };
    for fault in &faults {
        fault.check().map_err(wrong)?;
    }
    state.faults.add(faults);
    Ok(StatusCode::NO_CONTENT)
}

fn refused(message: &str) -> Problem {
    Problem::new(
        Service::Control,
        StatusCode::BAD_REQUEST,
        "InvalidRequestContent",
        message,
    )
}

async fn show_approvals(Extract(state): Extract<Arc<State>>) -> Response {
    json(&json!(state.approvals.decision()))
}

/// Orders what becomes of private endpoints: `{"status": "Rejected", "after": 2}`.
async fn set_approvals(
    Extract(state): Extract<Arc<State>>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let decision: Decision = serde_json::from_slice(&body)
        .map_err(|error| refused(&format!("not a decision: {error}")))?;
    state.approvals.decide(Some(decision));
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_approvals(Extract(state): Extract<Arc<State>>) -> StatusCode {
    state.approvals.decide(None);
    StatusCode::NO_CONTENT
}

async fn show_pace(Extract(state): Extract<Arc<State>>) -> Response {
    json(&json!(state.pace.limits()))
}

/// Sets the pace of Azure Resource Manager: the word `"arm"` for its own, or limits.
async fn set_pace(Extract(state): Extract<Arc<State>>, body: Bytes) -> Result<StatusCode, Problem> {
    let limits = match serde_json::from_slice::<String>(&body) {
        Ok(name) if name == "arm" => Limits::arm(),
        Ok(name) => return Err(refused(&format!("`{name}` is no pace; \"arm\" is"))),
        Err(_) => serde_json::from_slice(&body)
            .map_err(|error| refused(&format!("not a pace: {error}")))?,
    };
    limits
        .check()
        .map_err(|reason| refused(&format!("not a pace: {reason}")))?;
    state.pace.set(limits);
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_pace(Extract(state): Extract<Arc<State>>) -> StatusCode {
    state.pace.set(Limits::default());
    StatusCode::NO_CONTENT
}
