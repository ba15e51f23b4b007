//! JSON: one object a line, an array of objects, or objects one after the other.

mod file;
mod open;
mod read;
mod rows;
mod split;
mod typed;

pub(crate) use open::open;
pub(crate) use typed::kinds;
