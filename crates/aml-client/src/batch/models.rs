//! What Azure Resource Manager tells of batch endpoints and deployments.

use serde::Deserialize;
use serde_json::Value;

use crate::ProvisioningState;
use crate::provision::Provisioned;
use crate::reading::{PrivateMap, nested};

/// A batch endpoint (`Batch Endpoints - Get`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BatchEndpoint {
    /// The resource id.
    pub id: Option<String>,
    /// The name, unique in its region.
    pub name: Option<String>,
    /// The region.
    pub location: Option<String>,
    /// The etag, where the service gives one in the body.
    pub etag: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
    /// What the endpoint is.
    #[serde(default, deserialize_with = "nested")]
    pub properties: BatchEndpointProperties,
}

impl BatchEndpoint {
    /// The deployment that an invocation without one runs.
    #[must_use]
    pub fn default_deployment(&self) -> Option<&str> {
        self.properties.defaults.deployment_name.as_deref()
    }
}

/// The `properties` of a [`BatchEndpoint`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BatchEndpointProperties {
    /// What its owner says.
    pub description: Option<String>,
    /// How callers sign in, `AADToken`.
    pub auth_mode: Option<String>,
    /// Where jobs are started.
    pub scoring_uri: Option<String>,
    /// How far its making is.
    pub provisioning_state: Option<ProvisioningState>,
    /// What an invocation that names nothing gets.
    #[serde(default, deserialize_with = "nested")]
    pub(crate) defaults: Defaults,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Defaults {
    deployment_name: Option<String>,
}

impl Provisioned for BatchEndpoint {
    fn provisioning_state(&self) -> Option<&ProvisioningState> {
        self.properties.provisioning_state.as_ref()
    }
}

/// A deployment behind a batch endpoint (`Batch Deployments - Get`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BatchDeployment {
    /// The resource id.
    pub id: Option<String>,
    /// The name, unique in its endpoint.
    pub name: Option<String>,
    /// The region.
    pub location: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
    /// What the deployment is.
    #[serde(default, deserialize_with = "nested")]
    pub properties: BatchDeploymentProperties,
}

impl BatchDeployment {
    /// The resource id of the pipeline component version, for a deployment of one.
    #[must_use]
    pub fn component_id(&self) -> Option<&str> {
        let configuration = &self.properties.deployment_configuration;
        configuration.pointer("/componentId/assetId")?.as_str()
    }
}

/// The `properties` of a [`BatchDeployment`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BatchDeploymentProperties {
    /// What its owner says.
    pub description: Option<String>,
    /// The compute of a model deployment.
    pub compute: Option<String>,
    /// What a pipeline component deployment runs, and how.
    #[serde(default)]
    pub deployment_configuration: Value,
    /// How far its making is.
    pub provisioning_state: Option<ProvisioningState>,
}

impl Provisioned for BatchDeployment {
    fn provisioning_state(&self) -> Option<&ProvisioningState> {
        self.properties.provisioning_state.as_ref()
    }
}
