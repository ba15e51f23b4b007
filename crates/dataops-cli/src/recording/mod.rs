//! What is recorded of what this program does.

mod deployment;
mod test;

pub(crate) use deployment::{Story, origin};
pub(crate) use test::Trial;
