//! Where data are.

use std::borrow::Cow;

use yaml_source::Node;

use super::fields::Fields;

/// A place of data.
#[derive(Clone, Copy, Debug)]
pub struct Server<'c> {
    /// All that is written of it.
    pub node: &'c Node,
}

impl<'c> Server<'c> {
    /// The name.
    #[must_use]
    pub fn name(self) -> Cow<'c, str> {
        self.node.text("server").unwrap_or_default()
    }

    /// `local`, `azure`, `databricks` and so on.
    #[must_use]
    pub fn kind(self) -> Cow<'c, str> {
        self.node.text("type").unwrap_or_default()
    }

    /// A field, such as `location`, `path`, `format`, `delimiter`, `encoding`, `catalog`, `schema`, `host`.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Cow<'c, str>> {
        self.node.text(name)
    }

    /// A custom property.
    #[must_use]
    pub fn custom(self, name: &str) -> Option<&'c Node> {
        super::custom_property(self.node, name)
    }
}
