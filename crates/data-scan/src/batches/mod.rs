//! The rows of an object as Arrow batches, for whoever asks more of them than measures: SQL.

mod adapt;
mod array;
mod layout;

use std::sync::Mutex;

use arrow_array::RecordBatch;

use crate::engine::{Cancelled, Options, ScannedFile, Source, read_object};
use crate::progress::Progress;

pub(crate) use adapt::adapt;
pub(crate) use array::array;
pub use layout::Layout;

/// Reads all rows of an object, in the order of each file, with several threads. What is not of its kind is NULL, but for Parquet, whose file fails.
///
/// Each batch is given to `each`, which says whether it wants more. Gives back the files, with why one was not read to its
/// end.
///
/// # Errors
///
/// When it was cancelled, or there are no files, with the reason.
pub fn read(
    layout: &Layout,
    source: &Source,
    options: &Options,
    progress: &Progress,
    each: impl FnMut(RecordBatch) -> bool + Send,
) -> Result<Vec<ScannedFile>, ReadError> {
    let tap = Each {
        layout,
        each: Mutex::new(each),
    };
    read_object(source, (options, progress), &tap)
}

/// Why the rows of an object were not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It was cancelled, by [`Progress::cancel`] or by whoever took the batches.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// There is nothing to read.
    #[error("{0}")]
    Missing(String),
}

/// Who takes batches.
pub(crate) trait Tap: Sync {
    /// The columns that batches have.
    fn layout(&self) -> &Layout;

    /// Hands a batch over, and says whether more is wanted.
    fn give(&self, batch: RecordBatch) -> bool;
}

/// A function that takes batches.
struct Each<'l, F> {
    layout: &'l Layout,
    each: Mutex<F>,
}

impl<F: FnMut(RecordBatch) -> bool + Send> Tap for Each<'_, F> {
    fn layout(&self) -> &Layout {
        self.layout
    }

    fn give(&self, batch: RecordBatch) -> bool {
        (self
            .each
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner))(batch)
    }
}
