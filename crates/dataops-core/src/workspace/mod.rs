//! What a solution needs in a Databricks workspace: notebooks, the cluster that runs them, the mounts that they read.

mod mounts;
pub(crate) mod notebooks;
