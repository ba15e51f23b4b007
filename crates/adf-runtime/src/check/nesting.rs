//! What may stand inside what, and how much of it.

use adf_model::flow::{MOST_CASES, MOST_ITERATIONS, refused_container, unoffered_container};

use crate::contents::{Contents, contents};

use super::{Finding, Placed};

pub(super) fn check(placed: &Placed<'_>, findings: &mut Vec<Finding>) {
    let activity = placed.activity;
    let kind = activity.kind.as_str();
    let around = || placed.around.iter().map(String::as_str);
    // Published pipelines have conditions in conditions; the documentation excludes them, and a local run keeps to it.
    let enclosing =
        refused_container(kind, around()).or_else(|| unoffered_container(kind, around()));
    if let Some(enclosing) = enclosing {
        let finding = Finding::activity(
            activity,
            format!("`{kind}` may not stand inside `{enclosing}`"),
        );
        findings.push(
            finding.hint("move it into a pipeline of its own and call it with ExecutePipeline"),
        );
    }
    match contents(activity) {
        Ok(Contents::Switch(switch)) if switch.cases.len() > MOST_CASES => {
            let reason = format!(
                "has {} cases; at most {MOST_CASES} are allowed",
                switch.cases.len()
            );
            findings.push(Finding::activity(activity, reason));
        }
        Ok(Contents::ForEach(each)) => {
            let batch = each
                .batch_count
                .as_ref()
                .and_then(serde_json::Value::as_i64);
            if let Some(batch) = batch.filter(|batch| !(1..=MOST_ITERATIONS).contains(batch)) {
                let reason = format!("`batchCount` is {batch}; 1 to {MOST_ITERATIONS} are allowed");
                findings.push(Finding::activity(activity, reason));
            }
        }
        _ => {}
    }
}
