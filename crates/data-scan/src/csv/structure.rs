//! What is between and around the cells of files that nobody has described: what the first records of all of them agree with.

use std::cmp::Reverse;
use std::io;

use super::batch::Batch;
use super::dialect::Dialect;
use super::guess::{Closed, Doubt, look_at};
use super::records::{Records, Span};
use crate::bytes::{Feed, Source, mark, newline};
use crate::files::ReadAt;

/// So many records of each file are looked at.
const RECORDS: usize = 200;
/// What may stand between cells, the most usual first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// What may be around cells, and before quotes within them.
const QUOTES: [(u8, Option<u8>); 3] = [(b'"', None), (b'\'', None), (b'"', Some(b'\\'))];

/// A way to tell cells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    delimiter: u8,
    quote: (u8, Option<u8>),
}

impl Way {
    /// The ways that come into question, the most usual first.
    fn all(dialect: &Dialect) -> Vec<Self> {
        let delimiters = match dialect.guessed {
            true => DELIMITERS.to_vec(),
            false => vec![dialect.delimiter],
        };
        let ways = QUOTES.into_iter().flat_map(|quote| {
            let delimiters = delimiters.iter();
            delimiters.map(move |delimiter| Self {
                delimiter: *delimiter,
                quote,
            })
        });
        ways.collect()
    }

    fn of(self, dialect: &Dialect) -> Dialect {
        Dialect {
            delimiter: self.delimiter,
            guessed: false,
            ..quoted(self.quote, dialect)
        }
    }
}

fn quoted((quote, escape): (u8, Option<u8>), dialect: &Dialect) -> Dialect {
    Dialect {
        quote: Some(quote),
        escape,
        ..dialect.clone()
    }
}

/// A way by which all first records of a file have as many cells as its header, and several.
#[derive(Clone, Copy, Debug)]
struct Fit {
    way: Way,
    width: usize,
    /// Names of the header that look as if they were not cut where they ought to be.
    odd: usize,
    /// Whether all values of a column stand in apostrophes.
    apostrophes: bool,
}

/// A file that fits to some way.
type Fitting<'a> = (&'a str, Vec<Fit>);

