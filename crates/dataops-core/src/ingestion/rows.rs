//! What a file of data comes to, and how the rows of CSV are counted while it is read.

use azure_core::Bytes;
use dataops_solution::text::{NotUtf8, Utf8Check};
use futures::{Stream, TryStreamExt};

use crate::connection::{Storage, StorageError};

/// The columns and rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of its columns, as far as they are known.
    pub columns: Vec<String>,
    /// Whether a record may leave out columns, as one of JSON may.
    pub may_lack: bool,
    /// Its rows, where somebody can count them.
    pub rows: Option<u64>,
    /// A file of a format that nobody knows, beside files whose rows were counted.
    pub stray: Option<String>,
}

/// How the columns of two files differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Otherwise {
    pub(super) has: Vec<String>,
    pub(super) lacks: Vec<String>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            may_lack: false,
            rows: Some(0),
            stray: None,
        }
    }
}

impl Table {
    /// A table of a format that nobody knows.
    #[must_use]
    pub fn uncounted() -> Self {
        Self {
            rows: None,
            ..Self::default()
        }
    }

    /// What the columns of another file are beside those that are known; none where they are the same, or one of both may leave some out.
    pub(super) fn difference(&self, other: &Self) -> Option<Otherwise> {
        let unknown = self.columns.is_empty() || other.columns.is_empty();
        if unknown || self.may_lack || other.may_lack {
            return None;
        }
        let without = |one: &Self, other: &Self| -> Vec<String> {
            let columns = one.columns.iter();
            let only = columns.filter(|name| !other.columns.contains(name));
            only.cloned().collect()
        };
        let found = Otherwise {
            has: without(other, self),
            lacks: without(self, other),
        };
        (found != Otherwise::default()).then_some(found)
    }

    pub(super) fn join(&mut self, other: Self) {
        if self.columns.is_empty() || other.may_lack {
            let new = other.columns.into_iter();
            let new: Vec<_> = new.filter(|name| !self.columns.contains(name)).collect();
            self.columns.extend(new);
        }
        self.may_lack |= other.may_lack;
        self.rows = self.rows.zip(other.rows).map(|(rows, more)| rows + more);
    }
}

