//! How CSV files are written that nobody has described: what all of their first records agree with.

use std::io;

use super::dialect::{Dialect, Encoding};
use super::encoding::{Shown, shown};
use super::feed::{Feed, Source};
use super::records::{Batch, Records, Span};
use crate::files::ReadAt;

/// So many records are looked at.
const RECORDS: usize = 200;
/// What may stand between cells, the most usual first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// What may be around cells, and before quotes within them.
const QUOTES: [(u8, Option<u8>); 3] = [(b'"', None), (b'\'', None), (b'"', Some(b'\\'))];

/// How files are written, as far as they show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// How they are written.
    pub dialect: Dialect,
    /// What is not sure of it.
    pub doubt: Option<Doubt>,
}

/// What cannot be known of the encoding of files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It is one of those that western languages are written in, most likely windows-1252.
    #[error(
        "{0} is not UTF-8 and does not say its encoding; it is read as windows-1252, which is a guess"
    )]
    Guessed(String),
    /// Some of it is UTF-8, and some is not.
    #[error("{0} is UTF-8 in some places and something else in others, so that no encoding fits")]
    Mixed(String),
    /// It is not UTF-8, and does not look like anything else that can be told.
    #[error(
        "the encoding of {0} cannot be known: it is not UTF-8, and does not say what else it is"
    )]
    Unknown(String),
    /// Files are in different encodings.
    #[error("{0} and {1} are in different encodings, of which only one can be said")]
    Several(String, String),
}

impl Doubt {
    /// What to do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Guessed(_) => "say --encoding where names or values look wrong",
            Self::Mixed(_) => "mend the file, or say --encoding",
            Self::Unknown(_) => "say --encoding, such as windows-1251, shift_jis or gb18030",
            Self::Several(..) => "write all files in UTF-8, or describe them one by one",
        }
    }
}

/// A file with its path and size.
pub(crate) type Named<'a> = (&'a str, &'a dyn ReadAt, u64);

