//! Parameters of a run, given as text.

use std::collections::BTreeMap;

use adf_model::Parameter;
use serde_json::{Map, Value};

/// A parameter that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// The pipeline does not declare it.
    #[error("the pipeline has no parameter `{name}`; it has {}", list(known))]
    Unknown {
        /// The name.
        name: String,
        /// The declared names.
        known: Vec<String>,
    },
    /// It is given more than once.
    #[error("parameter `{name}` is given twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// The text is no value of the declared type.
    #[error("parameter `{name}` is {}, and `{text}` is not", article(kind))]
    Type {
        /// The name.
        name: String,
        /// The declared type.
        kind: String,
        /// The text.
        text: String,
    },
    /// It has no default and was not given.
    #[error("parameter `{name}` has no default and was not given")]
    Missing {
        /// The name.
        name: String,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

/// Reads texts as values of the declared types: text as it is, everything else as JSON. Names are compared without regard to
/// case.
///
/// # Errors
///
/// For the first one that does not fit.
pub fn typed(
    declared: &BTreeMap<String, Parameter>,
    given: &[(String, String)],
) -> Result<Map<String, Value>, ParameterError> {
    let mut values = Map::new();
    for (name, text) in given {
        let (known, parameter) = declaration(declared, name)?;
        let value = read(&parameter.kind, text);
        let wrong = || ParameterError::Type {
            name: name.clone(),
            kind: parameter.kind.clone(),
            text: text.clone(),
        };
        if values
            .insert(known.clone(), value.ok_or_else(wrong)?)
            .is_some()
        {
            return Err(ParameterError::Twice { name: name.clone() });
        }
    }
    complete(declared, |name| values.contains_key(name))?;
    Ok(values)
}

/// Looks whether values have the names that a pipeline declares: the service passes unknown ones over, and takes the defaults.
///
/// # Errors
///
/// For the first one that is not declared, and for the first one that is missing.
pub(super) fn named(
    declared: &BTreeMap<String, Parameter>,
    given: &Map<String, Value>,
) -> Result<(), ParameterError> {
    for name in given.keys() {
        declaration(declared, name)?;
    }
    let has = |name: &str| given.keys().any(|given| given.eq_ignore_ascii_case(name));
    complete(declared, has)
}

fn declaration<'d>(
    declared: &'d BTreeMap<String, Parameter>,
    name: &str,
) -> Result<(&'d String, &'d Parameter), ParameterError> {
    let mut declarations = declared.iter();
    let found = declarations.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.ok_or_else(|| ParameterError::Unknown {
        name: name.to_owned(),
        known: declared.keys().cloned().collect(),
    })
}

fn complete(
    declared: &BTreeMap<String, Parameter>,
    is_given: impl Fn(&str) -> bool,
) -> Result<(), ParameterError> {
    let mut required = declared
        .iter()
        .filter(|(_, parameter)| parameter.default_value.is_none());
    match required.find(|(name, _)| !is_given(name)) {
        Some((name, _)) => Err(ParameterError::Missing { name: name.clone() }),
        None => Ok(()),
    }
}

fn read(kind: &str, text: &str) -> Option<Value> {
    let json = || serde_json::from_str::<Value>(text).ok();
    match kind.to_ascii_lowercase().as_str() {
        "int" | "integer" => json().filter(Value::is_i64),
        "float" => json().filter(Value::is_number),
        "bool" | "boolean" => match text.to_ascii_lowercase().as_str() {
            "true" => Some(true.into()),
            "false" => Some(false.into()),
            _ => None,
        },
        "array" => json().filter(Value::is_array),
        "object" => json().filter(Value::is_object),
        _ => Some(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn try_typed(given: &[(&str, &str)]) -> Result<Map<String, Value>, String> {
        let declared = json!({
            "file": {"type": "string"}, "rows": {"type": "Int", "defaultValue": 1},
            "dry": {"type": "Bool", "defaultValue": false}, "names": {"type": "Array", "defaultValue": []}});
        let declared = serde_json::from_value(declared).unwrap();
        let given: Vec<_> = given
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        typed(&declared, &given).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_become_values_of_the_declared_type() {
        let values = try_typed(&[
            ("FILE", "12"),
            ("rows", "12"),
            ("dry", "True"),
            ("names", "[\"a\"]"),
        ])
        .unwrap();

        assert_eq!(
            Value::from(values),
            json!({"file": "12", "rows": 12, "dry": true, "names": ["a"]})
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(
            try_typed(&[("fil", "x")]).unwrap_err(),
            "the pipeline has no parameter `fil`; it has dry, file, names, rows"
        );
        assert_eq!(
            try_typed(&[("rows", "1.5")]).unwrap_err(),
            "parameter `rows` is an Int, and `1.5` is not"
        );
        assert_eq!(
            try_typed(&[("rows", "1"), ("Rows", "2")]).unwrap_err(),
            "parameter `Rows` is given twice"
        );
        assert_eq!(
            try_typed(&[("rows", "1")]).unwrap_err(),
            "parameter `file` has no default and was not given"
        );
    }

    #[test]
    fn names_are_those_that_the_pipeline_declares() {
        let declared = json!({"fileName": {"type": "string"}, "ingest": {"type": "bool", "defaultValue": true}});
        let declared = serde_json::from_value(declared).unwrap();
        let given = |names: &[&str]| {
            let values = names.iter().map(|name| ((*name).to_owned(), json!(1)));
            named(&declared, &values.collect())
        };

        assert_eq!(given(&["FILENAME"]), Ok(()));
        assert_eq!(
            given(&["fileNam"]).unwrap_err().to_string(),
            "the pipeline has no parameter `fileNam`; it has fileName, ingest"
        );
        let missing = ParameterError::Missing {
            name: "fileName".to_owned(),
        };
        assert_eq!(given(&["ingest"]), Err(missing));
    }
}
