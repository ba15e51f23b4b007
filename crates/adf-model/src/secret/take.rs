//! Taking secrets out of a document and knowing where each of them stood.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::place::Secrecy;
use super::text::secrets_in;

/// A secret that was taken out of a document. It has no `Debug`.
#[derive(Clone, PartialEq)]
pub struct Taken {
    /// The JSON pointer of its place.
    pub pointer: String,
    /// What stood there: the secret itself, or the whole text that has it in it.
    pub value: Value,
}

impl Secrecy {
    /// Puts `mask` in the place of each secret of a value that stands here, and tells what stood there, in the order of the document. The
    /// values at `places`, which are JSON pointers, are secrets too, whatever they are; so is a text that has `mask` in it, from which
    /// somebody else has taken one.
    ///
    /// ```
    /// use std::collections::BTreeSet;
    ///
    /// use adf_model::Kind;
    /// use adf_model::secret::Secrecy;
    /// use serde_json::json;
    ///
    /// let mut service = json!({"password": "hunter2", "url": "https://a.test/?sig=abc", "odd": 7});
    /// let places = BTreeSet::from(["/odd".to_owned()]);
    /// let taken = Secrecy::of(Kind::LinkedService).take(&mut service, "***", &places);
    ///
    /// assert_eq!(service, json!({"password": "***", "url": "https://a.test/?sig=***", "odd": "***"}));
    /// assert_eq!(taken[1].pointer, "/url");
    /// assert_eq!(taken[1].value, "https://a.test/?sig=abc");
    /// ```
    #[must_use]
    pub fn take(self, value: &mut Value, mask: &str, places: &BTreeSet<String>) -> Vec<Taken> {
        let mut taking = Taking {
            mask,
            places,
            pointer: String::new(),
            taken: Vec::new(),
        };
        taking.value(value, self);
        taking.taken
    }
}

struct Taking<'t> {
    mask: &'t str,
    places: &'t BTreeSet<String>,
    /// The place that is looked at.
    pointer: String,
    taken: Vec<Taken>,
}

impl Taking<'_> {
    fn value(&mut self, value: &mut Value, here: Secrecy) {
        if !self.places.is_empty() && self.places.contains(&self.pointer) {
            return self.put(value, self.mask.into());
        }
        match value {
            Value::Object(object) => {
                // A secret in a key cannot be told from its place: what has such a key is one as a whole.
                if object.keys().any(|key| !secrets_in(key).is_empty()) {
                    return self.put(value, self.mask.into());
                }
                self.object(object, here);
            }
            Value::Array(items) => {
                for (at, item) in items.iter_mut().enumerate() {
                    self.below(&at.to_string(), |taking| taking.value(item, here));
                }
            }
            Value::String(text) => {
                let shown = here.shown(text, self.mask, &mut |_| {});
                let shown = shown.or_else(|| text.contains(self.mask).then(|| text.clone()));
                if let Some(shown) = shown {
                    self.put(value, shown.into());
                }
            }
            Value::Number(_) if here.is_secret() => self.put(value, self.mask.into()),
            _ => {}
        }
    }

    fn object(&mut self, object: &mut Map<String, Value>, here: Secrecy) {
        let below: Vec<_> = object.keys().map(|key| here.below(object, key)).collect();
        for ((key, value), below) in object.iter_mut().zip(below) {
            self.below(key, |taking| taking.value(value, below));
        }
    }

    fn below(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer += &crate::pointer::escape(key);
        visit(self);
        self.pointer.truncate(length);
    }

    fn put(&mut self, value: &mut Value, shown: Value) {
        self.taken.push(Taken {
            pointer: self.pointer.clone(),
            value: std::mem::replace(value, shown),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Kind;

    fn take(json: &Value, places: &[&str]) -> (Value, Vec<Taken>) {
        let mut json = json.clone();
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        let taken = Secrecy::of(Kind::Pipeline).take(&mut json, "***", &places);
        (json, taken)
    }

    #[test]
    fn what_is_left_shows_what_is_shown_and_what_was_taken_restores_it() {
        let json = json!({"properties": {
            "authHeaders": {"x": "CANARY", "n": 1},
            "variable": {"variableName": "token", "value": "CANARY"},
            "script": "password = 'CANARY'", "a/b": {"clientSecret": ["CANARY", {"deep": "CANARY"}]},
            "links": {"https://b.test?sig=CANARY": {"x": 1}},
            "connectionString": "Server=s;Password=CANARY", "day": "today", "odd": ["CANARY"],
        }});

        let (left, taken) = take(&json, &["/properties/odd"]);

        assert!(!left.to_string().contains("CANARY"), "{left}");
        assert_eq!(
            left["properties"]["connectionString"],
            "Server=s;Password=***"
        );
        assert_eq!(left["properties"]["day"], "today");
        let mut restored = left;
        for one in taken {
            *restored.pointer_mut(&one.pointer).unwrap() = one.value;
        }
        assert_eq!(restored, json);
    }

    #[test]
    fn as_much_is_hidden_as_when_a_document_is_shown() {
        let json = json!({"a": {"apiToken": 1, "type": "SecureString", "value": {"x": ["s", ""]}},
            "b": {"name": "pwd", "defaultValue": "s", "content": "s"}, "c": "Bearer abcdefgh123", "d": "plain"});

        assert_eq!(
            take(&json, &[]).0,
            Secrecy::of(Kind::Pipeline).masked(&json, "***")
        );
    }
}
