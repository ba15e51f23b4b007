//! Global parameters: one set, wherever the source keeps them, with the environment's values in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::DesiredError;
use crate::live::global_parameters;

/// The global parameters that the source has.
#[derive(Default)]
pub(super) struct Globals(Map<String, Value>);

impl Globals {
    /// Those in the factory's file. A file of their own counts before it.
    pub(super) fn of_factory(&mut self, factory: &Value) {
        let document = global_parameters(factory);
        let properties = document
            .as_ref()
            .and_then(|document| document.get("properties"));
        for (name, parameter) in properties.and_then(Value::as_object).into_iter().flatten() {
            self.0
                .entry(name.clone())
                .or_insert_with(|| parameter.clone());
        }
    }

    /// Those in a file of their own.
    pub(super) fn of_resource(&mut self, document: &Value) {
        let properties = document.get("properties").and_then(Value::as_object);
        self.0.extend(properties.cloned().unwrap_or_default());
    }

    /// The resource, with the environment's values; nothing where there is no parameter.
    pub(super) fn document(
        mut self,
        values: &BTreeMap<String, Value>,
    ) -> Result<Option<Value>, DesiredError> {
        for (name, value) in values {
            let known: Vec<_> = self.0.keys().cloned().collect();
            let fail = |reason: String| DesiredError::GlobalParameter {
                name: name.clone(),
                reason,
            };
            let parameter = self.0.get_mut(name).ok_or_else(|| {
                let known = match known.as_slice() {
                    [] => "it has none".to_owned(),
                    known => format!("it has {}", known.join(", ")),
                };
                fail(format!("the source does not have it; {known}"))
            })?;
            let kind = parameter.get("type").and_then(Value::as_str);
            let kind = kind.unwrap_or_default().to_owned();
            let value = fitting(&kind, value)
                .ok_or_else(|| fail(format!("its type is {kind}, and the value is another")))?;
            parameter["value"] = value;
        }
        let some = !self.0.is_empty();
        Ok(some.then(|| json!({"name": "default", "properties": self.0})))
    }
}

/// The value as one of the type; a text that reads as one is one, because what comes from a variable is text.
fn fitting(kind: &str, value: &Value) -> Option<Value> {
    let value = match (kind.to_ascii_lowercase().as_str(), value) {
        ("int" | "float" | "bool" | "array" | "object", Value::String(text)) => {
            serde_json::from_str(text).ok()?
        }
        _ => value.clone(),
    };
    let fits = match kind.to_ascii_lowercase().as_str() {
        "string" => value.is_string(),
        "int" => value.is_i64() || value.is_u64(),
        "float" => value.is_number(),
        "bool" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    fits.then_some(value)
}
