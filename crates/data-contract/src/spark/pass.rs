//! Passes: the aggregates of all measures about the rows, or about the items of an array, in one statement.

use crate::plan::{MeasureId, Step};

use super::source::Source;
use super::statement::{Cell, Part, Reads, Statement};
use super::write::path;

/// What a pass brings of a measure.
pub(super) struct Column {
    pub(super) id: MeasureId,
    /// One expression, or several with commas between.
    pub(super) sql: String,
    pub(super) cell: Cell,
    pub(super) zoned: bool,
}

/// The rows, or the items of arrays in arrays.
pub(super) fn items_of(source: &Source, arrays: &[String]) -> String {
    arrays.iter().fold(source.sql(), |from, array| {
        format!("(SELECT explode({array}) AS `item` FROM {from})")
    })
}

/// The statement of a pass. It asks for the session's time zone where that counts.
pub(super) fn of_pass(from: &str, columns: Vec<Column>) -> Statement {
    let zone = columns.iter().any(|column| column.zoned);
    let mut sqls: Vec<_> = columns.iter().map(|column| column.sql.clone()).collect();
    if zone {
        sqls.push("current_timezone()".to_owned());
    }
    let sql = format!("SELECT {} FROM {from}", sqls.join(",\n  "));
    let parts = columns.into_iter().map(|column| Part {
        id: column.id,
        cell: column.cell,
        alone: format!("SELECT {} FROM {from}", column.sql),
        zoned: column.zoned,
    });
    let parts = parts.collect();
    Statement {
        sql,
        reads: Reads::Row { parts, zone },
    }
}

/// The arrays on the way to a column, each as it is called in the items of the one before.
pub(super) fn arrays(steps: &[Step]) -> Vec<String> {
    let mut arrays = Vec::new();
    let mut from = 0;
    for (at, step) in steps.iter().enumerate() {
        if *step == Step::Items {
            let own = path(&steps[from..at]);
            arrays.push(match (arrays.is_empty(), own.as_str()) {
                (true, own) => own.to_owned(),
                (false, "") => "`item`".to_owned(),
                (false, own) => format!("`item`.{own}"),
            });
            from = at + 1;
        }
    }
    arrays
}
