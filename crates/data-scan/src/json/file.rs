//! A JSON file as units of work. Ends of lines are ends of records, so that chunks of lines need no guess.

use std::collections::BTreeSet;
use std::sync::Arc;

use data_contract::plan::ColumnId;

use super::read::Field;
use super::rows::Rows;
use crate::bytes::Source;
use crate::cells::Constant;
use crate::engine::{Opened, Outcome, Sheet, Turn, Work};
use crate::files::ReadAt;
use crate::kernel::Program;
use crate::tree::Tree;

/// A JSON file that was opened.
pub(super) struct JsonFile {
    pub(super) file: Box<dyn ReadAt>,
    pub(super) size: u64,
    pub(super) chunk: u64,
    pub(super) source: Source,
    /// Whether each line is an object.
    pub(super) lines: bool,
    pub(super) programs: Vec<Arc<Program>>,
    pub(super) columns: Vec<(ColumnId, Place)>,
    pub(super) declared: BTreeSet<String>,
    /// Whether nothing of it is read.
    pub(super) unread: bool,
}

/// Where a column is.
pub(super) enum Place {
    Field(Field),
    Folder(Constant),
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
pub(super) struct Names {
    pub(super) there: Vec<bool>,
    pub(super) extra: BTreeSet<String>,
    /// Whether there are more of them than are kept.
    pub(super) more: bool,
    pub(super) tree: Tree,
}
