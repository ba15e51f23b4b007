//! The parameters of a template, in their order.

use std::collections::HashMap;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::node::Node;
use crate::origin::Origin;

/// A parameter of a template.
#[derive(Clone, Debug)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: Arc<str>,
    /// Its type as ARM spells it, such as `secureString`.
    pub kind: String,
    /// What it is for.
    pub metadata: Option<String>,
    /// Its value when none is given.
    pub default: Option<Node<'a>>,
    /// Why it is there.
    pub origin: Origin,
}

impl Parameter<'_> {
    /// Whether ARM keeps the value secret.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.kind.eq_ignore_ascii_case("secureString")
            || self.kind.eq_ignore_ascii_case("secureObject")
    }
}

impl Serialize for Parameter<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.kind)?;
        if let Some(metadata) = &self.metadata {
            map.serialize_entry("metadata", metadata)?;
        }
        if let Some(default) = &self.default {
            map.serialize_entry("defaultValue", default)?;
        }
        map.end()
    }
}

/// Parameters by name, in the order of their first mention.
#[derive(Clone, Debug, Default)]
pub struct Parameters<'a> {
    list: Vec<Parameter<'a>>,
    places: HashMap<Arc<str>, usize>,
}

impl<'a> Parameters<'a> {
    /// Adds a parameter. One of the same name gives way to it and leaves it its place; it is returned.
    pub(crate) fn put(&mut self, parameter: Parameter<'a>) -> Option<Parameter<'a>> {
        if let Some(&at) = self.places.get(&parameter.name) {
            return Some(std::mem::replace(&mut self.list[at], parameter));
        }
        self.places
            .insert(Arc::clone(&parameter.name), self.list.len());
        self.list.push(parameter);
        None
    }

    /// The parameter of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Parameter<'a>> {
        self.places.get(name).map(|&at| &self.list[at])
    }

    /// The place of a parameter in the order.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// All of them, in their order.
    #[must_use]
    pub fn list(&self) -> &[Parameter<'a>] {
        &self.list
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The ARM type of a value; ARM has none for `null` and for numbers with a fraction.
pub(crate) fn type_of(node: &Node<'_>) -> Option<&'static str> {
    Some(match node {
        Node::Json(value) => match value {
            Value::Null => return None,
            Value::String(_) => "string",
            Value::Bool(_) => "bool",
            Value::Number(number) if number.is_f64() => return None,
            Value::Number(_) => "int",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        },
        Node::Text(_) | Node::Literal(_) | Node::Parameter(_) => "string",
        Node::Secret(_) | Node::Object(_) => "object",
        Node::Array(_) => "array",
    })
}
