//! `dataops.yaml`, as it is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::aml_address::FORMS;
use crate::chain::one;
pub use crate::chain::{PromoteSettings, RecordsSettings, SmokeLimits, SmokeSettings};
pub use crate::compute::{
    CatalogSettings, ClusterSettings, DatabricksSettings, KeyVaultSettings, LibrarySettings,
    LocationSettings, PoolSettings, ScopeSettings, SecretPlace, StorageRoot, VolumeSettings,
};
use crate::deployment::{PolicySettings, TriggerPolicy};
pub use crate::environments::Environments;
use crate::environments::in_order;
pub use crate::notebooks::{KnownBy, NotebookPlace, NotebookSettings, TakenFor};
use crate::text::NotUtf8;
use crate::yaml;

/// The file's name.
pub const FILE_NAME: &str = "dataops.yaml";

/// The whole of `dataops.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The solution's name; the local factory is called so too.
    pub name: String,
    /// Where the Data Factory documents are.
    pub adf: Option<AdfSettings>,
    /// Where the notebooks are, and where they go.
    pub notebooks: Option<NotebookSettings>,
    /// Data contracts, as globs.
    #[serde(default)]
    pub contracts: Vec<String>,
    /// What the machine-learning side publishes, for local runs.
    pub ml: Option<MlSettings>,
    /// The containers that data go through.
    #[serde(default)]
    pub storage: StorageSettings,
    /// What the notebooks and the training need of Python, for local runs.
    pub python: Option<PythonSettings>,
    /// The pipeline that `run` starts when none is named.
    pub pipeline: Option<String>,
    /// The trigger that a dropped file fires.
    pub trigger: Option<String>,
    /// The environments, by name.
    #[serde(default, deserialize_with = "in_order")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, EnvironmentSettings>"))]
    pub environments: Environments,
}

/// Where the Data Factory documents are.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AdfSettings {
    /// The folder with `pipeline/`, `dataset/` and so on.
    pub root: PathBuf,
}

/// What the machine-learning side publishes, for local runs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MlSettings {
    /// Descriptions of published pipelines.
    pub pipelines: Vec<PathBuf>,
}

/// The containers that data go through.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StorageSettings {
    /// All containers.
    pub containers: Vec<String>,
    /// The one that input files are dropped into.
    pub input: Option<String>,
    /// The one that training data are written to.
    pub training: Option<String>,
    /// The one that testing data are written to.
    pub testing: Option<String>,
    /// Where containers are mounted in the Databricks workspace, by container.
    pub mounts: BTreeMap<String, String>,
}

/// What the notebooks and the training need of Python, for local runs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PythonSettings {
    /// A pip requirements file.
    pub requirements: PathBuf,
}

/// An environment, as it is written; what it `extends` fills what it lacks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EnvironmentSettings {
    /// The environment that fills what this one lacks.
    pub extends: Option<String>,
    /// The environment that comes before this one in the chain.
    #[serde(deserialize_with = "one")]
    pub after: Option<String>,
    /// Whether the environment is the local emulator.
    pub emulator: Option<bool>,
    /// The Azure subscription's id.
    pub subscription: Option<String>,
    /// The resource group.
    pub resource_group: Option<String>,
    /// The region, such as `westeurope`, for what `env prepare` creates; that of the resource group when left out.
    pub location: Option<String>,
    /// The factory's name.
    pub data_factory: Option<String>,
    /// The Databricks workspace.
    pub databricks: Option<DatabricksSettings>,
    /// Where the notebooks go here, where environments share a workspace.
    pub notebooks: Option<NotebookPlace>,
    /// The Azure ML workspace.
    pub aml: Option<AmlSettings>,
    /// The storage account of the containers.
    pub storage: Option<AccountSettings>,
    /// What a bundle must have passed before it comes here.
    pub promote: PromoteSettings,
    /// Where deployments and tests are recorded; in the container `dataops` of the environment's storage account, or where it has none
    /// in the folder `.dataops`, unless said.
    pub records: RecordsSettings,
    /// How what is deployed is tried after a deployment.
    pub smoke: Option<SmokeSettings>,
    /// Values of Data Factory documents that differ here, by path; `{ secret: TEXT }` is a text that nobody may see,
    /// `{ keyVault: { vault: VAULT, name: NAME } }` or `keyvault://VAULT/NAME` one that a Key Vault keeps.
    pub overrides: BTreeMap<String, serde_json::Value>,
    /// The values of global parameters that differ here, by name.
    pub global_parameters: BTreeMap<String, serde_json::Value>,
    /// Resources that are called otherwise here: `KIND.NAME` to the new name. References follow.
    pub renames: BTreeMap<String, String>,
    /// Whether triggers run after a deployment, by name or pattern (`*`, `?`); an exact name counts before a pattern, a longer
    /// pattern before a shorter one. A trigger that nothing names follows its document.
    pub triggers: BTreeMap<String, TriggerPolicy>,
    /// What may not happen here, or not unasked.
    pub policy: PolicySettings,
    /// Whether live resources that the source does not have are deleted; they stay unless it says so.
    pub delete_not_in_source: Option<bool>,
}

