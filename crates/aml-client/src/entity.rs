//! A document of the service together with its typed reading.

use std::fmt;
use std::ops::Deref;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::reading::read;

/// What the service sent, whole, read as a `T`.
///
/// The fields of `T` are reached by deref. [`Entity::json`] holds the rest: what this crate does not name is kept, and goes
/// back unchanged when the entity is sent again. The outer keys may be in Pascal or in camel case.
#[derive(Clone, PartialEq)]
pub struct Entity<T> {
    model: T,
    json: Value,
}

impl<T: DeserializeOwned> Entity<T> {
    /// Reads `json`.
    ///
    /// # Errors
    ///
    /// When it is not a `T`; the message names the place.
    pub fn parse(json: Value) -> Result<Self, serde_json::Error> {
        let model = read(&json).map_err(serde_json::Error::custom)?;
        Ok(Self { model, json })
    }

    /// Changes the document and reads it again.
    ///
    /// # Errors
    ///
    /// As [`Entity::parse`].
    pub fn edit(self, change: impl FnOnce(&mut Value)) -> Result<Self, serde_json::Error> {
        let mut json = self.json;
        change(&mut json);
        Self::parse(json)
    }
}

impl<T> Entity<T> {
    /// The document as it was sent.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Gives the document away.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.json
    }

    /// Gives the typed reading away.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.model
    }
}

impl<T> Deref for Entity<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.model
    }
}

/// Shows the typed reading alone.
impl<T: fmt::Debug> fmt::Debug for Entity<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.model.fmt(out)
    }
}

impl<T> Serialize for Entity<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(to)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Entity<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// The member `key` of a document, under the case that the document uses; a new one is made in the case of `key`.
pub(crate) fn member<'j>(json: &'j mut Value, key: &str) -> &'j mut Value {
    if !json.is_object() {
        *json = Value::Object(Map::new());
    }
    let written = json
        .as_object()
        .and_then(|members| members.keys().find(|name| name.eq_ignore_ascii_case(key)))
        .map_or_else(|| key.to_owned(), Clone::clone);
    &mut json[written]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Thing {
        name: String,
        #[serde(default)]
        total_run_steps: u32,
    }

    #[test]
    fn both_cases_are_read_and_nothing_is_lost() {
        for json in [
            json!({"Name": "n", "TotalRunSteps": 3, "Z": null, "A": {"k": [1.5]}}),
            json!({"name": "n", "totalRunSteps": 3, "z": null, "a": {"k": [1.5]}}),
        ] {
            let thing: Entity<Thing> = serde_json::from_value(json.clone()).unwrap();

            assert_eq!((thing.name.as_str(), thing.total_run_steps), ("n", 3));
            assert_eq!(serde_json::to_string(&thing).unwrap(), json.to_string());
        }
    }

    #[test]
    fn an_edit_keeps_the_case_of_the_document() {
        let pascal: Entity<Thing> = Entity::parse(json!({"Name": "n", "X": 1})).unwrap();

        let edited = pascal
            .edit(|json| *member(json, "name") = json!("m"))
            .unwrap();

        assert_eq!(edited.json(), &json!({"Name": "m", "X": 1}));
        assert_eq!(edited.name, "m");
    }

    #[test]
    fn a_wrong_document_names_its_place() {
        let error = Entity::<Thing>::parse(json!({"Name": "n", "TotalRunSteps": "x"})).unwrap_err();

        assert!(error.to_string().contains("totalRunSteps"), "{error}");
        assert!(Entity::<Thing>::parse(json!([1])).is_err());
    }
}
