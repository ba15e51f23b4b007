//! Global parameters: one set, wherever the source keeps them, with the environment's values in it.

use std::collections::BTreeMap;

use adf_model::{Kind, ResourceId};
use dataops_solution::fit::as_global_parameter;
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
            let value = as_global_parameter(&kind, value)
                .ok_or_else(|| fail(format!("its type is {kind}, and the value is another")))?;
            parameter["value"] = value;
        }
        let some = !self.0.is_empty();
        Ok(some.then(|| json!({"name": "default", "properties": self.0})))
    }
}

/// The global parameters of documents as the resource that they are, wherever they are kept, with an environment's values; nothing
/// where there are none.
///
/// # Errors
///
/// When a value is for a parameter that is not there, or of another type.
pub fn all_global_parameters<'d>(
    documents: impl IntoIterator<Item = (&'d ResourceId, &'d Value)>,
    values: &BTreeMap<String, Value>,
) -> Result<Option<Value>, DesiredError> {
    let mut globals = Globals::default();
    for (id, document) in documents {
        match id.kind {
            Kind::GlobalParameters => globals.of_resource(document),
            Kind::Factory => globals.of_factory(document),
            _ => {}
        }
    }
    globals.document(values)
}
