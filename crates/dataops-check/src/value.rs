//! Readings of values that may be written in several ways.

use adf_model::Members as _;
use serde_json::Value;

/// The text of a value: written as it is, or in an object `{"type": "Expression"}`.
pub(crate) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => {
            let kind = object.member("type")?.as_str()?;
            kind.eq_ignore_ascii_case("Expression")
                .then(|| object.member("value")?.as_str())?
        }
        _ => None,
    }
}

/// Whether a member has a value; `null` counts as none.
pub(crate) const fn is_given(value: Option<&Value>) -> bool {
    !matches!(value, None | Some(Value::Null))
}

/// Whether the value is only known in a run.
pub(crate) fn is_dynamic(value: &Value) -> bool {
    text(value).is_some_and(is_dynamic_text)
}

/// Whether a text is an expression, or has one in it.
pub(crate) fn is_dynamic_text(text: &str) -> bool {
    match text.strip_prefix('@') {
        Some(rest) if rest.starts_with('@') => false,
        Some(rest) => !rest.is_empty(),
        None => text.replace("@@{", "").contains("@{"),
    }
}

/// The text of a value that is the same in every run.
pub(crate) fn constant(value: &Value) -> Option<&str> {
    text(value).filter(|text| !is_dynamic_text(text))
}

/// The whole number that a value is, or that its text says.
pub(crate) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        other => constant(other)?.trim().parse().ok(),
    }
}

/// What kind of JSON value it is, with its article.
pub(crate) const fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a Boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_known_beforehand_is_told_from_what_is_not() {
        let expression = |text: &str| json!({"value": text, "type": "Expression"});

        for dynamic in [json!("@item()"), json!("a@{b()}"), expression("@item()")] {
            assert!(is_dynamic(&dynamic), "{dynamic}");
            assert_eq!(constant(&dynamic), None);
        }
        for (value, text) in [
            (json!("@@x"), "@@x"),
            (json!("a@b"), "a@b"),
            (json!("a@@{b}"), "a@@{b}"),
            (json!("@"), "@"),
            (expression("plain"), "plain"),
        ] {
            assert_eq!(constant(&value), Some(text));
        }
        assert_eq!(
            constant(&json!({"value": "x", "type": "SecureString"})),
            None
        );
        assert_eq!(
            [json!(5), json!("7"), json!("@x"), json!(1.5)].map(|value| whole_number(&value)),
            [Some(5), Some(7), None, None]
        );
    }
}
