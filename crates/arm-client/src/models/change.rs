//! What a deployment would change: the answer of `whatIf`.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{ArmError, optional};

/// What a deployment would change.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WhatIf {
    /// Whether it could be told.
    pub status: Option<String>,
    /// The changes.
    properties: Option<Properties>,
    /// Why it could not be told.
    #[serde(deserialize_with = "optional")]
    pub error: Option<ArmError>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Properties {
    changes: Option<Vec<WhatIfChange>>,
}

impl WhatIf {
    /// The changes, resource by resource.
    #[must_use]
    pub fn changes(&self) -> &[WhatIfChange] {
        let properties = self.properties.as_ref();
        let changes = properties.and_then(|properties| properties.changes.as_deref());
        changes.unwrap_or_default()
    }
}

/// What would become of a resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WhatIfChange {
    /// Its ARM id.
    #[serde(default)]
    pub resource_id: String,
    /// What would become of it.
    pub change_type: ChangeType,
    /// Why the service cannot tell.
    pub unsupported_reason: Option<String>,
    /// The resource as it is.
    pub before: Option<Value>,
    /// The resource as it would be.
    pub after: Option<Value>,
    /// What would differ.
    pub delta: Option<Vec<PropertyChange>>,
}

/// What would become of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChangeType {
    /// It would be created.
    Create,
    /// It would be deleted.
    Delete,
    /// The template does not have it, and it would stay.
    Ignore,
    /// It would be written, and the service does not know with what effect.
    Deploy,
    /// It would stay as it is.
    NoChange,
    /// It would be changed.
    Modify,
    /// The service cannot tell.
    Unsupported,
    /// Something else.
    #[serde(untagged)]
    Other(String),
}

/// A property that would differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PropertyChange {
    /// Its path, below that of the change that it is a part of; an index in an array.
    #[serde(default)]
    pub path: String,
    /// How it would differ.
    pub property_change_type: PropertyChangeType,
    /// The value that it has.
    pub before: Option<Value>,
    /// The value that it would have.
    pub after: Option<Value>,
    /// What would differ below it.
    pub children: Option<Vec<Self>>,
}

/// How a property would differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PropertyChangeType {
    /// It would be there.
    Create,
    /// It would be gone.
    Delete,
    /// It would have another value.
    Modify,
    /// Elements of it would differ.
    Array,
    /// It is written, and nothing comes of it.
    NoEffect,
    /// Something else.
    #[serde(untagged)]
    Other(String),
}

impl fmt::Display for ChangeType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(text) => out.write_str(text),
            known => write!(out, "{known:?}"),
        }
    }
}
