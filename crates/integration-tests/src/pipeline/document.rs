//! The YAML of a pipeline as JSON, and the keys that are known in it.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use yaml_source::{Limits, Node};

/// Why a file cannot be run.
pub(super) type Refused<T> = Result<T, String>;

/// Reads a file, with the keys as they are written.
///
/// # Errors
///
/// When it cannot be read, or is no YAML.
pub fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let node = Node::read(&text, Limits::SETTINGS)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(json(&node))
}

fn json(node: &Node) -> Value {
    match &node.value {
        yaml_source::Value::Null => Value::Null,
        yaml_source::Value::Bool(it) => (*it).into(),
        yaml_source::Value::Integer(it) => i64::try_from(*it).unwrap_or(i64::MAX).into(),
        yaml_source::Value::Number(it) => (*it).into(),
        yaml_source::Value::Digits(it) => it.parse::<f64>().unwrap_or(f64::NAN).into(),
        yaml_source::Value::Text(it) => it.as_str().into(),
        yaml_source::Value::Sequence(items) => items.iter().map(json).collect(),
        yaml_source::Value::Mapping(members) => members
            .iter()
            .map(|member| (member.key.clone(), json(&member.value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// Refuses keys that are not known.
pub(super) fn only(value: &Value, known: &[&str], place: &str) -> Refused<()> {
    let keys = value.as_object().into_iter().flat_map(Map::keys);
    for key in keys {
        if !known.contains(&key.as_str()) {
            return Err(format!("{place}: `{key}` is not known to the runner"));
        }
    }
    Ok(())
}

/// The items of a list, or the one that stands for it.
pub(super) fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    }
}

/// The same as texts.
pub(super) fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(text).collect()
}

/// A scalar as the systems write it into a text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The members of a mapping.
pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
