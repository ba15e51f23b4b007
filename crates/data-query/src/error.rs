//! Why a query has no value.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use datafusion::common::DataFusionError;

use crate::portable;

/// A query that brings no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// It is not SQL, or names what is not there.
    #[error("{0}")]
    Invalid(String),
    /// It does something else than read.
    #[error("the query is no SELECT; a rule may only read")]
    NotReadOnly,
    /// It brings more or less than one value.
    #[error("the query brings {rows} rows of {columns} columns; a rule compares one value")]
    NotOneValue {
        /// How many rows, as far as they were looked at.
        rows: usize,
        /// How many columns.
        columns: usize,
    },
    /// Its value is nothing that can be compared.
    #[error(
        "the query brings a value of type {0}; a rule compares a number, text, time or boolean"
    )]
    NotComparable(String),
    /// It took too long.
    #[error("the query was given up after {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// It needs more memory than it may have, also with files to swap to.
    #[error("the query needs more memory than the {limit} MiB that it may have: {reason}")]
    TooLarge {
        /// What it may have, in MiB.
        limit: usize,
        /// What the engine says.
        reason: String,
    },
    /// It needs more memory than it may have, and the disk is full to which it swaps.
    #[error(
        "the query needs more memory than the {limit} MiB that it may have, and no space is left for temporary files in {}; the variable TMPDIR names another folder",
        .folder.display()
    )]
    NoSpace {
        /// What it may have, in MiB.
        limit: usize,
        /// Where temporary files are.
        folder: PathBuf,
    },
    /// The engine has a fault that this query meets.
    #[error("the query engine broke down: {0}")]
    Broken(String),
    /// The data could not be read, or a value has no result.
    #[error("{0}")]
    Failed(String),
}

impl QueryError {
    /// What the engine says when a query is planned.
    pub(crate) fn planning(error: &DataFusionError) -> Self {
        Self::Invalid(portable::told(error).unwrap_or_else(|| said(error)))
    }

    /// What the engine says when a query runs.
    pub(crate) fn running(error: &DataFusionError, limit: usize) -> Self {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(reason) => Self::TooLarge {
                limit: limit >> 20,
                reason: first_line(reason),
            },
            _ if is_of_full_disk(error) => Self::NoSpace {
                limit: limit >> 20,
                folder: std::env::temp_dir(),
            },
            _ => match portable::told(error) {
                Some(told) => Self::Invalid(told),
                None => Self::Failed(said(error)),
            },
        }
    }
}

/// Whether a file could not be written for want of space. Only temporary files are written here.
fn is_of_full_disk(error: &DataFusionError) -> bool {
    let mut causes = std::iter::successors(Some(error as &dyn Error), |&cause| cause.source());
    causes.any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::StorageFull)
    })
}

/// The first line of what the engine says: the others are about its inside.
fn said(error: &DataFusionError) -> String {
    let text = first_line(&error.find_root().message());
    let missing = text.strip_prefix("table 'datafusion.public.");
    match missing.and_then(|text| text.strip_suffix("' not found")) {
        Some(table) => format!("there is no table `{table}`"),
        None => text,
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::error::ArrowError;

    use super::*;

    #[test]
    fn a_full_disk_is_told_with_the_folder() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = DataFusionError::from(ArrowError::IoError("IO error".to_owned(), full));

        let error = QueryError::running(&error.context("while sorting"), 512 << 20);

        let QueryError::NoSpace { limit: 512, folder } = error else {
            panic!("{error:?}");
        };
        assert_eq!(folder, std::env::temp_dir());
    }
}
