//! Triggers: started and stopped over REST, fired by events.

mod sound;

use std::sync::Arc;

use adf_expr::Context;
use adf_model::{Document, Kind, ResourceId, Trigger, TriggerPipeline};
use adf_runtime::InvokedBy;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::call::Call;
use super::place::FactoryPath;
use super::store::{ResourceRow, TriggerRunRow};
use super::{Answer, going, lacking, ok, resources, runs};
use crate::events::BlobEvent;
use crate::http_date;
use crate::problem::{Problem, in_full};
use crate::state::State;

/// An action on a trigger: `start`, `stop`, `subscribeToEvents`, `unsubscribeFromEvents`, `getEventSubscriptionStatus`.
pub(super) fn act(
    state: &State,
    call: &Call,
    factory: &FactoryPath,
    name: &str,
    action: &str,
) -> Answer {
    let id = ResourceId::new(Kind::Trigger, name);
    let _writing = state.adf.exclusive();
    let Some(row) = state.adf.resource(factory, &id) else {
        return Err(resources::absent(factory, &id));
    };
    let key = factory.key_of(&id);
    match action {
        "start" => {
            startable(&id, &row)?;
            set_state(state, &key, "Started")
        }
        "stop" => set_state(state, &key, "Stopped"),
        "subscribetoevents" => subscribe(state, &key, true),
        "unsubscribefromevents" => subscribe(state, &key, false),
        "geteventsubscriptionstatus" => Ok(ok(&subscription(&row))),
        _ => Err(lacking(call)),
    }
}

fn set_state(state: &State, key: &str, wanted: &str) -> Answer {
    state.adf.resources.update(key, |row| {
        row.properties["runtimeState"] = wanted.into();
        // One that listens to events and starts has subscribed.
        row.subscribed |= wanted == "Started";
    })?;
    Ok(StatusCode::OK.into_response())
}

fn subscribe(state: &State, key: &str, wanted: bool) -> Answer {
    let changed = state.adf.resources.update(key, |row| {
        row.subscribed = wanted;
        subscription(row)
    })?;
    Ok(ok(&changed.unwrap_or_default()))
}

fn subscription(row: &ResourceRow) -> Value {
    let status = match row.subscribed {
        true => "Enabled",
        false => "Disabled",
    };
    json!({"triggerName": row.name, "status": status})
}

fn startable(id: &ResourceId, row: &ResourceRow) -> Result<(), Problem> {
    let trigger = read(row)?;
    if trigger.properties.started().next().is_none() {
        return Err(Problem::bad_request(format!(
            "the {id} cannot be started: it refers to no pipeline"
        )));
    }
    let unsound = |why: String| Problem::bad_request(format!("the {id} cannot be started: {why}"));
    sound::clock(&trigger.properties).map_err(unsound)?;
    match trigger.properties.blob_events() {
        Ok(Some(events)) => sound::events(&events).map_err(unsound),
        Ok(None) => Ok(()),
        Err(error) => Err(unsound(error.to_string())),
    }
}

/// Refuses a trigger whose clock makes no sense.
pub(super) fn check(id: &ResourceId, properties: &Value) -> Result<(), Problem> {
    let document = json!({"name": id.name, "properties": properties});
    let trigger = Document::<Trigger>::parse(document)
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    sound::clock(&trigger.properties)
        .map_err(|why| Problem::bad_request(format!("the {id} was not written: {why}")))
}

fn read(row: &ResourceRow) -> Result<Document<Trigger>, Problem> {
    Document::parse(json!({"name": row.name, "properties": row.properties}))
        .map_err(|error| Problem::bad_request(error.to_string()))
}

/// `querytriggers`: all triggers, or those that depend on one.
pub(super) fn query(state: &State, call: &Call, factory: &FactoryPath) -> Answer {
    let body = call.object()?;
    let parent = body.get("parentTriggerName").and_then(Value::as_str);
    let depends = |row: &ResourceRow| {
        parent.is_none_or(|parent| {
            let parent = ResourceId::new(Kind::Trigger, parent);
            adf_model::references(&row.properties)
                .iter()
                .any(|reference| reference.target == parent)
        })
    };
    let rows = state.adf.of_kind(factory, Kind::Trigger, None);
    let shown: Vec<_> = rows
        .into_iter()
        .filter(depends)
        .map(|row| {
            let id = ResourceId::new(Kind::Trigger, row.name.as_str());
            resources::shown(factory, &id, &row)
        })
        .collect();
    Ok(ok(&json!({"value": shown})))
}

/// Fires every started trigger that listens to the event.
pub(crate) fn fire(state: &Arc<State>, event: &BlobEvent) {
    for (_, factory) in state.adf.factories.list() {
        for row in state.adf.of_kind(&factory.path, Kind::Trigger, None) {
            let Ok(trigger) = read(&row) else { continue };
            if resources::is_started(&row) && listens(state, &trigger, event) {
                start_pipelines(state, &factory.path, &row, &trigger, event);
            }
        }
    }
}

