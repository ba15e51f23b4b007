//! What is odd about a file apart from its values.

use serde::Serialize;

/// Something odd about a file, with how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The file.
    pub file: String,
    /// What is odd.
    pub oddity: Oddity,
    /// How often; in how many rows, where it is about rows.
    pub count: u64,
    /// The first of the rows, from 1, without the header.
    pub rows: Vec<u64>,
}

/// What is odd about a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "camelCase", tag = "oddity", content = "detail")]
pub enum Oddity {
    /// Rows with another number of cells than the header: what is missing counts as NULL, what is too much is not read.
    #[error("rows have another number of cells than the header ({0})")]
    Ragged(usize),
    /// Rows that are not text in the encoding of the file.
    #[error("rows are not valid {0}")]
    NotText(String),
    /// Rows with a NUL byte.
    #[error("rows have a NUL byte in them")]
    Nul,
    /// The last cell has a quote before it and none behind it, so that it goes on to the end of the file.
    #[error("a quote is never closed, and all that follows is one cell")]
    OpenQuote,
    /// A name stands in the header twice; the first one is read.
    #[error("the header has the column {0} twice")]
    RepeatedColumn(String),
    /// Cells are separated by something that the contract does not say.
    #[error("cells are separated by {0:?}, which nobody has said")]
    Delimiter(char),
    /// There is a header and no row, or nothing but a schema.
    #[error("the file has no rows")]
    NoRows,
    /// Somebody wrote to the file while it was read, so that nothing that was measured of it can be relied on.
    #[error("the file was changed while it was read")]
    Changed,
    /// A line that is not JSON, or no object.
    #[error("lines are not JSON objects: {0}")]
    NotJson(String),
    /// A file of the folder that has the extension of another format, and was not read.
    #[error("the file was not read: it is not of the format")]
    Ignored,
}

/// Oddities of one file or a part of one. Rows count from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Vec<(Oddity, u64, Vec<u64>)>);

/// So many rows of each are kept.
const ROWS: usize = 5;

impl Findings {
    /// Adds an oddity that is not about rows.
    pub(crate) fn add(&mut self, oddity: Oddity) {
        self.rows(oddity, std::iter::empty());
    }

    /// Adds an oddity that is about rows, if there are any.
    pub(crate) fn rows(&mut self, oddity: Oddity, rows: impl Iterator<Item = u64>) {
        let mut rows = rows.peekable();
        let about_rows = rows.peek().is_some();
        let (_, count, kept) = self.entry(oddity);
        *count += u64::from(!about_rows);
        for row in rows {
            *count += 1;
            if kept.len() < ROWS {
                kept.push(row);
            }
        }
    }

    fn entry(&mut self, oddity: Oddity) -> &mut (Oddity, u64, Vec<u64>) {
        let place = self
            .0
            .iter()
            .position(|(known, ..)| *known == oddity)
            .unwrap_or_else(|| {
                self.0.push((oddity, 0, Vec::new()));
                self.0.len() - 1
            });
        &mut self.0[place]
    }

    /// Adds those of a part that begins in row `base`.
    pub(crate) fn merge(&mut self, other: Self, base: u64) {
        for (oddity, n, rows) in other.0 {
            let (_, count, kept) = self.entry(oddity);
            *count += n;
            let room = ROWS.saturating_sub(kept.len());
            kept.extend(rows.into_iter().take(room).map(|row| row + base));
        }
    }

    /// As findings of a file.
    pub(crate) fn of(self, file: &str) -> impl Iterator<Item = Finding> {
        self.0.into_iter().map(|(oddity, count, rows)| Finding {
            file: file.to_owned(),
            oddity,
            count,
            rows: rows.into_iter().map(|row| row + 1).collect(),
        })
    }
}
