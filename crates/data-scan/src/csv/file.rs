//! A CSV file as units of work: chunks that begin at guessed places, since whether a line end ends a record is known only after
//! reading everything before it. The guess is nearly always right, and is checked.

use std::io;
use std::sync::Arc;

use super::batch::Batch;
use super::records::{Records, Span, Status};
use crate::bytes::{Feed, LONGEST, STEP, Source};
use crate::cells::{Cells, Constant, Context};
use crate::engine::{Opened, Outcome, Sheet, Turn, Work};
use crate::files::ReadAt;
use crate::finding::Oddity;
use crate::kernel::Program;

/// Beyond a chunk's end, so much is read for its last record.
const TAIL: usize = 4096;
/// Cells of a batch of records.
const CELLS: usize = 16 << 10;

/// A CSV file that was opened.
pub(super) struct CsvFile {
    pub(super) file: Box<dyn ReadAt>,
    pub(super) size: u64,
    /// The length of a chunk: large enough that what is lost at its ends does not count, small enough for caches.
    pub(super) chunk: u64,
    pub(super) records: Records,
    pub(super) width: usize,
    pub(super) start: u64,
    pub(super) source: Source,
    pub(super) null: Vec<u8>,
    pub(super) programs: Vec<Arc<Program>>,
    pub(super) columns: Vec<Column>,
    /// Whether nothing but the header is read.
    pub(super) unread: bool,
}

/// Where the cells of a program's column are, and how they are read.
pub(super) enum Column {
    /// In a column of the file.
    Cell(usize, Cells),
    /// In the name of the file's folder.
    Folder(Constant),
}

impl Opened for CsvFile {
    fn units(&self) -> usize {
        if self.unread {
            0
        } else if self.source.is_plain() {
            usize::try_from(self.size.saturating_sub(self.start).div_ceil(self.chunk))
                .unwrap_or(usize::MAX)
        } else {
            1
        }
    }

    fn measure(&self, turn: &Turn<'_>, work: &Work<'_>) -> Outcome {
        if !self.source.is_plain() {
            return self.measured(
                Run {
                    from: 0,
                    skip: Skip::Bytes(self.start),
                    limit: None,
                },
                Sheet::in_turn(work, turn, None),
            );
        }
        let unit = turn.unit();
        let lower = self.start + unit as u64 * self.chunk;
        let (from, skip) = if unit == 0 {
            (lower, Skip::Bytes(0))
        } else {
            (lower - 1, Skip::Line)
        };
        self.measured(
            Run {
                from,
                skip,
                limit: Some(lower + self.chunk),
            },
            Sheet::new(work),
        )
    }

    fn measure_from(&self, unit: usize, start: u64, work: &Work<'_>) -> Outcome {
        let limit = self.start + (unit as u64 + 1) * self.chunk;
        self.measured(
            Run {
                from: start,
                skip: Skip::Bytes(0),
                limit: Some(limit),
            },
            Sheet::new(work),
        )
    }
}

/// Which records are measured.
#[derive(Clone, Copy)]
struct Run {
    /// Where the reading begins.
    from: u64,
    /// What comes before the first record.
    skip: Skip,
    /// Records that begin at this place or beyond are another unit's.
    limit: Option<u64>,
}

#[derive(Clone, Copy)]
enum Skip {
    /// So many bytes.
    Bytes(u64),
    /// All up to a line's end.
    Line,
}

impl CsvFile {
    fn measured(&self, run: Run, mut sheet: Sheet<'_>) -> Outcome {
        let result = self.read(run, &mut sheet);
        let mut outcome = sheet.end();
        match result {
            Ok(span) => outcome.span = self.source.is_plain().then_some(span),
            Err(error) => outcome.failed = Some(error.to_string()),
        }
        outcome
    }

    /// Reads the records of a run into the sheet: where the first one began, and where the next one begins.
    fn read(&self, run: Run, sheet: &mut Sheet<'_>) -> io::Result<(u64, u64)> {
        if run.limit.is_some_and(|limit| run.from >= limit) {
            return Ok((run.from, run.from));
        }
        let Some(mut reading) = self.begin(run)? else {
            return Ok((u64::MAX, u64::MAX));
        };
        let start = reading.place();
        let most = (CELLS / self.width.max(1)).clamp(16, 8192);
        let mut batch = Batch::default();
        let mut text = Text::of(&reading);
        loop {
            let (span, block) = (reading.span(run.limit), reading.feed.bytes());
            let read = self
                .records
                .fill(block, span, (self.width, most), &mut batch);
            self.batch(&batch, (block, read.next), text, sheet);
            if read.open {
                let row = sheet.rows.saturating_sub(1);
                sheet.findings.rows(Oddity::OpenQuote, std::iter::once(row));
            }
            reading.at = read.next;
            let spent = read.status != Status::Full;
            let ended = span.last && read.status == Status::Done;
            if spent && (read.next >= span.limit || ended) || sheet.is_ended() {
                return Ok((start, reading.place()));
            }
            if spent {
                reading.more(sheet.rows)?;
                text = Text::of(&reading);
            }
        }
    }

