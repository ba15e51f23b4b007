//! Places in documents: what there is of them, what is made of them, and what may be meant by others.

use adf_model::pointer::escape;
use serde_json::Value;

use crate::config::convert::type_of;
use crate::config::path::{Missing, PropertyPath, Step, child, element_name};
use crate::suggestion::nearest;
use crate::text::{listed, short};

/// The JSON pointer of a place below `properties`.
pub(super) fn pointer(parts: &[String]) -> String {
    let mut pointer = "/properties".to_owned();
    for part in parts {
        pointer.push('/');
        pointer += &escape(part);
    }
    pointer
}

/// The part of a path that there is, and what is there.
pub(super) fn existing<'v>(root: &'v Value, path: &PropertyPath) -> (Vec<String>, &'v Value) {
    match path.locate(root) {
        Ok(parts) => {
            let there = parts.iter().try_fold(root, |here, part| child(here, part));
            (parts, there.unwrap_or(&Value::Null))
        }
        Err(missing) => {
            let mut here = root;
            let mut parts = Vec::new();
            for step in &path.steps[..missing.at] {
                let Some(part) = step.find(here) else { break };
                here = child(here, &part).unwrap_or(&Value::Null);
                parts.push(part);
            }
            (parts, here)
        }
    }
}

/// Makes the objects that lead to a place, and the place.
pub(super) fn make<'v>(root: &'v mut Value, parts: &[String]) -> &'v mut Value {
    let mut here = root;
    for part in parts {
        let is_there = here.is_object() || child(here, part).is_some();
        if !is_there {
            *here = Value::Object(serde_json::Map::new());
        }
        here = match here {
            Value::Array(items) => &mut items[part.parse::<usize>().unwrap_or_default()],
            here => &mut here[part.as_str()],
        };
    }
    here
}

/// The path with the nearest name that there is.
pub(super) fn near(path: &PropertyPath, missing: &Missing<'_>) -> Option<String> {
    let step = &path.steps[missing.at];
    let given = match step {
        Step::Member(name) | Step::Named(name) => name.as_str(),
        Step::At(_) => "",
    };
    match missing.here {
        Value::Object(object) => {
            let found = nearest(given, object.keys().map(String::as_str));
            Some(match found {
                Some(name) => {
                    let other = path.with_step(missing.at, Step::Member(name.to_owned()));
                    format!("did you mean `{other}`?")
                }
                None if object.is_empty() => "nothing is there".to_owned(),
                None => format!("there is {}", listed(object.keys().map(String::as_str))),
            })
        }
        Value::Array(items) => {
            let names: Vec<_> = items.iter().filter_map(element_name).collect();
            if names.len() < items.len() || names.is_empty() {
                let count = items.len();
                return Some(format!(
                    "an array of {count} is there; its elements are found by number, from [0]"
                ));
            }
            let found = nearest(given, names.iter().copied());
            Some(match (step, found) {
                (Step::Named(_), Some(name)) => {
                    let other = path.with_step(missing.at, Step::Named(name.to_owned()));
                    format!("did you mean `{other}`?")
                }
                _ => format!(
                    "its elements are {}, as in [\"{}\"]",
                    listed(names.iter().copied()),
                    short(names[0])
                ),
            })
        }
        other => Some(format!("{} is there", type_of(other))),
    }
}
