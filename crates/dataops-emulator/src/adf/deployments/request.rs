//! What a request asks of a deployment, and what it may not ask for.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::super::call::{Call, invalid};
use super::super::place::FactoryPath;
use super::super::subscription;
use super::history::Asked;
use super::template::{Expanded, Within, expand};
use crate::problem::Problem;
use crate::state::State;

/// Reads what is asked for, and evaluates its template.
pub(super) fn read(
    state: &Arc<State>,
    call: &Call,
    (subscription_id, group): (&str, &str),
    name: String,
) -> Result<(Asked, Expanded), Problem> {
    let path = FactoryPath {
        subscription: subscription_id.to_owned(),
        group: group.to_owned(),
        name: String::new(),
    };
    path.check()?;
    check_name(&name)?;
    let Some(found) = subscription::find_group(state, subscription_id, group) else {
        let message = format!("resource group `{group}` could not be found");
        return Err(Problem::arm(
            StatusCode::NOT_FOUND,
            "ResourceGroupNotFound",
            message,
        ));
    };
    let mut body = call.object()?;
    let tags = body.remove("tags").filter(|tags| !tags.is_null());
    let Some(Value::Object(mut properties)) = body.remove("properties") else {
        return Err(invalid("`properties` is missing".to_owned()));
    };
    refuse(&properties)?;
    let template = properties.remove("template");
    let template =
        template.ok_or_else(|| invalid("`properties.template` is missing".to_owned()))?;
    let parameters = match properties.remove("parameters") {
        Some(Value::Object(parameters)) => parameters,
        _ => Map::new(),
    };
    let within = Within {
        subscription: subscription_id.to_owned(),
        group: group.to_owned(),
        location: found["location"].as_str().unwrap_or("local").to_owned(),
        deployment: name.clone(),
    };
    let expanded = expand(&template, &parameters, &within)?;
    let asked = Asked {
        subscription: within.subscription,
        group: within.group,
        name,
        tags,
        template,
        parameters,
    };
    Ok((asked, expanded))
}

/// What a deployment may not ask for here.
fn refuse(properties: &Map<String, Value>) -> Result<(), Problem> {
    let lacking = |what: &str| {
        let message = format!("the emulator does not have {what}");
        Err(Problem::arm(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            message,
        ))
    };
    for name in ["templateLink", "parametersLink", "onErrorDeployment"] {
        if properties.get(name).is_some_and(|value| !value.is_null()) {
            return lacking(&format!("`{name}` of a deployment"));
        }
    }
    match properties.get("mode").and_then(Value::as_str) {
        Some(mode) if mode.eq_ignore_ascii_case("Incremental") => Ok(()),
        Some(mode) if mode.eq_ignore_ascii_case("Complete") => {
            lacking("deployments of the mode `Complete`")
        }
        _ => Err(invalid(
            "`properties.mode` is Incremental or Complete".to_owned(),
        )),
    }
}

fn check_name(name: &str) -> Result<(), Problem> {
    let known = |letter: char| letter.is_alphanumeric() || "-_.()".contains(letter);
    match (1..=64).contains(&name.chars().count()) && name.chars().all(known) {
        true => Ok(()),
        false => {
            let message = format!("`{name}` is not a deployment's name");
            Err(Problem::arm(
                StatusCode::BAD_REQUEST,
                "InvalidDeploymentName",
                message,
            ))
        }
    }
}
