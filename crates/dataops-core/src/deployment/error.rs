//! Why a deployment stopped.

use std::path::PathBuf;

use adf_model::{FactoryError, ResourceId};

use super::machine_learning::MlPipelineError;
use crate::connection::{ConnectionError, StorageError};
use crate::workspace::WorkspaceError;
use dataops_solution::overrides::OverrideError;

/// Why a deployment stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// A folder of the settings is not there.
    #[error("`{field}` names {}, which is no folder", path.display())]
    NoFolder {
        /// The field of `dataops.yaml`.
        field: &'static str,
        /// The path.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        reason: String,
    },
    /// An override does not fit its document.
    #[error(transparent)]
    Override(#[from] OverrideError),
    /// An override names a document that is not there.
    #[error("override `{path}`: there is no {id}")]
    OverrideOfNothing {
        /// The override.
        path: String,
        /// The document.
        id: ResourceId,
    },
    /// Resources refer to each other in a circle.
    #[error("these refer to each other in a circle: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Circle(Vec<ResourceId>),
    /// A factory resource could not be read or put.
    #[error(transparent)]
    Factory(#[from] FactoryError),
    /// A container could not be created.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// An ML pipeline could not be published or found.
    #[error(transparent)]
    MachineLearning(#[from] MlPipelineError),
    /// Notebooks could not be brought to the workspace.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
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

impl DeployError {
    pub(crate) fn step(step: impl Into<String>) -> impl FnOnce(azure_core::Error) -> Self {
        let step = step.into();
        move |source| Self::Step { step, source }
    }
}
