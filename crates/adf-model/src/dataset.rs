//! Datasets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, Parameter, ReferenceTo, Resource};

/// A dataset.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Dataset {
    /// What it is.
    pub properties: DatasetProperties,
}

impl Resource for Dataset {
    const KIND: Kind = Kind::Dataset;
}

/// A dataset's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DatasetProperties {
    /// The type, such as `DelimitedText`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where the data are.
    pub linked_service_name: ReferenceTo,
    /// What a use of the dataset is given.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub parameters: BTreeMap<String, Parameter>,
    /// What the type needs.
    #[serde(default)]
    pub type_properties: Value,
}
