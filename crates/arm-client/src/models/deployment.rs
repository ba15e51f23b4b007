//! Deployments.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::error::{ArmError, optional};

/// What becomes of resources that the template does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Mode {
    /// They stay.
    #[default]
    Incremental,
    /// They are deleted, in the whole resource group.
    Complete,
}

/// A deployment that is asked for. Its parameters are not in its `Debug`: they may be secrets.
#[derive(Clone)]
pub struct Deployment {
    /// The template.
    pub template: Value,
    /// The values of its parameters, without the `value` around each.
    pub parameters: Map<String, Value>,
    /// What becomes of resources that the template does not have.
    pub mode: Mode,
    /// Tags of the deployment itself.
    pub tags: BTreeMap<String, String>,
}

impl Deployment {
    /// The incremental deployment of a template.
    #[must_use]
    pub fn incremental(template: Value, parameters: Map<String, Value>) -> Self {
        Self {
            template,
            parameters,
            mode: Mode::Incremental,
            tags: BTreeMap::new(),
        }
    }

    /// With a tag.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(name.into(), value.into());
        self
    }

    /// What is asked of `validate` and `whatIf`, which know no tags.
    pub(crate) fn question(&self) -> Value {
        json!({ "properties": self.properties() })
    }

    fn properties(&self) -> Value {
        let parameters = self.parameters.iter();
        let parameters: Map<_, _> = parameters
            .map(|(name, value)| (name.clone(), json!({ "value": value })))
            .collect();
        json!({ "mode": self.mode, "template": self.template, "parameters": parameters })
    }
}

impl Serialize for Deployment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = self.question();
        if !self.tags.is_empty() {
            body["tags"] = json!(self.tags);
        }
        body.serialize(serializer)
    }
}

impl fmt::Debug for Deployment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Deployment")
            .field("mode", &self.mode)
            .field("parameters", &self.parameters.keys().collect::<Vec<_>>())
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}

/// How a deployment, or one of its operations, stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProvisioningState {
    /// It was taken on.
    Accepted,
    /// It goes on.
    #[default]
    Running,
    /// Everything was done.
    Succeeded,
    /// Something was not done.
    Failed,
    /// Somebody ended it.
    Canceled,
    /// Another state, in which it goes on.
    #[serde(untagged)]
    Other(String),
}

impl ProvisioningState {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }
}

impl fmt::Display for ProvisioningState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(text) => out.write_str(text),
            known => write!(out, "{known:?}"),
        }
    }
}

/// A deployment in the history of a resource group.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Deployed {
    /// Its ARM id.
    #[serde(default)]
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its tags.
    #[serde(default)]
    pub tags: Option<BTreeMap<String, String>>,
    /// How it stands.
    #[serde(default)]
    pub properties: DeployedProperties,
}

impl Deployed {
    /// The value of a tag.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<&str> {
        self.tags.as_ref()?.get(name).map(String::as_str)
    }
}

/// How a deployment stands.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DeployedProperties {
    /// The state.
    pub provisioning_state: ProvisioningState,
    /// The id by which Azure's logs know it.
    pub correlation_id: Option<String>,
    /// When it last changed.
    pub timestamp: Option<String>,
    /// How long it took, as ISO 8601 writes durations.
    pub duration: Option<String>,
    /// The hash of the template.
    pub template_hash: Option<String>,
    /// What it gave out.
    pub outputs: Option<Value>,
    /// Why it failed.
    #[serde(deserialize_with = "optional")]
    pub error: Option<ArmError>,
}

/// What `validate` answers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Validation {
    /// Why the deployment would be refused.
    #[serde(deserialize_with = "optional")]
    pub error: Option<ArmError>,
    /// What was understood.
    pub properties: Option<Value>,
}
