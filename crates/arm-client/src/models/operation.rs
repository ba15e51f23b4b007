//! The operations of a deployment: what was done with each resource.

use serde::Deserialize;

use crate::error::{ArmError, optional};
use crate::models::ProvisioningState;

/// An operation of a deployment.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Operation {
    /// Its id within the deployment.
    #[serde(default)]
    pub operation_id: String,
    /// What is known of it.
    #[serde(default)]
    pub properties: OperationProperties,
}

impl Operation {
    /// The ARM id of the resource; nothing for operations that are about the deployment itself.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        let target = self.properties.target_resource.as_ref()?;
        target.id.as_deref()
    }
}

/// What is known of an operation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct OperationProperties {
    /// What it does, such as `Create` or `EvaluateDeploymentOutput`.
    pub provisioning_operation: Option<String>,
    /// How it stands.
    pub provisioning_state: ProvisioningState,
    /// When it last changed.
    pub timestamp: Option<String>,
    /// How long it took, as ISO 8601 writes durations.
    pub duration: Option<String>,
    /// The provider's id of the request.
    pub service_request_id: Option<String>,
    /// The status that the provider answered with, such as `OK` or `BadRequest`.
    pub status_code: Option<String>,
    /// Why it failed.
    #[serde(deserialize_with = "optional")]
    pub status_message: Option<ArmError>,
    /// The resource.
    pub target_resource: Option<TargetResource>,
}

/// The resource that an operation is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TargetResource {
    /// Its ARM id.
    pub id: Option<String>,
    /// Its type.
    pub resource_type: Option<String>,
    /// Its name, with those of what it lies in.
    pub resource_name: Option<String>,
}
