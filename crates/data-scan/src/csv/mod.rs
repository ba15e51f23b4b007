//! CSV: records found by structure, chunk by chunk and in parallel, cells read straight into measures.

mod cells;
mod dialect;
mod encoding;
mod feed;
mod file;
mod guess;
mod gzip;
mod header;
mod mask;
mod open;
mod records;
mod sniff;
mod structure;

pub use dialect::{Dialect, Encoding};
pub use guess::{Doubt, Guess};

pub(crate) use cells::{Cells, Constant};
pub(crate) use feed::{Feed, Source, mark};
pub(crate) use guess::{Closed, guess};
pub(crate) use header::LONGEST;
pub(crate) use open::open;
