//! Parameters: what callers have to hand over, and may.

use std::collections::BTreeMap;

use adf_graph::Node;
use adf_model::ResourceId;
use serde_json::Value;

use super::words::quoted;
use super::{Risk, RiskKind};
use crate::side::Side;
use crate::{Path, ResourceChange, Step};

/// Parameters that are gone, newly needed, or of another type.
pub(super) fn risks(
    change: &ResourceChange,
    id: &ResourceId,
    base: &Side<'_>,
    head: &Side<'_>,
) -> Vec<Risk> {
    let was = ResourceId {
        name: change.was.clone().unwrap_or_else(|| id.name.clone()),
        ..id.clone()
    };
    let (Some(before), Some(after)) = (base.get(&was), head.get(id)) else {
        return Vec::new();
    };
    let (before, after) = (
        parameters(before.file.json()),
        parameters(after.file.json()),
    );
    if before == after {
        return Vec::new();
    }
    let callers = head.graph.referrers_of(&Node::Resource(id.clone())).len();
    let callers = match callers {
        0 => String::new(),
        1 => "; it is referred to once".to_owned(),
        count => format!("; it is referred to {count} times"),
    };
    let mut risks = Vec::new();
    let mut add = |name: &str, text: String| {
        risks.push(Risk {
            kind: RiskKind::Contract,
            text: format!("{text}{callers}"),
            path: Some(path(name)),
            note: None,
        });
    };
    for (key, (name, old)) in &before {
        match after.get(key).map(|(_, new)| *new) {
            None => add(name, format!("parameter {} is gone", quoted(name))),
            Some(new) if !same_type(old, new) => {
                let text = format!(
                    "parameter {} is {} instead of {}",
                    quoted(name),
                    kind(new),
                    kind(old)
                );
                add(name, text);
            }
            Some(new) if old.get("defaultValue").is_some() && new.get("defaultValue").is_none() => {
                add(
                    name,
                    format!("parameter {} has no default any more", quoted(name)),
                );
            }
            Some(_) => {}
        }
    }
    for (key, (name, new)) in &after {
        if !before.contains_key(key) && new.get("defaultValue").is_none() {
            add(
                name,
                format!("parameter {} is new and has no default", quoted(name)),
            );
        }
    }
    risks
}

/// The parameters by their names in lower case.
fn parameters(document: &Value) -> BTreeMap<String, (&str, &Value)> {
    let declared = document
        .pointer("/properties/parameters")
        .and_then(Value::as_object);
    let entries = declared.into_iter().flatten();
    entries
        .map(|(name, value)| (name.to_lowercase(), (name.as_str(), value)))
        .collect()
}

fn kind(parameter: &Value) -> &str {
    parameter
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("untyped")
}

fn same_type(one: &Value, other: &Value) -> bool {
    kind(one).eq_ignore_ascii_case(kind(other))
}

fn path(name: &str) -> Path {
    let key = |key: &str| Step::Key(key.to_owned());
    Path(vec![key("properties"), key("parameters"), key(name)])
}
