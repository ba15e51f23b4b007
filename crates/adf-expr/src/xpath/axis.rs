//! The nodes along an axis, nearest first, and the tests on them.

use super::{Axis, Test};
use crate::xml::{Document, NodeId, NodeKind};

impl Axis {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "ancestor" => Some(Self::Ancestor),
            "ancestor-or-self" => Some(Self::AncestorOrSelf),
            "attribute" => Some(Self::Attribute),
            "child" => Some(Self::Child),
            "descendant" => Some(Self::Descendant),
            "descendant-or-self" => Some(Self::DescendantOrSelf),
            "following" => Some(Self::Following),
            "following-sibling" => Some(Self::FollowingSibling),
            "parent" => Some(Self::Parent),
            "preceding" => Some(Self::Preceding),
            "preceding-sibling" => Some(Self::PrecedingSibling),
            "self" => Some(Self::Itself),
            _ => None,
        }
    }
}

impl Test {
    /// The test for a kind of node, such as `text()`.
    pub(super) fn of_kind(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "comment" => Some(Self::Comment),
            "processing-instruction" => Some(Self::Instruction(None)),
            "node" => Some(Self::Node),
            _ => None,
        }
    }
}

pub(super) fn along(document: &Document, axis: Axis, node: NodeId) -> Vec<NodeId> {
    match axis {
        Axis::Itself => vec![node],
        Axis::Parent => document.nodes[node].parent.into_iter().collect(),
        Axis::Ancestor => ancestors(document, node),
        Axis::AncestorOrSelf => {
            let mut nodes = vec![node];
            nodes.extend(ancestors(document, node));
            nodes
        }
        Axis::Attribute => {
            let attributes = document.nodes[node].attributes.iter().copied();
            // Declarations of namespaces are not attributes to XPath.
            attributes
                .filter(|id| {
                    document
                        .name(*id)
                        .is_some_and(|name| name.declares().is_none())
                })
                .collect()
        }
        Axis::Child => children(document, node),
        Axis::Descendant => descendants(document, node),
        Axis::DescendantOrSelf => {
            let mut nodes = vec![node];
            nodes.extend(descendants(document, node));
            nodes
        }
        Axis::FollowingSibling => siblings(document, node)
            .into_iter()
            .filter(|id| *id > node)
            .collect(),
        Axis::PrecedingSibling => siblings(document, node)
            .into_iter()
            .rev()
            .filter(|id| *id < node)
            .collect(),
        Axis::Following => {
            let inside = descendants(document, node);
            tree_nodes(document)
                .filter(|id| *id > node && !inside.contains(id))
                .collect()
        }
        Axis::Preceding => {
            let above = ancestors(document, node);
            let mut nodes: Vec<_> = tree_nodes(document)
                .filter(|id| *id < node && !above.contains(id))
                .collect();
            nodes.reverse();
            nodes
        }
    }
}

fn children(document: &Document, node: NodeId) -> Vec<NodeId> {
    // To XPath, the XML declaration is not a node.
    let children = document.nodes[node].children.iter().copied();
    children
        .filter(|id| {
            let kind = document.kind(*id);
            !matches!(kind, NodeKind::Declaration | NodeKind::DocType)
        })
        .collect()
}

fn descendants(document: &Document, node: NodeId) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut open = children(document, node);
    open.reverse();
    while let Some(id) = open.pop() {
        found.push(id);
        open.extend(children(document, id).into_iter().rev());
    }
    found
}

fn ancestors(document: &Document, node: NodeId) -> Vec<NodeId> {
    std::iter::successors(document.nodes[node].parent, |id| document.nodes[*id].parent).collect()
}

fn siblings(document: &Document, node: NodeId) -> Vec<NodeId> {
    match (document.nodes[node].parent, document.kind(node)) {
        (Some(parent), kind) if !matches!(kind, NodeKind::Attribute { .. }) => {
            children(document, parent)
        }
        _ => Vec::new(),
    }
}

fn tree_nodes(document: &Document) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
    (0..document.nodes.len()).filter(|id| {
        // Texts joined to the one before have no parent any more.
        document.nodes[*id].parent.is_some()
            && !matches!(
                document.kind(*id),
                NodeKind::Attribute { .. }
                    | NodeKind::Declaration
                    | NodeKind::DocType
                    | NodeKind::Root
            )
    })
}

pub(super) fn passes(document: &Document, axis: Axis, test: &Test, node: NodeId) -> bool {
    let kind = document.kind(node);
    let principal = match axis {
        Axis::Attribute => matches!(kind, NodeKind::Attribute { .. }),
        _ => matches!(kind, NodeKind::Element { .. }),
    };
    match test {
        Test::Node => true,
        Test::AnyName => principal,
        Test::Name(wanted) => {
            let matches =
                |name: &crate::xml::Name| name.local == *wanted && name.namespace.is_empty();
            principal && document.name(node).is_some_and(matches)
        }
        Test::Text => matches!(kind, NodeKind::Text(_) | NodeKind::CData(_)),
        Test::Comment => matches!(kind, NodeKind::Comment(_)),
        Test::Instruction(wanted) => match kind {
            NodeKind::Instruction { target, .. } => {
                wanted.as_ref().is_none_or(|wanted| wanted == target)
            }
            _ => false,
        },
    }
}
