//! References between resources.
//!
//! Any object with a text `referenceName` and a known reference `type` is a reference, wherever it stands. Templates that
//! Data Factory generates depend on just this set.

use std::fmt::Write as _;
use std::iter::Enumerate;
use std::slice;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::pointer::escape;
use crate::{Kind, Members as _, ResourceId};

/// A reference object, as it stands in a typed reading.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReferenceTo {
    /// The name of the resource.
    pub reference_name: String,
    /// What is handed to its parameters.
    #[serde(default)]
    pub parameters: Option<Map<String, Value>>,
}

/// A reference together with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferencedAt {
    /// The JSON pointer of the reference object.
    pub pointer: String,
    /// What it names.
    pub target: ResourceId,
}

/// Every reference in `json`, in document order.
#[must_use]
pub fn references(json: &Value) -> Vec<ReferencedAt> {
    let mut found = Vec::new();
    let mut pointer = String::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut next = Some(json);
    loop {
        if let Some(value) = next.take() {
            if let Some(target) = value.as_object().and_then(target) {
                found.push(ReferencedAt {
                    pointer: pointer.clone(),
                    target,
                });
            }
            open.extend(Children::of(value).map(|children| Open {
                children,
                length: pointer.len(),
            }));
        }
        let Some(container) = open.last_mut() else {
            return found;
        };
        pointer.truncate(container.length);
        match container.children.next_container(&mut pointer) {
            Some(child) => next = Some(child),
            None => drop(open.pop()),
        }
    }
}

/// A container that is being looked through.
struct Open<'j> {
    children: Children<'j>,
    /// The length of its pointer.
    length: usize,
}

/// What is left of a container.
enum Children<'j> {
    Members(serde_json::map::Iter<'j>),
    Items(Enumerate<slice::Iter<'j, Value>>),
}

impl<'j> Children<'j> {
    fn of(value: &'j Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self::Members(members.iter())),
            Value::Array(items) => Some(Self::Items(items.iter().enumerate())),
            _ => None,
        }
    }

    /// The next child that may hold references; the way to it is added to `pointer`.
    fn next_container(&mut self, pointer: &mut String) -> Option<&'j Value> {
        let is_container = |value: &Value| value.is_object() || value.is_array();
        match self {
            Self::Members(members) => {
                let (key, child) = members.find(|(_, child)| is_container(child))?;
                pointer.push('/');
                pointer.push_str(&escape(key));
                Some(child)
            }
            Self::Items(items) => {
                let (at, child) = items.find(|(_, child)| is_container(child))?;
                // Writing to a text cannot fail.
                let _ = write!(pointer, "/{at}");
                Some(child)
            }
        }
    }
}

fn target(object: &Map<String, Value>) -> Option<ResourceId> {
    let name = object.member("referenceName")?.as_str()?;
    let kind = Kind::of_reference(object.member("type")?.as_str()?)?;
    Some(ResourceId::new(kind, name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_found_wherever_they_stand() {
        let pipeline = json!({"properties": {"activities": [
            {"inputs": [{"referenceName": "In", "type": "DatasetReference", "parameters": {
                "a/b": {"referenceName": "Vault", "type": "LinkedServiceReference"}}}]},
            {"typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"},
                "notebook": {"referenceName": "n", "type": "NotebookReference"}, "x": {"referenceName": 1, "type": "DatasetReference"}}}
        ]}});

        let found = references(&pipeline);

        let shown: Vec<_> = found
            .iter()
            .map(|found| format!("{} {}", found.pointer, found.target))
            .collect();
        assert_eq!(
            shown,
            [
                "/properties/activities/0/inputs/0 dataset `In`",
                "/properties/activities/0/inputs/0/parameters/a~1b linked service `Vault`",
                "/properties/activities/1/typeProperties/pipeline pipeline `child`",
            ]
        );
    }
}
