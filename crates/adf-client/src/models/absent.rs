//! Values that the service leaves out in more than one way.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads `null` as the default.
pub(super) fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a whole number that may be written as text or with a fraction; nothing for anything else.
pub(super) fn loose_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| whole(number.as_f64().unwrap_or(f64::NAN))),
        Value::String(text) => {
            let text = text.trim();
            let number = text.parse().ok();
            number.or_else(|| whole(text.parse().unwrap_or(f64::NAN)))
        }
        _ => None,
    })
}

/// The whole part of what is exactly known up to that size.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction is to go, and the rest fits"
    )]
    (number.abs() <= EXACT).then_some(number as i64)
}

/// Reads a text that may be a number or another value; nothing for `null` and an empty text.
pub(super) fn loose_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_read_in_all_their_forms() {
        for (written, expected) in [
            (json!(1234), Some(1234)),
            (json!("1234"), Some(1234)),
            (json!(1234.56), Some(1234)),
            (json!(" -5.0 "), Some(-5)),
            (json!(i64::MAX), Some(i64::MAX)),
            (json!(u64::MAX), None),
            (json!(1e300), None),
            (json!("NaN"), None),
            (json!(""), None),
            (json!("soon"), None),
            (json!(null), None),
            (json!({}), None),
        ] {
            assert_eq!(
                loose_number(written.clone()).unwrap(),
                expected,
                "{written}"
            );
        }
    }
}
