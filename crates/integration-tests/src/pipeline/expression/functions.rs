//! The functions, and what is the same.

use serde_json::Value;

use super::super::document::{Refused, text};
use super::{Dialect, Scope, truthy};

/// Whether two values are the same: ignoring case; Azure Pipelines turns the second one into the type of the first, GitHub turns both into
/// numbers where their types differ.
pub(super) fn same(dialect: Dialect, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.to_lowercase() == other.to_lowercase(),
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Null, Value::Null) => true,
        _ if dialect == Dialect::GitHub => number(one).is_some_and(|it| Some(it) == number(other)),
        (Value::String(one), other) => one.to_lowercase() == text(other).to_lowercase(),
        (Value::Bool(one), other) => *one == truthy(other),
        (one, other) => one == other,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(it) => Some(f64::from(u8::from(*it))),
        Value::Number(it) => it.as_f64(),
        Value::String(it) if it.is_empty() => Some(0.0),
        Value::String(it) => it.trim().parse().ok(),
        Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn call(scope: &Scope<'_>, name: &str, arguments: &[Value]) -> Refused<Value> {
    let texts: Vec<_> = arguments.iter().map(text).collect();
    if let Some(status) = (scope.status)(name, &texts) {
        return Ok(status.into());
    }
    let same = |one: &Value, other: &Value| same(scope.dialect, one, other);
    let azure = scope.dialect == Dialect::Azure;
    Ok(match (name, arguments) {
        ("eq", [one, other]) if azure => same(one, other).into(),
        ("ne", [one, other]) if azure => (!same(one, other)).into(),
        ("not", [value]) if azure => (!truthy(value)).into(),
        ("and", values) if azure => values.iter().all(truthy).into(),
        ("or", values) if azure => values.iter().any(truthy).into(),
        ("in", [value, among @ ..]) if azure => among.iter().any(|it| same(value, it)).into(),
        ("join", [Value::String(between), Value::Array(items)]) if azure => {
            let items: Vec<_> = items.iter().map(text).collect();
            items.join(between.as_str()).into()
        }
        ("join", [Value::Array(items), Value::String(between)]) if !azure => {
            let items: Vec<_> = items.iter().map(text).collect();
            items.join(between.as_str()).into()
        }
        ("contains", [Value::Array(items), value]) => items.iter().any(|it| same(it, value)).into(),
        ("contains", [_, _]) => texts[0]
            .to_lowercase()
            .contains(&texts[1].to_lowercase())
            .into(),
        ("startsWith", [_, _]) => (texts[0].to_lowercase())
            .starts_with(&texts[1].to_lowercase())
            .into(),
        ("fromJSON", [Value::String(text)]) if !azure => {
            serde_json::from_str(text).map_err(|error| format!("fromJSON: {error}"))?
        }
        _ => {
            let count = arguments.len();
            return Err(format!(
                "`{name}` with {count} arguments is not known to the runner"
            ));
        }
    })
}