/// The delimiter and quotes by which all files can be read, and what is not sure of it. Files that cannot be read by any, or have
/// one column, show nothing.
pub(super) fn structure(
    files: &[Closed<'_>],
    dialect: &Dialect,
) -> io::Result<(Dialect, Option<Doubt>)> {
    let ways = Way::all(dialect);
    let mut fitting = look_at(files, |file, size| fits((file, size), &ways, dialect))?;
    fitting.retain(|(_, fits)| !fits.is_empty());
    let without = match agreed(&fitting, |fit| fit.way) {
        Ok(ways) => {
            let (delimiter, doubt) = delimiter(&fitting, &ways);
            let way = way(&fitting, &ways, delimiter);
            return Ok((
                way.map_or_else(|| dialect.clone(), |way| way.of(dialect)),
                doubt,
            ));
        }
        Err((one, other)) => Doubt::Quotes(one, other),
    };
    Ok(match agreed(&fitting, |fit| fit.way.delimiter) {
        Ok(delimiters) => {
            let common = ways.into_iter();
            let common = common.filter(|way| delimiters.contains(&way.delimiter));
            let (delimiter, _) = delimiter(&fitting, &common.collect::<Vec<_>>());
            let dialect = Dialect {
                delimiter: delimiter.unwrap_or(dialect.delimiter),
                guessed: false,
                ..dialect.clone()
            };
            (dialect, Some(without))
        }
        Err((one, other)) => {
            let quotes = agreed(&fitting, |fit| fit.way.quote).unwrap_or_default();
            let usual = quotes.first().map(|quote| quoted(*quote, dialect));
            let doubt = Doubt::Delimiters(one, other);
            (usual.unwrap_or_else(|| dialect.clone()), Some(doubt))
        }
    })
}

/// What all files have in common of their fits; otherwise two files between which it ends.
fn agreed<K: PartialEq>(
    files: &[Fitting<'_>],
    of: impl Fn(&Fit) -> K,
) -> Result<Vec<K>, (String, String)> {
    let Some(((first, fits), others)) = files.split_first() else {
        return Ok(Vec::new());
    };
    let mut common: Vec<K> = fits.iter().map(&of).collect();
    for (path, fits) in others {
        common.retain(|known| fits.iter().any(|fit| of(fit) == *known));
        if common.is_empty() {
            return Err(((*first).to_owned(), (*path).to_owned()));
        }
    }
    Ok(common)
}

/// The delimiter of some ways that makes the most cells, and of those the one that leaves the least odd names; the most usual one,
/// with a doubt, where that is open.
fn delimiter(files: &[Fitting<'_>], ways: &[Way]) -> (Option<u8>, Option<Doubt>) {
    let rank = |delimiter: u8| {
        let fit = |fits: &[Fit]| {
            let mut fits = fits.iter();
            let fit = |fit: &&Fit| fit.way.delimiter == delimiter && ways.contains(&fit.way);
            fits.find(fit).copied()
        };
        let fits: Vec<Fit> = files.iter().filter_map(|(_, fits)| fit(fits)).collect();
        let width: usize = fits.iter().map(|fit| fit.width).sum();
        let odd: usize = fits.iter().map(|fit| fit.odd).sum();
        (Reverse(width), odd)
    };
    let mut ranked: Vec<u8> = ways.iter().map(|way| way.delimiter).collect();
    let usual = |delimiter: u8| DELIMITERS.iter().position(|known| *known == delimiter);
    ranked.sort_by_key(|delimiter| (rank(*delimiter), usual(*delimiter)));
    ranked.dedup();
    let doubt = match (ranked.as_slice(), files.first()) {
        ([taken, other, ..], Some((path, _))) if rank(*taken) == rank(*other) => {
            Some(Doubt::Delimiter {
                path: (*path).to_owned(),
                taken: char::from(*taken),
                other: char::from(*other),
            })
        }
        _ => None,
    };
    (ranked.first().copied(), doubt)
}

/// The way with a delimiter whose quotes are the most usual; those that stand around each value of a column are quotes, too.
fn way(files: &[Fitting<'_>], ways: &[Way], delimiter: Option<u8>) -> Option<Way> {
    let mut ways = ways.iter().filter(|way| Some(way.delimiter) == delimiter);
    let usual = *ways.next()?;
    let mut fits = files.iter().flat_map(|(_, fits)| fits);
    let apostrophes = fits.any(|fit| fit.way == usual && fit.apostrophes);
    let other = ways.find(|other| apostrophes && other.quote.0 == b'\'');
    Some(other.copied().unwrap_or(usual))
}

/// The ways that a file fits to.
fn fits((file, size): (&dyn ReadAt, u64), ways: &[Way], dialect: &Dialect) -> io::Result<Vec<Fit>> {
    let source = Source::detect(file, size, dialect.encoding)?;
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more()?;
    let bytes = &feed.bytes()[mark(feed.bytes())..];
    let fitting = ways.iter().filter_map(|way| {
        let beginning = Beginning::of(bytes, feed.is_last(), &way.of(dialect))?;
        Some((*way, beginning))
    });
    let fitting: Vec<_> = fitting.collect();
    let delimiters: Vec<u8> = fitting.iter().map(|(way, _)| way.delimiter).collect();
    let fits = fitting.iter().map(|(way, beginning)| Fit {
        way: *way,
        width: beginning.names.len(),
        odd: beginning.odd(way.delimiter, &delimiters),
        apostrophes: way.quote.0 == b'"' && beginning.has_column_in(b'\''),
    });
    Ok(fits.collect())
}

/// The first records of a file, all of one width.
struct Beginning<'a> {
    bytes: &'a [u8],
    batch: Batch,
    names: Vec<String>,
}

impl<'a> Beginning<'a> {
    /// The records, where all of them have several cells, and as many.
    fn of(bytes: &'a [u8], last: bool, dialect: &Dialect) -> Option<Self> {
        let records = Records::new(dialect, newline(bytes));
        let mut batch = Batch::default();
        let mut span = Span {
            from: 0,
            limit: usize::MAX,
            last,
        };
        let header = records.fill(bytes, span, (0, 1), &mut batch);
        let names = batch.row(bytes);
        span.from = header.next;
        let read = records.fill(bytes, span, (names.len(), RECORDS), &mut batch);
        let agree = names.len() > 1 && batch.ragged.is_empty() && !header.open && !read.open;
        agree.then_some(Self {
            bytes,
            batch,
            names,
        })
    }

    /// Names with another delimiter in them, and names that begin with a blank.
    fn odd(&self, delimiter: u8, delimiters: &[u8]) -> usize {
        let is_other = |byte: u8| byte != delimiter && delimiters.contains(&byte);
        let names = self.names.iter();
        let odd = names.map(|name| {
            usize::from(name.bytes().any(is_other)) + usize::from(name.starts_with(' '))
        });
        odd.sum()
    }

    /// Whether all values of a column stand in a quote.
    fn has_column_in(&self, quote: u8) -> bool {
        let is_quoted =
            |cell: &[u8]| matches!(cell, [first, .., last] if *first == quote && *last == quote);
        (0..self.names.len()).any(|column| {
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
