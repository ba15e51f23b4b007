//! Tables and files.

use std::borrow::Cow;

use yaml_source::Node;

use super::fields::Fields;
use super::{Property, Relationship, Rule};

/// A table, a file, a folder of files or a topic.
#[derive(Clone, Copy, Debug)]
pub struct Object<'c> {
    /// All that is written of it.
    pub node: &'c Node,
}

impl<'c> Object<'c> {
    pub(crate) fn new(node: &'c Node) -> Self {
        Self { node }
    }

    /// The stable id.
    #[must_use]
    pub fn id(self) -> Option<Cow<'c, str>> {
        self.node.text("id")
    }

    /// The name; empty where it has none.
    #[must_use]
    pub fn name(self) -> Cow<'c, str> {
        self.node.text("name").unwrap_or_default()
    }

    /// The name of the table or file itself.
    #[must_use]
    pub fn physical_name(self) -> Cow<'c, str> {
        let physical = self.node.text("physicalName");
        physical.unwrap_or_else(|| self.name())
    }

    /// `table`, `file` and so on.
    #[must_use]
    pub fn physical_type(self) -> Option<Cow<'c, str>> {
        self.node.text("physicalType")
    }

    /// Tags.
    #[must_use]
    pub fn tags(self) -> Vec<String> {
        self.node.texts("tags")
    }

    /// Columns.
    pub fn properties(self) -> impl Iterator<Item = Property<'c>> {
        let properties = self.node.list("properties").iter();
        properties.map(|node| Property { node })
    }

    /// Rules of quality about the whole object.
    pub fn quality(self) -> impl Iterator<Item = Rule<'c>> {
        self.node.list("quality").iter().map(|node| Rule { node })
    }

    /// References to other objects.
    pub fn relationships(self) -> impl Iterator<Item = Relationship<'c>> {
        let relationships = self.node.list("relationships").iter();
        relationships.map(|node| Relationship { node })
    }

    /// A custom property.
    #[must_use]
    pub fn custom(self, name: &str) -> Option<&'c Node> {
        super::custom_property(self.node, name)
    }
}
