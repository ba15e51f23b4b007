//! What a solution needs in a Databricks workspace: notebooks, the cluster that runs them, the mounts that they read.
//!
//! Notebooks are planned and carried out apart: [`plan`] only reads, and [`apply`] does what a plan says and nothing else.

pub(crate) mod catalog;
pub(crate) mod cluster;
mod error;
mod gate;
pub(crate) mod mounts;
mod notebooks;
pub(crate) mod pools;
pub(crate) mod scopes;

pub use cluster::plan_cluster;
pub use error::{ObjectFailure, WorkspaceError};
pub use notebooks::{Applied, NotebookSource, apply, plan};

pub(crate) use cluster::prepare_cluster;
