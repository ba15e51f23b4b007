//! Files that lack a column: whether they break the contract, and what their rows count as.

use data_contract::plan::{ColumnId, Measured, Value};

use super::super::file::FileResult;
use super::assemble::Assembly;

impl Assembly<'_> {
    /// The number of files that lack a column, unless NULL may stand for it and others have it.
    pub(super) fn absent(&self, column: ColumnId) -> Measured {
        let measured = self.files_where(|result| {
            if result.shape.absent.contains(&column) {
                vec![String::new()]
            } else {
                Vec::new()
            }
        });
        let nullable = self.object.column(column).nullable;
        if nullable && self.known().any(|(_, result)| self.has(result, column)) {
            Measured {
                value: Ok(Value::Count(0)),
                ..measured
            }
        } else {
            measured
        }
    }

    /// Whether a file has a column. Rows of JSON that do not name one that may be NULL have NULL there.
    pub(super) fn has(&self, result: &FileResult, column: ColumnId) -> bool {
        let unnamed = result.shape.late && self.object.column(column).nullable;
        unnamed || !result.shape.absent.contains(&column)
    }

    /// The rows of files that lack a column, where NULL may stand for it.
    pub(super) fn rows_without(&self, column: ColumnId) -> u64 {
        if !self.object.column(column).nullable {
            return 0;
        }
        let lacking = self.known().filter(|(_, result)| !self.has(result, column));
        lacking.map(|(_, result)| result.rows).sum()
    }
}
