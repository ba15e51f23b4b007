//! The beginning of a CSV file: encoding, compression, ends of lines, and the names of the columns.

use std::io;

use super::batch::Batch;
use super::dialect::Dialect;
use super::records::{Records, Span, Status};
use crate::bytes::{Feed, LONGEST, Source, mark, newline};
use crate::files::ReadAt;

/// What the beginning of a file says.
pub(crate) struct Header {
    pub(crate) records: Records,
    /// The names of the columns; none where the file has no header.
    pub(crate) names: Option<Vec<String>>,
    /// How many cells a record has.
    pub(crate) width: usize,
    /// Where the first record begins after decompression and decoding.
    pub(crate) start: u64,
    pub(crate) source: Source,
}

/// Reads the beginning of a file of some size; `None` where it is empty.
pub(crate) fn header(
    file: &dyn ReadAt,
    size: u64,
    dialect: &Dialect,
) -> io::Result<Option<Header>> {
    let source = Source::detect(file, size, dialect.encoding)?;
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more()?;
    if feed.bytes().is_empty() {
        return Ok(None);
    }
    let bom = mark(feed.bytes());
    let records = Records::new(dialect, newline(feed.bytes()));
    let mut batch = Batch::default();
    let read = loop {
        let span = Span {
            from: bom,
            limit: usize::MAX,
            last: feed.is_last(),
        };
        let read = records.fill(feed.bytes(), span, (0, 1), &mut batch);
        if batch.rows == 1 || feed.is_last() {
            break read;
        }
        if feed.bytes().len() > LONGEST && read.status == Status::Incomplete {
            return Err(io::Error::other(format!(
                "the first line is longer than {} MiB",
                LONGEST >> 20
            )));
        }
        feed.more()?;
    };
    if batch.rows == 0 {
        return Ok(None);
    }
    let names = batch.row(feed.bytes());
    let start = if dialect.header { read.next } else { bom };
    Ok(Some(Header {
        records,
        width: names.len(),
        names: dialect.header.then_some(names),
        start: start as u64,
        source,
    }))
}