/// How files are written. What somebody has said is so; what nobody has said of the encoding is read from all of them, and what
/// of delimiters and quotes, from the first one.
pub(crate) fn guess(
    files: &[Named<'_>],
    dialect: &Dialect,
    said: Option<Encoding>,
) -> io::Result<Guess> {
    let (encoding, doubt) = match said {
        Some(encoding) => (encoding, None),
        None => encoding(files)?,
    };
    let dialect = Dialect {
        encoding,
        ..dialect.clone()
    };
    let structure = match files.first() {
        Some((_, file, size)) => structure((*file, *size), &dialect)?,
        None => None,
    };
    Ok(Guess {
        dialect: structure.unwrap_or(dialect),
        doubt,
    })
}

/// The encoding of all files, and what is not sure of it.
fn encoding(files: &[Named<'_>]) -> io::Result<(Encoding, Option<Doubt>)> {
    let mut all = Vec::new();
    for (path, file, size) in files {
        all.push((*path, shown(*file, *size)?));
    }
    let find = |wanted: &dyn Fn(Shown) -> bool| all.iter().find(|(_, shown)| wanted(*shown));
    if let Some((path, _)) = find(&|shown| shown == Shown::Unknown) {
        return Ok((Encoding::Utf8, Some(Doubt::Unknown((*path).to_owned()))));
    }
    if let Some((path, _)) = find(&|shown| shown == Shown::Mixed) {
        return Ok((Encoding::Utf8, Some(Doubt::Mixed((*path).to_owned()))));
    }
    let needs = |shown: Shown| !matches!(shown, Shown::Ascii | Shown::Marked(_));
    let first = find(&needs).or_else(|| all.first());
    let Some((path, shown)) = first else {
        return Ok((Encoding::Utf8, None));
    };
    // A mark is stronger than what is said, and ASCII is part of all but UTF-16.
    let fits = |other: Shown| match other {
        Shown::Marked(_) => needs(*shown) || other == *shown,
        Shown::Ascii => !matches!(shown, Shown::Wide(_) | Shown::Marked(_)),
        other => other == *shown,
    };
    let other = find(&|other| !fits(other)).map(|(other, _)| (*other).to_owned());
    let path = (*path).to_owned();
    Ok(match (*shown, other) {
        // Each of them says it itself.
        (Shown::Marked(_), Some(_)) => (Encoding::Utf8, None),
        (_, Some(other)) => (Encoding::Utf8, Some(Doubt::Several(path, other))),
        (Shown::Marked(encoding) | Shown::Wide(encoding), None) => {
            (Encoding::Other(encoding), None)
        }
        (Shown::Western, None) => (
            Encoding::Other(encoding_rs::WINDOWS_1252),
            Some(Doubt::Guessed(path)),
        ),
        (_, None) => (Encoding::Utf8, None),
    })
}

/// The delimiter and quotes by which all records have as many cells as the header; `None` where there are none, or no second cell.
fn structure((file, size): (&dyn ReadAt, u64), dialect: &Dialect) -> io::Result<Option<Dialect>> {
    let mut first = [0; 4];
    let read = file.read_at(0, &mut first)?;
    let source = Source::of(&first[..read], dialect.encoding);
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more()?;
    let bytes = feed.bytes();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let delimiters = DELIMITERS.into_iter().filter(|_| dialect.guessed);
    let delimiters = delimiters.chain(Some(dialect.delimiter).filter(|_| !dialect.guessed));
    let delimiters: Vec<u8> = delimiters.collect();
    let candidates = QUOTES.into_iter().flat_map(|(quote, escape)| {
        delimiters.iter().map(move |delimiter| Dialect {
            delimiter: *delimiter,
            guessed: false,
            quote: Some(quote),
            escape,
            ..dialect.clone()
        })
    });
    let mut fitting = candidates.filter_map(|candidate| {
        let first = Beginning::of(bytes, feed.is_last(), &candidate)?;
        Some((candidate, first))
    });
    let Some((usual, beginning)) = fitting.next() else {
        return Ok(None);
    };
    // Apostrophes around each value of a column are quotes, too.
    let quoted = usual.quote == Some(b'"') && beginning.has_column_in(b'\'');
    let other = fitting.find(|(other, _)| {
        quoted && other.delimiter == usual.delimiter && other.quote == Some(b'\'')
    });
    Ok(Some(other.map_or(usual, |(other, _)| other)))
}

/// The first records of a file, all of one width.
struct Beginning<'a> {
    bytes: &'a [u8],
    batch: Batch,
    width: usize,
}

impl<'a> Beginning<'a> {
    /// The records, where all of them have several cells, and as many.
    fn of(bytes: &'a [u8], last: bool, dialect: &Dialect) -> Option<Self> {
        let newline = match bytes.contains(&b'\n') || !bytes.contains(&b'\r') {
            true => b'\n',
            false => b'\r',
        };
        let records = Records::new(dialect, newline);
        let mut batch = Batch::default();
        let mut span = Span {
            from: 0,
            limit: usize::MAX,
            last,
        };
        let header = records.fill(bytes, span, (0, 1), &mut batch);
        let width = batch.row(bytes).len();
        span.from = header.next;
        let read = records.fill(bytes, span, (width, RECORDS), &mut batch);
        let agree = width > 1 && batch.ragged.is_empty() && !header.open && !read.open;
        agree.then_some(Self {
            bytes,
            batch,
            width,
        })
    }

    /// Whether all values of a column stand in a quote.
    fn has_column_in(&self, quote: u8) -> bool {
        let is_quoted =
            |cell: &[u8]| matches!(cell, [first, .., last] if *first == quote && *last == quote);
        (0..self.width).any(|column| {
            let cells = self.batch.column(self.bytes, column);
            let cells = cells.filter(|(cell, _)| !cell.is_empty());
            let (mut all, mut quoted) = (0, 0);
            for (cell, has_quotes) in cells {
                all += 1;
                quoted += usize::from(!has_quotes && is_quoted(cell));
            }
            all > 1 && all == quoted
        })
    }
}
