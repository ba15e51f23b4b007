//! The bytes of files of text, whatever their format is: compression, encoding, and as much of them at a time as is needed.

mod encoding;
mod feed;
mod gzip;
mod source;

pub use encoding::Encoding;

pub(crate) use feed::{Feed, STEP};
pub(crate) use source::{Source, mark, newline};

/// The longest record that is read.
pub(crate) const LONGEST: usize = 16 << 20;
