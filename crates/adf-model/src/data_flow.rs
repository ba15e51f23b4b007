//! Data flows.

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, Resource};

/// A data flow.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DataFlow {
    /// What it does.
    pub properties: DataFlowProperties,
}

impl Resource for DataFlow {
    const KIND: Kind = Kind::DataFlow;
}

/// A data flow's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DataFlowProperties {
    /// `MappingDataFlow`, `Flowlet` or `WranglingDataFlow`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is for.
    pub description: Option<String>,
    /// Sources, sinks, transformations and the script.
    #[serde(default)]
    pub type_properties: Value,
}
