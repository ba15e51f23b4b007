//! JSON: one object a line, an array of objects, or objects one after the other.

mod file;
mod open;
mod read;
mod rows;
mod split;

pub(crate) use open::open;
