//! References between resources.
//!
//! Any object with a text `referenceName` and a known reference `type` is a reference, wherever it stands. Templates that
//! Data Factory generates depend on just this set.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Kind, ResourceId};

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
    let mut open = vec![(String::new(), json)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(object) => {
                if let Some(target) = target(object) {
                    found.push(ReferencedAt {
                        pointer: pointer.clone(),
                        target,
                    });
                }
                let children = object
                    .iter()
                    .map(|(key, child)| (format!("{pointer}/{}", escape(key)), child));
                open.extend(children.collect::<Vec<_>>().into_iter().rev());
            }
            Value::Array(items) => {
                open.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(at, child)| (format!("{pointer}/{at}"), child))
                        .rev(),
                );
            }
            _ => {}
        }
    }
    found
}

fn target(object: &Map<String, Value>) -> Option<ResourceId> {
    let name = object.get("referenceName")?.as_str()?;
    let kind = Kind::of_reference(object.get("type")?.as_str()?)?;
    Some(ResourceId::new(kind, name))
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
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
