//! What a solution needs in a Databricks workspace: notebooks, the cluster that runs them, the mounts that they read.
//!
//! Notebooks are planned and carried out apart: [`plan`] only reads, and [`apply`] does what a plan says and nothing else.

mod cluster;
mod error;
mod gate;
mod mounts;
mod notebooks;

pub use error::{ObjectFailure, WorkspaceError};
pub use notebooks::{Applied, NotebookSource, apply, plan};

pub(crate) use cluster::prepare_cluster;
