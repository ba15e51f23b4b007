//! Who refers to whom in a factory.

use std::collections::HashMap;

use adf_model::{Kind, ResourceId, references};
use adf_source::Repository;
use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;
use serde_json::Value;

use crate::{Node, cycle, externals};

/// The integration runtime that every factory has, with or without a file.
const IMPLICIT_RUNTIME: &str = "AutoResolveIntegrationRuntime";

/// The resources of a factory and what they refer to.
#[derive(Clone, Debug, Default)]
pub struct ResourceGraph {
    /// From the referrer to what it refers to.
    graph: DiGraph<Entry, Use>,
    index: HashMap<Node, NodeIndex>,
}

#[derive(Clone, Debug)]
struct Entry {
    node: Node,
    is_defined: bool,
}

#[derive(Clone, Debug)]
struct Use {
    document: usize,
    pointer: String,
    written: String,
}

/// That a resource refers to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'g> {
    /// The referrer.
    pub from: &'g ResourceId,
    /// What it refers to.
    pub to: &'g Node,
    /// The document that says so: its place in [`Repository::resources`], or among the documents that were given.
    pub document: usize,
    /// The JSON pointer of the reference object, or of the text that names a notebook. Empty where no text says so: a managed
    /// private endpoint is below its network.
    pub pointer: &'g str,
    /// The name as it is written there.
    pub written: &'g str,
}

/// Resources that refer to each other, so that none can be created first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle<'g> {
    /// All of them, in the order of their documents.
    pub members: Vec<&'g ResourceId>,
    /// A shortest way from the first of them back to itself.
    pub path: Vec<Reference<'g>>,
}

impl ResourceGraph {
    /// The graph of a repository.
    #[must_use]
    pub fn of(repository: &Repository) -> Self {
        let resources = repository.resources.iter();
        let documents = resources.map(|resource| (&resource.id, resource.file.json()));
        let mut graph = Self::of_documents(documents);
        // What cannot be read is there all the same.
        for lost in &repository.lost {
            let at = graph.node(Node::Resource(lost.clone()), true);
            graph.graph[at].is_defined = true;
        }
        graph
    }

