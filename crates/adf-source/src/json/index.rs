//! Where each value of a text is written. Made when a place is first asked for.

use std::borrow::Cow;
use std::ops::Range;

use super::Fault;
use super::parser::{Member, Parser, Scalar, Sink};

/// More members than this are looked up by order instead of one after the other.
const FEW: usize = 16;

/// Where each value of a text is written. Offsets have 32 bits: no text is as large as that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    nodes: Vec<Node>,
    /// The nodes inside of a node, side by side: items in their order, many members in the order of their keys.
    children: Vec<u32>,
    root: Option<u32>,
}

/// A value.
#[derive(Clone, Debug)]
struct Node {
    bytes: [u32; 2],
    /// The key with its quotes; empty where there is none.
    key: [u32; 2],
    children: [u32; 2],
    is_object: bool,
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
        if u32::try_from(text.len()).is_err() {
            return Self::default();
        }
        let sink = Indexing {
            index: Self::default(),
            text,
        };
        let mut parser = Parser::new(text, sink);
        let root = parser.document().ok();
        let mut index = parser.into_sink().index;
        index.root = root;
        index
    }

    /// The place of the value at a JSON pointer into `text`, which this was made of; of the nearest value above it where there
    /// is none.
    pub(crate) fn find(&self, text: &str, pointer: &str) -> Option<Place> {
        let mut node = self.node(self.root?);
        for token in pointer.split('/').skip(1) {
            let token = unescape(token);
            let Some(child) = self.child(text, node, &token) else {
                break;
            };
            node = child;
        }
        let key = range(node.key);
        Some(Place {
            value: range(node.bytes),
            key: (!key.is_empty()).then_some(key),
        })
    }

    fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    fn child(&self, text: &str, node: &Node, token: &str) -> Option<&Node> {
        let children = &self.children[range(node.children)];
        if !node.is_object {
            let at = children.get(token.parse::<usize>().ok()?)?;
            return Some(self.node(*at));
        }
        let key = |at: &u32| self.node(*at).key(text);
        if children.len() <= FEW {
            // The last one of several counts.
            let at = children.iter().rfind(|at| key(at) == token)?;
            return Some(self.node(*at));
        }
        let after = children.partition_point(|at| *key(at) <= *token);
        let last = children[..after].last()?;
        (key(last) == token).then(|| self.node(*last))
    }

    fn add(&mut self, bytes: Range<usize>, children: [u32; 2], is_object: bool) -> u32 {
        self.nodes.push(Node {
            bytes: bounds(bytes),
            key: [0, 0],
            children,
            is_object,
        });
        self.nodes.len() as u32 - 1
    }

    fn add_children(&mut self, children: impl Iterator<Item = u32>) -> [u32; 2] {
        let start = self.children.len();
        self.children.extend(children);
        bounds(start..self.children.len())
    }
}

impl Node {
    fn key<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let written = &text[range(self.key)];
        match written.contains('\\') {
            false => Cow::Borrowed(&written[1..written.len() - 1]),
            true => super::string::unquoted(written),
        }
    }
}

fn range(bounds: [u32; 2]) -> Range<usize> {
    bounds[0] as usize..bounds[1] as usize
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "texts that need more than 32 bits are not indexed"
)]
fn bounds(range: Range<usize>) -> [u32; 2] {
    [range.start as u32, range.end as u32]
}

fn unescape(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        false => Cow::Borrowed(token),
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
    }
}

/// Makes an index.
struct Indexing<'t> {
    index: Index,
    text: &'t str,
}

impl Sink for Indexing<'_> {
    type Value = u32;

    fn scalar(&mut self, _scalar: Scalar<'_>, bytes: Range<usize>) -> u32 {
        self.index.add(bytes, [0, 0], false)
    }

    fn array(&mut self, items: Vec<u32>, bytes: Range<usize>) -> u32 {
        let children = self.index.add_children(items.into_iter());
        self.index.add(bytes, children, false)
    }

    fn object(&mut self, members: Vec<Member<'_, u32>>, bytes: Range<usize>) -> u32 {
        for member in &members {
            self.index.nodes[member.value as usize].key = bounds(member.key_bytes.clone());
        }
        let children = self
            .index
            .add_children(members.iter().map(|member| member.value));
        if members.len() > FEW {
            let (nodes, text) = (&self.index.nodes, self.text);
            self.index.children[range(children)]
                .sort_by_cached_key(|at| nodes[*at as usize].key(text));
        }
        self.index.add(bytes, children, true)
    }

    fn into_faults(self) -> Vec<Fault> {
        Vec::new()
    }
}
