//! JSON: one object a line, an array of objects, or objects one after the other.

mod file;
mod read;
mod split;

pub(crate) use file::open;
