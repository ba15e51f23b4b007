//! Places in a document that stay the same when its lists are put in another order.

use std::fmt;

use adf_model::pointer::escape;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::identity::Identity;

/// One step from a value to one below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the property of an object.
    Key(String),
    /// To the element of an array that has this name.
    Name(String),
    /// To the element of an array at this place, from 0.
    Index(usize),
}

/// The steps from a document to a value in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The steps below `properties`, where everything is that people write.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        match self.0.as_slice() {
            [Step::Key(first), rest @ ..] if first == "properties" => rest,
            steps => steps,
        }
    }

    /// The name of the property that the path ends in, or of the list that it ends in an element of.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        let mut keys = self.0.iter().rev();
        keys.find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// Whether a step leads to this property.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        let mut keys = self.0.iter();
        keys.any(|step| matches!(step, Step::Key(found) if found == key))
    }
}

impl Path {
    /// The path of the place that a JSON pointer leads to in a document, as far as the document has it.
    #[must_use]
    pub fn of_pointer(document: &Value, pointer: &str) -> Self {
        let (mut at, mut list, mut steps) = (document, String::new(), Vec::new());
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let index = step.parse::<usize>();
            let next = match (at, index) {
                (Value::Object(object), _) => {
                    steps.push(Step::Key(step.clone()));
                    list = step.clone();
                    object.get(&step)
                }
                (Value::Array(items), Ok(index)) => {
                    let name = items
                        .get(index)
                        .and_then(|item| Identity::of(&list, items, &[]).name(item));
                    steps.push(name.map_or(Step::Index(index), Step::Name));
                    items.get(index)
                }
                _ => None,
            };
            let Some(next) = next else { break };
            at = next;
        }
        Self(steps)
    }

    /// The JSON pointer of the place in a document, where the document has it.
    #[must_use]
    pub fn pointer_in(&self, document: &Value) -> Option<String> {
        let (mut at, mut pointer, mut list) = (document, String::new(), "");
        for step in &self.0 {
            match step {
                Step::Key(key) => {
                    at = at.get(key)?;
                    list = key;
                    pointer.push_str(&format!("/{}", escape(key)));
                }
                Step::Index(index) => {
                    at = at.get(index)?;
                    pointer.push_str(&format!("/{index}"));
                }
                Step::Name(name) => {
                    let items = at.as_array()?;
                    let identity = Identity::of(list, items, &[]);
                    let named = |item: &Value| identity.name(item).as_deref() == Some(name);
                    let index = items.iter().position(named)?;
                    at = &items[index];
                    pointer.push_str(&format!("/{index}"));
                }
            }
        }
        Some(pointer)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps().iter().enumerate() {
            match step {
                Step::Key(key) if is_plain(key) => {
                    let dot = if at == 0 { "" } else { "." };
                    write!(out, "{dot}{key}")?;
                }
                Step::Key(name) | Step::Name(name) => {
                    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
                    write!(out, "[\"{name}\"]")?;
                }
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_like_code() {
        let path = Path(vec![
            Step::Key("properties".to_owned()),
            Step::Key("activities".to_owned()),
            Step::Name("Copy \"x\"".to_owned()),
            Step::Key("odd key".to_owned()),
            Step::Index(3),
            Step::Key("type".to_owned()),
        ]);

        assert_eq!(
            path.to_string(),
            r#"activities["Copy \"x\""]["odd key"][3].type"#
        );
        assert_eq!(path.key(), Some("type"));
    }

    #[test]
    fn names_lead_to_places() {
        let key = |key: &str| Step::Key(key.to_owned());
        let document =
            serde_json::json!({"activities": [{"name": "a"}, {"name": "b", "x/y": [5]}]});
        let path = Path(vec![
            key("activities"),
            Step::Name("b".to_owned()),
            key("x/y"),
            Step::Index(0),
        ]);

        assert_eq!(
            path.pointer_in(&document).as_deref(),
            Some("/activities/1/x~1y/0")
        );
        assert_eq!(Path::of_pointer(&document, "/activities/1/x~1y/0"), path);
        assert_eq!(
            Path(vec![key("activities"), Step::Name("c".to_owned())]).pointer_in(&document),
            None
        );
        assert_eq!(Path::of_pointer(&document, "/activities/7/x").0.len(), 2);
    }
}
