//! The cluster that runs the notebooks: as its specification says, running, with its libraries.

mod deployment;
mod ensure;
mod libraries;
pub(crate) mod spec;
mod wanted;

pub(crate) use deployment::prepare_cluster;
pub(crate) use ensure::Done;
pub(crate) use libraries::Libraries;
pub(crate) use wanted::Wanted;
