//! What of a live value stands where the environment sets a secret. Nothing about the value itself need tell that it is one.

use dataops_plan::{DesiredResource, STARS};
use serde_json::Value;

/// The places of a resource's secrets, by names alone: elements of a list need not stand there in the order of the source.
pub(super) struct Places(Vec<Vec<String>>);

impl Places {
    /// Those of a resource as it ought to be.
    pub(super) fn of(desired: Option<&DesiredResource>) -> Self {
        let pointers = desired.into_iter().flat_map(DesiredResource::secret_places);
        Self(pointers.map(|pointer| names(pointer.split('/'))).collect())
    }

    /// Stars in the place of each secret in a value that stands at `path`.
    pub(super) fn conceal(&self, path: &str, value: &mut Value) {
        let mut above = names(path.split(['.', '[', ']']));
        self.within(&mut above, value);
    }

    /// Documents are as deep as the service takes them.
    fn within(&self, above: &mut Vec<String>, value: &mut Value) {
        if value.is_null() {
            return;
        }
        if self.covers(above, value) {
            *value = STARS.into();
            return;
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.within(above, item);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    above.push(name.to_ascii_lowercase());
                    self.within(above, value);
                    above.pop();
                }
            }
            _ => {}
        }
    }

    /// Whether it is a secret, or within one. The text of a `SecureString` may stand there openly.
    fn covers(&self, place: &[String], value: &Value) -> bool {
        self.0.iter().any(|secret| {
            let openly = value.is_string()
                && secret
                    .split_last()
                    .is_some_and(|(last, above)| last == "value" && above == place);
            place.starts_with(secret) || openly
        })
    }
}

/// The names of a path, without the places in lists.
fn names<'p>(segments: impl Iterator<Item = &'p str>) -> Vec<String> {
    let is_place = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
    let names = segments.filter(|segment| !is_place(segment));
    names.map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_where_a_secret_is_set_is_hidden_wherever_the_answer_begins() {
        let places = [
            "/properties/activities/0/typeProperties/value",
            "/properties/password/value",
        ];
        let places = Places(places.map(|pointer| names(pointer.split('/'))).to_vec());
        let shown = |path: &str, mut value: Value| {
            places.conceal(path, &mut value);
            value
        };

        let value = "properties.activities[1].typeProperties.value";
        assert_eq!(shown(value, json!("live")), json!(STARS));
        assert_eq!(
            shown(&format!("{value}.deeper"), json!("live")),
            json!(STARS)
        );
        assert_eq!(shown("properties.password", json!("live")), json!(STARS));
        assert_eq!(
            shown(
                "properties",
                json!({"activities": [{"typeProperties": {"value": "live", "x": 1}}], "password": {"value": 7, "type": "T"}})
            ),
            json!({"activities": [{"typeProperties": {"value": STARS, "x": 1}}], "password": {"value": STARS, "type": "T"}})
        );
        assert_eq!(
            shown("properties.folder", json!({"value": "open"})),
            json!({"value": "open"})
        );
    }
}
