//! The same place in two documents, whose lists may be in another order.

use serde_json::Value;

/// A place in a document, in which elements of lists are known by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    /// The element of this name.
    Named(String),
    At(usize),
}

impl Address {
    /// The place that a JSON pointer leads to.
    pub(crate) fn of(document: &Value, pointer: &str) -> Option<Self> {
        let mut here = document;
        let mut steps = Vec::new();
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let (step, below) = match here {
                Value::Array(items) => {
                    let at: usize = part.parse().ok()?;
                    let item = items.get(at)?;
                    let step = match name(item) {
                        Some(name) if position(items, name) == Some(at) => {
                            Step::Named(name.to_owned())
                        }
                        _ => Step::At(at),
                    };
                    (step, item)
                }
                _ => (Step::Key(part.clone()), here.get(&part)?),
            };
            steps.push(step);
            here = below;
        }
        Some(Self(steps))
    }

    /// The JSON pointer of the place in a document that has it, and what stands there.
    pub(crate) fn find<'d>(&self, document: &'d Value) -> Option<(String, &'d Value)> {
        let mut here = document;
        let mut pointer = String::new();
        for step in &self.0 {
            let part = match step {
                Step::Key(key) => {
                    let (key, member) = member(here, key)?;
                    here = member;
                    adf_model::pointer::escape(key).into_owned()
                }
                Step::Named(_) | Step::At(_) => {
                    let items = here.as_array()?;
                    let at = match step {
                        Step::Named(name) => position(items, name)?,
                        Step::At(at) => *at,
                        Step::Key(_) => return None,
                    };
                    here = items.get(at)?;
                    at.to_string()
                }
            };
            pointer.push('/');
            pointer += &part;
        }
        Some((pointer, here))
    }

    /// The place above.
    pub(crate) fn above(&self) -> Self {
        let (_, above) = self.0.split_last().unwrap_or((&Step::At(0), &[]));
        Self(above.to_vec())
    }
}

/// The member of a name; the service writes some in another case than git does.
fn member<'d>(object: &'d Value, name: &str) -> Option<(&'d str, &'d Value)> {
    let object = object.as_object()?;
    let is_other = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
    let found = object.get_key_value(name);
    let (key, value) = found.or_else(|| object.iter().find(is_other))?;
    Some((key, value))
}

fn name(item: &Value) -> Option<&str> {
    item.get("name")?.as_str()
}

fn position(items: &[Value], wanted: &str) -> Option<usize> {
    items.iter().position(|item| name(item) == Some(wanted))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_found_where_lists_are_in_another_order() {
        let one = json!({"a/b": [{"name": "x", "v": [1, 2]}, {"name": "y", "v": [3]}]});
        let other = json!({"a/b": [{"name": "y", "v": [4]}, {"name": "x", "v": [5, 6]}]});
        let found = |pointer: &str| {
            let address = Address::of(&one, pointer)?;
            let (pointer, value) = address.find(&other)?;
            Some((pointer, value.clone()))
        };

        assert_eq!(
            found("/a~1b/0/v/1"),
            Some(("/a~1b/1/v/1".to_owned(), json!(6)))
        );
        assert_eq!(
            found("/a~1b/1/v/0"),
            Some(("/a~1b/0/v/0".to_owned(), json!(4)))
        );
        assert_eq!(found("/a~1b/2/v"), None);
        let address = Address::of(&one, "/a~1b/0/v/0").unwrap().above();
        assert_eq!(address.find(&other).unwrap().0, "/a~1b/1/v");
        assert!(
            Address::of(&json!({"a": {"b": 1}}), "/a/b")
                .unwrap()
                .find(&json!({"a": 1}))
                .is_none()
        );
    }
}
