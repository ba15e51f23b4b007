//! What may stand inside what, and how much of it.

use crate::contents::{Contents, contents};

use super::{Finding, Placed};

pub(super) fn check(placed: &Placed<'_>, findings: &mut Vec<Finding>) {
    let activity = placed.activity;
    let kind = activity.kind.as_str();
    let around = |kinds: &[&str]| {
        let mut names = placed.around.iter();
        names.find(|name| kinds.contains(&name.as_str()))
    };
    let enclosing = match kind {
        "IfCondition" | "Switch" => around(&["IfCondition", "Switch"]),
        "ForEach" | "Until" | "Validation" => placed.around.first(),
        _ => None,
    };
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
        Ok(Contents::Switch(switch)) if switch.cases.len() > 25 => {
            let reason = format!("has {} cases; at most 25 are allowed", switch.cases.len());
            findings.push(Finding::activity(activity, reason));
        }
        Ok(Contents::ForEach(each)) => {
            let batch = each
                .batch_count
                .as_ref()
                .and_then(serde_json::Value::as_i64);
            if let Some(batch) = batch.filter(|batch| !(1..=50).contains(batch)) {
                let reason = format!("`batchCount` is {batch}; 1 to 50 are allowed");
                findings.push(Finding::activity(activity, reason));
            }
        }
        _ => {}
    }
}
