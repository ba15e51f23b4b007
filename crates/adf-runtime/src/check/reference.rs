//! References: pipelines, datasets, linked services and variables that must exist.

use adf_expr::Template;
use adf_model::{Activity, Pipeline, SetVariable, Variable};
use serde_json::Value;

use crate::Definitions;
use crate::contents::{Contents, contents};

use super::Finding;
use super::graph::same;

/// The variable that holds what a pipeline returns.
pub(crate) const RETURN_VALUE: &str = "pipelineReturnValue";

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
    check_reads(activity, &own, pipeline, findings);
    match contents(activity) {
        Ok(Contents::Set(set)) => check_set(activity, &set, pipeline, findings),
        Ok(Contents::Append(append)) => check_append(activity, &append, pipeline, findings),
        _ => {}
    }
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

/// Finds expressions that read variables which nobody has declared.
fn check_reads(activity: &Activity, own: &Value, pipeline: &Pipeline, findings: &mut Vec<Finding>) {
    let mut unknown = read(own);
    unknown.retain(|name| variable(pipeline, name).is_none());
    unknown.sort();
    unknown.dedup();
    for name in unknown {
        let reason = format!("reads variable `{name}`, which is not declared");
        let finding = Finding::activity(activity, reason);
        findings.push(finding.hint("declare it in the pipeline's `variables`"));
    }
}

fn check_set(
    activity: &Activity,
    set: &SetVariable,
    pipeline: &Pipeline,
    findings: &mut Vec<Finding>,
) {
    if set.set_system_variable && set.variable_name == RETURN_VALUE {
        return;
    }
    if variable(pipeline, &set.variable_name).is_none() {
        findings.push(undeclared(activity, set));
    }
    let itself = |name: &String| same(name, &set.variable_name);
    if read(&set.value).iter().any(itself) {
        let reason = format!("sets variable `{}` from itself", set.variable_name);
        let finding = Finding::activity(activity, reason);
        findings.push(finding.hint("go by way of a second variable"));
    }
}

fn check_append(
    activity: &Activity,
    append: &SetVariable,
    pipeline: &Pipeline,
    findings: &mut Vec<Finding>,
) {
    match variable(pipeline, &append.variable_name) {
        None => findings.push(undeclared(activity, append)),
        Some(declared) if !declared.kind.eq_ignore_ascii_case("Array") => {
            let (name, kind) = (&append.variable_name, &declared.kind);
            let reason = format!("appends to variable `{name}` of type {kind}");
            let finding = Finding::activity(activity, reason);
            findings.push(finding.hint("only an Array can be appended to"));
        }
        Some(_) => {}
    }
}

fn undeclared(activity: &Activity, set: &SetVariable) -> Finding {
    let reason = format!("variable `{}` is not declared", set.variable_name);
    Finding::activity(activity, reason).hint("declare it in the pipeline's `variables`")
}

fn variable<'p>(pipeline: &'p Pipeline, name: &str) -> Option<&'p Variable> {
    let mut declared = pipeline.properties.variables.iter();
    declared
        .find(|(other, _)| same(other, name))
        .map(|(_, variable)| variable)
}

/// The variables that the expressions in `value` read.
fn read(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => Template::parse(text).map_or_else(
            |_| Vec::new(),
            |template| {
                let used = adf_expr::references(&template).variables.into_iter();
                used.map(|reach| reach.name).collect()
            },
        ),
        Value::Array(items) => items.iter().flat_map(read).collect(),
        Value::Object(fields) => fields.values().flat_map(read).collect(),
        _ => Vec::new(),
    }
}
