//! All resources below a factory: one way to list, read, write and delete them.

use std::sync::Arc;

use adf_model::{
    Dataset, Document, Kind, LinkedService, Pipeline, ResourceId, Trigger, references,
};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::call::{Call, invalid};
use super::place::{FactoryPath, arm_type};
use super::store::ResourceRow;
use super::{Answer, PAGE, captures, globals, lacking, ok, page, secret, skipped, triggers};
use crate::http_date;
use crate::problem::Problem;
use crate::state::State;

/// The resources of one kind.
pub(super) fn list(
    state: &State,
    call: &Call,
    factory: &FactoryPath,
    kind: Kind,
    parent: Option<&str>,
) -> Answer {
    if call.method != Method::GET {
        return Err(lacking(call));
    }
    let below = factory.key_of_kind(kind, parent);
    let (rows, more) = state.adf.resources.page_below(&below, skipped(call)?, PAGE);
    let id = |row: &ResourceRow| ResourceId {
        kind,
        name: row.name.clone(),
        parent: parent.map(str::to_owned),
    };
    let rows = rows.iter();
    let mut items: Vec<_> = rows.map(|row| read(factory, &id(row), row)).collect();
    if kind == Kind::ManagedPrivateEndpoint {
        items.iter_mut().for_each(|item| state.approvals.list(item));
    }
    page(call, &items, more)
}

/// One resource.
pub(super) fn one(
    state: &Arc<State>,
    call: &Call,
    factory: &FactoryPath,
    id: &ResourceId,
) -> Answer {
    match call.method {
        Method::GET => match state.adf.resource(factory, id) {
            Some(row) if unchanged(call, &row.etag) => Ok(StatusCode::NOT_MODIFIED.into_response()),
            Some(row) => {
                let mut shown = read(factory, id, &row);
                if id.kind == Kind::ManagedPrivateEndpoint {
                    state.approvals.look(&mut shown);
                }
                Ok(ok(&shown))
            }
            None => Err(absent(factory, id)),
        },
        Method::PUT => put(state, call, factory, id),
        Method::DELETE if id.kind.can_be_deleted() => delete(state, factory, id),
        _ => Err(lacking(call)),
    }
}

/// `ResourceNotFound` for a resource.
pub(super) fn absent(factory: &FactoryPath, id: &ResourceId) -> Problem {
    Problem::not_found(format!(
        "the {id} does not exist in the factory `{}`",
        factory.name
    ))
}

/// Whether the caller knows this version already (`If-None-Match`).
pub(super) fn unchanged(call: &Call, etag: &str) -> bool {
    call.etag("if-none-match")
        .is_some_and(|known| known == "*" || known == etag)
}

/// Refuses to write over a version that the caller has not seen (`If-Match`).
pub(super) fn precondition(call: &Call, current: Option<&str>) -> Result<(), Problem> {
    let Some(wanted) = call.etag("if-match") else {
        return Ok(());
    };
    match current {
        Some(current) if wanted == "*" || wanted == current => Ok(()),
        Some(_) => Err(Problem::arm(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            "the resource was changed since the entity tag in If-Match was read",
        )),
        None => Err(Problem::arm(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            "If-Match names a version of a resource that does not exist",
        )),
    }
}

fn put(state: &State, call: &Call, factory: &FactoryPath, id: &ResourceId) -> Answer {
    id.kind
        .check_name(&id.name)
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let mut properties = properties(call, id)?;
    let _writing = state.adf.exclusive();
    let current = state.adf.resource(factory, id);
    if id.kind.has_etag() {
        precondition(call, current.as_ref().map(|row| row.etag.as_str()))?;
    }
    if let Some(current) = &current {
        changeable(id, current, &properties)?;
    }
    known_references(state, factory, id, &properties)?;
    if id.kind == Kind::Trigger {
        triggers::check(id, &properties)?;
        properties["runtimeState"] = "Stopped".into();
    }
    let row = ResourceRow {
        subscribed: current.as_ref().is_some_and(|row| row.subscribed),
        behind: current
            .as_ref()
            .map(|row| row.behind.clone())
            .unwrap_or_default(),
        name: current.map_or_else(|| id.name.clone(), |row| row.name),
        etag: Uuid::new_v4().to_string(),
        published: http_date::utc(OffsetDateTime::now_utc()),
        properties,
    };
    state.adf.resources.put(&factory.key_of(id), row.clone())?;
    Ok(ok(&shown(factory, id, &row)))
}

fn properties(call: &Call, id: &ResourceId) -> Result<Value, Problem> {
    let mut body = call.object()?;
    let document = Value::Object(body.clone());
    match id.kind {
        Kind::Pipeline => declared(id, document)?,
        Kind::GlobalParameters => {
            let declared = body.get("properties").unwrap_or(&Value::Null);
            globals::check(declared).map_err(Problem::bad_request)?;
        }
        Kind::Dataset => check::<Dataset>(document)?,
        Kind::LinkedService => check::<LinkedService>(document)?,
        Kind::Trigger => check::<Trigger>(document)?,
        _ => {}
    }
    match body.remove("properties") {
        Some(properties) if properties.is_object() => Ok(properties),
        _ => Err(invalid(
            "`properties` is missing, or not an object".to_owned(),
        )),
    }
}

