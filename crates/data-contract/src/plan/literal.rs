//! A value that stands in a contract.

use serde::Serialize;

/// A value that data are compared with, of the type of the column.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Literal {
    /// `null`.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// A number.
    Number(f64),
    /// Text, and whatever is written as text.
    Text(String),
    /// A day, as days since 1970-01-01.
    Date(i32),
    /// A point in time, as microseconds since 1970-01-01 in UTC.
    Timestamp(i64),
    /// A time of a day, as microseconds since midnight.
    Time(i64),
}
