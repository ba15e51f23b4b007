//! Who waits for whom in a pipeline.

use std::collections::HashMap;

use adf_model::{Condition, Members as _};
use petgraph::graph::{DiGraph, NodeIndex};
use serde_json::Value;

use crate::{Branch, PlacedActivity, activities, cycle, name_key};

/// An activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityNode {
    /// The name; empty where none is written.
    pub name: String,
    /// The type; empty where none is written.
    pub kind: String,
    /// The JSON pointer in the pipeline's document.
    pub pointer: String,
    /// The container, by its place in [`ActivityGraph::activities`], and the part of it.
    pub within: Option<(usize, Branch)>,
    /// Whether its `state` is `Inactive`.
    pub is_inactive: bool,
}

/// That an activity waits for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// The one that waits, by its place in [`ActivityGraph::activities`].
    pub waiting: usize,
    /// The one that it waits for; none where the name is not that of a sibling.
    pub on: Option<usize>,
    /// The name of that one, as it is written.
    pub name: String,
    /// How that one may have ended; `Succeeded` where nothing is written.
    pub conditions: Vec<Condition>,
    /// The JSON pointer of the entry of `dependsOn`.
    pub pointer: String,
}

/// The activities of a pipeline, and who waits for whom.
#[derive(Clone, Debug, Default)]
pub struct ActivityGraph {
    /// The activities in document order, a container before what it holds.
    pub activities: Vec<ActivityNode>,
    /// Who waits for whom, in document order.
    pub waits: Vec<Waits>,
}

impl ActivityGraph {
    /// Reads the document of a pipeline.
    #[must_use]
    pub fn of(pipeline: &Value) -> Self {
        let placed = activities(pipeline);
        let mut siblings = HashMap::new();
        for (at, activity) in placed.iter().enumerate() {
            if let Some(name) = activity.name() {
                let key = (activity.siblings.as_str(), name_key(name));
                siblings.entry(key).or_insert(at);
            }
        }
        let mut waits = Vec::new();
        for (waiting, activity) in placed.iter().enumerate() {
            let entries = activity.json.member("dependsOn").and_then(Value::as_array);
            for (number, entry) in entries.into_iter().flatten().enumerate() {
                let Some(name) = entry.member("activity").and_then(Value::as_str) else {
                    continue;
                };
                let key = (activity.siblings.as_str(), name_key(name));
                waits.push(Waits {
                    waiting,
                    on: siblings.get(&key).copied(),
                    name: name.to_owned(),
                    conditions: conditions(entry),
                    pointer: format!("{}/dependsOn/{number}", activity.pointer),
                });
            }
        }
        Self {
            activities: placed.into_iter().map(node).collect(),
            waits,
        }
    }

    /// Groups of activities that wait for each other, none of which can ever start; each begins with the one that stands first
    /// and goes on with the one that it waits for.
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        let graph = self.graph();
        let cycles = cycle::cycles(&graph).into_iter();
        cycles
            .map(|cycle| {
                let along = cycle
                    .path
                    .iter()
                    .filter_map(|edge| graph.edge_endpoints(*edge));
                along.map(|(from, _)| from.index()).collect()
            })
            .collect()
    }

    /// The number of siblings that end before each activity can start, along the longest chain. Those that wait for each other have
    /// the same one.
    #[must_use]
    pub fn levels(&self) -> Vec<usize> {
        cycle::levels(&self.graph())
    }

    /// From the waiting one to the one that it waits for.
    fn graph(&self) -> DiGraph<(), ()> {
        let mut graph = DiGraph::with_capacity(self.activities.len(), self.waits.len());
        for _ in &self.activities {
            graph.add_node(());
        }
        for waits in &self.waits {
            if let Some(on) = waits.on {
                graph.add_edge(NodeIndex::new(waits.waiting), NodeIndex::new(on), ());
            }
        }
        graph
    }
}

fn node(activity: PlacedActivity<'_>) -> ActivityNode {
    ActivityNode {
        name: activity.name().unwrap_or_default().to_owned(),
        kind: activity.kind().unwrap_or_default().to_owned(),
        is_inactive: activity.json.member("state").and_then(Value::as_str) == Some("Inactive"),
        pointer: activity.pointer,
        within: activity.within,
    }
}

fn conditions(entry: &Value) -> Vec<Condition> {
    let written = entry
        .member("dependencyConditions")
        .and_then(Value::as_array);
    let known = |text: &Value| {
        Some(match text.as_str()? {
            "Succeeded" => Condition::Succeeded,
            "Failed" => Condition::Failed,
            "Skipped" => Condition::Skipped,
            "Completed" => Condition::Completed,
            _ => return None,
        })
    };
    let mut conditions: Vec<_> = written.into_iter().flatten().filter_map(known).collect();
    if conditions.is_empty() {
        conditions.push(Condition::Succeeded);
    }
    conditions
}
