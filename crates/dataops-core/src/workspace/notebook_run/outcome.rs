//! What happens while a notebook runs, and how it ends.

use std::time::Duration;

use databricks_client::ObjectType;

use super::super::WorkspaceError;
use crate::connection::ConnectionError;
use crate::run::written;

/// What happens meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotebookEvent<'e> {
    /// What the cluster does, in a sentence.
    Cluster(&'e str),
    /// The run is started.
    Started {
        /// The run.
        run_id: i64,
    },
    /// The page that shows the run.
    Page(&'e str),
    /// How the run stands, in words such as `is running`.
    Stands(&'e str),
}

/// How a notebook ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Well.
    Succeeded,
    /// It failed, or was not run.
    Failed,
    /// Somebody has cancelled it.
    Cancelled,
}

/// A run that has ended by itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ran {
    /// The run.
    pub run_id: i64,
    /// The page that shows it.
    pub url: Option<String>,
    /// How it ended.
    pub end: End,
    /// What the notebook gave to `dbutils.notebook.exit`.
    pub exit_value: Option<String>,
    /// Whether the end of that is missing: the service keeps 5 MB.
    pub is_cut_off: bool,
    /// Why it failed.
    pub error: Option<String>,
    /// The traceback.
    pub trace: Option<String>,
    /// How long the run took, without the start of the cluster before it.
    pub took: Duration,
}

/// What became of a run that was not waited for to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// It was cancelled.
    Cancelled,
    /// It could not be cancelled.
    GoesOn(String),
    /// It had the same limit, and has ended.
    ByItself,
}

/// Why a notebook was not run to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotebookRunError {
    /// The workspace cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// There is no such notebook.
    #[error("there is no notebook `{path}` in the workspace")]
    NoNotebook {
        /// The path.
        path: String,
        /// What the service said.
        #[source]
        source: azure_core::Error,
    },
    /// What is there is something else.
    #[error("`{path}` is no notebook in the workspace, but of type {kind}")]
    NotANotebook {
        /// The path.
        path: String,
        /// What it is.
        kind: ObjectType,
    },
    /// Nobody says on which cluster.
    #[error("environment `{0}` names no cluster for notebooks")]
    Clusterless(String),
    /// There is no such cluster.
    #[error("there is no cluster `{0}` in the workspace")]
    NoCluster(String),
    /// The cluster could not be found or started, or a step was refused.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// It took too long.
    #[error("run {run_id} of notebook `{path}` took longer than {}; {}", written(*limit), became(ending))]
    TimedOut {
        /// The run.
        run_id: i64,
        /// The notebook.
        path: String,
        /// The limit.
        limit: Duration,
        /// What became of the run.
        ending: Ending,
    },
    /// It cannot be asked about any longer.
    #[error(
        "run {run_id} of notebook `{path}` could not be watched any longer; {}",
        became(ending)
    )]
    Unwatched {
        /// The run.
        run_id: i64,
        /// The notebook.
        path: String,
        /// What became of the run.
        ending: Ending,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
}

fn became(ending: &Ending) -> String {
    match ending {
        Ending::Cancelled => "it was cancelled".to_owned(),
        Ending::GoesOn(reason) => {
            format!("it could not be cancelled and goes on until its own limit: {reason}")
        }
        Ending::ByItself => "the workspace has ended it".to_owned(),
    }
}
