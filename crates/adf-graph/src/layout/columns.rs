//! In which column a box is, and where arrows bend that cross columns.

use std::collections::{HashMap, HashSet};

use petgraph::algo::feedback_arc_set::greedy_feedback_arc_set;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use super::pack::Part;
use super::{Cell, Drawing, Size};

/// The most bends for each box and arrow; a drawing that would have more has arrows that run through boxes.
const BENDS: usize = 16;

/// The number of columns to the right of each box. An arrow of a cycle may lead to the left.
pub(super) fn columns(graph: &DiGraph<(), ()>, sizes: &[Size]) -> Vec<usize> {
    let mut back = vec![false; graph.edge_count()];
    for edge in greedy_feedback_arc_set(graph) {
        back[edge.id().index()] = true;
    }
    let forward = |node: NodeIndex, direction| {
        graph
            .edges_directed(node, direction)
            .filter(|edge| !back[edge.id().index()] && edge.source() != edge.target())
    };
    let mut open_arrows: Vec<_> = graph
        .node_indices()
        .map(|node| forward(node, petgraph::Outgoing).count())
        .collect();
    let mut columns: Vec<_> = sizes.iter().map(|size| size.column).collect();
    let mut open: Vec<_> = graph
        .node_indices()
        .filter(|node| open_arrows[node.index()] == 0)
        .collect();
    while let Some(node) = open.pop() {
        for edge in forward(node, petgraph::Incoming) {
            let before = edge.source();
            let column = columns[node.index()] + 1;
            columns[before.index()] = columns[before.index()].max(column);
            open_arrows[before.index()] -= 1;
            if open_arrows[before.index()] == 0 {
                open.push(before);
            }
        }
    }
    columns
}

/// The cells that an arrow passes, from the left to the right, and whether that is against its direction.
pub(super) struct Way {
    pub(super) cells: Vec<usize>,
    pub(super) is_reversed: bool,
}

/// The drawing of a part, with the way of each of its arrows. Columns without boxes are left out.
pub(super) fn split(
    part: &Part,
    sizes: &[Size],
    arrows: &[(usize, usize)],
    bundles: &[usize],
    column_of: &[usize],
) -> (Drawing, Vec<Way>) {
    let mut used: Vec<_> = part.shapes.iter().map(|shape| column_of[*shape]).collect();
    used.sort_unstable();
    used.dedup();
    let count = used.len();
    // Counted from the left now.
    let column = |shape: usize| {
        let from_right = used.partition_point(|column| *column < column_of[shape]);
        count - 1 - from_right
    };
    let mut drawing = Drawing {
        cells: Vec::new(),
        columns: vec![Vec::new(); count],
        right: Vec::new(),
        left: Vec::new(),
    };
    let mut cell_of = HashMap::new();
    for shape in &part.shapes {
        let cell = drawing.add(column(*shape), sizes[*shape].height, Some(*shape));
        cell_of.insert(*shape, cell);
    }
    let span = |arrow: &usize| {
        let (from, to) = arrows[*arrow];
        column(from).abs_diff(column(to))
    };
    let bends: usize = part
        .arrows
        .iter()
        .map(|arrow| span(arrow).saturating_sub(1))
        .sum();
    let is_split = bends <= BENDS * (part.shapes.len() + part.arrows.len());
    let mut ways = Vec::with_capacity(part.arrows.len());
    let mut bends = HashMap::new();
    let mut connected = HashSet::new();
    for arrow in &part.arrows {
        let (from, to) = arrows[*arrow];
        let is_reversed = column(from) > column(to);
        let (left, right) = if is_reversed { (to, from) } else { (from, to) };
        let mut cells = vec![cell_of[&left]];
        if is_split {
            for between in column(left) + 1..column(right) {
                let bend = bends.entry((between, to, is_reversed, bundles[*arrow]));
                cells.push(*bend.or_insert_with(|| drawing.add(between, 0.0, None)));
            }
        }
        cells.push(cell_of[&right]);
        if is_split && column(left) != column(right) {
            drawing.connect(&cells, &mut connected);
        }
        ways.push(Way { cells, is_reversed });
    }
    (drawing, ways)
}

impl Drawing {
    fn add(&mut self, column: usize, height: f64, shape: Option<usize>) -> usize {
        let cell = self.cells.len();
        self.cells.push(Cell { height, shape });
        self.columns[column].push(cell);
        self.right.push(Vec::new());
        self.left.push(Vec::new());
        cell
    }

    fn connect(&mut self, cells: &[usize], connected: &mut HashSet<(usize, usize)>) {
        for pair in cells.windows(2) {
            if !connected.insert((pair[0], pair[1])) {
                continue;
            }
            self.right[pair[0]].push(pair[1]);
            self.left[pair[1]].push(pair[0]);
        }
    }
}
