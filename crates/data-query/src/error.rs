//! Why a query has no value.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use datafusion::common::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;

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
    /// The data of a table could not be read.
    #[error("{0}")]
    Unreadable(String),
    /// A value has no result.
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
        if let Some(Unreadable(reason)) = cause(error) {
            return Self::Unreadable(reason.clone());
        }
        match error.find_root() {
            DataFusionError::ResourcesExhausted(reason) => Self::TooLarge {
                limit: limit >> 20,
                reason: exhausted(reason),
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
    causes(error).any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::StorageFull)
    })
}

/// What a table says where it cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) String);

/// The first cause of its type.
fn cause<E: Error + 'static>(error: &DataFusionError) -> Option<&E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// An error and what it came of.
fn causes(error: &DataFusionError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |&cause| cause.source())
}

/// The first line of what the engine says: the others are about its inside.
fn said(error: &DataFusionError) -> String {
    let text = match error.find_root() {
        DataFusionError::SQL(syntax, _) => syntax_error(syntax),
        other => first_line(&other.message()),
    };
    let missing = text.strip_prefix("table 'datafusion.public.");
    match missing.and_then(|text| text.strip_suffix("' not found")) {
        Some(table) => format!("there is no table `{table}`"),
        None => text,
    }
}

/// A fault of the syntax, in its own words.
fn syntax_error(error: &ParserError) -> String {
    match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => first_line(text),
        ParserError::RecursionLimitExceeded => "the query is nested too deep".to_owned(),
    }
}

/// Who wanted how much memory, as far as that says something to whoever has written the query.
fn exhausted(text: &str) -> String {
    let asked = text.split_once("Failed to allocate additional ");
    let asked = asked.and_then(|(_, rest)| rest.split_once(" with "));
    let Some((asked, _)) = asked else {
        return first_line(text);
    };
    match asked.split_once(" for ") {
        Some((bytes, operator)) => {
            let name = operator.split(['[', '#']).next().unwrap_or(operator);
            format!("{bytes} more for {name}")
        }
        None => first_line(text),
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
    fn what_is_told_are_words_and_whole_sentences() {
        let text = "Additional allocation failed for ExternalSorterMerge[0] with top memory consumers (across reservations) as:\n  x#1\n\
                    Error: Failed to allocate additional 10.0 MB for ExternalSorterMerge[0] with 0.0 B already allocated";
        let error = DataFusionError::ResourcesExhausted(text.to_owned());
        insta::assert_snapshot!(QueryError::running(&error, 512 << 20), @"the query needs more memory than the 512 MiB that it may have: 10.0 MB more for ExternalSorterMerge");
        let syntax = ParserError::ParserError("Expected: an expression, found: EOF".to_owned());
        let error = DataFusionError::SQL(Box::new(syntax), None);
        insta::assert_snapshot!(QueryError::planning(&error), @"Expected: an expression, found: EOF");
    }

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
