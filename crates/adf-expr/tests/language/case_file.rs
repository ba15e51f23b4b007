//! Runs a file of cases, an array of `{id, expression, context, expected, expected_type | error, uncertain?}`, named by
//! the environment variable `ADF_EXPR_CASES`.

use adf_expr::{Context, evaluate_text};
use serde_json::Value;

use crate::properties::assert_no_failure;

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "Float",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}

fn close(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let [a, b] = [a, b].map(|number| number.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b))
        }
        _ => a == b,
    }
}

/// The check of a case that has a value must not call it a failure.
fn check_agrees(case: &Value) {
    let context: Context = serde_json::from_value(case["context"].clone()).expect("a context");
    let text = case["expression"].as_str().expect("an expression");
    if evaluate_text(text, &context).is_ok() {
        assert_no_failure(text, &context);
    }
}

fn failure(case: &Value) -> Option<String> {
    let context: Context = serde_json::from_value(case["context"].clone()).expect("a context");
    let outcome = evaluate_text(
        case["expression"].as_str().expect("an expression"),
        &context,
    );
    let wanted_error = case["error"] == Value::Bool(true);
    match outcome {
        Err(_) if wanted_error => None,
        Ok(value)
            if !wanted_error
                && close(&value, &case["expected"])
                && case["expected_type"] == type_of(&value) =>
        {
            None
        }
        Ok(value) => Some(format!("{value}")),
        Err(error) => Some(error.to_string()),
    }
}

#[test]
fn cases_of_the_named_file_hold() {
    let Some(path) = std::env::var_os("ADF_EXPR_CASES") else {
        println!("nothing to do: ADF_EXPR_CASES names no file of cases");
        return;
    };
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();

    let mut wrong = Vec::new();
    for case in &cases {
        check_agrees(case);
        if let Some(found) = failure(case) {
            let uncertain = case["uncertain"] == Value::Bool(true);
            println!(
                "{}{} {}: {found}",
                if uncertain { "(uncertain) " } else { "" },
                case["id"],
                case["expression"]
            );
            if !uncertain {
                wrong.push(case["id"].to_string());
            }
        }
    }

    println!(
        "{} of {} cases hold, apart from uncertain ones",
        cases.len() - wrong.len(),
        cases.len()
    );
    assert!(wrong.is_empty(), "{wrong:?}");
}
