//! Columns, and what is nested in them.

use std::borrow::Cow;

use yaml_source::Node;

use super::fields::Fields;
use super::{Relationship, Rule};

/// What values mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogicalType {
    /// Text.
    String,
    /// Days.
    Date,
    /// Points in time.
    Timestamp,
    /// Times of a day.
    Time,
    /// Numbers.
    Number,
    /// Whole numbers.
    Integer,
    /// Structs.
    Object,
    /// Lists.
    Array,
    /// True or false.
    Boolean,
    /// Keys with values.
    Map,
    /// Numbers of an embedding.
    Vector,
}

impl LogicalType {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 11] = [
        ("string", Self::String),
        ("date", Self::Date),
        ("timestamp", Self::Timestamp),
        ("time", Self::Time),
        ("number", Self::Number),
        ("integer", Self::Integer),
        ("object", Self::Object),
        ("array", Self::Array),
        ("boolean", Self::Boolean),
        ("map", Self::Map),
        ("vector", Self::Vector),
    ];

    /// The type of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }
}

/// A column, a field of a struct, or the items of a list.
#[derive(Clone, Copy, Debug)]
pub struct Property<'c> {
    /// All that is written of it.
    pub node: &'c Node,
}

impl<'c> Property<'c> {
    /// The stable id.
    #[must_use]
    pub fn id(self) -> Option<Cow<'c, str>> {
        self.node.text("id")
    }

    /// The name; empty where it has none, as `items` have.
    #[must_use]
    pub fn name(self) -> Cow<'c, str> {
        self.node.text("name").unwrap_or_default()
    }

    /// The name in the data.
    #[must_use]
    pub fn physical_name(self) -> Cow<'c, str> {
        let physical = self.node.text("physicalName");
        physical.unwrap_or_else(|| self.name())
    }

    /// What its values mean.
    #[must_use]
    pub fn logical_type(self) -> Option<LogicalType> {
        LogicalType::named(&self.node.text("logicalType")?)
    }

    /// The type in the data.
    #[must_use]
    pub fn physical_type(self) -> Option<Cow<'c, str>> {
        self.node.text("physicalType")
    }

    /// An option of the logical type.
    #[must_use]
    pub fn option(self, name: &str) -> Option<&'c Node> {
        self.node.get("logicalTypeOptions")?.get(name)
    }

    /// Whether NULL is refused.
    #[must_use]
    pub fn required(self) -> bool {
        self.node.flag("required").unwrap_or_default()
    }

    /// Whether no value repeats.
    #[must_use]
    pub fn unique(self) -> bool {
        self.node.flag("unique").unwrap_or_default()
    }

    /// Whether it is in the primary key.
    #[must_use]
    pub fn primary_key(self) -> bool {
        self.node.flag("primaryKey").unwrap_or_default()
    }

    /// The place in the primary key; without one it comes last.
    #[must_use]
    pub fn primary_key_position(self) -> i128 {
        let position = self.node.integer("primaryKeyPosition");
        position.filter(|at| *at >= 0).unwrap_or(i128::MAX)
    }

    /// How confidential its values are.
    #[must_use]
    pub fn classification(self) -> Option<Cow<'c, str>> {
        self.node.text("classification")
    }

    /// Whether it is computed by whoever reads the data, and no column of them.
    #[must_use]
    pub fn is_measure(self) -> bool {
        self.node.text("semanticType").as_deref() == Some("measure")
    }

    /// The values of `enum`.
    #[must_use]
    pub fn enumeration(self) -> Option<Vec<&'c Node>> {
        let items = self.node.get("enum")?.items();
        // Plain values are what other languages of schemas have here.
        let values = items.iter().map(|item| item.get("value").unwrap_or(item));
        Some(values.collect())
    }

    /// Tags.
    #[must_use]
    pub fn tags(self) -> Vec<String> {
        self.node.texts("tags")
    }

    /// Fields of a struct.
    pub fn properties(self) -> impl Iterator<Item = Self> {
        let properties = self.node.list("properties").iter();
        properties.map(|node| Property { node })
    }

    /// What the items of a list are.
    #[must_use]
    pub fn items(self) -> Option<Self> {
        let node = self.node.get("items")?;
        (!node.members().is_empty()).then_some(Property { node })
    }

    /// What the keys (`key`) or values (`value`) of a map are.
    #[must_use]
    pub fn map(self, side: &str) -> Option<Self> {
        let node = self.node.get("map")?.get(side)?;
        Some(Property { node })
    }

    /// Rules of quality.
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
