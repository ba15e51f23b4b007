//! What a value is, in a line: an activity, a reference, a parameter, a column, or JSON.

use adf_diff::{How, ResourceChange};
use adf_graph::PlacedActivity;
use serde_json::Value;

use super::{Review, listed, without_secrets};

/// `value` in about a line, without line breaks.
pub(super) fn summary(value: &Value) -> String {
    if let Some(text) = expression(value) {
        return text.to_owned();
    }
    if let Some(name) = value.get("referenceName").and_then(Value::as_str) {
        let rest = without(value, &["referenceName", "type"]);
        return format!("{name}{rest}");
    }
    if let Some(text) = activity(value).or_else(|| dependency(value)) {
        return text;
    }
    let kind = value.get("type").and_then(Value::as_str);
    let named = value.get("name").and_then(Value::as_str);
    match (kind, value.get("defaultValue"), named) {
        (Some(kind), Some(default), None) => format!("{kind} = {}", shown(default)),
        (Some(kind), None, None) if value.as_object().is_some_and(|object| object.len() == 1) => {
            kind.to_owned()
        }
        (Some(kind), None, Some(_)) => format!("{kind}{}", without(value, &["name", "type"])),
        _ => shown(value),
    }
}

/// A scalar as it is written, text in quotes.
pub(super) fn shown(value: &Value) -> String {
    match expression(value) {
        Some(text) if text.starts_with('@') => text.to_owned(),
        _ => value.to_string(),
    }
}

/// The text of an expression, in either of its forms.
pub(super) fn expression(value: &Value) -> Option<&str> {
    let object = value.as_object()?;
    let is_expression = object.get("type").and_then(Value::as_str) == Some("Expression");
    is_expression.then(|| object.get("value").and_then(Value::as_str))?
}

/// `Copy, after look (Succeeded): claims → lake`.
fn activity(value: &Value) -> Option<String> {
    let kind = value.get("type")?.as_str()?;
    value.get("name")?;
    let is_activity = ["dependsOn", "typeProperties", "policy", "userProperties"]
        .iter()
        .any(|key| value.get(key).is_some());
    if !is_activity {
        return None;
    }
    let mut text = kind.to_owned();
    let after = value
        .get("dependsOn")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let after: Vec<_> = after
        .filter_map(|entry| entry.get("activity")?.as_str())
        .collect();
    if !after.is_empty() {
        text.push_str(&format!(", after {}", after.join(", ")));
    }
    let names = |key: &str| {
        let list = value
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        list.filter_map(|item| item.get("referenceName")?.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (inputs, outputs) = (names("inputs"), names("outputs"));
    if !inputs.is_empty() || !outputs.is_empty() {
        text.push_str(&format!(": {inputs} → {outputs}"));
    }
    for pointer in [
        "/typeProperties/pipeline/referenceName",
        "/typeProperties/notebookPath",
        "/typeProperties/dataset/referenceName",
    ] {
        if let Some(started) = value.pointer(pointer) {
            let started = started
                .as_str()
                .or_else(|| expression(started))
                .unwrap_or_default();
            text.push_str(&format!(": {started}"));
        }
    }
    Some(text)
}

/// How an activity must have ended that another waits for.
fn dependency(value: &Value) -> Option<String> {
    value.get("activity")?.as_str()?;
    let conditions = value.get("dependencyConditions")?.as_array()?;
    let conditions: Vec<_> = conditions.iter().filter_map(Value::as_str).collect();
    Some(conditions.join(" or "))
}

/// What a new or removed resource holds and refers to.
pub(super) fn whole(review: &Review, change: &ResourceChange) -> Option<String> {
    let side = match change.how {
        How::Added => &review.head,
        How::Removed => &review.base,
        _ => return None,
    };
    let document = side.file(&change.subject, None)?.json();
    let activities = adf_graph::activities(document);
    let names: Vec<_> = activities
        .iter()
        .filter_map(PlacedActivity::name)
        .map(|name| format!("`{}`", without_secrets(name)))
        .collect();
    let mut parts = Vec::new();
    match names.len() {
        0 => {}
        1 => parts.push(format!("activity {}", names[0])),
        count => parts.push(format!("{count} activities: {}", listed(&names, NAMES))),
    }
    let mut targets: Vec<String> = Vec::new();
    for reference in adf_model::references(document) {
        let target = reference.target.to_string();
        if !targets.contains(&target) && targets.len() <= NAMES {
            targets.push(target);
        }
    }
    if !targets.is_empty() {
        parts.push(format!("refers to {}", listed(&targets, NAMES)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The most names of what a resource holds.
const NAMES: usize = 6;

/// The other properties, where there are any.
fn without(value: &Value, keys: &[&str]) -> String {
    let mut rest = value.clone();
    if let Some(object) = rest.as_object_mut() {
        for key in keys {
            object.shift_remove(*key);
        }
    }
    match rest.as_object() {
        Some(object) if !object.is_empty() && !object.values().all(is_empty) => format!(" {rest}"),
        _ => String::new(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.values().all(is_empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_in_a_line() {
        let of = |value: Value| summary(&value);

        assert_eq!(
            of(json!({"type": "string", "defaultValue": "a"})),
            "string = \"a\""
        );
        assert_eq!(of(json!({"type": "int"})), "int");
        assert_eq!(of(json!({"name": "id", "type": "Int32"})), "Int32");
        assert_eq!(
            of(json!({"referenceName": "d", "type": "DatasetReference", "parameters": {}})),
            "d"
        );
        assert_eq!(
            of(json!({"value": "@item()", "type": "Expression"})),
            "@item()"
        );
        assert_eq!(
            of(
                json!({"name": "c", "type": "Copy", "dependsOn": [{"activity": "look"}], "inputs": [{"referenceName": "a"}],
                "outputs": [{"referenceName": "b"}]})
            ),
            "Copy, after look: a → b"
        );
    }
}