    /// Reads what is before the first record of a run; `None` where there is none.
    fn begin(&self, run: Run) -> io::Result<Option<Reading<'_>>> {
        let mut feed = Feed::new(self.file.as_ref(), self.size, self.source, run.from)?;
        match run.limit {
            Some(limit) => feed.more_of(usize::try_from(limit - run.from).unwrap_or(0) + TAIL)?,
            None => feed.more()?,
        }
        let skipped = match run.skip {
            Skip::Bytes(length) => usize::try_from(length).unwrap_or(usize::MAX),
            Skip::Line => match memchr::memchr(self.records.newline(), feed.bytes()) {
                Some(place) => place + 1,
                None => return Ok(None),
            },
        };
        let at = skipped.min(feed.bytes().len());
        Ok(Some(Reading {
            feed,
            offset: run.from,
            at,
        }))
    }

    fn batch(
        &self,
        batch: &Batch,
        (block, next): (&[u8], usize),
        text: Text,
        sheet: &mut Sheet<'_>,
    ) {
        let base = sheet.rows;
        if !batch.ragged.is_empty() {
            let rows = batch.ragged.iter().map(|(row, _)| base + u64::from(*row));
            sheet.findings.rows(Oddity::Ragged(self.width), rows);
        }
        let mut odd = |oddity: Oddity, test: &dyn Fn(&[u8]) -> bool| {
            let lines = (base..)
                .zip(batch.lines(block, next))
                .filter(|(_, line)| test(line));
            let rows: Vec<u64> = lines.map(|(row, _)| row).collect();
            if !rows.is_empty() {
                sheet.findings.rows(oddity, rows.into_iter());
            }
        };
        if !text.utf8 {
            odd(Oddity::NotText(self.source.encoding.name()), &|line| {
                std::str::from_utf8(line).is_err()
            });
        }
        if text.nul {
            odd(Oddity::Nul, &|line| line.contains(&0));
        }
        let with = Context {
            null: &self.null,
            utf8: text.utf8,
        };
        sheet.run(batch.rows, &self.programs, |place| {
            match &self.columns[place] {
                Column::Cell(cell, cells) => {
                    cells.read(batch.column(block, *cell), batch.rows, with)
                }
                Column::Folder(constant) => constant.read(batch.rows),
            }
        });
    }
}

/// How far the reading of a run has come.
struct Reading<'a> {
    feed: Feed<'a>,
    /// The place in the file of the first byte that is kept.
    offset: u64,
    /// The place of the next record in what is kept.
    at: usize,
}

impl Reading<'_> {
    /// The place in the file of the next record.
    fn place(&self) -> u64 {
        self.offset + self.at as u64
    }

    fn span(&self, limit: Option<u64>) -> Span {
        let limit = limit.map(|limit| limit.saturating_sub(self.offset));
        let limit = limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        Span {
            from: self.at,
            limit,
            last: self.feed.is_last(),
        }
    }

    /// Reads more, as much again as is kept.
    fn more(&mut self, rows: u64) -> io::Result<()> {
        if self.feed.bytes().len() - self.at > LONGEST {
            return Err(io::Error::other(format!(
                "a record is longer than {} MiB, as if a quote is never closed: {rows} rows after byte {}",
                LONGEST >> 20,
                self.offset
            )));
        }
        self.feed.forget(self.at);
        self.offset += self.at as u64;
        self.at = 0;
        self.feed.more_of(self.feed.bytes().len().max(STEP))
    }
}

/// What is known of the bytes that were read.
#[derive(Clone, Copy)]
struct Text {
    utf8: bool,
    nul: bool,
}

impl Text {
    fn of(reading: &Reading<'_>) -> Self {
        let bytes = &reading.feed.bytes()[reading.at..];
        let utf8 = bytes.is_ascii()
            || match std::str::from_utf8(bytes) {
                Ok(_) => true,
                Err(error) => error.error_len().is_none() && !reading.feed.is_last(),
            };
        Self {
            utf8,
            nul: memchr::memchr(0, bytes).is_some(),
        }
    }
}
