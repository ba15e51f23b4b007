//! The cluster that runs the notebooks: as its specification says, running, with its libraries.

mod deployment;
mod ensure;
mod libraries;
mod plan;
pub(crate) mod spec;
mod wanted;

pub(crate) use deployment::{prepare_cluster, settings};
pub(crate) use ensure::Done;
pub(crate) use libraries::Libraries;
pub use plan::plan_cluster;
pub(crate) use wanted::Wanted;
