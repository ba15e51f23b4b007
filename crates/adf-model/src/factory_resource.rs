//! The factory itself, as a resource of its resource group.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, Resource};

/// A factory.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct FactoryResource {
    /// The whole resource id; absent in git.
    pub id: Option<String>,
    /// The region, such as `westeurope`; absent in some git folders.
    pub location: Option<String>,
    /// Labels.
    pub tags: Option<BTreeMap<String, String>>,
    /// As whom the factory signs in elsewhere.
    pub identity: Option<FactoryIdentity>,
    /// What it is.
    pub properties: Option<FactoryProperties>,
}

impl Resource for FactoryResource {
    const KIND: Kind = Kind::Factory;
}

/// A factory's managed identities.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FactoryIdentity {
    /// `SystemAssigned`, `UserAssigned` or `SystemAssigned,UserAssigned`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The object id of the identity that the system has assigned.
    pub principal_id: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
}

/// A factory's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FactoryProperties {
    /// `Succeeded` once the factory can be used.
    pub provisioning_state: Option<String>,
    /// The repository that the user interface works on.
    pub repo_configuration: Option<RepoConfiguration>,
    /// Global parameters by name, where the factory itself holds them.
    pub global_parameters: Option<BTreeMap<String, GlobalParameter>>,
    /// `Enabled` or `Disabled`.
    pub public_network_access: Option<String>,
}

/// The repository that a factory is kept in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RepoConfiguration {
    /// `FactoryGitHubConfiguration` or `FactoryVSTSConfiguration`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The account or organization.
    pub account_name: Option<String>,
    /// The project; Azure DevOps only.
    pub project_name: Option<String>,
    /// The repository.
    pub repository_name: Option<String>,
    /// The branch that changes are published from.
    pub collaboration_branch: Option<String>,
    /// The folder of the factory within the repository.
    pub root_folder: Option<String>,
    /// The commit that was published last.
    pub last_commit_id: Option<String>,
    /// Whether the user interface may not publish.
    pub disable_publish: Option<bool>,
}

/// A global parameter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct GlobalParameter {
    /// `String`, `Int`, `Float`, `Bool`, `Array` or `Object`, in any case.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value.
    #[serde(default)]
    pub value: Value,
}

/// A factory's global parameters as a resource of their own; only the item `default` is used.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct GlobalParameters {
    /// The parameters by name.
    pub properties: BTreeMap<String, GlobalParameter>,
}

impl Resource for GlobalParameters {
    const KIND: Kind = Kind::GlobalParameters;
}
