//! Pipelines.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Activity, Kind, Resource};

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Pipeline {
    /// What it does.
    pub properties: PipelineProperties,
}

impl Resource for Pipeline {
    const KIND: Kind = Kind::Pipeline;
}

/// A pipeline's properties.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PipelineProperties {
    /// What it is for.
    pub description: Option<String>,
    /// Its activities, in no particular order.
    #[serde(deserialize_with = "crate::absent::null_as_default")]
    pub activities: Vec<Activity>,
    /// What a run is given, by name.
    #[serde(deserialize_with = "crate::absent::null_as_default")]
    pub parameters: BTreeMap<String, Parameter>,
    /// What a run can change, by name.
    #[serde(deserialize_with = "crate::absent::null_as_default")]
    pub variables: BTreeMap<String, Variable>,
    /// The most runs at a time.
    #[serde(deserialize_with = "crate::as_text::count")]
    pub concurrency: Option<u32>,
    /// Labels for monitoring.
    pub annotations: Value,
}

/// A parameter's declaration.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Parameter {
    /// `String`, `Int`, `Float`, `Bool`, `Array`, `Object` or `SecureString`, in any case.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value when none is given; `null` counts as none.
    #[serde(default)]
    pub default_value: Option<Value>,
}

/// A variable's declaration.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Variable {
    /// `String`, `Bool` (`Boolean`), `Array` or `Integer`, in any case.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value at the start of a run.
    #[serde(default)]
    pub default_value: Option<Value>,
}
