//! A JSON document together with its typed reading.

use std::ops::Deref;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A JSON document together with its typed reading.
///
/// Everything that `T` does not name is kept, in its order; `null` and absent stay apart. Only the spelling of numbers is
/// normalised (`1.10` becomes `1.1`).
#[derive(Clone, Debug, PartialEq)]
pub struct Document<T> {
    model: T,
    json: Value,
}

/// A document is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{}{source}", place(path))]
pub struct ParseError {
    /// Where, such as `properties.activities[0].name`; `.` stands for the whole document.
    pub path: String,
    /// What is wrong there.
    #[source]
    pub source: serde_json::Error,
}

fn place(path: &str) -> String {
    if path == "." {
        String::new()
    } else {
        format!("`{path}`: ")
    }
}

impl<T: DeserializeOwned> Document<T> {
    /// Reads `json` as a `T`.
    ///
    /// # Errors
    ///
    /// When `json` is not a `T`; the error names the place.
    pub fn parse(json: Value) -> Result<Self, ParseError> {
        let model = serde_path_to_error::deserialize(&json).map_err(|error| ParseError {
            path: error.path().to_string(),
            source: error.into_inner(),
        })?;
        Ok(Self { model, json })
    }

    /// Changes the document, then reads it again.
    ///
    /// # Errors
    ///
    /// When the changed document is no longer a `T`.
    pub fn edit(self, change: impl FnOnce(&mut Value)) -> Result<Self, ParseError> {
        let mut json = self.json;
        change(&mut json);
        Self::parse(json)
    }
}

impl<T> Document<T> {
    /// The document.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Gives up the reading and keeps the document.
    pub fn into_json(self) -> Value {
        self.json
    }

    /// The document's `name`, where it has one.
    pub fn name(&self) -> Option<&str> {
        self.json.get("name")?.as_str()
    }

    /// The `etag` that the service gave the document; a factory writes it `eTag`.
    pub fn etag(&self) -> Option<&str> {
        self.json
            .get("etag")
            .or_else(|| self.json.get("eTag"))?
            .as_str()
    }
}

impl<T> Deref for Document<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.model
    }
}

impl<T> Serialize for Document<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{Pipeline, Trigger};

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec(("[a-z]{1,4}", inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn writing_and_reading_loses_nothing(extra in json()) {
            let whole = json!({"name": "p", "zeta": extra, "properties": {"activities": [], "state": null, "unknown": extra}});
            let text = serde_json::to_string(&whole).unwrap();

            let document: Document<Pipeline> = serde_json::from_str(&text).unwrap();

            prop_assert_eq!(serde_json::to_string(&document).unwrap(), text);
        }
    }

    #[test]
    fn null_is_read_as_left_out_and_kept() {
        let whole = json!({"properties": {"parameters": null, "variables": null, "activities": [{
            "name": "a", "type": "Copy", "dependsOn": null, "inputs": null, "outputs": null, "policy": null,
            "userProperties": null, "typeProperties": null, "linkedServiceName": null, "state": null, "onInactiveMarkAs": null
        }, {"name": "b", "type": "Fail", "policy": {"secureInput": null, "retry": null}}]}});

        let pipeline = Document::<Pipeline>::parse(whole.clone()).unwrap();

        let activity = &pipeline.properties.activities[0];
        assert!(pipeline.properties.parameters.is_empty() && activity.depends_on.is_empty());
        assert_eq!(pipeline.into_json(), whole);
        let trigger = json!({"properties": {"type": "ScheduleTrigger", "pipelines": null}});
        let trigger = Document::<Trigger>::parse(trigger).unwrap();
        assert_eq!(trigger.properties.started().count(), 0);
    }

    #[test]
    fn an_error_names_its_place() {
        let wrong = json!({"name": "p", "properties": {"activities": [{"name": 1}]}});

        let error = Document::<Pipeline>::parse(wrong).unwrap_err();

        assert_eq!(error.path, "properties.activities[0].name");
    }
}
