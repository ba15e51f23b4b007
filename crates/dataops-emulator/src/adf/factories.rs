//! Factories themselves (`Factories - Create Or Update`, `Get`, `Update`, `Delete`, `List`).

use std::sync::Arc;

use adf_model::Kind;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use super::call::Call;
use super::place::FactoryPath;
use super::resources::{precondition, unchanged};
use super::store::FactoryRow;
use super::{Answer, PAGE, globals, lacking, ok, page, skipped};
use crate::http_date;
use crate::problem::Problem;
use crate::state::State;

/// The factories of a subscription, or of one group.
pub(super) fn list(state: &State, call: &Call, subscription: &str, group: Option<&str>) -> Answer {
    if call.method != Method::GET {
        return Err(lacking(call));
    }
    let wanted = |row: &FactoryRow| {
        row.path.subscription.eq_ignore_ascii_case(subscription)
            && group.is_none_or(|group| row.path.group.eq_ignore_ascii_case(group))
    };
    let all = state.adf.factories.list().into_iter();
    let mut found = all.filter(|(_, row)| wanted(row)).skip(skipped(call)?);
    let items: Vec<_> = found
        .by_ref()
        .take(PAGE)
        .map(|(_, row)| shown(&row))
        .collect();
    page(call, &items, found.next().is_some())
}

/// One factory.
pub(super) fn one(state: &Arc<State>, call: &Call, path: &FactoryPath) -> Answer {
    let found = state.adf.factories.get(&path.key());
    match (&call.method, found) {
        (&Method::GET, Some(row)) if unchanged(call, &row.etag) => {
            Ok(StatusCode::NOT_MODIFIED.into_response())
        }
        (&Method::GET, Some(row)) => Ok(ok(&shown(&row))),
        (&Method::GET, None) => Err(absent(path)),
        (&Method::PUT, _) => put(state, call, path),
        (&Method::PATCH, _) => patch(state, call, path),
        (&Method::DELETE, None) => Ok(StatusCode::NO_CONTENT.into_response()),
        (&Method::DELETE, Some(row)) => delete(state, &row.path),
        _ => Err(lacking(call)),
    }
}

fn absent(path: &FactoryPath) -> Problem {
    Problem::not_found(format!(
        "the factory `{}` does not exist in the resource group `{}`",
        path.name, path.group
    ))
}

fn put(state: &State, call: &Call, path: &FactoryPath) -> Answer {
    Kind::Factory
        .check_name(&path.name)
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let body = call.object()?;
    if let Some(properties) = body.get("properties") {
        globals::check(&properties["globalParameters"]).map_err(Problem::bad_request)?;
    }
    let _writing = state.adf.exclusive();
    let found = state.adf.factories.get(&path.key());
    precondition(call, found.as_ref().map(|row| row.etag.as_str()))?;
    if let Some(found) = &found {
        stays(found, &body)?;
    }
    let row = FactoryRow {
        path: found.as_ref().map_or(path, |row| &row.path).clone(),
        etag: Uuid::new_v4().to_string(),
        created: found.map_or_else(
            || http_date::utc(OffsetDateTime::now_utc()),
            |row| row.created,
        ),
        body,
    };
    state.adf.factories.put(&path.key(), row.clone())?;
    Ok(ok(&shown(&row)))
}

/// A resource stays where it was made.
fn stays(current: &FactoryRow, new: &Map<String, Value>) -> Result<(), Problem> {
    let location = |body: &Map<String, Value>| {
        let name = body.get("location")?.as_str()?;
        Some(name.replace(' ', "").to_lowercase())
    };
    match (location(&current.body), location(new)) {
        (Some(old), Some(new)) if old != new => {
            let FactoryPath { name, group, .. } = &current.path;
            Err(Problem::arm(
                StatusCode::CONFLICT,
                "InvalidResourceLocation",
                format!(
                    "the factory `{name}` exists in the location `{old}` of the resource group `{group}`; it cannot be made in `{new}` too: take another name"
                ),
            ))
        }
        _ => Ok(()),
    }
}

