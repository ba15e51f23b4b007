//! XML documents: reading, writing, and the way Newtonsoft turns JSON into XML and back.

mod json;
mod read;
mod write;

pub(crate) use json::{from_json, to_json};
pub(crate) use read::read;
pub(crate) use write::{write, write_indented};

/// The index of a node in its document.
pub(crate) type NodeId = usize;

/// How deep elements may nest.
pub(crate) const MAX_DEPTH: usize = 128;

#[derive(Debug)]
pub(crate) struct Document {
    /// All nodes in document order; the first is the root, above the outermost element. Attributes follow their
    /// element.
    pub(crate) nodes: Vec<Node>,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) parent: Option<NodeId>,
    pub(crate) children: Vec<NodeId>,
    pub(crate) attributes: Vec<NodeId>,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Root,
    /// The `<?xml ...?>` line: its attributes.
    Declaration,
    /// `<!DOCTYPE ...>` without rules of its own: `name`, `public` and `system` are its attributes.
    DocType,
    Element {
        name: Name,
        /// Written as `<a />`, not as `<a></a>`.
        closed: bool,
    },
    Attribute {
        name: Name,
        value: String,
    },
    Text(String),
    CData(String),
    Comment(String),
    Instruction {
        target: String,
        content: String,
    },
}

/// A name with its prefix and the namespace the prefix stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Name {
    pub(crate) prefix: String,
    pub(crate) local: String,
    pub(crate) namespace: String,
}

impl Name {
    pub(crate) fn split(qualified: &str) -> Self {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        Self {
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            namespace: String::new(),
        }
    }

    pub(crate) fn qualified(&self) -> String {
        if self.prefix.is_empty() {
            self.local.clone()
        } else {
            format!("{}:{}", self.prefix, self.local)
        }
    }

    /// The prefix that an `xmlns` attribute declares, empty for the default namespace.
    pub(crate) fn declares(&self) -> Option<&str> {
        match (self.prefix.as_str(), self.local.as_str()) {
            ("xmlns", local) => Some(local),
            ("", "xmlns") => Some(""),
            _ => None,
        }
    }
}

impl Document {
    pub(crate) fn new() -> Self {
        let root = Node {
            kind: NodeKind::Root,
            parent: None,
            children: Vec::new(),
            attributes: Vec::new(),
        };
        Self { nodes: vec![root] }
    }

    pub(crate) fn add(&mut self, parent: NodeId, kind: NodeKind) -> NodeId {
        let id = self.nodes.len();
        if matches!(kind, NodeKind::Attribute { .. }) {
            self.nodes[parent].attributes.push(id);
        } else {
            self.nodes[parent].children.push(id);
        }
        self.nodes.push(Node {
            kind,
            parent: Some(parent),
            children: Vec::new(),
            attributes: Vec::new(),
        });
        id
    }

    pub(crate) fn kind(&self, id: NodeId) -> &NodeKind {
        &self.nodes[id].kind
    }

    pub(crate) fn name(&self, id: NodeId) -> Option<&Name> {
        match self.kind(id) {
            NodeKind::Element { name, .. } | NodeKind::Attribute { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The namespace that a prefix stands for at an element.
    pub(crate) fn namespace(&self, at: NodeId, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some("http://www.w3.org/XML/1998/namespace");
        }
        let mut current = Some(at);
        while let Some(id) = current {
            for attribute in &self.nodes[id].attributes {
                if let NodeKind::Attribute { name, value } = self.kind(*attribute)
                    && name.declares() == Some(prefix)
                {
                    return Some(value);
                }
            }
            current = self.nodes[id].parent;
        }
        prefix.is_empty().then_some("")
    }

    /// Takes prefixes away that stand for nothing, as Newtonsoft does.
    pub(crate) fn drop_undeclared(&mut self, element: NodeId) {
        let attributes = self.nodes[element].attributes.clone();
        for id in std::iter::once(element).chain(attributes) {
            let prefix = self.name(id).filter(|name| name.declares().is_none());
            let Some(prefix) = prefix.map(|name| name.prefix.clone()) else {
                continue;
            };
            if self.namespace(element, &prefix).is_none()
                && let NodeKind::Element { name, .. } | NodeKind::Attribute { name, .. } =
                    &mut self.nodes[id].kind
            {
                name.prefix.clear();
            }
        }
    }

    /// Makes one text of each run of text and CDATA, as XPath sees it.
    pub(crate) fn join_texts(&mut self) {
        for node in &mut self.nodes {
            if let NodeKind::CData(text) = &mut node.kind {
                node.kind = NodeKind::Text(std::mem::take(text));
            }
        }
        for id in 0..self.nodes.len() {
            let mut kept: Vec<NodeId> = Vec::new();
            for child in std::mem::take(&mut self.nodes[id].children) {
                let before = kept.last().copied().filter(|before| self.is_text(*before));
                match before.filter(|_| self.is_text(child)) {
                    Some(before) => {
                        let text = self.text(before) + &self.text(child);
                        self.nodes[before].kind = NodeKind::Text(text);
                        self.nodes[child].parent = None;
                    }
                    None => kept.push(child),
                }
            }
            self.nodes[id].children = kept;
        }
    }

    fn is_text(&self, id: NodeId) -> bool {
        matches!(self.kind(id), NodeKind::Text(_) | NodeKind::CData(_))
    }

    /// The text of a node and of all elements in it.
    pub(crate) fn text(&self, id: NodeId) -> String {
        match self.kind(id) {
            NodeKind::Text(text) | NodeKind::CData(text) | NodeKind::Comment(text) => text.clone(),
            NodeKind::Attribute { value, .. } => value.clone(),
            NodeKind::Instruction { content, .. } => content.clone(),
            NodeKind::Declaration | NodeKind::DocType => String::new(),
            NodeKind::Root | NodeKind::Element { .. } => {
                let inner = self.nodes[id].children.iter().filter(|child| {
                    !matches!(
                        self.kind(**child),
                        NodeKind::Comment(_) | NodeKind::Instruction { .. }
                    )
                });
                inner.map(|child| self.text(*child)).collect()
            }
        }
    }
}
