//! A factory as a picture.

use std::collections::{BTreeSet, HashMap, HashSet};

use adf_model::secret::masked;

use super::{Arrow, Class, Mark, Picture, Shape, Stroke};
use crate::{Node, ResourceGraph};

impl Picture {
    /// A picture of the nodes of `graph` that `keep` keeps, and of the references between them: one arrow however often one refers to
    /// another.
    #[must_use]
    pub fn of_resources(graph: &ResourceGraph, title: &str, keep: impl Fn(&Node) -> bool) -> Self {
        let mut picture = Self {
            title: super::clean(title),
            ..Self::default()
        };
        let mut places = HashMap::new();
        for node in graph.nodes().filter(|node| keep(node)) {
            places.insert(node, picture.shapes.len());
            let mut shape = of_node(node);
            if node.resource().is_some_and(|id| !graph.is_defined(id)) {
                shape.mark = Mark::Missing;
            }
            picture.shapes.push(shape);
        }
        let circles = circles(graph);
        let mut drawn = HashSet::new();
        for reference in graph.references() {
            let from = places.get(&Node::Resource(reference.from.clone()));
            let (Some(from), Some(to)) = (from, places.get(reference.to)) else {
                continue;
            };
            if !drawn.insert((*from, *to)) {
                continue;
            }
            let is_missing = picture.shapes[*to].mark == Mark::Missing;
            let in_circle = || {
                let to = reference.to.resource();
                let members = circles.get(reference.from);
                members.is_some_and(|circle| to.and_then(|to| circles.get(to)) == Some(circle))
            };
            let stroke = match is_missing {
                true => Stroke::Missing,
                false if in_circle() => Stroke::Circle,
                false => Stroke::Plain,
            };
            picture.arrows.push(Arrow {
                from: *from,
                to: *to,
                stroke,
                label: String::new(),
            });
        }
        picture.description = described(&picture);
        picture
    }
}

/// A box for a node.
fn of_node(node: &Node) -> Shape {
    match node {
        Node::Resource(id) => Shape::new(&id.name, &id.kind.to_string(), Class::Resource(id.kind)),
        Node::External(external) => Shape::new(
            &masked(&external.name, "***"),
            &external.kind.to_string(),
            Class::External(external.kind),
        ),
    }
}

/// The number of the circle that each resource is in.
fn circles(graph: &ResourceGraph) -> HashMap<&adf_model::ResourceId, usize> {
    let mut circles = HashMap::new();
    for (number, circle) in graph.cycles().into_iter().enumerate() {
        circles.extend(circle.members.into_iter().map(|id| (id, number)));
    }
    circles
}

fn described(picture: &Picture) -> String {
    let mut counts = Vec::new();
    let classes: BTreeSet<_> = picture.shapes.iter().map(|shape| shape.class).collect();
    for class in classes {
        let count = picture
            .shapes
            .iter()
            .filter(|shape| shape.class == class)
            .count();
        let name = class.name();
        counts.push(match (count, name.as_str()) {
            (1, name) => format!("1 {name}"),
            (count, "factory") => format!("{count} factories"),
            (count, "global parameters") => format!("{count} global parameters"),
            (count, "Java class") => format!("{count} Java classes"),
            (count, name) => format!("{count} {name}s"),
        });
    }
    let arrows = picture.arrows.len();
    let missing = picture
        .shapes
        .iter()
        .filter(|shape| shape.mark == Mark::Missing)
        .count();
    let missing = match missing {
        0 => String::new(),
        count => format!("; {count} of them missing"),
    };
    format!("{}; {arrows} references{missing}", counts.join(", "))
}
