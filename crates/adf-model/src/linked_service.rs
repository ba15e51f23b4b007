//! Linked services.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, Parameter, ReferenceTo, Resource};

/// A linked service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LinkedService {
    /// What it is.
    pub properties: LinkedServiceProperties,
}

impl Resource for LinkedService {
    const KIND: Kind = Kind::LinkedService;
}

/// A linked service's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LinkedServiceProperties {
    /// The type, such as `AzureDatabricks`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The integration runtime that it is reached through.
    pub connect_via: Option<ReferenceTo>,
    /// What a use of it is given.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub parameters: BTreeMap<String, Parameter>,
    /// What the type needs.
    #[serde(default)]
    pub type_properties: Value,
}
