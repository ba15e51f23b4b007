//! Paths. Words in them match without regard to case.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Place;
use crate::aml::call::{Call, words};
use crate::aml::refusal::Refusal;
use crate::aml::{LOCATION, Workspace};

/// How many resources a page has unless a caller says it.
const PAGE: usize = 100;
/// How long an operation may take, in the service's words.
const LIMIT: &str = "PT30M";

/// Whether a call below a workspace is about batch endpoints.
pub(in crate::aml) fn is_resource(call: &Call) -> bool {
    is(call.segments.first(), "batchendpoints")
}

/// Whether a call goes to an endpoint's own address.
pub(in crate::aml) fn is_scoring(call: &Call) -> bool {
    is_resource(call) && is(call.segments.get(2), "jobs")
}

fn is(segment: Option<&String>, word: &str) -> bool {
    segment.is_some_and(|segment| segment.eq_ignore_ascii_case(word))
}

/// How an operation goes, where a call asks for that.
pub(in crate::aml) fn operation(
    workspace: &Workspace,
    call: &Call,
) -> Option<Result<Response, Refusal>> {
    let (lower, names) = words(&call.segments);
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let ["subscriptions", _, "providers", _, "locations", _, kind, _] = lower.as_slice() else {
        return None;
    };
    let operations = &workspace.0.batch.operations;
    let found = operations.status(names[7], &format!("/{}", names.join("/")));
    let absent = || Refusal::not_found(format!("there is no operation {}", names[7]));
    Some(match (&call.method, *kind) {
        (&Method::GET, "mfeoperationsstatus") => found
            .ok_or_else(absent)
            .map(|status| Json(status).into_response()),
        // What a deletion leaves.
        (&Method::GET, "mfeoperationresults") => found
            .ok_or_else(absent)
            .map(|_| StatusCode::NO_CONTENT.into_response()),
        _ => Err(call.lacking()),
    })
}

/// Endpoints and deployments in Azure Resource Manager.
pub(in crate::aml) async fn resource(
    workspace: &Workspace,
    call: &Call,
    scope: &str,
) -> Result<Response, Refusal> {
    let (lower, names) = words(&call.segments);
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let endpoint = names.get(1).copied().unwrap_or_default();
    let place = Place { scope, endpoint };
    let value = match (call.method.as_str(), &lower[1..]) {
        ("GET", []) => {
            let size = number(call, "count")?;
            page(call, size, workspace.batch_endpoint_list(scope))?
        }
        ("GET", [_]) => workspace.batch_endpoint_json(place)?,
        ("PATCH", [_]) => workspace.patch_batch_endpoint(call, place).await?,
        ("PUT", [_]) => {
            let (is_new, made) = workspace.put_batch_endpoint(call, place).await?;
            return making(workspace, call, scope, "be", is_new, &made);
        }
        ("DELETE", [_]) => {
            let was_there = workspace.delete_batch_endpoint(place).await?;
            return deleting(workspace, call, scope, "be", was_there);
        }
        (_, [_, "deployments", ..]) => {
            return deployments(workspace, call, place, &names[3..]).await;
        }
        _ => return Err(call.lacking()),
    };
    Ok(Json(value).into_response())
}

async fn deployments(
    workspace: &Workspace,
    call: &Call,
    place: Place<'_>,
    names: &[&str],
) -> Result<Response, Refusal> {
    let value = match (call.method.as_str(), names) {
        ("GET", []) if call.query("$orderBy").is_some() => {
            return Err(Refusal::not_emulated("the order of batch deployments"));
        }
        ("GET", []) => {
            let mut all = workspace.batch_deployment_list(place)?;
            all.truncate(number(call, "$top")?.unwrap_or(usize::MAX));
            page(call, None, all)?
        }
        ("GET", [name]) => workspace.batch_deployment_json(place, name)?,
        ("PATCH", [name]) => workspace.patch_batch_deployment(call, place, name).await?,
        ("PUT", [name]) => {
            let made = workspace.put_batch_deployment(call, place, name);
            let (is_new, made) = made.await?;
            return making(workspace, call, place.scope, "bd", is_new, &made);
        }
        ("DELETE", [name]) => {
            let was_there = workspace.delete_batch_deployment(place, name).await?;
            return deleting(workspace, call, place.scope, "bd", was_there);
        }
        _ => return Err(call.lacking()),
    };
    Ok(Json(value).into_response())
}

