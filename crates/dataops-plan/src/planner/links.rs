//! Who refers to whom, by number.

use std::collections::HashMap;

use adf_graph::{Node, ResourceGraph};
use adf_model::ResourceId;
use serde_json::Value;

/// The references between the entries of a draft.
pub(super) struct Links {
    /// What each entry refers to.
    pub(super) uses: Vec<Vec<usize>>,
    /// Who refers to each entry.
    pub(super) used_by: Vec<Vec<usize>>,
    /// References to what is no entry.
    pub(super) missing: Vec<(usize, ResourceId)>,
    /// The graph that they were read from.
    pub(super) graph: ResourceGraph,
}

impl Links {
    pub(super) fn of<'d>(
        index: &HashMap<&ResourceId, usize>,
        documents: impl Iterator<Item = (&'d ResourceId, &'d Value)>,
    ) -> Self {
        let graph = ResourceGraph::of_documents(documents);
        let mut links = Self {
            uses: vec![Vec::new(); index.len()],
            used_by: vec![Vec::new(); index.len()],
            missing: Vec::new(),
            graph: ResourceGraph::default(),
        };
        for reference in graph.references() {
            let (Node::Resource(target), Some(from)) = (reference.to, index.get(reference.from))
            else {
                continue;
            };
            match index.get(target) {
                Some(to) if to == from => {}
                Some(to) => {
                    links.uses[*from].push(*to);
                    links.used_by[*to].push(*from);
                }
                None if graph.is_defined(target) => {}
                None => links.missing.push((*from, target.clone())),
            }
        }
        for list in links.uses.iter_mut().chain(&mut links.used_by) {
            list.sort_unstable();
            list.dedup();
        }
        links.missing.sort();
        links.missing.dedup();
        links.graph = graph;
        links
    }
}
