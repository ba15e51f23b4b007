//! What resources can need of each other.

use std::fmt;

use adf_model::ResourceId;

/// Something that a resource needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// That a resource exists.
    Resource(ResourceId),
    /// That a resource has a parameter.
    Parameter(ResourceId, String),
    /// That a pipeline has a variable.
    Variable(ResourceId, String),
    /// That a pipeline has an activity.
    Activity(ResourceId, String),
    /// That the factory has a global parameter.
    GlobalParameter(String),
    /// That a parameter without a default is given a value by whoever refers to its resource.
    Argument(ResourceId, String),
}

impl Need {
    /// The same with the name in lower case: names match whatever their case.
    pub(super) fn folded(self) -> Self {
        match self {
            Self::Resource(id) => Self::Resource(id),
            Self::Parameter(id, name) => Self::Parameter(id, name.to_lowercase()),
            Self::Variable(id, name) => Self::Variable(id, name.to_lowercase()),
            Self::Activity(id, name) => Self::Activity(id, name.to_lowercase()),
            Self::GlobalParameter(name) => Self::GlobalParameter(name.to_lowercase()),
            Self::Argument(id, name) => Self::Argument(id, name.to_lowercase()),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(id) => id.fmt(out),
            Self::Parameter(id, name) | Self::Argument(id, name) => {
                write!(out, "parameter `{name}` of {id}")
            }
            Self::Variable(id, name) => write!(out, "variable `{name}` of {id}"),
            Self::Activity(id, name) => write!(out, "activity `{name}` of {id}"),
            Self::GlobalParameter(name) => write!(out, "global parameter `{name}`"),
        }
    }
}
