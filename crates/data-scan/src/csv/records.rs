//! Records and their cells, in batches. What is odd about a record is noted and never ends the reading.
//!
//! A quote opens a cell only where the cell begins; elsewhere it is a character like any other. After the closing quote
//! more text may follow and belongs to the cell. That is how the `csv` crate reads too.

use super::batch::{Batch, Cell, QUOTED, UNESCAPED};
use super::dialect::Dialect;
use super::mask::{Marks, Needles};

/// How the reading of a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// The batch is full.
    Full,
    /// The record at the place where it ended begins beyond the limit, or there is none.
    Done,
    /// The record at the place where it ended is not there as a whole.
    Incomplete,
}

/// Reads records of a block.
#[derive(Debug)]
pub(crate) struct Records {
    delimiter: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    newline: u8,
    needles: Needles,
}

/// What is read of a block: from where, up to where records may begin, and whether nothing comes after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) from: usize,
    pub(crate) limit: usize,
    pub(crate) last: bool,
}

/// How far the reading came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// Where the next record begins.
    pub(crate) next: usize,
    pub(crate) status: Status,
    /// Whether the last cell has a quote before it and none behind it.
    pub(crate) open: bool,
}

/// What ended a cell, and where the next one begins.
#[derive(Clone, Copy)]
enum End {
    Delimiter(usize),
    Line(usize),
    /// The block, within quotes or not.
    Block(bool),
}

impl Records {
    /// A reader of a dialect, for lines that end in `newline`.
    pub(crate) fn new(dialect: &Dialect, newline: u8) -> Self {
        let quote = dialect.quote.unwrap_or(dialect.delimiter);
        let escape = dialect
            .escape
            .filter(|escape| Some(*escape) != dialect.quote && dialect.quote.is_some());
        let needles = Needles::new([dialect.delimiter, newline, quote, escape.unwrap_or(quote)]);
        Self {
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            escape,
            newline,
            needles,
        }
    }

    /// The byte that ends a line.
    pub(crate) fn newline(&self) -> u8 {
        self.newline
    }

    /// Fills a batch with up to `most` records, of `width` cells each; 0: as many as there are.
    pub(crate) fn fill(
        &self,
        block: &[u8],
        span: Span,
        (width, most): (usize, usize),
        batch: &mut Batch,
    ) -> Read {
        batch.clear(width);
        let mut marks = Marks::new(block, self.needles, span.from);
        let mut next = span.from;
        while next < span.limit.min(block.len()) {
            if batch.rows == most {
                return Read {
                    next,
                    status: Status::Full,
                    open: false,
                };
            }
            let before = batch.cells.len();
            let Some((end, count)) = self.record(block, (next, span.last), &mut marks, batch)
            else {
                batch.cells.truncate(before);
                return Read {
                    next,
                    status: Status::Incomplete,
                    open: false,
                };
            };
            let empty = count == 1 && batch.cells.last().is_none_or(|cell| cell.length == 0);
            if empty && width != 1 {
                batch.cells.truncate(before);
            } else {
                batch.finish(next, (before, count));
            }
            next = match end {
                End::Delimiter(next) | End::Line(next) => next,
                End::Block(open) => {
                    return Read {
                        next: block.len(),
                        status: Status::Done,
                        open,
                    };
                }
            };
        }
        Read {
            next,
            status: Status::Done,
            open: false,
        }
    }

    /// Reads the record that begins at a place: what ended it, and how many cells it has.
    #[inline]
    fn record(
        &self,
        block: &[u8],
        (mut at, last): (usize, bool),
        marks: &mut Marks<'_>,
        batch: &mut Batch,
    ) -> Option<(End, usize)> {
        let mut count = 0;
        loop {
            let (cell, end) = if self.quote.is_some() && block.get(at).copied() == self.quote {
                self.quoted(block, (at, last), marks, batch)?
            } else {
                self.plain(block, (at, at, last), marks)?
            };
            if count < batch.width || batch.width == 0 {
                batch.cells.push(cell);
            }
            count += 1;
            match end {
                End::Delimiter(next) => at = next,
                end => return Some((end, count)),
            }
        }
    }

