//! What a rerun does not carry out again.

use std::collections::HashSet;

use crate::flow::{Flow, Step};
use crate::secrets::has_hidden;
use crate::{ActivityRunRecord, ActivityStatus, Recovery};

/// What a run takes over from an earlier one.
#[derive(Default)]
pub(crate) struct Rerun {
    recovery: Option<Recovery>,
    /// The activities that run again whatever became of them, in lower case.
    again: HashSet<String>,
}

impl Rerun {
    pub(crate) fn new(recovery: Option<Recovery>, flow: &Flow) -> Self {
        let mut again = HashSet::new();
        if let Some(start) = recovery.as_ref().and_then(|r| r.start_activity.as_deref()) {
            from(flow, &start.to_lowercase(), &mut again);
        }
        Self { recovery, again }
    }

    /// The earlier run of an activity, when it need not be carried out again. What its record hides it has lost.
    pub(crate) fn earlier(
        &self,
        activity: &str,
        iteration: Option<&str>,
    ) -> Option<&ActivityRunRecord> {
        if self.again.contains(&activity.to_lowercase()) {
            return None;
        }
        self.find(activity, iteration, |record| {
            record.status == ActivityStatus::Succeeded && !has_hidden(&record.output)
        })
    }

    /// What a child run takes over, which `activity` starts.
    pub(crate) fn of_child(&self, activity: &str, iteration: Option<&str>) -> Option<Recovery> {
        if self.again.contains(&activity.to_lowercase()) {
            return None;
        }
        let found = self.find(activity, iteration, |_| true)?;
        let run_id = found.output.get("pipelineRunId")?.as_str()?;
        Some(Recovery {
            run_id: run_id.to_owned(),
            earlier: self.recovery.as_ref()?.earlier.clone(),
            start_activity: None,
        })
    }

    fn find(
        &self,
        activity: &str,
        iteration: Option<&str>,
        wanted: impl Fn(&ActivityRunRecord) -> bool,
    ) -> Option<&ActivityRunRecord> {
        let recovery = self.recovery.as_ref()?;
        let name = activity.to_lowercase();
        recovery.earlier.iter().rev().find(|record| {
            record.pipeline_run_id == recovery.run_id
                && record.activity_name.to_lowercase() == name
                && record.iteration_hash.as_deref() == iteration
                && wanted(record)
        })
    }
}

/// Collects `start` and all that comes after it; says whether `start` is in the flow.
fn from(flow: &Flow, start: &str, again: &mut HashSet<String>) -> bool {
    let name = |node: usize| flow.nodes[node].activity.name.to_lowercase();
    let holds = |again: &mut HashSet<String>, node: usize| {
        let mut inner = flow.nodes[node].step.flows().into_iter();
        inner.any(|flow| from(flow, start, again))
    };
    let found = (0..flow.nodes.len()).find(|node| name(*node) == start || holds(again, *node));
    let Some(found) = found else {
        return false;
    };
    if name(found) == start {
        all_inside(flow, found, again);
    }
    for node in 0..flow.nodes.len() {
        if flow.upstream(node).contains(&found) {
            all_inside(flow, node, again);
        }
    }
    true
}

fn all_inside(flow: &Flow, node: usize, again: &mut HashSet<String>) {
    let node = &flow.nodes[node];
    again.insert(node.activity.name.to_lowercase());
    for flow in Step::flows(&node.step) {
        for inner in 0..flow.nodes.len() {
            all_inside(flow, inner, again);
        }
    }
}