/// An Azure ML workspace.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct AmlSettings {
    /// The workspace's name.
    pub workspace: String,
    /// Its subscription, where it is another one.
    pub subscription: Option<String>,
    /// Its resource group, where it is another one.
    pub resource_group: Option<String>,
}

/// A storage account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AccountSettings {
    /// The account's name.
    pub account: String,
}

/// `dataops.yaml` cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// There is none.
    #[error("no {FILE_NAME} in {} or a folder above it", .0.display())]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("{}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not UTF-8.
    #[error("{}:{}:{}: {}", path.display(), fault.line, fault.column, fault.fault)]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Where, and why.
        fault: NotUtf8,
    },
    /// It is larger than is read.
    #[error("{}: it has more than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes that are read.
        limit: u64,
    },
    /// It is not what it should be.
    #[error("{}:{line}:{column}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: u64,
        /// What is wrong there.
        reason: String,
    },
    /// There is no such environment.
    #[error("there is no environment `{name}`; {FILE_NAME} has {}", known.join(", "))]
    UnknownEnvironment {
        /// The name.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// Environments extend each other in a circle.
    #[error("environment `{0}` extends itself")]
    Circle(String),
    /// Environments come after each other in a circle.
    #[error("environment `{environment}` comes after itself: {circle}")]
    Order {
        /// The environment.
        environment: String,
        /// The way back to it.
        circle: String,
    },
    /// An environment lacks something that is needed.
    #[error("environment `{environment}` has no `{field}`")]
    Lacks {
        /// The environment.
        environment: String,
        /// The field.
        field: &'static str,
    },
    /// A variable has no value.
    #[error(
        "environment `{environment}`: `{field}` needs the variable `{variable}`, which is not set"
    )]
    Variable {
        /// The environment.
        environment: String,
        /// Where the variable stands.
        field: String,
        /// The variable.
        variable: String,
    },
    /// An address of the ML side names nothing.
    #[error("environment `{environment}`: `{field}` is `{address}`, not {FORMS}")]
    MlAddress {
        /// The environment.
        environment: String,
        /// Where the address stands.
        field: String,
        /// The address.
        address: String,
    },
}

impl Settings {
    /// The folder in the workspace that the notebooks go to in an environment; none where the solution has no notebooks.
    #[must_use]
    pub fn notebooks_target<'s>(&'s self, merged: &'s EnvironmentSettings) -> Option<&'s str> {
        let notebooks = self.notebooks.as_ref()?;
        let own = merged.notebooks.as_ref().map(|own| own.target.as_str());
        Some(own.unwrap_or(&notebooks.target))
    }

    /// Reads the settings in `text`, which came from `path`.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Malformed`] with the place.
    pub fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        yaml::read(text).map_err(|error| SettingsError::Malformed {
            path: path.to_owned(),
            line: error.line,
            column: error.column,
            reason: error.reason,
        })
    }
}
