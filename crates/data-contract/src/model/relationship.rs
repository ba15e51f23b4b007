//! References between objects.

use yaml_source::Node;

use super::fields::Fields;

/// A foreign key.
#[derive(Clone, Copy, Debug)]
pub struct Relationship<'c> {
    /// All that is written of it.
    pub node: &'c Node,
}

impl Relationship<'_> {
    /// The columns that refer; none in a column, which refers itself.
    #[must_use]
    pub fn from(self) -> Vec<String> {
        self.node.texts("from")
    }

    /// The columns that are referred to.
    #[must_use]
    pub fn to(self) -> Vec<String> {
        self.node.texts("to")
    }

    /// Whether it is one that can be checked: a foreign key.
    #[must_use]
    pub fn is_foreign_key(self) -> bool {
        let kind = self.node.text("type");
        kind.is_none_or(|kind| kind == "foreignKey")
    }
}
