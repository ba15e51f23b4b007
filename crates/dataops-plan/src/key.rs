//! How a plan names resources: `pipeline.ingest`, `managedPrivateEndpoint.default/sql`.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use adf_model::{Kind, ResourceId};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A resource, written as `KIND.NAME` with the git folder's name as the kind; a managed private endpoint has its network before its
/// name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey(ResourceId);

/// A text that names no resource.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no resource; expected KIND.NAME, such as pipeline.ingest")]
pub struct ResourceKeyError(String);

impl ResourceKey {
    /// The resource.
    #[must_use]
    pub fn id(&self) -> &ResourceId {
        &self.0
    }
}

impl From<ResourceId> for ResourceKey {
    fn from(id: ResourceId) -> Self {
        Self(id)
    }
}

impl From<&ResourceId> for ResourceKey {
    fn from(id: &ResourceId) -> Self {
        Self(id.clone())
    }
}

impl Deref for ResourceKey {
    type Target = ResourceId;

    fn deref(&self) -> &ResourceId {
        &self.0
    }
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(id) = self;
        match &id.parent {
            Some(parent) => write!(out, "{}.{parent}/{}", id.kind.folder(), id.name),
            None => write!(out, "{}.{}", id.kind.folder(), id.name),
        }
    }
}

impl fmt::Debug for ResourceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for ResourceKey {
    type Err = ResourceKeyError;

    fn from_str(text: &str) -> Result<Self, ResourceKeyError> {
        let fail = || ResourceKeyError(text.to_owned());
        let (folder, name) = text.split_once('.').ok_or_else(fail)?;
        let kind = Kind::of_folder(folder).ok_or_else(fail)?;
        let id = ResourceId::named(kind, name);
        (!id.name.is_empty()).then_some(Self(id)).ok_or_else(fail)
    }
}

impl Serialize for ResourceKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResourceKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for key in [
            ResourceKey::from(ResourceId::new(Kind::Pipeline, "a b (c)")),
            ResourceId::below("default", Kind::ManagedPrivateEndpoint, "sql").into(),
            ResourceId::new(Kind::GlobalParameters, "default").into(),
        ] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for wrong in ["", "pipeline", "pipeline.", "pipelines.a", ".a"] {
            assert!(wrong.parse::<ResourceKey>().is_err(), "{wrong}");
        }
    }
}
