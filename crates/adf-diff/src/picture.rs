//! The changed part of a factory as a picture.

use std::collections::{BTreeSet, HashMap, HashSet};

use adf_graph::{Arrow, Class, Mark, Node, Picture, ResourceGraph, Shape, Stroke};
use adf_model::ResourceId;
use adf_source::Repository;

use crate::covered;
use crate::{Difference, How, Subject};

/// A picture of what differs with what it refers to and what refers to it, in `most` boxes at most: where there are more, without
/// the unchanged ones; none where even those that differ are more.
#[must_use]
pub fn picture(
    base: &Repository,
    head: &Repository,
    difference: &Difference,
    most: usize,
) -> Option<Picture> {
    let (base, head) = (ResourceGraph::of(base), ResourceGraph::of(head));
    let changed = Changed::new(difference);
    if changed.marks.is_empty() || changed.marks.len() > most {
        return None;
    }
    let edges = edges(&base, &head, &changed);
    let is_changed = |node: &Node| changed.marks.contains_key(node);
    let beside: HashSet<&Node> = edges.keys().flat_map(|(from, to)| [from, to]).collect();
    let all = beside.iter().filter(|node| !is_changed(node)).count() + changed.marks.len();
    let mut picture = Picture {
        title: "What changes".to_owned(),
        description: format!(
            "{} resources that differ, and what is beside them",
            changed.marks.len()
        ),
        ..Picture::default()
    };
    let mut places = HashMap::new();
    let shown = base
        .nodes()
        .chain(head.nodes())
        .map(|node| changed.present(node));
    for node in shown {
        let is_wanted = is_changed(&node) || (all <= most && beside.contains(&node));
        if is_wanted && !places.contains_key(&node) {
            let mut shape = shape(&node);
            if let Some(mark) = changed.marks.get(&node) {
                shape.mark = *mark;
            } else if node.resource().is_some_and(|id| !head.is_defined(id)) {
                shape.mark = Mark::Missing;
            }
            places.insert(node, picture.shapes.len());
            picture.shapes.push(shape);
        }
    }
    for ((from, to), (in_base, in_head)) in &edges {
        let (Some(from), Some(to)) = (places.get(from), places.get(to)) else {
            continue;
        };
        let stroke = match (in_base, in_head) {
            (false, _) => Stroke::Added,
            (_, false) => Stroke::Removed,
            _ => Stroke::Plain,
        };
        picture.arrows.push(Arrow {
            from: *from,
            to: *to,
            stroke,
            label: String::new(),
        });
    }
    picture.arrows.sort_by_key(|arrow| (arrow.from, arrow.to));
    Some(picture)
}

fn shape(node: &Node) -> Shape {
    match node {
        Node::Resource(id) => Shape::new(&id.name, &id.kind.to_string(), Class::Resource(id.kind)),
        Node::External(external) => {
            let class = Class::External(external.kind);
            let name = covered::text(&external.name);
            Shape::new(&name, &external.kind.to_string(), class)
        }
    }
}

/// What differs, under its present name.
struct Changed {
    marks: HashMap<Node, Mark>,
    renamed: HashMap<ResourceId, ResourceId>,
}

impl Changed {
    fn new(difference: &Difference) -> Self {
        let (mut marks, mut renamed) = (HashMap::new(), HashMap::new());
        for change in difference
            .changes
            .iter()
            .filter(|change| !change.is_noise())
        {
            let Subject::Resource(id) = &change.subject else {
                continue;
            };
            let mark = match change.how {
                How::Added => Mark::Added,
                How::Removed => Mark::Removed,
                How::Renamed | How::Changed => Mark::Changed,
            };
            marks.insert(Node::Resource(id.clone()), mark);
            if let Some(was) = &change.was {
                let old = ResourceId {
                    name: was.clone(),
                    ..id.clone()
                };
                renamed.insert(old, id.clone());
            }
        }
        Self { marks, renamed }
    }

    fn present(&self, node: &Node) -> Node {
        let renamed = node.resource().and_then(|id| self.renamed.get(id));
        renamed.map_or_else(|| node.clone(), |id| Node::Resource(id.clone()))
    }
}

/// The references from and to what differs: whether they are in the base, and in the head.
fn edges(
    base: &ResourceGraph,
    head: &ResourceGraph,
    changed: &Changed,
) -> HashMap<(Node, Node), (bool, bool)> {
    let of = |graph: &ResourceGraph| -> BTreeSet<(Node, Node)> {
        let references = graph.references().map(|reference| {
            let from = Node::Resource(reference.from.clone());
            (changed.present(&from), changed.present(reference.to))
        });
        references
            .filter(|(from, to)| changed.marks.contains_key(from) || changed.marks.contains_key(to))
            .collect()
    };
    let mut edges: HashMap<_, (bool, bool)> = HashMap::new();
    for edge in of(base) {
        edges.entry(edge).or_default().0 = true;
    }
    for edge in of(head) {
        edges.entry(edge).or_default().1 = true;
    }
    edges
}
