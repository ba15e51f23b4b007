//! The order in which resources can be put: what is referred to goes first.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::{Kind, ResourceId, references};
use serde_json::Value;

use super::DeployError;

/// Orders documents so that each stands after those that it refers to. References to what is not among them are left to the
/// service, which may already have it.
pub(super) fn by_reference(
    documents: Vec<(ResourceId, Value)>,
) -> Result<Vec<(ResourceId, Value)>, DeployError> {
    let present: BTreeSet<_> = documents.iter().map(|(id, _)| id.clone()).collect();
    let mut waiting: BTreeMap<ResourceId, (BTreeSet<ResourceId>, Value)> = BTreeMap::new();
    for (id, document) in documents {
        let mut needs: BTreeSet<_> = references(&document)
            .into_iter()
            .map(|found| found.target)
            .collect();
        if let Some(network) = &id.parent {
            needs.insert(ResourceId::new(Kind::ManagedVirtualNetwork, network));
        }
        needs.retain(|target| present.contains(target) && *target != id);
        waiting.insert(id, (needs, document));
    }
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let ready: Vec<_> = waiting
            .iter()
            .filter(|(_, (needs, _))| needs.is_empty())
            .map(|(id, _)| id.clone())
            .collect();
        if ready.is_empty() {
            return Err(DeployError::Circle(waiting.into_keys().collect()));
        }
        for id in ready {
            if let Some((_, document)) = waiting.remove(&id) {
                waiting.values_mut().for_each(|(needs, _)| {
                    needs.remove(&id);
                });
                ordered.push((id, document));
            }
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(kind: Kind, name: &str, refers: &[(&str, &str)]) -> (ResourceId, Value) {
        let refers: Vec<_> = refers
            .iter()
            .map(|(kind, name)| json!({"referenceName": name, "type": kind}))
            .collect();
        (
            ResourceId::new(kind, name),
            json!({"properties": {"refers": refers}}),
        )
    }

    #[test]
    fn what_is_referred_to_goes_first() {
        let ordered = by_reference(vec![
            document(Kind::Trigger, "t", &[("PipelineReference", "outer")]),
            document(
                Kind::Pipeline,
                "outer",
                &[
                    ("PipelineReference", "INNER"),
                    ("DatasetReference", "elsewhere"),
                ],
            ),
            document(Kind::Pipeline, "inner", &[("DatasetReference", "d")]),
            document(Kind::Dataset, "d", &[]),
        ])
        .unwrap();

        let names: Vec<_> = ordered.iter().map(|(id, _)| id.name.as_str()).collect();
        assert_eq!(names, ["d", "inner", "outer", "t"]);
    }

    #[test]
    fn a_circle_is_named() {
        let circle = by_reference(vec![
            document(Kind::Pipeline, "a", &[("PipelineReference", "b")]),
            document(Kind::Pipeline, "b", &[("PipelineReference", "a")]),
        ]);

        assert_eq!(
            circle.unwrap_err().to_string(),
            "these refer to each other in a circle: pipeline `a`, pipeline `b`"
        );
    }
}
