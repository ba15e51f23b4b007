//! Declarations: parameters and variables of types that exist, and how much there may be of what.

use std::collections::HashSet;

use adf_expr::{Types, render};
use adf_model::{Activity, Pipeline, Variable};
use serde_json::Value;

use crate::contents::{Contents, contents};

use super::{Finding, check_flow};

/// The most parameters of a pipeline.
const MOST_PARAMETERS: usize = 50;

/// The most user properties of an activity.
const MOST_USER_PROPERTIES: usize = 5;

pub(super) fn check(pipeline: &Pipeline, findings: &mut Vec<Finding>) {
    let properties = &pipeline.properties;
    for (name, parameter) in &properties.parameters {
        if Types::declared(&parameter.kind).is_none() {
            let reason = format!("parameter `{name}` has the type `{}`", parameter.kind);
            let hint = "parameters are String, Int, Float, Bool, Array, Object or SecureString";
            findings.push(Finding::pipeline(reason).hint(hint));
        }
    }
    for (name, variable) in &properties.variables {
        check_variable(name, variable, findings);
    }
    let count = properties.parameters.len();
    if count > MOST_PARAMETERS {
        let reason = format!("has {count} parameters; at most {MOST_PARAMETERS} are allowed");
        findings.push(Finding::pipeline(reason));
    }
    if properties.concurrency == Some(0) {
        let finding = Finding::pipeline("`concurrency` is 0, so that no run could start");
        findings.push(finding.hint("leave it out where runs have no limit"));
    }
    check_flow(&properties.activities, &[], &mut |flow, _| {
        for activity in flow {
            check_activity(activity, findings);
        }
    });
}

fn check_variable(name: &str, variable: &Variable, findings: &mut Vec<Finding>) {
    let kind = &variable.kind;
    let Some(types) = Types::declared(kind).filter(|_| !kind.eq_ignore_ascii_case("SecureString"))
    else {
        let finding = Finding::pipeline(format!("variable `{name}` has the type `{kind}`"));
        findings.push(finding.hint("variables are String, Boolean, Array or Integer"));
        return;
    };
    let fits = match &variable.default_value {
        None | Some(Value::Null) => true,
        Some(default) if types == Types::ARRAY => default.is_array(),
        Some(default) if types == Types::BOOLEAN => {
            default.is_boolean() || ["true", "false"].contains(&&*render(default).to_lowercase())
        }
        Some(_) => true,
    };
    if !fits {
        let reason = format!("the default value of variable `{name}` is no {kind}");
        findings.push(Finding::pipeline(reason));
    }
}

fn check_activity(activity: &Activity, findings: &mut Vec<Finding>) {
    let count = activity.user_properties.len();
    if count > MOST_USER_PROPERTIES {
        let reason =
            format!("has {count} user properties; at most {MOST_USER_PROPERTIES} are allowed");
        findings.push(Finding::activity(activity, reason));
    }
    if activity.is_inactive() {
        return;
    }
    if let Ok(Contents::Switch(switch)) = contents(activity) {
        let mut seen = HashSet::new();
        for case in &switch.cases {
            let value = render(&case.value).into_owned();
            if !seen.insert(value.clone()) {
                let reason = format!("has more than one case `{value}`");
                findings.push(Finding::activity(activity, reason));
            }
        }
    }
}
