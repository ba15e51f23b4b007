//! How a CSV file is written.

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

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, whose errors are counted.
    Utf8,
    /// Another one that browsers know, such as `windows-1252`.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of a label, such as `latin1` or `utf-16le`; `None` where nobody knows it.
    #[must_use]
    pub fn of(label: &str) -> Option<Self> {
        let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
        Some(if encoding == encoding_rs::UTF_8 {
            Self::Utf8
        } else {
            Self::Other(encoding)
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Utf8 => "UTF-8".to_owned(),
            Self::Other(encoding) => encoding.name().to_owned(),
        }
    }
}
