//! Cycles and levels of a graph, in linear time and without recursion.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

/// Nodes each of which leads to every other.
pub(crate) struct Component {
    /// All of them, in the order of the graph.
    pub(crate) members: Vec<NodeIndex>,
    /// The edges of a shortest way from the first of them back to itself.
    pub(crate) path: Vec<EdgeIndex>,
}

/// The strongly connected components that hold a cycle, in the order of their first nodes.
pub(crate) fn cycles<N, E>(graph: &DiGraph<N, E>) -> Vec<Component> {
    // Not `tarjan_scc`: it recurs.
    let components = kosaraju_scc(graph);
    let mut component_of = vec![0; graph.node_count()];
    for (number, component) in components.iter().enumerate() {
        for node in component {
            component_of[node.index()] = number;
        }
    }
    let mut came_by = vec![None; graph.node_count()];
    let mut found = Vec::new();
    for mut members in components {
        members.sort_unstable();
        let path = shortest(graph, members[0], &component_of, &mut came_by);
        if !path.is_empty() {
            found.push(Component { members, path });
        }
    }
    found.sort_by_key(|component| component.members[0]);
    found
}

/// The edges of a shortest way from a node back to itself within its component; none where there is no way.
fn shortest<N, E>(
    graph: &DiGraph<N, E>,
    start: NodeIndex,
    component_of: &[usize],
    came_by: &mut [Option<EdgeIndex>],
) -> Vec<EdgeIndex> {
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        let mut edges: Vec<_> = graph.edges(node).collect();
        edges.sort_unstable_by_key(petgraph::graph::EdgeReference::id);
        for edge in edges {
            let next = edge.target();
            if next == start {
                return way(graph, start, edge.id(), came_by);
            }
            let within = component_of[next.index()] == component_of[start.index()];
            if within && came_by[next.index()].is_none() {
                came_by[next.index()] = Some(edge.id());
                open.push_back(next);
            }
        }
    }
    Vec::new()
}

fn way<N, E>(
    graph: &DiGraph<N, E>,
    start: NodeIndex,
    last: EdgeIndex,
    came_by: &[Option<EdgeIndex>],
) -> Vec<EdgeIndex> {
    let mut path = vec![last];
    let mut edge = last;
    while let Some((from, _)) = graph.edge_endpoints(edge) {
        match came_by[from.index()] {
            Some(before) if from != start => {
                path.push(before);
                edge = before;
            }
            _ => break,
        }
    }
    path.reverse();
    path
}

/// The length of the longest way from each node to a node without outgoing edges; nodes of one cycle count as one.
pub(crate) fn levels<N, E>(graph: &DiGraph<N, E>) -> Vec<usize> {
    let mut levels = vec![0; graph.node_count()];
    let mut component_of = vec![0; graph.node_count()];
    // Components come in reverse topological order: what is referred to is done before what refers to it.
    for (number, component) in kosaraju_scc(graph).iter().enumerate() {
        for node in component {
            component_of[node.index()] = number + 1;
        }
        let outside = component
            .iter()
            .flat_map(|node| graph.neighbors(*node))
            .filter(|next| component_of[next.index()] != number + 1);
        let level = outside
            .map(|next| levels[next.index()] + 1)
            .max()
            .unwrap_or(0);
        for node in component {
            levels[node.index()] = level;
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn graph() -> impl Strategy<Value = DiGraph<(), ()>> {
        (1..12_usize).prop_flat_map(|nodes| {
            proptest::collection::vec((0..nodes, 0..nodes), 0..24).prop_map(move |edges| {
                let mut graph = DiGraph::new();
                for _ in 0..nodes {
                    graph.add_node(());
                }
                for (from, to) in edges {
                    graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
                }
                graph
            })
        })
    }

    fn leads(graph: &DiGraph<(), ()>, from: NodeIndex, to: NodeIndex) -> bool {
        let mut open: Vec<_> = graph.neighbors(from).collect();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(node) = open.pop() {
            if node == to {
                return true;
            }
            if seen.insert(node) {
                open.extend(graph.neighbors(node));
            }
        }
        false
    }

    proptest! {
        #[test]
        fn exactly_the_nodes_that_lead_to_themselves_are_in_cycles(graph in graph()) {
            let expected: Vec<_> = graph.node_indices().filter(|node| leads(&graph, *node, *node)).collect();

            let mut found: Vec<_> = cycles(&graph).into_iter().flat_map(|cycle| cycle.members).collect();
            found.sort_unstable();

            prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_path_leads_from_the_first_member_back_to_it(graph in graph()) {
            for cycle in cycles(&graph) {
                let mut at = cycle.members[0];
                for edge in cycle.path {
                    let (from, to) = graph.edge_endpoints(edge).unwrap();
                    prop_assert_eq!(from, at);
                    at = to;
                }
                prop_assert_eq!(at, cycle.members[0]);
            }
        }

        #[test]
        fn a_level_is_above_all_that_it_leads_to(graph in graph()) {
            let levels = levels(&graph);

            for edge in graph.edge_references() {
                let (from, to) = (levels[edge.source().index()], levels[edge.target().index()]);
                match leads(&graph, edge.target(), edge.source()) {
                    true => prop_assert_eq!(from, to),
                    false => prop_assert!(from > to),
                }
            }
        }
    }

    #[test]
    fn a_cycle_of_many_costs_no_stack() {
        let nodes = 200_000;
        let edges = (0..nodes).map(|node| (node, (node + 1) % nodes));
        let ring = DiGraph::<(), ()>::from_edges(edges);

        assert_eq!(cycles(&ring)[0].path.len(), 200_000);
        assert!(levels(&ring).iter().all(|level| *level == 0));
    }
}