    /// The cell from `start`, without quotes from `at` on.
    #[inline]
    fn plain(
        &self,
        block: &[u8],
        (start, at, last): (usize, usize, bool),
        marks: &mut Marks<'_>,
    ) -> Option<(Cell, End)> {
        loop {
            let Some(mark) = marks.next() else {
                let end = self.line_end(block, at, block.len());
                return last.then(|| (Cell::new(start, end), End::Block(false)));
            };
            let byte = block[mark];
            if byte == self.delimiter {
                return Some((Cell::new(start, mark), End::Delimiter(mark + 1)));
            }
            if byte == self.newline {
                return Some((
                    Cell::new(start, self.line_end(block, at, mark)),
                    End::Line(mark + 1),
                ));
            }
        }
    }

    /// Where the text of a line ends: before a carriage return that belongs to the line's end.
    #[inline]
    fn line_end(&self, block: &[u8], start: usize, end: usize) -> usize {
        end - usize::from(end > start && self.newline == b'\n' && block[end - 1] == b'\r')
    }

    /// The cell whose opening quote stands at a place.
    #[inline]
    fn quoted(
        &self,
        block: &[u8],
        (at, last): (usize, bool),
        marks: &mut Marks<'_>,
        batch: &mut Batch,
    ) -> Option<(Cell, End)> {
        marks.next();
        let (start, mut escaped) = (at + 1, false);
        let close = loop {
            let Some(mark) = marks.next() else {
                return last.then(|| {
                    (
                        self.content(block, (start, block.len()), escaped, batch),
                        End::Block(true),
                    )
                });
            };
            let byte = Some(block[mark]);
            let following = block.get(mark + 1).copied();
            if byte == self.escape {
                escaped = true;
                if following.is_some_and(|following| self.is_mark(following)) {
                    marks.next();
                }
            } else if byte == self.quote {
                if following != self.quote {
                    break mark;
                }
                escaped = true;
                marks.next();
            }
        };
        let cell = self.content(block, (start, close), escaped, batch);
        match block.get(close + 1..).unwrap_or_default() {
            [] if last => Some((cell, End::Block(false))),
            [b'\r'] if last && self.newline == b'\n' => Some((cell, End::Block(false))),
            [] => None,
            [byte, ..] if *byte == self.delimiter => {
                marks.next();
                Some((cell, End::Delimiter(close + 2)))
            }
            [byte, ..] if *byte == self.newline => {
                marks.next();
                Some((cell, End::Line(close + 2)))
            }
            [b'\r', b'\n', ..] if self.newline == b'\n' => {
                marks.next();
                Some((cell, End::Line(close + 3)))
            }
            _ => {
                let (rest, end) = self.plain(block, (close + 1, close + 1, last), marks)?;
                Some((batch.joined(block, cell, rest), end))
            }
        }
    }

    fn is_mark(&self, byte: u8) -> bool {
        byte == self.delimiter
            || byte == self.newline
            || Some(byte) == self.quote
            || Some(byte) == self.escape
    }

    /// A cell of what is between quotes.
    #[inline]
    fn content(
        &self,
        block: &[u8],
        (start, end): (usize, usize),
        escaped: bool,
        batch: &mut Batch,
    ) -> Cell {
        let mut cell = Cell::new(start, end);
        if escaped {
            cell = self.unescaped(&block[start..end], batch);
        }
        cell.length |= QUOTED;
        cell
    }

    #[cold]
    fn unescaped(&self, text: &[u8], batch: &mut Batch) -> Cell {
        let start = batch.text.len();
        let mut bytes = text.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            let doubled = Some(byte) == self.quote && bytes.peek().copied() == self.quote;
            let kept = if doubled || Some(byte) == self.escape {
                bytes.next()
            } else {
                Some(byte)
            };
            batch.text.extend(kept);
        }
        let mut cell = Cell::new(start, batch.text.len());
        cell.length |= UNESCAPED;
        cell
    }
}