fn patch(state: &State, call: &Call, path: &FactoryPath) -> Answer {
    let change = call.object()?;
    let _writing = state.adf.exclusive();
    let found = state.adf.factories.get(&path.key());
    let mut row = found.ok_or_else(|| absent(path))?;
    for key in ["tags", "identity"] {
        if let Some(value) = change.get(key) {
            row.body.insert(key.to_owned(), value.clone());
        }
    }
    if let Some(access) = change
        .get("properties")
        .and_then(|properties| properties.get("publicNetworkAccess"))
    {
        let properties = row.body.entry("properties").or_insert_with(|| json!({}));
        if let Some(properties) = properties.as_object_mut() {
            properties.insert("publicNetworkAccess".to_owned(), access.clone());
        }
    }
    row.etag = Uuid::new_v4().to_string();
    state.adf.factories.put(&row.path.key(), row.clone())?;
    Ok(ok(&shown(&row)))
}

fn delete(state: &State, path: &FactoryPath) -> Answer {
    let _writing = state.adf.exclusive();
    for (key, _) in state.adf.resources.list_below(&format!("{}/", path.key())) {
        state.adf.resources.remove(&key)?;
    }
    state.adf.factories.remove(&path.key())?;
    Ok(StatusCode::OK.into_response())
}

fn shown(row: &FactoryRow) -> Value {
    let mut properties: Map<String, Value> = [
        ("provisioningState", "Succeeded"),
        ("createTime", row.created.as_str()),
        ("version", "2018-06-01"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.into()))
    .collect();
    if let Some(given) = row.body.get("properties").and_then(Value::as_object) {
        for (key, value) in given {
            properties
                .entry(key.clone())
                .or_insert_with(|| value.clone());
        }
    }
    let mut shown = json!({
        "name": row.path.name,
        "id": row.path.id(),
        "type": "Microsoft.DataFactory/factories",
        "properties": properties,
        "eTag": format!("\"{}\"", row.etag),
        "location": row.body.get("location").cloned().unwrap_or(Value::Null),
    });
    if let Some(tags) = row.body.get("tags") {
        shown["tags"] = tags.clone();
    }
    if let Some(identity) = row.body.get("identity") {
        shown["identity"] = identified(identity, &row.path);
    }
    shown
}

/// The identity with the ids that Entra gives it; always the same ones.
fn identified(identity: &Value, factory: &FactoryPath) -> Value {
    let mut identity = identity.clone();
    let kind = identity["type"].as_str().unwrap_or_default().to_lowercase();
    if kind.contains("systemassigned") {
        identity["principalId"] = entra_id(&factory.key(), "principal").into();
        identity["tenantId"] = entra_id("", "tenant").into();
    }
    if let Some(users) = identity
        .get_mut("userAssignedIdentities")
        .and_then(Value::as_object_mut)
    {
        for (id, user) in users {
            *user = json!({
                "principalId": entra_id(id, "principal"),
                "clientId": entra_id(id, "client"),
            });
        }
    }
    identity
}

fn entra_id(of: &str, what: &str) -> String {
    let digest = Sha256::digest(format!("{what}:{}", of.to_lowercase()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// The values of a factory's global parameters: those of the factory itself, then those of the resource `default`.
pub(super) fn global_parameters(state: &State, path: &FactoryPath) -> Map<String, Value> {
    let mut declared = Map::new();
    if let Some(row) = state.adf.factories.get(&path.key()) {
        let own = row
            .body
            .get("properties")
            .and_then(|it| it.get("globalParameters"));
        declared.extend(own.and_then(Value::as_object).cloned().unwrap_or_default());
    }
    for row in state.adf.of_kind(path, Kind::GlobalParameters, None) {
        declared.extend(row.properties.as_object().cloned().unwrap_or_default());
    }
    declared
        .into_iter()
        .filter_map(|(name, declaration)| Some((name, declaration.get("value")?.clone())))
        .collect()
}