/// Whether any started trigger listens to blobs.
pub(crate) fn anyone_listens(state: &State) -> bool {
    let factories = state.adf.factories.list().into_iter();
    factories
        .flat_map(|(_, factory)| state.adf.of_kind(&factory.path, Kind::Trigger, None))
        .any(|row| {
            resources::is_started(&row)
                && read(&row).is_ok_and(|it| matches!(it.properties.blob_events(), Ok(Some(_))))
        })
}

fn listens(state: &State, trigger: &Trigger, event: &BlobEvent) -> bool {
    let Ok(Some(events)) = trigger.properties.blob_events() else {
        return false;
    };
    let account = events.scope.rsplit('/').next().unwrap_or_default();
    account.eq_ignore_ascii_case(&state.account)
        && events.matches(event.kind, &event.container, &event.blob, event.bytes)
}

fn start_pipelines(
    state: &Arc<State>,
    factory: &FactoryPath,
    row: &ResourceRow,
    trigger: &Trigger,
    event: &BlobEvent,
) {
    let now = OffsetDateTime::now_utc();
    let run_id = trigger_run_id();
    let by = InvokedBy::trigger(&run_id, &row.name, &trigger.properties.kind);
    let mut started = Map::new();
    let result = prepare(trigger, event, now).and_then(|prepared| {
        for (pipeline, parameters) in prepared {
            let request = runs::triggered(&pipeline, parameters, by.clone(), now);
            let run = going::launch(state, factory, request)
                .map_err(|problem| format!("pipeline `{pipeline}`: {}", problem.message()))?;
            started.insert(pipeline, run.into());
        }
        Ok(())
    });
    let status = if result.is_ok() {
        "Succeeded"
    } else {
        "Failed"
    };
    let record = json!({
        "triggerName": row.name,
        "triggerRunId": run_id,
        "triggerType": trigger.properties.kind,
        "triggerRunTimestamp": http_date::utc(now),
        "status": status,
        "message": result.err(),
        "properties": {"TriggerTime": http_date::utc(now), "EventPayload": payload(state, trigger, event, now).to_string()},
        "triggeredPipelines": started,
        "runDimension": {},
        "dependencyStatus": {},
    });
    let kept = state.adf.trigger_runs.put(
        &run_id,
        TriggerRunRow {
            factory: factory.clone(),
            record,
        },
    );
    if let Err(error) = kept {
        tracing::error!("a trigger run's record is lost: {}", in_full(&error));
    }
}

/// A pipeline and what its run is given.
type Prepared = (String, Map<String, Value>);

/// What each pipeline is given. No pipeline starts when the parameters of one cannot be evaluated.
fn prepare(
    trigger: &Trigger,
    event: &BlobEvent,
    now: OffsetDateTime,
) -> Result<Vec<Prepared>, String> {
    let path = format!("{}/{}", event.container, event.blob);
    let (folder, file) = path.rsplit_once('/').unwrap_or((&path, ""));
    let scope = Context {
        trigger: Some(json!({
            "outputs": {"body": {"fileName": file, "folderPath": folder}},
            "scheduledTime": http_date::utc(now),
            "startTime": http_date::utc(now),
        })),
        ..Context::default()
    };
    let evaluated = |pipeline: &TriggerPipeline| {
        let name = pipeline.pipeline_reference.reference_name.clone();
        let parameters = Value::Object(pipeline.parameters.clone());
        match adf_expr::evaluate_json(&parameters, &scope) {
            Ok(Value::Object(parameters)) => Ok((name, parameters)),
            Ok(_) => Err(format!("the parameters of pipeline `{name}` are no object")),
            Err(error) => Err(format!("the parameters of pipeline `{name}`: {error}")),
        }
    };
    trigger.properties.started().map(evaluated).collect()
}

/// The event as Event Grid delivers it.
fn payload(state: &State, trigger: &Trigger, event: &BlobEvent, now: OffsetDateTime) -> Value {
    let topic = &trigger.properties.type_properties["scope"];
    let url = format!(
        "{}/{}/{}/{}",
        state.endpoint(),
        state.account,
        event.container,
        event.blob
    );
    json!({
        "topic": topic,
        "subject": format!("/blobServices/default/containers/{}/blobs/{}", event.container, event.blob),
        "eventType": event.kind,
        "id": Uuid::new_v4().to_string(),
        "eventTime": http_date::utc(now),
        "dataVersion": "",
        "metadataVersion": "1",
        "data": {"api": "PutBlob", "contentLength": event.bytes, "blobType": "BlockBlob", "url": url},
    })
}

/// An id in the form of the service's: later ones come first in text order, and it ends in a cluster's name.
fn trigger_run_id() -> String {
    let ticks = OffsetDateTime::now_utc().unix_timestamp_nanos() / 100;
    let left = 9_999_999_999_999_999_999_i128.saturating_sub(ticks);
    let random = Uuid::new_v4().as_u128() % 10_000_000_000;
    format!("0{left:019}{random:010}CU01")
}
