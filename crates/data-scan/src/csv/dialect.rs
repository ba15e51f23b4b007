//! How a CSV file is written.

use crate::bytes::Encoding;

/// How a CSV file is written: RFC 4180 in UTF-8 with a header unless it is said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What is between cells.
    pub delimiter: u8,
    /// Whether nobody has said what is between cells, so that a header of one name may show another delimiter than this one.
    pub guessed: bool,
    /// What is around cells that hold delimiters, quotes or ends of lines.
    pub quote: Option<u8>,
    /// What is before a quote that belongs to a quoted cell, beside a second quote.
    pub escape: Option<u8>,
    /// Whether the first record has the names of the columns. Without, they are those of the contract, in its order.
    pub header: bool,
    /// The text without quotes that stands for NULL. An empty cell without quotes is NULL in any case.
    pub null: Option<String>,
    /// The encoding; a byte order mark is stronger.
    pub encoding: Encoding,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: b',',
            guessed: false,
            quote: Some(b'"'),
            escape: None,
            header: true,
            null: None,
            encoding: Encoding::Utf8,
        }
    }
}
