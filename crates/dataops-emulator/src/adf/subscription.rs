//! What a subscription has around factories (`Microsoft.Resources`): resource providers and resource groups.

use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::{Answer, lacking, ok};
use crate::problem::Problem;
use crate::state::State;

/// The providers that there are, and whether a new subscription has them registered.
const PROVIDERS: [(&str, bool); 5] = [
    ("Microsoft.DataFactory", true),
    ("Microsoft.EventGrid", false),
    ("Microsoft.Databricks", true),
    ("Microsoft.MachineLearningServices", true),
    ("Microsoft.Storage", true),
];

const REGISTERED: &str = "Registered";

/// `Providers - Get`, `Register` and `Unregister`. A registration is under way until it is looked at.
pub(super) fn provider(
    state: &State,
    call: &Call,
    subscription: &str,
    namespace: &str,
    action: Option<&str>,
) -> Answer {
    let known = PROVIDERS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(namespace));
    let Some((name, at_first)) = known else {
        let message = format!("the resource provider namespace `{namespace}` is invalid");
        let code = "InvalidResourceNamespace";
        return Err(Problem::arm(StatusCode::NOT_FOUND, code, message));
    };
    let key = format!("{subscription}/{name}").to_lowercase();
    let providers = &state.adf.providers;
    let before = providers.get(&key).unwrap_or_else(|| match at_first {
        true => REGISTERED.to_owned(),
        false => "NotRegistered".to_owned(),
    });
    let shown = match (&call.method, action) {
        (&Method::GET, None) => {
            if before == "Registering" {
                providers.put(&key, REGISTERED.to_owned())?;
            }
            before
        }
        (&Method::POST, Some("register")) => {
            let now = match before.as_str() {
                REGISTERED => before,
                _ => "Registering".to_owned(),
            };
            providers.put(&key, now.clone())?;
            now
        }
        (&Method::POST, Some("unregister")) => {
            providers.put(&key, "NotRegistered".to_owned())?;
            "Unregistering".to_owned()
        }
        _ => return Err(lacking(call)),
    };
    Ok(ok(&json!({
        "id": format!("/subscriptions/{subscription}/providers/{name}"),
        "namespace": name,
        "registrationState": shown,
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": [],
    })))
}

/// `Resource Groups - Get`, `Check Existence` and `Create Or Update`. A group that has a factory exists.
pub(super) fn group(state: &State, call: &Call, subscription: &str, name: &str) -> Answer {
    let key = format!("{subscription}/{name}").to_lowercase();
    let groups = &state.adf.groups;
    let found = find_group(state, subscription, name);
    match (&call.method, found) {
        (&Method::GET, Some(group)) => Ok(ok(&shown(subscription, name, &group))),
        (&Method::HEAD, Some(_)) => Ok(StatusCode::NO_CONTENT.into_response()),
        (&Method::GET | &Method::HEAD, None) => Err(Problem::arm(
            StatusCode::NOT_FOUND,
            "ResourceGroupNotFound",
            format!("resource group `{name}` could not be found"),
        )),
        (&Method::PUT, found) => {
            let body = call.object()?;
            let location = body.get("location").and_then(Value::as_str);
            let Some(location) = location.filter(|location| !location.is_empty()) else {
                return Err(Problem::arm(
                    StatusCode::BAD_REQUEST,
                    "LocationRequired",
                    "the location property is required for this definition",
                ));
            };
            let there = found.as_ref().and_then(|group| group["location"].as_str());
            if there.is_some_and(|there| !there.eq_ignore_ascii_case(location)) {
                return Err(Problem::arm(
                    StatusCode::CONFLICT,
                    "InvalidResourceGroupLocation",
                    format!("the resource group `{name}` is in another location"),
                ));
            }
            let group = Value::Object(body);
            groups.put(&key, group.clone())?;
            let status = match found {
                Some(_) => StatusCode::OK,
                None => StatusCode::CREATED,
            };
            let mut answer = ok(&shown(subscription, name, &group));
            *answer.status_mut() = status;
            Ok(answer)
        }
        _ => Err(lacking(call)),
    }
}

/// A group that was made, or is known by what is in it.
pub(super) fn find_group(state: &State, subscription: &str, name: &str) -> Option<Value> {
    let key = format!("{subscription}/{name}").to_lowercase();
    let made = state.adf.groups.get(&key);
    made.or_else(|| implied(state, subscription, name))
}

/// A group that is known by what is in it.
fn implied(state: &State, subscription: &str, name: &str) -> Option<Value> {
    let mut factories = state.adf.factories.list().into_iter();
    let (_, row) = factories.find(|(_, row)| {
        row.path.subscription.eq_ignore_ascii_case(subscription)
            && row.path.group.eq_ignore_ascii_case(name)
    })?;
    let location = row.body.get("location").cloned();
    Some(json!({ "location": location.unwrap_or_else(|| "local".into()) }))
}

fn shown(subscription: &str, name: &str, group: &Value) -> Value {
    let mut shown: Map<String, Value> = group.as_object().cloned().unwrap_or_default();
    let id = format!("/subscriptions/{subscription}/resourceGroups/{name}");
    shown.insert("id".to_owned(), id.into());
    shown.insert("name".to_owned(), name.into());
    let kind = "Microsoft.Resources/resourceGroups";
    shown.insert("type".to_owned(), kind.into());
    shown.insert(
        "properties".to_owned(),
        json!({"provisioningState": "Succeeded"}),
    );
    Value::Object(shown)
}
