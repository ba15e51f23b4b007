//! References: pipelines, datasets, linked services and variables that must exist.

use adf_model::{Activity, Pipeline};
use serde_json::Value;

use crate::Definitions;

use super::graph::same;
use super::{Finding, variable};

pub(super) fn check(
    activity: &Activity,
    (name, pipeline): (&str, &Pipeline),
    definitions: &dyn Definitions,
    findings: &mut Vec<Finding>,
) {
    let mut missing = |kind: &str, name: &str| {
        let reason = format!("{kind} `{name}` does not exist");
        findings.push(Finding::activity(activity, reason));
    };
    if let Some(reference) = &activity.linked_service_name
        && definitions
            .linked_service(&reference.reference_name)
            .is_none()
    {
        missing("linked service", &reference.reference_name);
    }
    let own = own_properties(activity);
    let named = adf_model::references(&own).into_iter();
    let datasets = activity.inputs.iter().chain(&activity.outputs);
    for dataset in datasets {
        if definitions.dataset(&dataset.reference_name).is_none() {
            missing("dataset", &dataset.reference_name);
        }
    }
    for target in named.map(|found| found.target) {
        let exists = match target.kind {
            adf_model::Kind::Dataset => definitions.dataset(&target.name).is_some(),
            adf_model::Kind::LinkedService => definitions.linked_service(&target.name).is_some(),
            adf_model::Kind::Pipeline => {
                same(&target.name, name) || definitions.pipeline(&target.name).is_some()
            }
            _ => true,
        };
        if !exists {
            missing(&target.kind.to_string(), &target.name);
        }
    }
    variable::check(activity, &own, pipeline, findings);
}

/// The `typeProperties` without the activities inside, which are looked at on their own.
fn own_properties(activity: &Activity) -> Value {
    let mut own = activity.type_properties.clone();
    let inner = [
        "activities",
        "ifTrueActivities",
        "ifFalseActivities",
        "cases",
        "defaultActivities",
    ];
    if let (Value::Object(own), "IfCondition" | "Switch" | "ForEach" | "Until") =
        (&mut own, activity.kind.as_str())
    {
        own.retain(|key, _| !inner.contains(&key.as_str()));
    }
    own
}
