//! A flow while it runs: which activities have ended, and how.

use std::sync::OnceLock;

use serde_json::Value;

use crate::ActivityFailure;
use crate::activity_run::Stop;
use crate::flow::{End, Flow};

/// How an activity ended, for those that come after it.
pub(crate) struct Ended {
    pub(crate) end: End,
    /// What `activity('name')` gives.
    pub(crate) view: Value,
    /// Why it failed.
    pub(crate) message: String,
    /// What was inside of it and can still be asked for, by name.
    pub(crate) inside: Vec<(String, Value)>,
}

/// One pass through a flow.
pub(crate) struct Frame<'a> {
    pub(crate) flow: &'a Flow,
    /// The pass that this one is inside of, and the container there.
    pub(crate) outer: Option<(&'a Self, usize)>,
    /// What `item()` gives.
    pub(crate) item: Option<&'a Value>,
    /// Tells passes of a loop apart.
    pub(crate) iteration: Option<String>,
    pub(crate) ends: Vec<OnceLock<Ended>>,
}

impl<'a> Frame<'a> {
    pub(crate) fn outermost(flow: &'a Flow) -> Self {
        Self {
            flow,
            outer: None,
            item: None,
            iteration: None,
            ends: flow.nodes.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// A pass through `flow`, which is inside of node `container`.
    pub(crate) fn inside(&'a self, container: usize, flow: &'a Flow) -> Self {
        Self {
            outer: Some((self, container)),
            item: self.item,
            iteration: self.iteration.clone(),
            ..Self::outermost(flow)
        }
    }

    /// What can be asked for once the pass is over, by name.
    pub(crate) fn into_seen(self) -> Vec<(String, Value)> {
        let mut seen = Vec::new();
        for (node, ended) in self.flow.nodes.iter().zip(self.ends) {
            if let Some(ended) = ended.into_inner() {
                seen.push((node.activity.name.clone(), ended.view));
                seen.extend(ended.inside);
            }
        }
        seen
    }

    pub(crate) fn end(&self, node: usize) -> Option<End> {
        Some(self.ends[node].get()?.end)
    }

    /// How the pass ended; `cancelled` says whether its run was asked to stop.
    pub(crate) fn verdict(&self, cancelled: bool) -> FlowEnd {
        let stopped = self.ends.iter().any(|ended| {
            let end = ended.get().map(|ended| ended.end);
            matches!(end, None | Some(End::Cancelled))
        });
        if cancelled && stopped {
            return FlowEnd::Cancelled;
        }
        let decisive = self
            .flow
            .decisive(|node| self.end(node).unwrap_or(End::Skipped));
        let failed: Vec<(String, String)> = decisive
            .into_iter()
            .filter_map(|node| {
                let ended = self.ends[node].get()?;
                let name = self.flow.nodes[node].activity.name.clone();
                (ended.end != End::Succeeded).then(|| (name, ended.message.clone()))
            })
            .collect();
        if failed.is_empty() {
            FlowEnd::Succeeded
        } else {
            FlowEnd::Failed(failed)
        }
    }
}

/// How a flow ended.
pub(crate) enum FlowEnd {
    Succeeded,
    /// The activities that decided, each with its message.
    Failed(Vec<(String, String)>),
    Cancelled,
}

impl FlowEnd {
    /// The message of a pipeline run.
    pub(crate) fn message(&self) -> String {
        let Self::Failed(failed) = self else {
            return String::new();
        };
        let told = failed
            .iter()
            .map(|(name, message)| format!("Operation on target {name} failed: {message}"));
        told.collect::<Vec<_>>().join("; ")
    }

    /// What it means for the container around it.
    pub(crate) fn for_container(&self) -> Result<(), Stop> {
        match self {
            Self::Succeeded => Ok(()),
            Self::Cancelled => Err(Stop::Cancelled),
            Self::Failed(failed) => {
                let (name, message) = &failed[0];
                let told = format!(
                    "Activity failed because an inner activity failed; Inner activity name: {name}, Error: {message}"
                );
                Err(ActivityFailure::user("ActionFailed", told).into())
            }
        }
    }
}
