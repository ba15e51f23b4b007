//! Requests about deployments.

use std::sync::Arc;

use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::super::call::Call;
use super::super::{Answer, PAGE, lacking, ok, page, skipped};
use super::history::{DeploymentRow, key};
use super::request::read;
use super::{changes, run};
use crate::problem::Problem;
use crate::state::State;

/// Answers what is about deployments; nothing when it is about something else. `below` is what follows the subscription, or the resource
/// group where there is one.
pub(in super::super) fn handle(
    state: &Arc<State>,
    call: &Call,
    group: Option<&str>,
    below: &[&str],
) -> Option<Answer> {
    let segment = |at: usize| call.segments.get(at).map(String::as_str);
    let place = (segment(1)?, group.unwrap_or_default());
    Some(match (group, below) {
        (None, ["operationresults", number]) => result(state, call, number),
        (
            Some(_),
            [
                "providers",
                "microsoft.resources",
                "deployments",
                below @ ..,
            ],
        ) => {
            let below = below.get(1..).unwrap_or_default();
            of_group(state, call, place, segment(7), below)
        }
        (Some(_), ["deployments", _, below @ ..]) if below.first() == Some(&"operations") => {
            of_group(state, call, place, segment(5), below)
        }
        _ => return None,
    })
}

/// The deployments of a resource group, or what is `below` the one of a name.
fn of_group(
    state: &Arc<State>,
    call: &Call,
    (subscription, group): (&str, &str),
    name: Option<&str>,
    below: &[&str],
) -> Answer {
    if call.query("api-version").is_none() {
        let message =
            "the api-version query parameter (?api-version=) is required for all requests";
        let code = "MissingApiVersionParameter";
        return Err(Problem::arm(StatusCode::BAD_REQUEST, code, message));
    }
    let Some(name) = name.map(str::to_owned) else {
        return list(state, call, subscription, group);
    };
    let key = key(subscription, group, &name);
    let found = state.adf.deployments.rows.get(&key);
    match (&call.method, below, found) {
        (&Method::PUT, [], found) => put(state, call, (subscription, group), name, found.as_ref()),
        (&Method::POST, ["validate"], _) => validate(state, call, (subscription, group), name),
        (&Method::POST, ["whatif"], _) => what_if(state, call, (subscription, group), name),
        (&Method::HEAD, [], Some(_)) => Ok(StatusCode::NO_CONTENT.into_response()),
        (&Method::HEAD, [], None) => Ok(StatusCode::NOT_FOUND.into_response()),
        (&Method::DELETE, [], None) => Ok(StatusCode::NO_CONTENT.into_response()),
        (_, _, None) => Err(Problem::arm(
            StatusCode::NOT_FOUND,
            "DeploymentNotFound",
            format!("deployment `{name}` could not be found"),
        )),
        (&Method::GET, [], Some(row)) => Ok(ok(&row.shown())),
        (&Method::GET, ["operations"], Some(row)) => operations(call, &row),
        (&Method::GET, ["operations", id], Some(row)) => {
            let wanted = |it: &Value| {
                it["operationId"]
                    .as_str()
                    .is_some_and(|known| known.eq_ignore_ascii_case(id))
            };
            let found = row.operations().into_iter().find(wanted);
            found
                .map(|it| ok(&it))
                .ok_or_else(|| Problem::not_found(format!("there is no operation `{id}`")))
        }
        (&Method::GET, ["operationstatuses", id], Some(row)) if row.operation == *id => {
            let mut status = json!({"status": row.state});
            if let Some(error) = &row.error {
                status["error"] = error.clone();
            }
            Ok(ok(&status))
        }
        (&Method::POST, ["exporttemplate"], Some(row)) => {
            Ok(ok(&json!({"template": row.template})))
        }
        (&Method::POST, ["cancel"], Some(row)) => cancel(state, &row),
        (&Method::DELETE, [], Some(row)) if row.has_ended() => {
            state.adf.deployments.rows.remove(&key)?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(lacking(call)),
    }
}

fn list(state: &State, call: &Call, subscription: &str, group: &str) -> Answer {
    if call.method != Method::GET {
        return Err(lacking(call));
    }
    let wanted = match call.query("$filter") {
        None => None,
        Some(filter) => Some(state_of(filter).ok_or_else(|| {
            Problem::arm(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                format!("the emulator does not have the filter `{filter}`, only `provisioningState eq '…'`"),
            )
        })?),
    };
    let rows = state
        .adf
        .deployments
        .rows
        .list_below(&key(subscription, group, ""));
    let rows = rows.into_iter().map(|(_, row)| row);
    let rows =
        rows.filter(|row| wanted.is_none_or(|wanted| row.state.eq_ignore_ascii_case(wanted)));
    let mut shown: Vec<_> = rows.map(|row| row.shown()).collect();
    shown.sort_by_cached_key(|row| std::cmp::Reverse(row["properties"]["timestamp"].to_string()));
    part(call, &shown)
}

/// The state that a filter asks for.
fn state_of(filter: &str) -> Option<&str> {
    let mut words = filter.split_whitespace();
    let (name, is, state) = (words.next()?, words.next()?, words.next()?);
    let fits = name.eq_ignore_ascii_case("provisioningState")
        && is.eq_ignore_ascii_case("eq")
        && words.next().is_none();
    state
        .strip_prefix('\'')?
        .strip_suffix('\'')
        .filter(|_| fits)
}

fn operations(call: &Call, row: &DeploymentRow) -> Answer {
    part(call, &row.operations())
}

fn part(call: &Call, all: &[Value]) -> Answer {
    let from = skipped(call)?.min(all.len());
    let to = (from + PAGE).min(all.len());
    page(call, &all[from..to], to < all.len())
}

fn put(
    state: &Arc<State>,
    call: &Call,
    place: (&str, &str),
    name: String,
    found: Option<&DeploymentRow>,
) -> Answer {
    if found.is_some_and(|row| !row.has_ended()) {
        let message = format!(
            "the deployment `{name}` cannot be saved, because this would overwrite an existing deployment which is still active"
        );
        return Err(Problem::arm(
            StatusCode::CONFLICT,
            "DeploymentActive",
            message,
        ));
    }
    let (asked, expanded) = read(state, call, place, name)?;
    let row = DeploymentRow::new(asked);
    let status = format!(
        "{}{}/operationStatuses/{}?api-version=2021-04-01",
        call.origin,
        row.id(),
        row.operation
    );
    let mut response = ok(&row.shown());
    if found.is_none() {
        *response.status_mut() = StatusCode::CREATED;
    }
    state.adf.deployments.rows.put(&row.key(), row.clone())?;
    run::start(state, &row, expanded);
    follow(&mut response, "azure-asyncoperation", &status);
    Ok(response)
}

fn validate(state: &Arc<State>, call: &Call, place: (&str, &str), name: String) -> Answer {
    let (asked, expanded) = read(state, call, place, name)?;
    let row = DeploymentRow::new(asked);
    let mut shown = row.shown();
    shown["properties"]["provisioningState"] = "Succeeded".into();
    let ids = expanded
        .resources
        .iter()
        .map(|planned| json!({ "id": planned.id }));
    shown["properties"]["validatedResources"] = ids.collect();
    Ok(ok(&shown))
}

fn what_if(state: &Arc<State>, call: &Call, place: (&str, &str), name: String) -> Answer {
    let (_, expanded) = read(state, call, place, name)?;
    let result = changes::of(state, place, &expanded)?;
    let number = state.adf.deployments.keep(result);
    let (subscription, _) = place;
    let location = format!(
        "{}/subscriptions/{subscription}/operationresults/{number}?api-version=2021-04-01",
        call.origin
    );
    let mut response = StatusCode::ACCEPTED.into_response();
    follow(&mut response, "location", &location);
    response
        .headers_mut()
        .insert("retry-after", HeaderValue::from(0));
    Ok(response)
}

fn follow(response: &mut Response, header: &'static str, link: &str) {
    if let Ok(link) = HeaderValue::from_str(link) {
        response.headers_mut().insert(header, link);
    }
}

/// What a `Location` leads to.
fn result(state: &State, call: &Call, number: &str) -> Answer {
    let number = number.parse().ok();
    match number.and_then(|number| state.adf.deployments.result(number)) {
        Some(result) if call.method == Method::GET => Ok(ok(&result)),
        _ => Err(Problem::not_found("there is no such result")),
    }
}

fn cancel(state: &State, row: &DeploymentRow) -> Answer {
    if row.has_ended() {
        let message = format!("the deployment `{}` has ended as {}", row.name, row.state);
        return Err(Problem::arm(
            StatusCode::CONFLICT,
            "DeploymentCannotBeCancelled",
            message,
        ));
    }
    let error =
        json!({"code": "DeploymentCancelled", "message": "somebody has cancelled the deployment"});
    state
        .adf
        .deployments
        .rows
        .update(&row.key(), |row| row.go("Canceled", Some(error)))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