/// Refuses a pipeline that declares what does not exist.
fn declared(id: &ResourceId, document: Value) -> Result<(), Problem> {
    let pipeline = Document::<Pipeline>::parse(document);
    let pipeline = pipeline.map_err(|error| invalid(error.to_string()))?;
    let findings = adf_runtime::check_declarations(&pipeline);
    if findings.is_empty() {
        return Ok(());
    }
    let told: Vec<_> = findings.iter().map(ToString::to_string).collect();
    Err(Problem::bad_request(format!(
        "the {id} was not written: {}",
        told.join("; ")
    )))
}

fn check<T: DeserializeOwned>(document: Value) -> Result<(), Problem> {
    match Document::<T>::parse(document) {
        Ok(_) => Ok(()),
        Err(error) => Err(invalid(error.to_string())),
    }
}

fn changeable(id: &ResourceId, current: &ResourceRow, new: &Value) -> Result<(), Problem> {
    if id.kind == Kind::Trigger && is_started(current) {
        return Err(enabled(id));
    }
    let kind = |properties: &Value| properties["type"].as_str().unwrap_or_default().to_owned();
    if id.kind == Kind::IntegrationRuntime && kind(&current.properties) != kind(new) {
        return Err(Problem::arm(
            StatusCode::BAD_REQUEST,
            "DataFactoryPropertyUpdateNotSupported",
            format!("the type of the {id} cannot be changed; delete it first"),
        ));
    }
    Ok(())
}

/// Whether a trigger is started.
pub(super) fn is_started(row: &ResourceRow) -> bool {
    row.properties["runtimeState"] == "Started"
}

fn enabled(id: &ResourceId) -> Problem {
    Problem::arm(
        StatusCode::BAD_REQUEST,
        "TriggerEnabledCannotUpdate",
        format!("the {id} is started; stop it before it is changed or deleted"),
    )
}

/// The integration runtime that every factory has without being told.
const BUILT_IN: &str = "AutoResolveIntegrationRuntime";

fn known_references(
    state: &State,
    factory: &FactoryPath,
    id: &ResourceId,
    properties: &Value,
) -> Result<(), Problem> {
    for reference in references(properties) {
        let target = &reference.target;
        let built_in =
            target.kind == Kind::IntegrationRuntime && target.name.eq_ignore_ascii_case(BUILT_IN);
        if !built_in && target != id && state.adf.resource(factory, target).is_none() {
            return Err(Problem::bad_request(format!(
                "the {id} was not written because of the invalid reference '{}': there is no such {} (at {})",
                target.name, target.kind, reference.pointer
            )));
        }
    }
    Ok(())
}

fn delete(state: &State, factory: &FactoryPath, id: &ResourceId) -> Answer {
    let _writing = state.adf.exclusive();
    let Some(row) = state.adf.resource(factory, id) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    if id.kind == Kind::Trigger && is_started(&row) {
        return Err(enabled(id));
    }
    if let Some(referrer) = referrer(state, factory, id) {
        return Err(Problem::bad_request(format!(
            "the {id} cannot be deleted since it is referenced by {referrer}"
        )));
    }
    state.adf.resources.remove(&factory.key_of(id))?;
    Ok(StatusCode::OK.into_response())
}

/// The first resource that refers to `id`, as the service names it.
fn referrer(state: &State, factory: &FactoryPath, id: &ResourceId) -> Option<String> {
    let refers = |row: &ResourceRow| {
        references(&row.properties)
            .iter()
            .any(|reference| reference.target == *id)
    };
    Kind::ALL.into_iter().find_map(|kind| {
        let rows = state.adf.of_kind(factory, kind, None);
        let found = rows
            .into_iter()
            .filter(|row| ResourceId::new(kind, row.name.as_str()) != *id)
            .find(refers)?;
        Some(found.name)
    })
}

/// What a PUT answers.
pub(super) fn shown(factory: &FactoryPath, id: &ResourceId, row: &ResourceRow) -> Value {
    let id = ResourceId {
        name: row.name.clone(),
        ..id.clone()
    };
    let mut properties = row.properties.clone();
    secret::hide(&mut properties);
    if let Some(status) = row.behind.get(captures::STATUS) {
        properties[captures::STATUS] = status.clone();
    }
    json!({
        "id": factory.id_of(&id),
        "name": row.name,
        "type": arm_type(id.kind),
        "properties": properties,
        "etag": row.etag,
    })
}

/// What a GET answers; of a pipeline it tells more than the PUT did.
fn read(factory: &FactoryPath, id: &ResourceId, row: &ResourceRow) -> Value {
    let mut shown = shown(factory, id, row);
    if id.kind == Kind::Pipeline {
        shown["properties"]["lastPublishTime"] = row.published.as_str().into();
    }
    shown
}
