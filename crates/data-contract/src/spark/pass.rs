//! Passes: the aggregates of all measures about the rows, or about the items of an array, in one statement.

use crate::plan::{MeasureId, Step};

use super::source::Source;
use super::statement::{Cell, Part, Statement};
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

/// So many counts of distinct values are asked for at once: Spark makes a row of each row for each of them.
const DISTINCT: usize = 8;

/// So many values are asked for at once: what Spark makes of more is no longer compiled.
const VALUES: usize = 400;

/// The statements of a pass: one, unless it asks for more than is well done at once.
pub(super) fn of_pass(from: &str, columns: Vec<Column>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let (mut distinct, mut values) = (0, 0);
    for column in columns {
        let is_distinct = column.sql.contains("COUNT(DISTINCT ");
        let width = column.cell.width();
        if distinct + usize::from(is_distinct) > DISTINCT || values + width > VALUES {
            statements.extend(statement(from, std::mem::take(&mut parts)));
            (distinct, values) = (0, 0);
        }
        distinct += usize::from(is_distinct);
        values += width;
        parts.push(Part {
            id: column.id,
            cell: column.cell,
            alone: format!("SELECT {} FROM {from}", column.sql),
            sql: column.sql,
            zoned: column.zoned,
        });
    }
    statements.extend(statement(from, parts));
    statements
}

fn statement(from: &str, parts: Vec<Part>) -> Option<Statement> {
    (!parts.is_empty()).then(|| Statement::of_parts(from, parts))
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
