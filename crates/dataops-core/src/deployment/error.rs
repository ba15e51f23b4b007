//! Why a deployment stopped.

use std::path::PathBuf;

use dataops_plan::DesiredError;

use super::machine_learning::MlPipelineError;
use crate::apply::{Applied, ApplyError, JournalError, TriggerOutcome};
use crate::connection::{ConnectionError, StorageError};
use crate::planning::PlanningError;
use crate::workspace::WorkspaceError;

/// Why a deployment stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
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
    /// There is nothing to make a plan of.
    #[error(transparent)]
    Planning(#[from] PlanningError),
    /// The plan was not begun.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The journal of triggers cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The plan was not carried out to its end.
    #[error("{}", unfinished(.0))]
    Unfinished(Box<Applied>),
    /// A container could not be created.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// An ML pipeline could not be published or found.
    #[error(transparent)]
    MachineLearning(#[from] MlPipelineError),
    /// Notebooks could not be brought to the workspace.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
}

impl From<DesiredError> for DeployError {
    fn from(error: DesiredError) -> Self {
        Self::Planning(error.into())
    }
}

/// What stopped a plan first.
fn unfinished(applied: &Applied) -> String {
    let mut triggers = applied.triggers.iter().filter(|it| !it.is_as_desired());
    let of_trigger = triggers.find_map(|it: &TriggerOutcome| it.trouble.as_ref());
    match applied.first_trouble().or(of_trigger) {
        Some(trouble) => trouble.message.clone(),
        None => "the factory is not as it ought to be".to_owned(),
    }
}
