//! How values read as text, in interpolation, `concat`, `string` and `join`.
//!
//! Numbers follow .NET's invariant culture; arrays and objects are compact JSON as Newtonsoft writes it.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Number, Value};

use crate::value::binary_text;

/// The text of a value.
///
/// Booleans are `True` and `False`, null is empty, floats are shortest and lose a final `.0`, arrays and objects
/// are compact JSON, binary and XML values are their content.
#[must_use]
pub fn render(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number_text(number).into(),
        Value::String(text) => text.into(),
        Value::Array(_) => compact_json(value).into(),
        Value::Object(_) => binary_text(value)
            .unwrap_or_else(|| compact_json(value))
            .into(),
    }
}

pub(crate) fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float_text(float),
        _ => number.to_string(),
    }
}

/// .NET's default text of a double: shortest digits, scientific when the point lies before the fifth leading zero or
/// beyond the seventeenth digit.
pub(crate) fn float_text(float: f64) -> String {
    if float == 0.0 {
        return if float.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let scientific = format!("{:e}", float.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if float < 0.0 { "-" } else { "" };
    if !(-4..17).contains(&exponent) {
        let power = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}E{power}{:02}", exponent.abs());
    }
    format!("{sign}{}", float.abs())
}

/// Compact JSON: key order kept, nothing escaped that need not be, floats always look like floats.
pub(crate) fn compact_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => {
            let text = number_text(number);
            out.push_str(&text);
            if number.is_f64() && !text.contains(['.', 'E']) {
                out.push_str(".0");
            }
        }
        Value::String(text) => write_json_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (i, (key, item)) in object.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_json_string(key, out);
                out.push(':');
                write_json(item, out);
            }
            out.push('}');
        }
    }
}

fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn floats_read_as_in_dotnet() {
        for (float, text) in [
            (10.0, "10"),
            (-2.5, "-2.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1E-05"),
            (1.5e300, "1.5E+300"),
            (1e16, "10000000000000000"),
            (1e17, "1E+17"),
            (1_234_567_890_123_456.0, "1234567890123456"),
            (123_456_789_012_345_680_000.0, "1.2345678901234568E+20"),
            (-0.0, "-0"),
        ] {
            assert_eq!(float_text(float), text);
        }
    }

    #[test]
    fn json_inside_text_is_compact() {
        let value = json!({"é<&>": [1.0, 1e20, null, true, "a\"\\\n\u{1}"], "o": {}});

        assert_eq!(
            render(&value),
            "{\"é<&>\":[1.0,1E+20,null,true,\"a\\\"\\\\\\n\\u0001\"],\"o\":{}}"
        );
    }

    #[test]
    fn binary_values_read_as_their_content() {
        let value = json!({"$content-type": "application/octet-stream", "$content": "bGFrZQ=="});

        assert_eq!(render(&value), "lake");
    }
}
