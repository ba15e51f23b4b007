//! What the machine-learning side says that it publishes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::yaml::{self, YamlError};

/// A description of what the ML side publishes: `pipeline.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct MlPipeline {
    /// The published pipeline's name.
    pub name: String,
    /// Its version, free text.
    pub version: String,
    /// The script that it runs, beside the description.
    pub entry_script: PathBuf,
    /// Its parameters, with what they are when none is given.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// The pipeline endpoint whose default it becomes.
    pub endpoint: Option<String>,
}

impl MlPipeline {
    /// Reads a description.
    ///
    /// # Errors
    ///
    /// The fault with its place.
    pub fn parse(text: &str) -> Result<Self, YamlError> {
        yaml::read(text)
    }
}
