//! A JSON file as units of work. Ends of lines are ends of records, so that chunks of lines need no guess.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use data_contract::plan::{Column, ColumnId, Kind, Step};
use serde_json::Value;

use super::read::Field;
use super::split::Splitter;
use crate::bytes::{Encoding, Feed, LONGEST, Source, mark};
use crate::cells::{Cells, Constant};
use crate::engine::{MOST_EXTRA, Opened, Outcome, Shape, Sheet, Turn, Work};
use crate::files::{DataFile, ReadAt};
use crate::finding::Oddity;
use crate::kernel::Program;
use crate::tree::Tree;

/// Objects of a batch.
const BATCH: usize = 1024;

/// A JSON file that was opened.
struct JsonFile {
    file: Box<dyn ReadAt>,
    size: u64,
    chunk: u64,
    source: Source,
    /// Whether each line is an object.
    lines: bool,
    programs: Vec<Arc<Program>>,
    columns: Vec<(ColumnId, Place)>,
    declared: BTreeSet<String>,
    /// Whether nothing of it is read.
    unread: bool,
}

/// Where a column is.
enum Place {
    Field(Field),
    Folder(Constant),
}

/// Opens a file for a pass.
pub(crate) fn open(
    file: Box<dyn ReadAt>,
    data: &DataFile,
    work: &Work<'_>,
) -> Result<(Shape, Arc<dyn Opened>), String> {
    if data.entry.size == 0 {
        return Err("the file is empty".to_owned());
    }
    let (source, lines) =
        layout(file.as_ref(), data.entry.size).map_err(|error| error.to_string())?;
    let folders = &data.folders;
    let mut shape = Shape {
        late: true,
        ..Shape::default()
    };
    let (mut programs, mut columns) = (Vec::new(), Vec::new());
    for (place, column) in work.object.columns.iter().enumerate() {
        let id = ColumnId(place);
        let (cells, program) = work.column(id, &mut shape);
        let folder = folders.iter().find(|(name, _)| *name == column.name());
        let place = match folder {
            Some((_, value)) => Place::Folder(Constant {
                cells,
                value: value.clone(),
            }),
            None => Place::Field(Field {
                path: column.path.clone(),
                kind: match Cells::of(&column.kind) {
                    Ok(_) => column.kind.clone(),
                    // Nothing is measured of its values.
                    Err(_) => Kind::Any,
                },
                cells,
            }),
        };
        programs.push(program);
        columns.push((id, place));
    }
    let declared = work.object.columns.iter().filter_map(root_name).collect();
    if work.options.metadata_only {
        shape.leave_unread(work);
    }
    let size = data.entry.size;
    let chunk = work.options.chunk_of(size);
    Ok((
        shape,
        Arc::new(JsonFile {
            file,
            size,
            chunk,
            source,
            lines,
            programs,
            columns,
            declared,
            unread: work.options.metadata_only,
        }),
    ))
}

fn root_name(column: &Column) -> Option<String> {
    match column.path.first() {
        Some(Step::Field(name)) => Some(name.clone()),
        _ => None,
    }
}

/// How the file is compressed and encoded, and whether its first line is an object.
fn layout(file: &dyn ReadAt, size: u64) -> io::Result<(Source, bool)> {
    let source = Source::detect(file, Encoding::Utf8)?;
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more()?;
    let bytes = feed.bytes()[mark(feed.bytes())..].trim_ascii_start();
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    // A first line that is no JSON at all is an odd line of many, unless an array or an object goes on behind it.
    let lines = if whole {
        !line.starts_with(b"[")
    } else {
        !(line.starts_with(b"[") || line.trim_ascii_end() == b"{")
    };
    Ok((source, lines))
}

impl Opened for JsonFile {
    fn units(&self) -> usize {
        if self.unread {
            0
        } else if self.lines && self.source.is_plain() {
            usize::try_from(self.size.div_ceil(self.chunk)).unwrap_or(usize::MAX)
        } else {
            1
        }
    }

    fn measure(&self, turn: &Turn<'_>, work: &Work<'_>) -> Outcome {
        let mut sheet = Sheet::in_turn(work, turn, None);
        let unit = turn.unit() as u64;
        let mut names = Names {
            there: vec![false; work.object.columns.len()],
            extra: BTreeSet::new(),
            more: false,
            tree: Tree::default(),
        };
        let mut rows = Rows {
            file: self,
            work,
            sheet: &mut sheet,
            names: &mut names,
            waiting: Vec::new(),
        };
        let read = if !self.lines {
            rows.values()
        } else if self.source.is_plain() {
            rows.lines(unit * self.chunk, Some((unit + 1) * self.chunk))
        } else {
            rows.lines(0, None)
        };
        rows.measure();
        let failed = read.err().map(|error| error.to_string());
        let outcome = sheet.end();
        Outcome {
            failed: failed.or(outcome.failed),
            there: names.there,
            extra: names.extra,
            more_extra: names.more,
            tree: names.tree,
            ..outcome
        }
    }
}

/// Which columns are there.
struct Names {
    there: Vec<bool>,
    extra: BTreeSet<String>,
    /// Whether there are more of them than are kept.
    more: bool,
    tree: Tree,
}

