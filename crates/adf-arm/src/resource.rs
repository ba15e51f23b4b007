//! One resource of a template.

use std::borrow::Cow;

use adf_model::{Kind, ResourceId};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::node::Node;

/// A resource of a template.
#[derive(Clone, Debug)]
pub struct Resource<'a> {
    /// What it is.
    pub id: ResourceId,
    /// Everything that is written, in its order.
    pub(crate) fields: Vec<(Cow<'a, str>, Node<'a>)>,
    /// The places in the template of what it depends on.
    pub(crate) targets: Vec<usize>,
    /// The places of the parameters that it uses, each once.
    pub(crate) parameters: Vec<usize>,
}

impl<'a> Resource<'a> {
    /// A field, such as `properties`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Node<'a>> {
        self.fields
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Whether it is the global parameters.
    pub(crate) fn is_global_parameters(&self) -> bool {
        self.id.kind == Kind::GlobalParameters
    }
}

impl Serialize for Resource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (key, value) in &self.fields {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
