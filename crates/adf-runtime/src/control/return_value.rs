//! The values that a pipeline returns to its caller: `SetVariable` of the system variable `pipelineReturnValue`.
//!
//! They are written as a list of `{"key": …, "value": {"type": …, "content": …}}`.

use adf_expr::evaluate_json;
use serde_json::{Map, Value, json};

use super::Turn;
use crate::ActivityFailure;
use crate::activity_run::Outcome;
use crate::check::RETURN_VALUE;
use crate::sight::Sight;
use crate::variables::type_name;

/// The most bytes of JSON that a pipeline returns.
const MOST: usize = 4 << 20;

pub(super) fn set(turn: &mut Turn<'_, '_>, value: &Value) -> Outcome {
    let entries = entries(value, &turn.sight())?;
    let entries = Value::Object(entries);
    turn.record
        .input(&json!({"variableName": RETURN_VALUE, "value": entries}));
    let size = entries.to_string().len();
    if size > MOST {
        let told = format!("the return value has {size} bytes; at most {MOST} are allowed");
        return Err(ActivityFailure::user("BadRequest", told).into());
    }
    if let Value::Object(entries) = entries.clone() {
        let mut returned = turn.run.returned();
        returned.get_or_insert_default().extend(entries);
    }
    Ok(json!({"name": RETURN_VALUE, "value": entries}))
}

fn entries(value: &Value, sight: &Sight<'_>) -> Result<Map<String, Value>, ActivityFailure> {
    let evaluated;
    let list = match value {
        Value::Array(list) => list,
        other => {
            evaluated = evaluate_json(other, sight)?;
            match &evaluated {
                Value::Array(list) => list,
                Value::Object(entries) => return Ok(entries.clone()),
                other => return Err(wrong("the list of return values", "an Array", other)),
            }
        }
    };
    let entry = |entry: &Value| {
        let (Some(key), Some(value)) = (entry.get("key"), entry.get("value")) else {
            let told = format!("{entry} has no `key` and `value`");
            return Err(ActivityFailure::user("BadRequest", told));
        };
        let Value::String(key) = evaluate_json(key, sight)? else {
            return Err(wrong("`key`", "a String", key));
        };
        let value = typed(&key, value, sight)?;
        Ok((key, value))
    };
    list.iter().map(entry).collect()
}

/// The value of `{"type": …, "content": …}`.
fn typed(key: &str, value: &Value, sight: &Sight<'_>) -> Result<Value, ActivityFailure> {
    let kind = value
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let content = value.get("content").unwrap_or(&Value::Null);
    let place = format!("return value `{key}`");
    let checked = |wanted: &str, is_right: fn(&Value) -> bool| {
        let content = evaluate_json(content, sight)?;
        if is_right(&content) {
            Ok(content)
        } else {
            Err(wrong(&place, wanted, &content))
        }
    };
    match kind.to_lowercase().as_str() {
        "null" => Ok(Value::Null),
        "expression" => Ok(evaluate_json(content, sight)?),
        "string" => checked("a String", Value::is_string),
        "boolean" | "bool" => checked("a Boolean", Value::is_boolean),
        "int" | "integer" => checked("an Integer", Value::is_i64),
        "float" => checked("a Float", Value::is_number),
        "array" => array(key, content, sight),
        "object" => Ok(Value::Object(entries(content, sight)?)),
        _ => {
            let told = format!(
                "{place} has type `{kind}`; String, Expression, Array, Boolean, Null, Int, Float and Object are known"
            );
            Err(ActivityFailure::user("BadRequest", told))
        }
    }
}

fn array(key: &str, content: &Value, sight: &Sight<'_>) -> Result<Value, ActivityFailure> {
    let Value::Array(items) = content else {
        let evaluated = evaluate_json(content, sight)?;
        return match evaluated {
            Value::Array(_) => Ok(evaluated),
            other => Err(wrong(&format!("return value `{key}`"), "an Array", &other)),
        };
    };
    let item = |item: &Value| match item {
        Value::Object(fields) if fields.contains_key("type") => typed(key, item, sight),
        plain => Ok(evaluate_json(plain, sight)?),
    };
    items.iter().map(item).collect()
}

fn wrong(place: &str, wanted: &str, given: &Value) -> ActivityFailure {
    let given = type_name(given);
    ActivityFailure::user(
        "BadRequest",
        format!("{place} must be {wanted}, not {given}"),
    )
}
