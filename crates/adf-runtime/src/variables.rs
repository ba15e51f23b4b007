//! The variables of a run.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use adf_expr::lookup;
use adf_model::Variable;
use serde_json::{Map, Value, json};

use crate::ActivityFailure;

/// The variables of a run. They belong to the whole run, also inside parallel loops.
pub(crate) struct Variables {
    kinds: BTreeMap<String, Kind>,
    values: Mutex<Map<String, Value>>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    String,
    Boolean,
    Array,
    Integer,
    Other,
}

impl Kind {
    fn named(name: &str) -> Self {
        match name.to_lowercase().as_str() {
            "string" => Self::String,
            "bool" | "boolean" => Self::Boolean,
            "array" => Self::Array,
            "int" | "integer" => Self::Integer,
            _ => Self::Other,
        }
    }

    fn unset(self) -> Value {
        match self {
            Self::String => json!(""),
            Self::Boolean => json!(false),
            Self::Array => json!([]),
            Self::Integer => json!(0),
            Self::Other => Value::Null,
        }
    }

    fn takes(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Array => value.is_array(),
            Self::Integer => value.is_i64(),
            Self::Other => true,
        }
    }
}

impl Variables {
    pub(crate) fn new(declared: &BTreeMap<String, Variable>) -> Self {
        let kinds: BTreeMap<String, Kind> = declared
            .iter()
            .map(|(name, variable)| (name.clone(), Kind::named(&variable.kind)))
            .collect();
        let values = declared.iter().map(|(name, variable)| {
            let default = variable.default_value.clone();
            let value = default.filter(|value| !value.is_null());
            (name.clone(), value.unwrap_or_else(|| kinds[name].unset()))
        });
        Self {
            values: Mutex::new(values.collect()),
            kinds,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        lookup(&self.values(), name).cloned()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.kinds.keys().cloned().collect()
    }

    pub(crate) fn all(&self) -> Map<String, Value> {
        self.values().clone()
    }

    /// Gives a variable a new value, which must be of its type.
    pub(crate) fn set(&self, name: &str, value: Value) -> Result<(), ActivityFailure> {
        let (name, kind) = self.declared(name)?;
        if !kind.takes(&value) {
            let given = type_name(&value);
            return Err(ActivityFailure::user(
                "BadRequest",
                format!(
                    "variable `{name}` of type {kind:?} cannot take a value of type {given}; convert it with a function such as string()"
                ),
            ));
        }
        self.values().insert(name.to_owned(), value);
        Ok(())
    }

    /// Adds one element to an array.
    pub(crate) fn append(&self, name: &str, value: Value) -> Result<(), ActivityFailure> {
        let (name, kind) = self.declared(name)?;
        match self.values().get_mut(name) {
            Some(Value::Array(items)) => {
                items.push(value);
                Ok(())
            }
            _ => Err(ActivityFailure::user(
                "BadRequest",
                format!("variable `{name}` of type {kind:?} does not hold an array to append to"),
            )),
        }
    }

    fn declared(&self, name: &str) -> Result<(&str, Kind), ActivityFailure> {
        let wanted = name.to_lowercase();
        let mut declared = self.kinds.iter();
        declared
            .find(|(other, _)| other.to_lowercase() == wanted)
            .map(|(name, kind)| (name.as_str(), *kind))
            .ok_or_else(|| {
                let told = format!("variable `{name}` is not declared");
                ActivityFailure::user("BadRequest", told)
            })
    }

    fn values(&self) -> MutexGuard<'_, Map<String, Value>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a value's type.
pub(crate) fn type_name(value: &Value) -> &'static str {
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