/// Objects on their way into measures.
struct Rows<'a, 'w> {
    file: &'a JsonFile,
    work: &'a Work<'w>,
    sheet: &'a mut Sheet<'w>,
    names: &'a mut Names,
    waiting: Vec<Value>,
}

impl Rows<'_, '_> {
    /// The lines that begin from a place on and before a limit.
    fn lines(&mut self, from: u64, limit: Option<u64>) -> io::Result<()> {
        let start = from.saturating_sub(1);
        let mut feed = Feed::new(
            self.file.file.as_ref(),
            self.file.size,
            self.file.source,
            start,
        )?;
        let first = limit.map(|limit| usize::try_from(limit - start).unwrap_or(usize::MAX));
        match first {
            Some(first) => feed.more_of(first)?,
            None => feed.more()?,
        }
        let (mut offset, mut at) = (start, 0);
        if from == 0 {
            at = mark(feed.bytes());
        } else {
            let Some(end) = memchr::memchr(b'\n', feed.bytes()) else {
                return Ok(());
            };
            at += end + 1;
        }
        loop {
            if limit.is_some_and(|limit| offset + at as u64 >= limit) || self.sheet.is_ended() {
                return Ok(());
            }
            match memchr::memchr(b'\n', &feed.bytes()[at..]) {
                Some(length) => {
                    self.line(&feed.bytes()[at..at + length]);
                    at += length + 1;
                }
                None if feed.is_last() => {
                    self.line(&feed.bytes()[at..]);
                    return Ok(());
                }
                None => {
                    too_long(feed.bytes().len() - at)?;
                    feed.forget(at);
                    offset += at as u64;
                    at = 0;
                    feed.more()?;
                }
            }
        }
    }

    fn line(&mut self, line: &[u8]) {
        if !line.trim_ascii().is_empty() {
            self.object(line);
        }
    }

    /// The values of an array, or that stand one after the other.
    fn values(&mut self) -> io::Result<()> {
        let mut feed = Feed::new(self.file.file.as_ref(), self.file.size, self.file.source, 0)?;
        let mut splitter = Splitter::default();
        feed.more()?;
        feed.forget(mark(feed.bytes()));
        loop {
            while let Some((start, end)) = splitter.next(feed.bytes()) {
                self.object(&feed.bytes()[start..end]);
            }
            if self.sheet.is_ended() {
                return Ok(());
            }
            let needed = splitter.needed();
            if feed.is_last() {
                let rest = feed.bytes()[needed..].trim_ascii();
                return if rest.is_empty() && splitter.is_open() {
                    Err(io::Error::other("it ends in the middle of an array"))
                } else if rest.is_empty() {
                    Ok(())
                } else {
                    Err(io::Error::other("it ends in the middle of a value"))
                };
            }
            feed.forget(needed);
            splitter.forget(needed);
            too_long(feed.bytes().len())?;
            feed.more()?;
        }
    }

    fn object(&mut self, bytes: &[u8]) {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(value) if value.is_object() => {
                self.waiting.push(value);
                if self.waiting.len() == BATCH {
                    self.measure();
                }
            }
            Ok(_) => self.odd("not an object"),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason
                    .split(" at line")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                self.odd(&reason);
            }
        }
    }

    fn odd(&mut self, reason: &str) {
        let row = self.sheet.rows + self.waiting.len() as u64;
        self.sheet
            .findings
            .rows(Oddity::NotJson(reason.to_owned()), std::iter::once(row));
    }

    /// Measures the objects that wait.
    fn measure(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        self.names(&rows);
        let written = self.file.columns.iter().map(|(_, column)| match column {
            Place::Field(field) => field.written(&rows),
            Place::Folder(_) => Vec::new(),
        });
        let written: Vec<Vec<String>> = written.collect();
        let (file, names) = (self.file, &mut *self.names);
        self.sheet.run(rows.len(), &file.programs, |place| {
            let (id, column) = &file.columns[place];
            match column {
                Place::Field(field) => {
                    let (reading, there) =
                        field.read(&rows, &written[place], &file.programs[place]);
                    names.there[id.0] |= there;
                    reading
                }
                Place::Folder(constant) => {
                    names.there[id.0] = true;
                    constant.read(rows.len())
                }
            }
        });
    }

    /// Notes which columns there are that are not declared.
    fn names(&mut self, rows: &[Value]) {
        let names = &mut *self.names;
        for object in rows.iter().filter_map(Value::as_object) {
            if self.work.grows {
                names.tree.see(object);
            }
            let undeclared = |name: &&String| !self.file.declared.contains(*name);
            for name in object.keys().filter(undeclared) {
                if names.extra.contains(name) {
                    continue;
                }
                if names.extra.len() < MOST_EXTRA {
                    names.extra.insert(name.clone());
                } else {
                    names.more = true;
                }
            }
        }
    }
}

fn too_long(length: usize) -> io::Result<()> {
    if length > LONGEST {
        return Err(io::Error::other(format!(
            "a record is longer than {} MiB",
            LONGEST >> 20
        )));
    }
    Ok(())
}
