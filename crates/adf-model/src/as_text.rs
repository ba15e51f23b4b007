//! Numbers and truth values that some documents write as text; the service reads both.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `true`, `false`, or the same as text in any case; `null` is `false`.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(json: D) -> Result<bool, D::Error> {
    Ok(optional_boolean(json)?.unwrap_or_default())
}

/// As [`boolean`], but `null` is none.
pub(crate) fn optional_boolean<'de, D: Deserializer<'de>>(
    json: D,
) -> Result<Option<bool>, D::Error> {
    let value = Value::deserialize(json)?;
    match &value {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(*value)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        other => Err(wrong(other, "true or false")),
    }
}

/// A number from zero up, or the same as text; `null` is none.
pub(crate) fn count<'de, D: Deserializer<'de>>(json: D) -> Result<Option<u32>, D::Error> {
    let value = Value::deserialize(json)?;
    let count = match &value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_u64().and_then(|count| u32::try_from(count).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    count
        .map(Some)
        .ok_or_else(|| wrong(&value, "a number from 0 up"))
}

fn wrong<E: Error>(found: &Value, wanted: &str) -> E {
    E::custom(format!("{found} is not {wanted}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Document, ExecutePipeline, Pipeline};

    #[test]
    fn numbers_and_truth_values_may_be_text() {
        let whole = json!({"properties": {"concurrency": "2", "activities": [{
            "name": "a", "type": "ExecutePipeline",
            "policy": {"secureInput": "True", "secureOutput": null, "retry": "1", "retryIntervalInSeconds": "@int('30')"},
            "typeProperties": {"pipeline": {"referenceName": "p"}, "waitOnCompletion": "false"}
        }]}});

        let pipeline = Document::<Pipeline>::parse(whole).unwrap();

        let activity = &pipeline.properties.activities[0];
        assert_eq!(pipeline.properties.concurrency, Some(2));
        assert!(activity.policy.secure_input && !activity.policy.secure_output);
        let execute: ExecutePipeline = activity.properties().unwrap();
        assert_eq!(execute.wait_on_completion, Some(false));
    }

    #[test]
    fn other_values_are_refused_with_their_place() {
        let wrong = json!({"properties": {"concurrency": -1}});
        let error = Document::<Pipeline>::parse(wrong).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`properties.concurrency`: -1 is not a number from 0 up"
        );

        let wrong = json!({"properties": {"activities": [
            {"name": "a", "type": "Copy", "policy": {"secureInput": "yes"}}]}});
        let error = Document::<Pipeline>::parse(wrong).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`properties.activities[0].policy.secureInput`: \"yes\" is not true or false"
        );
    }
}
