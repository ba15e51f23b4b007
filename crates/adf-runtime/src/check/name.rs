//! Names: their characters, their length, and that each is used once.

use std::collections::HashSet;

use adf_model::Activity;
use adf_model::flow::{LONGEST_ACTIVITY_NAME, LONGEST_PIPELINE_NAME, name_fault};

use super::{Finding, check_flow};

pub(super) fn check(pipeline: &str, activities: &[Activity], findings: &mut Vec<Finding>) {
    if let Some(reason) = name_fault(pipeline, LONGEST_PIPELINE_NAME) {
        findings.push(Finding::pipeline(format!("the name {reason}")));
    }
    let mut seen = HashSet::new();
    check_flow(activities, &[], &mut |flow, _| {
        for activity in flow {
            if let Some(reason) = name_fault(&activity.name, LONGEST_ACTIVITY_NAME) {
                findings.push(Finding::activity(activity, format!("the name {reason}")));
            }
            if !seen.insert(activity.name.to_lowercase()) {
                let finding = Finding::activity(activity, "the name is used more than once");
                findings.push(finding.hint("names are unique in the whole pipeline"));
            }
        }
    });
}
