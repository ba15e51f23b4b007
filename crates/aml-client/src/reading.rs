//! Reads what the services write in two manners: keys in Pascal and in camel case, numbers as text, null for absent.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// Texts by name, such as parameters, tags or log links; `Debug` shows the names alone, because a value may be a secret or
/// a signed link.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PrivateMap(BTreeMap<String, String>);

impl fmt::Debug for PrivateMap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.0.keys()).finish()
    }
}

impl Deref for PrivateMap {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for PrivateMap {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for PrivateMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let texts = entries.into_iter();
        Self(
            texts
                .map(|(name, text)| (name.into(), text.into()))
                .collect(),
        )
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for PrivateMap {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

/// A null value is read as an empty text, a number or an object as its JSON.
impl<'de> Deserialize<'de> for PrivateMap {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let values = Option::<Map<String, Value>>::deserialize(json)?.unwrap_or_default();
        let as_text = |value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        Ok(values
            .into_iter()
            .map(|(name, value)| (name, as_text(value)))
            .collect())
    }
}

/// Reads `json` as a `T` whose fields are in camel case; the error names the place.
pub(crate) fn read<T: DeserializeOwned>(json: &Value) -> Result<T, String> {
    serde_path_to_error::deserialize(camel(json)).map_err(|error| {
        let place = error.path().to_string();
        format!("`{place}`: {}", error.inner())
    })
}

/// Writes the outer keys in camel case and drops those that are null.
fn camel(json: &Value) -> Value {
    let Value::Object(members) = json else {
        return json.clone();
    };
    let mut renamed = Map::new();
    for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        renamed
            .entry(lower_first(key))
            .or_insert_with(|| value.clone());
    }
    Value::Object(renamed)
}

fn lower_first(key: &str) -> String {
    let mut letters = key.chars();
    letters
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// A member that is an object in either case.
pub(crate) fn nested<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    json: D,
) -> Result<T, D::Error> {
    read(&Value::deserialize(json)?).map_err(D::Error::custom)
}

/// A member that is a list of objects in either case.
pub(crate) fn nested_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    json: D,
) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Value>::deserialize(json)?;
    items
        .iter()
        .map(|item| read(item).map_err(D::Error::custom))
        .collect()
}

/// A text that may come as a number.
pub(crate) fn text<'de, D: Deserializer<'de>>(json: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(json)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        other => Err(D::Error::custom(format!("expected a text, found {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stay_out_of_debug() {
        let parameters = PrivateMap::from([("password", "hunter2")]);

        assert_eq!(format!("{parameters:?}"), r#"{"password"}"#);
    }

    #[test]
    fn texts_are_read_from_whatever_stands_there() {
        let map: PrivateMap =
            serde_json::from_value(json!({"a": "x", "b": 1, "c": null, "d": {"e": true}})).unwrap();

        assert_eq!(
            map,
            PrivateMap::from([("a", "x"), ("b", "1"), ("c", ""), ("d", r#"{"e":true}"#)])
        );
        assert!(
            serde_json::from_value::<PrivateMap>(json!(null))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_key_in_both_cases_is_read_once() {
        let read: BTreeMap<String, Value> =
            read(&json!({"Tags": {"A": 1}, "tags": {"b": 2}, "Gone": null})).unwrap();

        assert_eq!(read.len(), 1);
        assert_eq!(read["tags"], json!({"A": 1}));
    }
}
