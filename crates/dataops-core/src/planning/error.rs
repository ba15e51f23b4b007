//! Why there is nothing to make a plan of.

use std::path::PathBuf;

use adf_model::FactoryError;
use dataops_plan::DesiredError;

use crate::connection::ConnectionError;
use crate::deployment::MlPipelineError;

/// Why there is nothing to make a plan of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanningError {
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
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
    /// An ML pipeline could not be found.
    #[error(transparent)]
    MachineLearning(#[from] MlPipelineError),
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

impl PlanningError {
    pub(super) fn step(step: impl Into<String>) -> impl FnOnce(azure_core::Error) -> Self {
        let step = step.into();
        move |source| Self::Step { step, source }
    }
}
