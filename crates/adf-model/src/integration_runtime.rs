//! Integration runtimes.

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, ReferenceTo, Resource};

/// An integration runtime.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct IntegrationRuntime {
    /// What it is.
    pub properties: IntegrationRuntimeProperties,
}

impl Resource for IntegrationRuntime {
    const KIND: Kind = Kind::IntegrationRuntime;
}

/// An integration runtime's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IntegrationRuntimeProperties {
    /// `Managed`, `SelfHosted` or `Airflow`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is for.
    pub description: Option<String>,
    /// The state of a managed one, such as `Started`; read-only.
    pub state: Option<String>,
    /// The managed virtual network that it stands in.
    pub managed_virtual_network: Option<ReferenceTo>,
    /// What the type needs.
    #[serde(default)]
    pub type_properties: Value,
}
