//! Looking up the members of a JSON object.

use serde_json::{Map, Value};

/// Objects with more members than this are looked up by the hash of the key.
const FEW: usize = 16;

/// The members of a JSON object, by their keys.
///
/// Documents are looked up millions of times, and their objects are small: to compare a few keys takes a fraction of the time that
/// it takes to hash one, as [`Map::get`] does against whoever chooses keys that collide.
pub trait Members {
    /// The member with this key; none of what is no object.
    fn member(&self, key: &str) -> Option<&Value>;
}

impl Members for Map<String, Value> {
    fn member(&self, key: &str) -> Option<&Value> {
        if self.len() > FEW {
            return self.get(key);
        }
        let mut members = self.iter();
        members.find_map(|(name, value)| (name == key).then_some(value))
    }
}

impl Members for Value {
    fn member(&self, key: &str) -> Option<&Value> {
        self.as_object()?.member(key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_those_of_the_map_whatever_its_size() {
        for size in [0, 1, FEW, FEW + 1, 3 * FEW] {
            let object: Map<_, _> = (0..size)
                .map(|at| (format!("key{at}"), json!(at)))
                .collect();

            for at in 0..=size {
                let key = format!("key{at}");
                assert_eq!(object.member(&key), object.get(&key), "{key} of {size}");
            }
        }
        assert_eq!(
            json!({"a": {"b": 1}})
                .member("a")
                .and_then(|a| a.member("b")),
            Some(&json!(1))
        );
        assert_eq!(json!(["a"]).member("a"), None);
    }
}
