//! Pipeline runs over REST (`Pipelines - Create Run`, `Pipeline Runs - Get`, `Cancel`).

use std::sync::Arc;

use adf_model::{Kind, ResourceId};
use adf_runtime::{ActivityRunRecord, InvokedBy, Recovery, RunRequest};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::call::Call;
use super::going::{activity_key, launch};
use super::place::FactoryPath;
use super::store::RunRow;
use super::{Answer, ok};
use crate::problem::Problem;
use crate::state::State;

/// `createRun`.
pub(super) fn create(
    state: &Arc<State>,
    call: &Call,
    factory: &FactoryPath,
    pipeline: &str,
) -> Answer {
    let request = match call.query("referencePipelineRunId") {
        Some(earlier) => rerun(state, call, factory, pipeline, earlier)?,
        None => RunRequest::manual(pipeline, call.object()?),
    };
    let run_id = launch(state, factory, request)?;
    Ok(ok(&json!({"runId": run_id})))
}

fn rerun(
    state: &State,
    call: &Call,
    factory: &FactoryPath,
    pipeline: &str,
    earlier: &str,
) -> Result<RunRequest, Problem> {
    let earlier = find(state, factory, earlier)?;
    if !earlier.record.pipeline_name.eq_ignore_ascii_case(pipeline) {
        return Err(Problem::bad_request(format!(
            "the run `{}` is one of the pipeline `{}`, not of `{pipeline}`",
            earlier.record.run_id, earlier.record.pipeline_name
        )));
    }
    let mut request = RunRequest::manual(pipeline, earlier.arguments);
    if call.flag("isRecovery") {
        request.group_id = earlier.record.run_group_id.clone();
    }
    let start_activity = call.query("startActivityName").map(str::to_owned);
    if let Some(name) = &start_activity {
        has_activity(state, factory, pipeline, name)?;
    }
    if start_activity.is_some() || call.flag("startFromFailure") {
        request.recovery = Some(Recovery {
            earlier: Arc::new(activities_below(state, &earlier.record.run_id)),
            run_id: earlier.record.run_id,
            start_activity,
        });
    }
    Ok(request)
}

fn has_activity(
    state: &State,
    factory: &FactoryPath,
    pipeline: &str,
    activity: &str,
) -> Result<(), Problem> {
    fn named(value: &Value, name: &str) -> bool {
        match value {
            Value::Object(object) => {
                let own = object.get("name").and_then(Value::as_str);
                (object.contains_key("type")
                    && own.is_some_and(|own| own.to_lowercase() == name.to_lowercase()))
                    || object.values().any(|value| named(value, name))
            }
            Value::Array(items) => items.iter().any(|item| named(item, name)),
            _ => false,
        }
    }
    let id = ResourceId::new(Kind::Pipeline, pipeline);
    let row = state.adf.resource(factory, &id);
    match row.is_some_and(|row| named(&row.properties["activities"], activity)) {
        true => Ok(()),
        false => Err(Problem::bad_request(format!(
            "the pipeline `{pipeline}` has no activity `{activity}` to start from"
        ))),
    }
}

/// The activity runs of a run and of the runs that it started.
fn activities_below(state: &State, run: &str) -> Vec<ActivityRunRecord> {
    let all = state.adf.runs.list();
    let mut open = vec![run.to_owned()];
    let mut found = Vec::new();
    while let Some(run) = open.pop() {
        found.extend(activities(state, &run));
        let children = all.iter().filter(|(_, row)| {
            row.record.invoked_by.pipeline_run_id.as_deref() == Some(run.as_str())
        });
        open.extend(children.map(|(id, _)| id.clone()));
    }
    found
}

/// The activity runs of a run, in the order in which they started.
pub(crate) fn activities(state: &State, run: &str) -> Vec<ActivityRunRecord> {
    let below = state.adf.activities.list_below(&activity_key(run, ""));
    let mut found: Vec<_> = below.into_iter().map(|(_, record)| record).collect();
    found.sort_by_key(|record| record.activity_run_start);
    found
}

/// `Pipeline Runs - Get`.
pub(super) fn get(state: &State, factory: &FactoryPath, run_id: &str) -> Answer {
    Ok(ok(&shown(&find(state, factory, run_id)?)))
}

/// A run of this factory.
pub(super) fn find(state: &State, factory: &FactoryPath, run_id: &str) -> Result<RunRow, Problem> {
    let row = state.adf.runs.get(&run_id.to_lowercase());
    row.filter(|row| row.factory == *factory).ok_or_else(|| {
        Problem::arm(
            StatusCode::NOT_FOUND,
            "PipelineRunNotFound",
            format!(
                "the factory `{}` has no pipeline run `{run_id}`",
                factory.name
            ),
        )
    })
}

/// A run as the service shows it.
pub(super) fn shown(row: &RunRow) -> Value {
    let id = format!("{}/pipelineruns/{}", row.factory.id(), row.record.run_id);
    let mut shown = Map::new();
    shown.insert("id".to_owned(), id.to_uppercase().into());
    if let Ok(Value::Object(record)) = serde_json::to_value(&row.record) {
        shown.extend(record);
    }
    Value::Object(shown)
}

/// `Pipeline Runs - Cancel`.
pub(super) fn cancel(state: &State, call: &Call, factory: &FactoryPath, run_id: &str) -> Answer {
    let row = find(state, factory, run_id)?;
    if row.record.status.is_final() {
        return Err(Problem::bad_request(format!(
            "the run `{run_id}` has ended already: {:?}",
            row.record.status
        )));
    }
    let recursive = call.flag("isRecursive");
    state.adf.active.cancel(&row.record.run_id, recursive);
    Ok(StatusCode::OK.into_response())
}

/// A request for a run that a trigger starts.
pub(super) fn triggered(
    pipeline: &str,
    parameters: Map<String, Value>,
    invoked_by: InvokedBy,
    at: OffsetDateTime,
) -> RunRequest {
    RunRequest {
        pipeline: pipeline.to_owned(),
        parameters,
        invoked_by,
        trigger_time: Some(at),
        ..RunRequest::manual(pipeline, Map::new())
    }
}
