//! What can be referred to.

use std::fmt;

use adf_model::ResourceId;

use crate::External;

/// A resource of the factory, or something outside of it that an activity starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A resource, whether it exists or is only referred to.
    Resource(ResourceId),
    /// A notebook, a job, an ML pipeline; always a leaf.
    External(External),
}

impl Node {
    /// The resource, where it is one.
    #[must_use]
    pub fn resource(&self) -> Option<&ResourceId> {
        match self {
            Self::Resource(id) => Some(id),
            Self::External(_) => None,
        }
    }

    /// The name, without the kind.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Resource(id) => &id.name,
            Self::External(external) => &external.name,
        }
    }
}

impl From<ResourceId> for Node {
    fn from(id: ResourceId) -> Self {
        Self::Resource(id)
    }
}

impl From<External> for Node {
    fn from(external: External) -> Self {
        Self::External(external)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(id) => id.fmt(out),
            Self::External(external) => external.fmt(out),
        }
    }
}