/// An endpoint's own address: its jobs.
pub(in crate::aml) async fn scoring(
    workspace: &Workspace,
    call: &Call,
) -> Result<Response, Refusal> {
    let names: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), names.as_slice()) {
        ("POST", [_, endpoint, _]) => {
            let started = workspace.start_batch_job(call, endpoint).await?;
            let job = workspace.batch_job(endpoint, &started.id)?;
            let mut response = (StatusCode::CREATED, Json(job)).into_response();
            let address = format!("{}/{}", workspace.scoring_address(endpoint), started.id);
            set(&mut response, "location", &address);
            set(
                &mut response,
                "azureml-model-deployment",
                &started.deployment,
            );
            Ok(response)
        }
        ("GET", [_, endpoint, _, id]) => {
            Ok(Json(workspace.batch_job(endpoint, id)?).into_response())
        }
        _ => Err(call.lacking()),
    }
}

/// The answer to a PUT: the resource as it is now, and where to ask how its making goes.
fn making(
    workspace: &Workspace,
    call: &Call,
    scope: &str,
    kind: &str,
    is_new: bool,
    made: &Value,
) -> Result<Response, Refusal> {
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let mut response = (status, Json(made)).into_response();
    follow(workspace, call, scope, kind, &mut response)?;
    if is_new {
        let address = format!("{}?api-version={}", call.address(), call.api_version()?);
        set(&mut response, "location", &address);
    }
    Ok(response)
}

fn deleting(
    workspace: &Workspace,
    call: &Call,
    scope: &str,
    kind: &str,
    was_there: bool,
) -> Result<Response, Refusal> {
    if !was_there {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let mut response = (StatusCode::ACCEPTED, Json(Value::Null)).into_response();
    let operation = follow(workspace, call, scope, kind, &mut response)?;
    let address = link(call, scope, "mfeOperationResults", &operation)?;
    set(&mut response, "location", &address);
    Ok(response)
}

/// Says where to ask how an operation goes, and gives its name.
fn follow(
    workspace: &Workspace,
    call: &Call,
    scope: &str,
    kind: &str,
    response: &mut Response,
) -> Result<String, Refusal> {
    let operation = workspace.0.batch.operations.begin(kind);
    let address = link(call, scope, "mfeOperationsStatus", &operation)?;
    set(response, "azure-asyncoperation", &address);
    set(response, "x-ms-async-operation-timeout", LIMIT);
    Ok(operation)
}

fn link(call: &Call, scope: &str, word: &str, operation: &str) -> Result<String, Refusal> {
    let subscription = scope.split('/').nth(2).unwrap_or_default();
    Ok(format!(
        "{}/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{LOCATION}/{word}/{operation}?api-version={}",
        call.origin,
        call.api_version()?
    ))
}

fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn page(call: &Call, size: Option<usize>, mut items: Vec<Value>) -> Result<Value, Refusal> {
    let size = size.unwrap_or(PAGE).max(1);
    let from = number(call, "$skip")?.unwrap_or(0).min(items.len());
    items.drain(..from);
    let more = items.len() > size;
    items.truncate(size);
    let mut page = json!({"value": items});
    if more {
        page["nextLink"] = call.next_link(from + size).into();
    }
    Ok(page)
}

fn number(call: &Call, name: &str) -> Result<Option<usize>, Refusal> {
    let given = call.query(name);
    let number = given.map(|text| {
        text.parse()
            .map_err(|_| Refusal::bad(format!("`{name}` must be a number, and is `{text}`")))
    });
    number.transpose()
}
