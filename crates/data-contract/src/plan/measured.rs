//! What was measured, and how it came to be known.

use serde::Serialize;

use super::literal::Literal;
use super::spread::Spread;

/// A measure's value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The value, or why there is none.
    pub value: Result<Value, Gap>,
    /// How it came to be known.
    pub evidence: Evidence,
    /// Some of the rows that were counted, in order.
    pub samples: Vec<Sample>,
    /// The files in which something was counted, with how much; empty where there is one file only.
    pub files: Vec<(String, u64)>,
}

/// A value of a measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number of rows, values, keys or columns.
    Count(u64),
    /// So many of these at least, and why nobody knows how many.
    AtLeast(u64, Gap),
    /// A mean, an extreme, or what a query said; null where there was nothing.
    Scalar(Literal),
    /// How often each value is there, most frequent first, then by text; the rest has no name.
    Frequencies {
        /// The values.
        values: Vec<(String, u64)>,
        /// Rows with other values.
        rest: u64,
        /// How much higher than the first count the count of any value may be at most: 0 where those that are told were counted one
        /// by one, and none of the rest is there more often than any of them.
        more: u64,
    },
    /// Numbers per bin.
    Bins(Vec<u64>),
    /// Numbers between the bounds of parts.
    Spread(Spread),
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "gap", content = "reason", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Gap {
    /// The column is not in the data.
    #[error("the column is not there")]
    Absent,
    /// The column's type does not have such a measure.
    #[error("{0}")]
    NotMeasurable(String),
    /// Something went wrong; the reason may name values.
    #[error("{0}")]
    Failed(String),
    /// It was given up, or brings no one value; the reason names no values.
    #[error("{0}")]
    GivenUp(String),
}

/// How a value came to be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Evidence {
    /// By reading the data.
    Scan,
    /// From footers of Parquet files or the log of a Delta table; the data were not read.
    Metadata,
    /// By a query.
    Query(String),
    /// It was not measured.
    None,
}

/// A row that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The file.
    pub file: Option<String>,
    /// The row in the file, from 1, without the header; 0 where the value is the type of a whole column.
    pub row: Option<u64>,
    /// The value that was counted, as text; `None` where it is NULL, masked where its column is.
    pub value: Option<String>,
}

impl Sample {
    /// The type that a column has, in place of a row of it.
    #[must_use]
    pub fn of_type(name: &str) -> Self {
        Self {
            file: None,
            row: Some(0),
            value: Some(name.to_owned()),
        }
    }

    pub(crate) fn is_type(&self) -> bool {
        self.row == Some(0)
    }
}
