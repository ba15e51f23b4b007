#![doc = include_str!("../README.md")]

mod batches;
mod bytes;
mod caught;
mod cells;
mod columnar;
mod csv;
mod delta;
mod engine;
mod files;
mod finding;
mod json;
mod kernel;
mod keys;
mod parquet;
mod profile;
mod progress;
mod strip;
mod text;
mod tree;

pub use batches::{Layout, ReadError, read};
pub use bytes::Encoding;
pub use caught::{caught, is_caught};
pub use csv::{Dialect, Doubt, Guess};
pub use engine::{Cancelled, Format, ObjectScan, Options, ScannedFile, Source, guess, scan};
pub use files::{Entry, Local, ReadAt, Storage};
pub use finding::{Finding, Oddity};
pub use profile::profile;
pub use progress::Progress;
