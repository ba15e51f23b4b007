//! Bodies of requests. The services match names without regard to case, and so do these.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// A JSON object.
pub(super) struct Document(Map<String, Value>);

impl Document {
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Refusal::bad("the body must be a JSON object")),
            Err(error) => Err(Refusal::bad(format!("the body is not JSON: {error}"))),
        }
    }

    pub(super) fn of(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        let mut fields = self.0.iter();
        fields
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null())
            .map(|(_, value)| value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        match self.value(name) {
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            found => found.is_some(),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Refusal::bad(format!("`{name}` must be a string"))),
        }
    }

    pub(super) fn required(&self, name: &str) -> Result<String, Refusal> {
        self.text(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| Refusal::bad(format!("`{name}` is missing")))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.value(name) == Some(&Value::Bool(true))
    }

    /// An object of texts; numbers and booleans count as such, and null as the empty text.
    pub(super) fn texts(&self, name: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let wrong = || Refusal::bad(format!("`{name}` must be an object of strings"));
        let fields = match self.value(name) {
            None => return Ok(BTreeMap::new()),
            Some(Value::Object(fields)) => fields,
            Some(_) => return Err(wrong()),
        };
        fields
            .iter()
            .map(|(key, value)| match value {
                Value::Null => Ok((key.clone(), String::new())),
                Value::String(text) => Ok((key.clone(), text.clone())),
                Value::Bool(_) | Value::Number(_) => Ok((key.clone(), value.to_string())),
                _ => Err(wrong()),
            })
            .collect()
    }

    /// An object within this one.
    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields.clone()))),
            Some(_) => Err(Refusal::bad(format!("`{name}` must be an object"))),
        }
    }

    /// The members of an object within this one, nulls too.
    pub(super) fn members(&self, name: &str) -> Result<Vec<(String, Value)>, Refusal> {
        let object = self.object(name)?.map(|object| object.0);
        Ok(object.into_iter().flatten().collect())
    }

    /// Refuses members that are none of `known`.
    pub(super) fn only(&self, known: &[&str], what: &str) -> Result<(), Refusal> {
        let mut names = self.0.keys();
        match names.find(|name| !known.iter().any(|known| name.eq_ignore_ascii_case(known))) {
            None => Ok(()),
            Some(name) => Err(Refusal::bad(format!(
                "{what} has no `{name}`; it has {}",
                known.join(", ")
            ))),
        }
    }

    pub(super) fn objects(&self, name: &str) -> Result<Vec<(String, Self)>, Refusal> {
        let wrong = || Refusal::bad(format!("`{name}` must be an object of objects"));
        let fields = match self.value(name) {
            None => return Ok(Vec::new()),
            Some(Value::Object(fields)) => fields,
            Some(_) => return Err(wrong()),
        };
        fields
            .iter()
            .map(|(key, value)| match value {
                Value::Object(fields) => Ok((key.clone(), Self(fields.clone()))),
                _ => Err(wrong()),
            })
            .collect()
    }
}
