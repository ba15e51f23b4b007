//! Where each value of a text is written. Made when a place is first asked for.

use std::ops::Range;

use super::Fault;
use super::parser::{Member, Parser, Scalar, Sink};

/// More members than this are looked up by order instead of one after the other.
const FEW: usize = 16;

/// Where each value of a text is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    nodes: Vec<Node>,
    children: Vec<Child>,
    root: Option<usize>,
}

/// A value.
#[derive(Clone, Debug)]
struct Node {
    bytes: Range<usize>,
    /// The children's range in the list of all children.
    children: Range<usize>,
    is_object: bool,
}

/// A value inside another one.
#[derive(Clone, Debug)]
struct Child {
    /// The key; nothing in an array.
    key: Box<str>,
    key_bytes: Option<Range<usize>>,
    node: usize,
}

/// A value's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The value.
    pub(crate) value: Range<usize>,
    /// Its key, where it has one.
    pub(crate) key: Option<Range<usize>>,
}

impl Index {
    /// Finds the places of all values of `text`, which could be read.
    pub(crate) fn of(text: &str) -> Self {
        let mut parser = Parser::new(text, Self::default());
        let root = parser.document().ok();
        let (mut index, _) = parser.into_parts();
        index.root = root;
        index
    }

    /// The place of the value at a JSON pointer; of the nearest value above it where there is none.
    pub(crate) fn find(&self, pointer: &str) -> Option<Place> {
        let mut node = &self.nodes[self.root?];
        let mut key = None;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let Some(child) = self.child(node, &token) else {
                break;
            };
            node = &self.nodes[child.node];
            key.clone_from(&child.key_bytes);
        }
        Some(Place {
            value: node.bytes.clone(),
            key,
        })
    }

    fn child(&self, node: &Node, token: &str) -> Option<&Child> {
        let children = &self.children[node.children.clone()];
        if !node.is_object {
            return children.get(token.parse::<usize>().ok()?);
        }
        if children.len() <= FEW {
            // The last one of several counts.
            return children.iter().rfind(|child| *child.key == *token);
        }
        let after = children.partition_point(|child| *child.key <= *token);
        children[..after]
            .last()
            .filter(|child| *child.key == *token)
    }

    fn add(&mut self, bytes: Range<usize>, children: Vec<Child>, is_object: bool) -> usize {
        let start = self.children.len();
        self.children.extend(children);
        self.nodes.push(Node {
            bytes,
            children: start..self.children.len(),
            is_object,
        });
        self.nodes.len() - 1
    }
}

impl Sink for Index {
    type Value = usize;

    fn scalar(&mut self, _scalar: Scalar<'_>, bytes: Range<usize>) -> usize {
        self.add(bytes, Vec::new(), false)
    }

    fn array(&mut self, items: Vec<usize>, bytes: Range<usize>) -> usize {
        let child = |node| Child {
            key: Box::default(),
            key_bytes: None,
            node,
        };
        self.add(bytes, items.into_iter().map(child).collect(), false)
    }

    fn object(&mut self, members: Vec<Member<'_, usize>>, bytes: Range<usize>) -> usize {
        let child = |member: Member<'_, usize>| Child {
            key: member.key.into(),
            key_bytes: Some(member.key_bytes),
            node: member.value,
        };
        let mut children: Vec<_> = members.into_iter().map(child).collect();
        if children.len() > FEW {
            children.sort_by(|left, right| left.key.cmp(&right.key));
        }
        self.add(bytes, children, true)
    }

    fn into_faults(self) -> Vec<Fault> {
        Vec::new()
    }
}
