//! CSV: records found by structure, chunk by chunk and in parallel, cells read straight into measures.

mod cells;
mod dialect;
mod feed;
mod file;
mod gzip;
mod header;
mod mask;
mod open;
mod records;
mod sniff;

pub use dialect::{Dialect, Encoding};

pub(crate) use cells::{Cells, Constant};
pub(crate) use feed::{Feed, Source};
pub(crate) use header::LONGEST;
pub(crate) use open::open;
pub(crate) use sniff::sniff;
