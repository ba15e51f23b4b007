//! Why there is nothing to make a plan of.

use std::path::{Path, PathBuf};

use adf_model::{FactoryError, ResourceId};
use dataops_plan::DesiredError;
use dataops_solution::LeadsOut;
use dataops_solution::key_vault::{KeyVaultAddress, KeyVaultAddressError};

use crate::connection::ConnectionError;
use crate::deployment::MlPipelineError;

/// Why there is nothing to make a plan of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanningError {
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The folder of the documents lies outside of the solution.
    #[error(transparent)]
    LeadsOut(#[from] LeadsOut),
    /// The folder of the documents cannot be read.
    #[error("{}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The documents cannot be what the environment wants.
    #[error(transparent)]
    Desired(#[from] DesiredError),
    /// An address of the ML side cannot be resolved.
    #[error("`{}` of `{}` cannot be looked up", setting.name, setting.section)]
    MachineLearning {
        /// The setting that has the address.
        setting: Box<MlSetting>,
        /// Why.
        #[source]
        source: MlPipelineError,
    },
    /// An address of a secret is none.
    #[error(transparent)]
    Address(#[from] KeyVaultAddressError),
    /// A Key Vault does not give a secret.
    #[error("`{address}` cannot be read")]
    KeyVault {
        /// Where the secret ought to be.
        address: KeyVaultAddress,
        /// What to do.
        hint: Option<String>,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// A secret is put where everybody sees it.
    #[error(
        "global parameter `{0}` is shown to everybody, and its value is a secret in a Key Vault"
    )]
    Shown(String),
    /// What is bound is not there.
    #[error("the factory has no {0}: it has to be deployed before its ids can be bound")]
    NotDeployed(ResourceId),
    /// What is bound is written with stars where its secrets are.
    #[error("{0} has secrets that the service does not give back: only a deployment can write it")]
    Incomplete(ResourceId),
    /// What cannot be bound.
    #[error("`{0}` is no place that is bound: neither secrets nor the factory itself are")]
    NotBound(String),
    /// What is bound holds no id of the ML side.
    #[error("`{path}` holds no id of the ML side, and nothing else is bound")]
    NotMl {
        /// The place.
        path: String,
        /// The places that can be bound.
        known: Vec<String>,
    },
    /// The factory's resources could not be listed.
    #[error(transparent)]
    Factory(#[from] FactoryError),
    /// A service refused a step.
    #[error("{step}")]
    Step {
        /// What was being done.
        step: String,
        /// Why it stopped.
        #[source]
        source: azure_core::Error,
    },
}

/// A setting of an environment whose value is an address of the ML side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MlSetting {
    /// `overrides` or `globalParameters`.
    pub section: &'static str,
    /// The path or the name there.
    pub name: String,
    /// The address.
    pub address: String,
}

impl PlanningError {
    /// The same for somebody who sees the documents in `folder`.
    #[must_use]
    pub fn below(self, folder: &Path) -> Self {
        match self {
            Self::Desired(error) => Self::Desired(error.below(folder)),
            other => other,
        }
    }

    pub(super) fn step(step: impl Into<String>) -> impl FnOnce(azure_core::Error) -> Self {
        let step = step.into();
        move |source| Self::Step { step, source }
    }
}
