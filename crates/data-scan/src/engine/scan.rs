//! A scan of objects: what is asked for, and in what order it is done.

use std::sync::Arc;

use data_contract::plan::Object;

use super::object::{Scanned, scan_object};
use super::result::{ObjectScan, across};
use super::sought::sought;
use super::spreads::spreads;
use crate::csv::Dialect;
use crate::files::Storage;
use crate::keys::key_specs;
use crate::progress::Progress;

/// Where an object's data are.
#[derive(Clone)]
pub struct Source {
    /// The storage.
    pub storage: Arc<dyn Storage>,
    /// A file, a folder, or a pattern such as `data/**/*.csv`.
    pub location: String,
    /// How the files are written.
    pub format: Format,
}

/// How files are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV, plain or compressed with gzip or zstd.
    Csv(Dialect),
    /// Parquet.
    Parquet,
    /// A Delta table.
    Delta,
    /// JSON, plain or compressed with gzip or zstd: one object a line, an array of objects, or objects one after the other.
    Json,
}

impl Format {
    pub(super) fn extensions(&self) -> &'static [&'static str] {
        match self {
            Self::Csv(_) => &["csv", "tsv", "txt"],
            Self::Parquet | Self::Delta => &["parquet", "pq"],
            Self::Json => &["json", "jsonl", "ndjson"],
        }
    }
}

/// How a scan is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Threads; as many as the machine runs at once by default.
    pub threads: usize,
    /// So many rows are kept of what each measure counts; none by default.
    pub samples: usize,
    /// Whether no value is read: what footers do not say is not measured.
    pub metadata_only: bool,
    /// Bytes of a CSV or JSON file that a thread measures at a time; 1 MiB by default, and 256 MiB at most.
    pub chunk: u64,
}

/// The longest part of a file that is measured at a time: with the longest record behind it, places in it have 30 bits.
const LONGEST_CHUNK: u64 = 256 << 20;

impl Options {
    /// Bytes of a file of some size that are measured at a time.
    pub(crate) fn chunk_of(&self, size: u64) -> u64 {
        self.chunk.min(size).clamp(1, LONGEST_CHUNK)
    }
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            threads,
            samples: 0,
            metadata_only: false,
            chunk: 1 << 20,
        }
    }
}

/// The scan was told to end by [`Progress::cancel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scan was cancelled")]
pub struct Cancelled;

/// Measures objects, each from the source in the same place.
///
/// What cannot be read never ends the scan: it is in [`ScannedFile::unreadable`](super::ScannedFile::unreadable) and [`ObjectScan::findings`], and what was
/// not measured has a [`Gap`](data_contract::plan::Gap).
///
/// # Errors
///
/// When it was cancelled.
///
/// # Panics
///
/// When there are not as many sources as objects.
pub fn scan(
    objects: &[Object],
    sources: &[Source],
    options: &Options,
    progress: &Progress,
) -> Result<Vec<ObjectScan>, Cancelled> {
    assert_eq!(objects.len(), sources.len(), "each object has a source");
    let specs = key_specs(objects);
    let mut scanned: Vec<Scanned> = Vec::new();
    for ((object, source), specs) in objects.iter().zip(sources).zip(&specs) {
        scanned.push(scan_object(object, source, specs, (options, progress))?);
    }
    let sought = sought(objects, sources, &scanned, (options, progress))?;
    let spreads = spreads(objects, sources, &scanned, (options, progress))?;
    Ok(across(objects, scanned, (&sought, &spreads)))
}
