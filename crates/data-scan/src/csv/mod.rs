//! CSV: records found by structure, chunk by chunk and in parallel, cells read straight into measures.

mod batch;
mod dialect;
mod encoding;
mod file;
mod guess;
mod header;
mod mask;
mod open;
mod records;
mod sniff;
mod structure;

pub use dialect::Dialect;
pub use guess::{Doubt, Guess};

pub(crate) use guess::{Closed, guess};
pub(crate) use open::open;
