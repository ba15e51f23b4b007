//! What is recorded of what this program does.

mod deployment;
mod part;
mod repair;
mod smoke;
mod test;

pub(crate) use deployment::{Story, origin};
pub(crate) use repair::repaired;
pub(crate) use smoke::smoke;
pub(crate) use test::{Trial, Tried, case};
