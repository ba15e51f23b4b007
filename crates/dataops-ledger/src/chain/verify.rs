//! Whether a chain of records is as it was written.

use std::fmt;

use serde::Serialize;

use super::{Chain, Head, Keys};
use crate::record::Record;

/// A place at which a chain is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Break {
    /// The environment's name.
    pub environment: String,
    /// The number of the record.
    pub number: u64,
    /// What is wrong with it.
    pub kind: BreakKind,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "why")]
#[non_exhaustive]
pub enum BreakKind {
    /// It is not there, although a later one is, or the head names it.
    Missing,
    /// It cannot be read, or was changed.
    Unreadable(String),
    /// It does not name the one before it.
    Unbound,
    /// It was written elsewhere: it has another number or environment.
    Foreign,
    /// The head names another record with this number.
    Replaced,
    /// The head cannot be read.
    Head(String),
    /// A record of another environment rests on it, and it is not there, or is another one.
    RestedOn {
        /// The environment of that record.
        by: String,
        /// The number of that record.
        record: u64,
    },
    /// It was exported earlier, and it is not there, or is another one.
    Exported,
}

impl fmt::Display for Break {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            environment,
            number,
            kind,
        } = self;
        write!(out, "{environment}, record {number}: ")?;
        match kind {
            BreakKind::Missing => out.write_str("it was removed"),
            BreakKind::Unreadable(why) => out.write_str(why),
            BreakKind::Unbound => out
                .write_str("it does not follow the record before it, which was removed or edited"),
            BreakKind::Foreign => out.write_str("it was written for another place"),
            BreakKind::Replaced => out.write_str("it is not the one that was written last"),
            BreakKind::RestedOn { by, record } => write!(
                out,
                "record {record} of {by} rests on it, and it is not there, or is another one"
            ),
            BreakKind::Exported => {
                out.write_str("it was exported earlier, and it is not there, or is another one")
            }
            BreakKind::Head(why) => write!(out, "what names the last record cannot be read: {why}"),
        }
    }
}

impl Chain {
    /// Reads the records of an environment, in any order, and the file that names the last one. What is no record is left alone.
    #[must_use]
    pub fn read(
        environment: &str,
        keys: &Keys,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
        head: Option<&[u8]>,
    ) -> Self {
        let files = files.into_iter();
        let mut files: Vec<_> = files
            .filter_map(|(key, bytes)| Some((keys.number(&key)?, bytes)))
            .collect();
        files.sort_unstable();
        files.dedup_by_key(|(number, _)| *number);
        let mut reader = Reader {
            chain: Self {
                environment: environment.to_owned(),
                ..Self::default()
            },
            next: 1,
        };
        for (number, bytes) in files {
            reader.file(number, &bytes);
        }
        if let Some(head) = head {
            reader.head(head);
        }
        reader.chain
    }
}

struct Reader {
    chain: Chain,
    /// The number that comes next.
    next: u64,
}

impl Reader {
    fn add(&mut self, number: u64, kind: BreakKind) {
        let environment = self.chain.environment.clone();
        self.chain.breaks.push(Break {
            environment,
            number,
            kind,
        });
    }

    /// Of a long row of missing records the first one is told.
    fn file(&mut self, number: u64, bytes: &[u8]) {
        let is_next = number == self.next;
        if !is_next {
            self.add(self.next, BreakKind::Missing);
        }
        self.next = number.saturating_add(1);
        let record = match Record::read(bytes) {
            Ok(record) => record,
            Err(error) => return self.add(number, BreakKind::Unreadable(error.to_string())),
        };
        if record.number != number || record.environment != self.chain.environment {
            return self.add(number, BreakKind::Foreign);
        }
        let before = self.chain.records.last();
        let is_bound = match before.filter(|before| before.number + 1 == number) {
            Some(before) => record.previous.as_ref() == Some(&before.digest),
            // What it should name is not there, which was told.
            None => number > 1 || record.previous.is_none(),
        };
        if !is_bound {
            self.add(number, BreakKind::Unbound);
        }
        let begun = record.deployment().and_then(|it| it.finishes);
        self.chain.finished.extend(begun);
        self.chain.records.push(record);
    }

    fn head(&mut self, bytes: &[u8]) {
        let last = self.next - 1;
        let head: Head = match serde_json::from_slice(bytes) {
            Ok(head) => head,
            Err(error) => return self.add(last, BreakKind::Head(error.to_string())),
        };
        // A writer that was killed between the record and the head leaves a head that is behind.
        let found = self.chain.record(head.number);
        match found {
            Some(record) if record.digest == head.digest => {}
            Some(_) => self.add(head.number, BreakKind::Replaced),
            None if head.number > last => self.add(head.number, BreakKind::Missing),
            // It was told before.
            None => {}
        }
    }
}
