//! Where the parameters of a template stand, for whoever has values of parameters and wants to know what they were for.

use std::sync::Arc;

use adf_model::ResourceId;

use crate::node::Node;
use crate::template::Template;

/// A place that has the value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterPlace {
    /// The parameter.
    pub parameter: Arc<str>,
    /// The resource.
    pub id: ResourceId,
    /// The JSON pointer of the place in its document.
    pub pointer: String,
    /// Whether a `SecureString` object with the value stands there, and not the value itself.
    pub is_wrapped: bool,
}

impl Template<'_> {
    /// The places of all parameters, in the order of resources. `factoryName` stands only in names, and has none.
    #[must_use]
    pub fn places(&self) -> Vec<ParameterPlace> {
        let mut places = Vec::new();
        for resource in &self.resources {
            let mut look = Look {
                id: &resource.id,
                pointer: String::new(),
                places: &mut places,
            };
            for (key, node) in &resource.fields {
                look.below(key, node);
            }
        }
        places
    }
}

struct Look<'p> {
    id: &'p ResourceId,
    pointer: String,
    places: &'p mut Vec<ParameterPlace>,
}

impl Look<'_> {
    fn below(&mut self, key: &str, node: &Node<'_>) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer += &adf_model::pointer::escape(key);
        self.look(node);
        self.pointer.truncate(length);
    }

    fn look(&mut self, node: &Node<'_>) {
        match node {
            Node::Parameter(name) => self.found(name, false),
            Node::Secret(name) => self.found(name, true),
            Node::Object(fields) => fields
                .iter()
                .for_each(|(key, value)| self.below(key, value)),
            Node::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(at, item)| self.below(&at.to_string(), item));
            }
            Node::Json(_) | Node::Literal(_) | Node::Text(_) => {}
        }
    }

    fn found(&mut self, name: &Arc<str>, is_wrapped: bool) {
        self.places.push(ParameterPlace {
            parameter: Arc::clone(name),
            id: self.id.clone(),
            pointer: self.pointer.clone(),
            is_wrapped,
        });
    }
}