/// A file is not a readable table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowsError {
    /// It could not be reached.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// It broke off.
    #[error("it broke off after {after} bytes")]
    BrokenOff {
        /// How much was read.
        after: u64,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// It is not what its format is.
    #[error("{0}")]
    Unreadable(String),
    /// It has no header.
    #[error("the file is empty")]
    Empty,
    /// It holds bytes that are no text.
    #[error(transparent)]
    NotText(#[from] NotUtf8),
    /// A row has another number of fields than the header.
    #[error("line {line} has {fields} fields, the header has {columns}")]
    Ragged {
        /// The line, from 1.
        line: u64,
        /// Its fields.
        fields: usize,
        /// The header's fields.
        columns: usize,
    },
}

/// Counts the rows of a CSV blob with a header.
pub(super) async fn count_csv(
    storage: &Storage,
    container: &str,
    blob: &str,
) -> Result<Table, RowsError> {
    count(storage.open(container, blob).await?).await
}

async fn count(
    mut content: impl Stream<Item = azure_core::Result<Bytes>> + Unpin,
) -> Result<Table, RowsError> {
    let mut counter = Counter::default();
    loop {
        let chunk = content.try_next().await;
        match chunk.map_err(|source| RowsError::BrokenOff {
            after: counter.bytes,
            source,
        })? {
            Some(chunk) => counter.feed(&chunk)?,
            None => return counter.finish(),
        }
    }
}

/// `csv_core` driven by chunks: fields are counted, their text is dropped, but for the header's.
struct Counter {
    reader: csv_core::Reader,
    header: Vec<String>,
    field: Vec<u8>,
    fields: usize,
    rows: u64,
    bytes: u64,
    text: Utf8Check,
    done_header: bool,
}

impl Default for Counter {
    fn default() -> Self {
        Self {
            reader: csv_core::Reader::new(),
            header: Vec::new(),
            field: Vec::new(),
            fields: 0,
            rows: 0,
            bytes: 0,
            text: Utf8Check::default(),
            done_header: false,
        }
    }
}

impl Counter {
    fn feed(&mut self, chunk: &[u8]) -> Result<(), RowsError> {
        let mut rest = if self.bytes == 0 {
            chunk.strip_prefix(b"\xef\xbb\xbf").unwrap_or(chunk)
        } else {
            chunk
        };
        self.bytes += chunk.len() as u64;
        self.text.feed(chunk)?;
        while !rest.is_empty() {
            rest = &rest[self.step(rest)?..];
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Table, RowsError> {
        self.text.finish()?;
        if self.bytes > 0 {
            self.step(&[])?;
        }
        if !self.done_header {
            return Err(RowsError::Empty);
        }
        Ok(Table {
            columns: self.header,
            rows: Some(self.rows),
            ..Table::default()
        })
    }

    /// Reads on; an empty `input` is the end.
    fn step(&mut self, input: &[u8]) -> Result<usize, RowsError> {
        let mut text = [0_u8; 4096];
        let (result, read, written) = self.reader.read_field(input, &mut text);
        if !self.done_header {
            self.field.extend_from_slice(&text[..written]);
        }
        if let csv_core::ReadFieldResult::Field { record_end } = result {
            self.end_field(record_end)?;
        }
        Ok(read)
    }

    fn end_field(&mut self, record_end: bool) -> Result<(), RowsError> {
        self.fields += 1;
        if !self.done_header {
            // What is not text has stopped the chunk that it came in.
            let name = String::from_utf8_lossy(&self.field).into_owned();
            self.field.clear();
            self.header.push(name);
        }
        if !record_end {
            return Ok(());
        }
        if self.done_header {
            if self.fields != self.header.len() {
                let line = self.reader.line().saturating_sub(1).max(1);
                return Err(RowsError::Ragged {
                    line,
                    fields: self.fields,
                    columns: self.header.len(),
                });
            }
            self.rows += 1;
        }
        self.done_header = true;
        self.fields = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use futures::stream;

    use super::*;

    fn table(text: impl AsRef<[u8]>, chunk: usize) -> Result<Table, String> {
        let chunks: Vec<_> = text
            .as_ref()
            .chunks(chunk)
            .map(|part| Ok(Bytes::copy_from_slice(part)))
            .collect();
        block_on(count(stream::iter(chunks))).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_are_counted_however_the_text_is_cut() {
        let text = "\u{feff}id,\"a \"\"b\"\"\",c\r\n1,\"x\ny\",3\r\n2,,\n3,z,w";

        for chunk in [3, 4, 7, 100] {
            let table = table(text, chunk).unwrap();
            assert_eq!(table.columns, ["id", "a \"b\"", "c"], "{chunk}");
            assert_eq!(table.rows, Some(3), "{chunk}");
        }
    }

    #[test]
    fn rows_that_nobody_counts_have_no_sum() {
        let rows = |rows| Table {
            rows,
            ..Table::default()
        };
        let sum = |parts: &[Option<u64>]| {
            let mut whole = Table::default();
            parts.iter().for_each(|part| whole.join(rows(*part)));
            whole.rows
        };

        assert_eq!(sum(&[Some(2), Some(3)]), Some(5));
        assert_eq!(sum(&[Some(2), None, Some(3)]), None);
    }

    #[test]
    fn files_differ_by_the_names_of_their_columns() {
        let of = |names: &[&str], may_lack| Table {
            columns: names.iter().map(|name| (*name).to_owned()).collect(),
            may_lack,
            ..Table::default()
        };
        let table = of(&["a", "b"], false);

        assert_eq!(table.difference(&of(&["b", "a"], false)), None);
        assert_eq!(table.difference(&of(&[], false)), None);
        assert_eq!(table.difference(&of(&["c"], true)), None);
        let found = table.difference(&of(&["a", "c"], false));
        assert_eq!(
            found,
            Some(Otherwise {
                has: vec!["c".to_owned()],
                lacks: vec!["b".to_owned()]
            })
        );
    }

    #[test]
    fn long_fields_are_one_field() {
        let long = "x".repeat(20_000);

        let table = table(format!("{long},b\n{long},2\n"), 9_999).unwrap();

        assert_eq!((table.columns.len(), table.rows), (2, Some(1)));
    }

    #[test]
    fn what_is_no_table_says_why() {
        assert_eq!(table("", 10).unwrap_err(), "the file is empty");
        assert_eq!(
            table("a,b\n1,2\n3\n", 4).unwrap_err(),
            "line 3 has 1 fields, the header has 2"
        );
        assert_eq!(table("a,b\n", 4).unwrap().rows, Some(0));
    }

    #[test]
    fn a_table_of_another_encoding_says_where() {
        for chunk in [1, 3, 100] {
            assert_eq!(
                table(b"id,name\n1,caf\xe9\n", chunk).unwrap_err(),
                "line 2, column 6 (byte 14): 0xe9 is not UTF-8; the text is probably Latin-1 or Windows-1252"
            );
        }
    }
}