    /// The graph of documents. One resource may have several.
    #[must_use]
    pub fn of_documents<'d>(
        documents: impl IntoIterator<Item = (&'d ResourceId, &'d Value)>,
    ) -> Self {
        let documents: Vec<_> = documents.into_iter().collect();
        let mut graph = Self::default();
        // First all that are there, so that names are shown as they are given, not as they are referred to.
        let nodes: Vec<_> = documents
            .iter()
            .map(|(id, _)| graph.node(Node::Resource((*id).clone()), true))
            .collect();
        for (document, ((id, json), from)) in documents.into_iter().zip(nodes).enumerate() {
            graph.add_references(document, id, json, from);
        }
        graph
    }

    fn add_references(&mut self, document: usize, id: &ResourceId, json: &Value, from: NodeIndex) {
        if let Some(network) = &id.parent {
            let target = ResourceId::new(Kind::ManagedVirtualNetwork, network);
            self.refer(from, document, String::new(), target.into());
        }
        for reference in references(json) {
            self.refer(from, document, reference.pointer, reference.target.into());
        }
        if id.kind == Kind::Pipeline {
            for (pointer, external) in externals(json) {
                self.refer(from, document, pointer, external.into());
            }
        }
    }

    fn node(&mut self, node: Node, is_defined: bool) -> NodeIndex {
        let known = self.index.get(&node).copied();
        known.unwrap_or_else(|| {
            let at = self.graph.add_node(Entry {
                node: node.clone(),
                is_defined,
            });
            self.index.insert(node, at);
            at
        })
    }

    fn refer(&mut self, from: NodeIndex, document: usize, pointer: String, target: Node) {
        let written = target.name().to_owned();
        let is_defined = match &target {
            Node::Resource(id) => {
                id.kind == Kind::IntegrationRuntime
                    && id.name.eq_ignore_ascii_case(IMPLICIT_RUNTIME)
            }
            Node::External(_) => true,
        };
        let to = self.node(target, is_defined);
        let reference = Use {
            document,
            pointer,
            written,
        };
        self.graph.add_edge(from, to, reference);
    }

    /// All nodes: resources in the order of their documents, then what is only referred to.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.graph.node_weights().map(|entry| &entry.node)
    }

    /// Whether the graph has the node, even if it is only referred to.
    #[must_use]
    pub fn contains(&self, node: &Node) -> bool {
        self.index.contains_key(node)
    }

    /// Whether a resource exists: it has a document, be it one that cannot be read, or is the integration runtime that every factory
    /// has.
    #[must_use]
    pub fn is_defined(&self, id: &ResourceId) -> bool {
        let at = self.index.get(&Node::Resource(id.clone()));
        at.is_some_and(|at| self.graph[*at].is_defined)
    }

    /// Every reference, in the order of documents and of the places in them.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.graph
            .edge_indices()
            .filter_map(|edge| self.reference(edge))
    }

    /// References to resources that do not exist.
    pub fn missing(&self) -> impl Iterator<Item = Reference<'_>> {
        let is_missing = |edge: &EdgeIndex| {
            let ends = self.graph.edge_endpoints(*edge);
            ends.is_some_and(|(_, to)| !self.graph[to].is_defined)
        };
        let edges = self.graph.edge_indices().filter(is_missing);
        edges.filter_map(|edge| self.reference(edge))
    }

    /// What a node refers to.
    #[must_use]
    pub fn references_of(&self, node: &Node) -> Vec<Reference<'_>> {
        self.beside(node, Direction::Outgoing)
    }

    /// Who refers to a node.
    #[must_use]
    pub fn referrers_of(&self, node: &Node) -> Vec<Reference<'_>> {
        self.beside(node, Direction::Incoming)
    }

    fn beside(&self, node: &Node, direction: Direction) -> Vec<Reference<'_>> {
        let Some(at) = self.index.get(node) else {
            return Vec::new();
        };
        let edges = self.graph.edges_directed(*at, direction);
        let mut edges: Vec<_> = edges.map(|edge| edge.id()).collect();
        edges.sort_unstable();
        edges
            .into_iter()
            .filter_map(|edge| self.reference(edge))
            .collect()
    }

    fn reference(&self, edge: EdgeIndex) -> Option<Reference<'_>> {
        let (from, to) = self.graph.edge_endpoints(edge)?;
        let reference = &self.graph[edge];
        Some(Reference {
            from: self.graph[from].node.resource()?,
            to: &self.graph[to].node,
            document: reference.document,
            pointer: &reference.pointer,
            written: &reference.written,
        })
    }

    /// All that refer to any of these nodes, directly or through others, in the order of [`Self::nodes`]; without the nodes
    /// themselves.
    #[must_use]
    pub fn dependants<'n>(&self, of: impl IntoIterator<Item = &'n Node>) -> Vec<&Node> {
        self.reach(of, Direction::Incoming, usize::MAX)
    }

    /// All that these nodes refer to, directly or through others, in the order of [`Self::nodes`]; without the nodes themselves.
    #[must_use]
    pub fn dependencies<'n>(&self, of: impl IntoIterator<Item = &'n Node>) -> Vec<&Node> {
        self.reach(of, Direction::Outgoing, usize::MAX)
    }

    /// What refers to a node, and what it refers to, through at most `steps` references each, in the order of [`Self::nodes`]; with
    /// the node itself.
    #[must_use]
    pub fn neighbourhood(&self, node: &Node, steps: usize) -> Vec<&Node> {
        let mut found = self.reached([node], Direction::Incoming, steps);
        found.extend(self.reached([node], Direction::Outgoing, steps));
        found.extend(self.index.get(node));
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| &self.graph[at].node).collect()
    }

    fn reach<'n>(
        &self,
        from: impl IntoIterator<Item = &'n Node>,
        direction: Direction,
        steps: usize,
    ) -> Vec<&Node> {
        let mut found = self.reached(from, direction, steps);
        found.sort_unstable();
        found.into_iter().map(|at| &self.graph[at].node).collect()
    }

    fn reached<'n>(
        &self,
        from: impl IntoIterator<Item = &'n Node>,
        direction: Direction,
        steps: usize,
    ) -> Vec<NodeIndex> {
        let mut seen = vec![false; self.graph.node_count()];
        let starts = from.into_iter().filter_map(|node| self.index.get(node));
        let mut edge: Vec<_> = starts.copied().collect();
        for start in &edge {
            seen[start.index()] = true;
        }
        let mut found = Vec::new();
        let mut step = 0;
        while step < steps && !edge.is_empty() {
            let mut next_edge = Vec::new();
            for at in edge {
                for next in self.graph.neighbors_directed(at, direction) {
                    if !std::mem::replace(&mut seen[next.index()], true) {
                        next_edge.push(next);
                    }
                }
            }
            found.extend(&next_edge);
            edge = next_edge;
            step += 1;
        }
        found
    }

    /// Groups of resources that refer to each other. The service cannot be given them in any order.
    #[must_use]
    pub fn cycles(&self) -> Vec<Cycle<'_>> {
        let cycles = cycle::cycles(&self.graph).into_iter();
        cycles
            .map(|cycle| {
                let members = cycle.members.iter();
                let path = cycle.path.iter();
                Cycle {
                    members: members
                        .filter_map(|at| self.graph[*at].node.resource())
                        .collect(),
                    path: path.filter_map(|edge| self.reference(*edge)).collect(),
                }
            })
            .collect()
    }

    /// The nodes in levels: each stands above all that it refers to, the first level refers to nothing. Those of a cycle are in one
    /// level.
    #[must_use]
    pub fn levels(&self) -> Vec<Vec<&Node>> {
        let level_of = cycle::levels(&self.graph);
        let count = level_of.iter().max().map_or(0, |highest| highest + 1);
        let mut levels = vec![Vec::new(); count];
        for (at, level) in self.graph.node_indices().zip(level_of) {
            levels[level].push(&self.graph[at].node);
        }
        levels
    }
}
