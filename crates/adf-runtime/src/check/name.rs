//! Names: their characters, their length, and that each is used once.

use std::collections::HashSet;

use adf_model::Activity;

use super::{Finding, check_flow};

const FORBIDDEN: &str = ".+?/<>*%&:\\";

pub(super) fn check(pipeline: &str, activities: &[Activity], findings: &mut Vec<Finding>) {
    if let Some(reason) = fault(pipeline, 140) {
        findings.push(Finding::pipeline(format!("the name {reason}")));
    }
    let mut seen = HashSet::new();
    check_flow(activities, &[], &mut |flow, _| {
        for activity in flow {
            if let Some(reason) = fault(&activity.name, 55) {
                findings.push(Finding::activity(activity, format!("the name {reason}")));
            }
            if !seen.insert(activity.name.to_lowercase()) {
                let finding = Finding::activity(activity, "the name is used more than once");
                findings.push(finding.hint("names are unique in the whole pipeline"));
            }
        }
    });
}

fn fault(name: &str, most: usize) -> Option<String> {
    let length = name.chars().count();
    if length == 0 || length > most {
        return Some(format!("has {length} characters; 1 to {most} are allowed"));
    }
    let first = name.chars().next();
    if let Some(first) = first.filter(|first| !first.is_alphanumeric() && *first != '_') {
        return Some(format!(
            "begins with `{first}`; a letter, a digit or `_` is allowed there"
        ));
    }
    let wrong = name.chars().find(|c| FORBIDDEN.contains(*c))?;
    Some(format!("has the character `{wrong}`, which is not allowed"))
}
