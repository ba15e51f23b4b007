//! Files that lack a column: whether they break the contract, and what their rows count as.

use std::collections::BTreeSet;

use data_contract::plan::{ColumnId, Measured, Sample, Step, Value};

use super::super::file::FileResult;
use super::assemble::Assembly;

/// So many names are told of columns that another one may be meant by.
const NAMES: usize = 1_000;

impl Assembly<'_> {
    /// The number of files that lack a column, unless NULL may stand for it and others have it.
    pub(super) fn absent(&self, column: ColumnId) -> Measured {
        let measured = self.files_where(|result| {
            if result.shape.absent.has(column.0) {
                vec![String::new()]
            } else {
                Vec::new()
            }
        });
        let nullable = self.nullable(column);
        if nullable && self.known().any(|(_, result)| self.has(result, column)) {
            Measured {
                value: Ok(Value::Count(0)),
                ..measured
            }
        } else {
            Measured {
                samples: self.instead(column),
                ..measured
            }
        }
    }

    /// Columns that nobody has declared, of the files that lack one: it may be called otherwise there. Names are no values, so that
    /// they are told whoever asks.
    fn instead(&self, column: ColumnId) -> Vec<Sample> {
        let lacking = self
            .known()
            .filter(|(_, result)| result.shape.absent.has(column.0));
        let names: BTreeSet<&String> = lacking
            .flat_map(|(_, result)| &result.shape.extra)
            .collect();
        let names = names.into_iter().take(NAMES);
        let samples = names.map(|name| Sample {
            file: None,
            row: None,
            value: Some(name.clone()),
        });
        samples.collect()
    }

    /// Whether a file has a column. Rows of JSON that do not name one that may be NULL have NULL there.
    pub(super) fn has(&self, result: &FileResult, column: ColumnId) -> bool {
        let unnamed = result.shape.late && self.nullable(column);
        unnamed || !result.shape.absent.has(column.0)
    }

    /// The rows of files that lack a column, where NULL may stand for it.
    pub(super) fn rows_without(&self, column: ColumnId) -> u64 {
        // An array that is NULL has no items.
        let is_inner = self.object.column(column).path.contains(&Step::Items);
        if is_inner || !self.nullable(column) {
            return 0;
        }
        let lacking = self.known().filter(|(_, result)| !self.has(result, column));
        lacking.map(|(_, result)| result.rows).sum()
    }

    /// Whether NULL may stand for a column that a file lacks: also where it may for the struct that it is part of, without
    /// which it is not there either.
    fn nullable(&self, column: ColumnId) -> bool {
        let declared = self.object.column(column);
        let outer = match declared.path.split_last() {
            Some((Step::Field(_), outer)) if !outer.is_empty() => outer,
            _ => return declared.nullable,
        };
        let mut columns = self.object.columns.iter();
        let outer = columns.position(|column| column.path == outer);
        declared.nullable || outer.is_some_and(|outer| self.nullable(ColumnId(outer)))
    }
}
