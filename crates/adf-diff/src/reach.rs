//! What a change reaches beyond the resource itself.

use std::collections::BTreeSet;

use adf_graph::{External, Node};
use adf_model::{Kind, ResourceId};

use crate::covered;
use crate::global::Globals;
use crate::side::Side;
use crate::{ResourceChange, Subject};

/// What a change reaches, on either side; without the resource itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Pipelines that use it, directly or through others; of a trigger, those that it starts.
    pub pipelines: Vec<String>,
    /// Triggers that start it, or one of those pipelines.
    pub triggers: Vec<String>,
    /// Notebooks, jobs and ML pipelines that the resource and those pipelines start.
    pub externals: Vec<External>,
}

impl Reach {
    /// Whether it reaches nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pipelines.is_empty() && self.triggers.is_empty() && self.externals.is_empty()
    }

    pub(crate) fn of(change: &ResourceChange, base: &Side<'_>, head: &Side<'_>) -> Self {
        let Subject::Resource(id) = &change.subject else {
            return Self::default();
        };
        let was = change.was.as_ref().map(|name| ResourceId {
            name: name.clone(),
            ..id.clone()
        });
        let mut found = Found::default();
        if change.base_path.is_some() {
            found.add(
                &Node::Resource(was.clone().unwrap_or_else(|| id.clone())),
                base,
            );
        }
        if change.head_path.is_some() {
            found.add(&Node::Resource(id.clone()), head);
        }
        let globals = Globals::of(change);
        for side in [base, head] {
            for reader in globals.readers(side) {
                found.add(&reader, side);
            }
        }
        let is_other = |name: &String, kind| {
            let itself = [Some(id), was.as_ref()];
            !itself.contains(&Some(&ResourceId::new(kind, name.as_str())))
        };
        Self {
            pipelines: found
                .pipelines
                .into_iter()
                .filter(|name| is_other(name, Kind::Pipeline))
                .collect(),
            triggers: found
                .triggers
                .into_iter()
                .filter(|name| is_other(name, Kind::Trigger))
                .collect(),
            externals: found.externals.into_iter().collect(),
        }
    }
}

#[derive(Default)]
struct Found {
    pipelines: BTreeSet<String>,
    triggers: BTreeSet<String>,
    externals: BTreeSet<External>,
}

impl Found {
    fn add(&mut self, node: &Node, side: &Side<'_>) {
        let graph = &side.graph;
        let kind = node.resource().map(|id| id.kind);
        // A trigger reaches what it starts, anything else those that use it.
        let reached = match kind {
            Some(Kind::Trigger) => {
                let mut reached = graph.dependencies([node]);
                reached.extend(graph.dependants([node]));
                reached
            }
            _ => graph.dependants([node]),
        };
        for other in reached.into_iter().chain([node]) {
            let Some(id) = other.resource() else {
                continue;
            };
            match id.kind {
                Kind::Pipeline => {
                    self.pipelines.insert(id.name.clone());
                    self.add_externals(other, side);
                }
                Kind::Trigger => {
                    self.triggers.insert(id.name.clone());
                }
                _ => {}
            }
        }
    }

    fn add_externals(&mut self, pipeline: &Node, side: &Side<'_>) {
        for reference in side.graph.references_of(pipeline) {
            if let Node::External(external) = reference.to {
                let name = covered::text(&external.name);
                self.externals.insert(External { name, ..*external });
            }
        }
    }
}
