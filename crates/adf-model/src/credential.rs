//! Credentials.

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, Resource};

/// A credential.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Credential {
    /// What it is.
    pub properties: CredentialProperties,
}

impl Resource for Credential {
    const KIND: Kind = Kind::Credential;
}

/// A credential's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CredentialProperties {
    /// `ManagedIdentity` or `ServicePrincipal`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is for.
    pub description: Option<String>,
    /// What the type needs.
    #[serde(default)]
    pub type_properties: Value,
}
