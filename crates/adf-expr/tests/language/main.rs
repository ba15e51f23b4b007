//! The language as a whole, through the public interface.

mod bounds;
mod case_file;
mod checks;
mod conversions;
mod dates;
mod documents;
mod edges;
mod functions;
mod properties;
mod references;

use std::time::{Duration, UNIX_EPOCH};

use adf_expr::{Context, evaluate_text};
use serde_json::Value;

/// A context from JSON, in which it is always 2024-02-05T03:07:09Z.
fn context(json: Value) -> Context {
    let context: Context = serde_json::from_value(json).expect("a context");
    context.repeatable(UNIX_EPOCH + Duration::from_secs(1_707_102_429), 7)
}

fn assert_values(json: &Value, table: &[(&str, Value)]) {
    let context = context(json.clone());
    for (text, expected) in table {
        let value = evaluate_text(text, &context).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(value, *expected, "{text}");
    }
}

fn assert_errors(json: &Value, table: &[(&str, &str)]) {
    let context = context(json.clone());
    for (text, message) in table {
        let error = match evaluate_text(text, &context) {
            Ok(value) => panic!("{text} is {value}"),
            Err(error) => error.to_string(),
        };
        let shown = error.strip_prefix(&format!("expression `{text}`: "));
        assert_eq!(shown, Some(*message), "{text}");
    }
}
