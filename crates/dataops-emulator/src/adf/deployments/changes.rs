//! What a deployment would change: the resources as they are beside those of the template.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::call::Call;
use super::super::secret;
use super::template::{Expanded, Planned};
use crate::problem::Problem;
use crate::state::State;

/// The answer of `whatIf`. Factories that the template does not have stay, and are named.
pub(super) fn of(
    state: &Arc<State>,
    (subscription, group): (&str, &str),
    expanded: &Expanded,
) -> Result<Value, Problem> {
    let changes = expanded
        .resources
        .iter()
        .map(|planned| change(state, planned));
    let mut changes: Vec<_> = changes.collect::<Result<_, _>>()?;
    let factories = state.adf.factories.list().into_iter().filter(|(_, row)| {
        row.path.subscription.eq_ignore_ascii_case(subscription)
            && row.path.group.eq_ignore_ascii_case(group)
    });
    for (_, row) in factories {
        let id = row.path.id();
        if !expanded
            .resources
            .iter()
            .any(|planned| planned.id.eq_ignore_ascii_case(&id))
        {
            changes.push(json!({"resourceId": id, "changeType": "Ignore"}));
        }
    }
    let properties = json!({"correlationId": Uuid::new_v4().to_string(), "changes": changes});
    Ok(json!({"status": "Succeeded", "properties": properties}))
}

fn change(state: &Arc<State>, planned: &Planned) -> Result<Value, Problem> {
    let mut after = planned.body.clone();
    secret::hide(&mut after);
    let mut shown = json!({
        "id": planned.id,
        "type": planned.kind,
        "name": planned.name.rsplit('/').next(),
        "apiVersion": planned.api_version,
    });
    if let (Some(shown), Some(after)) = (shown.as_object_mut(), after.as_object()) {
        shown.extend(after.clone());
    }
    let call = Call::internal(Method::GET, &planned.id, &planned.api_version, &Value::Null);
    let (status, before) = call.answer(state);
    match status {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => {
            return Ok(json!({"resourceId": planned.id, "changeType": "Create", "after": shown}));
        }
        status => {
            let said = before.pointer("/error/message").and_then(Value::as_str);
            let said = said.unwrap_or_default().to_owned();
            return Err(Problem::arm(status, "InvalidTemplateDeployment", said));
        }
    }
    let fields: Map<_, _> = after.as_object().cloned().unwrap_or_default();
    let delta = fields.iter().flat_map(|(name, after)| {
        let none = Value::Null;
        differences(name, before.get(name).unwrap_or(&none), after, 0)
    });
    let delta: Vec<_> = delta.collect();
    let kind = if delta.is_empty() {
        "NoChange"
    } else {
        "Modify"
    };
    let mut change =
        json!({"resourceId": planned.id, "changeType": kind, "before": before, "after": shown});
    if !delta.is_empty() {
        change["delta"] = delta.into();
    }
    Ok(change)
}

/// What the service adds to a document, and no template has.
const ADDED: [&str; 5] = [
    "lastPublishTime",
    "runtimeState",
    "provisioningState",
    "createTime",
    "version",
];
/// How deep documents are compared.
const DEEPEST: usize = 64;

fn differences(path: &str, before: &Value, after: &Value, depth: usize) -> Vec<Value> {
    let one = |kind: &str| {
        vec![json!({"path": path, "propertyChangeType": kind, "before": before, "after": after})]
    };
    match (before, after) {
        _ if before == after => Vec::new(),
        (Value::Object(old), Value::Object(new)) if depth < DEEPEST => {
            let of = |name: &String| {
                let below = format!("{path}.{name}");
                match (old.get(name), new.get(name)) {
                    (Some(old), Some(new)) => differences(&below, old, new, depth + 1),
                    (None, Some(new)) => vec![
                        json!({"path": below, "propertyChangeType": "Create", "before": null, "after": new}),
                    ],
                    (Some(old), None) => vec![
                        json!({"path": below, "propertyChangeType": "Delete", "before": old, "after": null}),
                    ],
                    (None, None) => Vec::new(),
                }
            };
            let gone = old.keys().filter(|name| !new.contains_key(*name));
            let names = new.keys().chain(gone);
            names
                .filter(|name| !ADDED.contains(&name.as_str()))
                .flat_map(of)
                .collect()
        }
        (Value::Array(old), Value::Array(new)) if depth < DEEPEST => {
            let most = old.len().max(new.len());
            let children = (0..most).flat_map(|at| match (old.get(at), new.get(at)) {
                (Some(old), Some(new)) if old == new => Vec::new(),
                (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) => {
                    let inner = differences("", old, new, depth + 1);
                    let inner: Vec<_> = inner.into_iter().map(relative).collect();
                    vec![json!({"path": at.to_string(), "propertyChangeType": "Modify", "children": inner})]
                }
                (Some(old), Some(new)) => vec![json!({"path": at.to_string(), "propertyChangeType": "Modify", "before": old, "after": new})],
                (None, new) => vec![json!({"path": at.to_string(), "propertyChangeType": "Create", "before": null, "after": new})],
                (old, None) => vec![json!({"path": at.to_string(), "propertyChangeType": "Delete", "before": old, "after": null})],
            });
            let children: Vec<_> = children.collect();
            vec![json!({"path": path, "propertyChangeType": "Array", "children": children})]
        }
        (Value::Null, _) => one("Create"),
        (_, Value::Null) => one("Delete"),
        _ => one("Modify"),
    }
}

/// A change whose path begins at what it is a child of.
fn relative(mut change: Value) -> Value {
    let path = change["path"].as_str().unwrap_or_default();
    change["path"] = path.trim_start_matches('.').into();
    change
}
