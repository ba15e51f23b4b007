//! The objects of a JSON file on their way into measures.

use std::io;

use arrow_schema::DataType;
use serde_json::Value;

use super::file::{JsonFile, Names, Place};
use super::split::Splitter;
use super::typed::Typed;
use crate::bytes::{Feed, LONGEST, mark};
use crate::engine::{MOST_EXTRA, Sheet, Work};
use crate::finding::Oddity;

/// Objects of a batch.
const BATCH: usize = 1024;

/// Objects on their way into measures.
pub(super) struct Rows<'a, 'w> {
    pub(super) file: &'a JsonFile,
    pub(super) work: &'a Work<'w>,
    pub(super) sheet: &'a mut Sheet<'w>,
    pub(super) names: &'a mut Names,
    pub(super) waiting: Vec<Value>,
}

impl Rows<'_, '_> {
    /// The lines that begin from a place on and before a limit.
    pub(super) fn lines(&mut self, from: u64, limit: Option<u64>) -> io::Result<()> {
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
    pub(super) fn values(&mut self) -> io::Result<()> {
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
    pub(super) fn measure(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        let file = self.file;
        if let Some(tap) = self.work.tap {
            let typed = Typed {
                layout: tap.layout(),
                columns: &file.columns,
                programs: &file.programs,
            };
            let column = |id, data_type: &DataType| typed.column(&rows, (id, data_type));
            return self.sheet.hand(rows.len(), column);
        }
        self.names(&rows);
        let written = self.file.columns.iter().map(|(_, column)| match column {
            Place::Field(field) => field.written(&rows),
            Place::Folder(_) => Vec::new(),
        });
        let written: Vec<Vec<String>> = written.collect();
        let names = &mut *self.names;
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
