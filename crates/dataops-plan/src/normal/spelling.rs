//! Other spellings of the same: times, spans, numbers, types, connection strings.

use adf_diff::spelling::{span, time};
use adf_model::Kind;
use serde_json::{Number, Value};

use crate::secret::{STARS, open_parts};

/// A text in the place `key`.
pub(super) fn text(kind: Kind, key: &str, text: &str) -> String {
    match key {
        "startTime" | "endTime" | "requestedStartTime" | "requestedEndTime"
            if kind == Kind::Trigger =>
        {
            time(text)
        }
        "timeout" | "delay" => span(text).to_owned(),
        _ if key.eq_ignore_ascii_case("connectionString") => connection(text),
        _ => text.to_owned(),
    }
}

/// A name of a type of parameters.
pub(super) fn type_name(name: &str) -> String {
    let all = [
        "String",
        "Int",
        "Float",
        "Bool",
        "Array",
        "Object",
        "SecureString",
    ];
    let found = all
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    found.unwrap_or(name).to_owned()
}

/// Git writes `dataflow` where REST writes `dataFlow`.
pub(super) fn key<'k>(key: &'k str, value: &Value) -> &'k str {
    match key {
        "dataflow" if value.get("referenceName").is_some() => "dataFlow",
        _ => key,
    }
}

/// A number: `2.0` is `2`.
pub(super) fn number(number: &Number) -> Number {
    /// Up to here every whole number is a `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() <= EXACT =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "whole, and within bounds")]
            Number::from(value as i64)
        }
        _ => number.clone(),
    }
}

/// A connection string without its secrets, which the service leaves out or hides, and without empty parts.
fn connection(text: &str) -> String {
    // An expression, or a secret as a whole.
    match text.starts_with('@') || text == STARS {
        true => text.to_owned(),
        false => open_parts(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spellings_of_the_same_are_one() {
        assert_eq!(
            connection("Server=s; Password=**********;Database=d;"),
            connection("Server=s;Database=d")
        );
        let numbers = json!([2.0, 2, 1e3, 1000, 2.5]);
        let numbers = numbers.as_array().unwrap().iter();
        let numbers: Vec<_> = numbers
            .filter_map(Value::as_number)
            .map(|value| number(value).to_string())
            .collect();
        assert_eq!(numbers, ["2", "2", "1000", "1000", "2.5"]);
    }

    #[test]
    fn what_differs_stays_apart() {
        assert_ne!(connection("Server=s"), connection("Server=t"));
        let signed = |host: &str| connection(&format!("Table=https://{host}.test/?sig={STARS}"));
        assert_ne!(signed("a"), signed("b"));
    }
}
