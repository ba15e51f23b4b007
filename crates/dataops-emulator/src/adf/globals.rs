//! Declarations of global parameters: a type that exists, and a value of it.

use serde_json::Value;

/// What is wrong with the global parameters of a factory.
pub(super) fn check(declared: &Value) -> Result<(), String> {
    for (name, declaration) in declared.as_object().into_iter().flatten() {
        let kind = declaration["type"].as_str().unwrap_or_default();
        let value = &declaration["value"];
        let fits = match kind.to_lowercase().as_str() {
            "string" => value.is_string(),
            "int" => value.is_i64(),
            "float" => value.is_number(),
            "bool" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => {
                return Err(format!(
                    "the global parameter `{name}` has the type `{kind}`; there are String, Int, Float, Bool, Array and Object"
                ));
            }
        };
        // Templates carry numbers and truth values as text.
        let written = value.as_str().is_some_and(|text| {
            serde_json::from_str::<Value>(&text.to_lowercase()).is_ok_and(|value| match kind {
                _ if kind.eq_ignore_ascii_case("bool") => value.is_boolean(),
                _ if kind.eq_ignore_ascii_case("int") => value.is_i64(),
                _ if kind.eq_ignore_ascii_case("float") => value.is_number(),
                _ => false,
            })
        });
        if !fits && !written {
            return Err(format!(
                "the value of the global parameter `{name}` is no {kind}"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_of_the_type_that_is_declared() {
        let of = |kind: &str, value: Value| check(&json!({"g": {"type": kind, "value": value}}));

        assert_eq!(check(&Value::Null), Ok(()));
        assert_eq!(of("string", json!("x")), Ok(()));
        assert_eq!(of("Int", json!("7")), Ok(()));
        assert_eq!(of("Object", json!({"a": 1})), Ok(()));
        assert!(of("Foo", json!("x")).is_err_and(|told| told.contains("`Foo`")));
        for (kind, value) in [
            ("Int", json!(1.5)),
            ("Int", json!("x")),
            ("Bool", json!(1)),
            ("Array", json!("x")),
            ("Object", Value::Null),
        ] {
            assert!(
                of(kind, value).is_err_and(|told| told.contains("`g`")),
                "{kind}"
            );
        }
    }
}
