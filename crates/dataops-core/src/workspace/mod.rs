//! What a solution needs in a Databricks workspace: notebooks, the cluster that runs them, the mounts that they read.
//!
//! Notebooks are planned and carried out apart: [`plan`] only reads, and [`apply`] does what a plan says and nothing else. A
//! [`NotebookRun`] runs one that is there.

pub(crate) mod catalog;
pub(crate) mod cluster;
mod error;
mod gate;
mod going;
pub(crate) mod mounts;
mod notebook_run;
mod notebooks;
pub(crate) mod pools;
pub(crate) mod scopes;
pub(crate) mod sent;

pub use cluster::plan_cluster;
pub use error::{ObjectFailure, WorkspaceError};
pub use going::{Ended, Going};
pub use notebook_run::{End, Ending, NotebookEvent, NotebookRun, NotebookRunError, Ran};
pub use notebooks::{Applied, NotBrought, NotebookSource, apply, memory_of, path_of, plan};

pub(crate) use cluster::prepare_cluster;
