//! Measures that need a statement of their own.

use crate::plan::{ColumnId, Gap, Measure, MeasureId, ObjectId};

use super::key::readable_of;
use super::keyed::{groups, orphans, shared, shared_rows};
use super::number::distinct;
use super::pass::{arrays, items_of};
use super::prepare::Work;
use super::query;
use super::shown::written;
use super::statement::{Cell, Part, Reads, Statement};
use super::value::Form;

/// A statement of one measure.
pub(super) struct Single {
    pub(super) statement: Statement,
    /// The query for the rows that it counts, where it counts any.
    pub(super) shown: Option<String>,
}

/// The statement of a measure.
///
/// # Errors
///
/// Why there is none.
pub(super) fn single(work: &Work<'_>, id: MeasureId, measure: &Measure) -> Result<Single, Gap> {
    let rows = match measure {
        Measure::RepeatedKeys(columns) => groups(work, columns, None, "COUNT(*) > 1")?,
        Measure::Divided { rows, columns, by } => {
            let by = work.readable(*by)?;
            let by = distinct(&by).unwrap_or(by.value);
            let having = format!("COUNT(DISTINCT {by}) > 1");
            let rows = rows.then(|| format!("COUNT({by})"));
            groups(work, columns, rows, &having)?
        }
        Measure::Orphans {
            columns,
            to,
            to_columns,
        } => orphans(work, columns, *to, to_columns)?,
        Measure::Shared {
            rows: true,
            columns,
            with,
            with_columns,
        } => shared_rows(work, (columns, *with, with_columns))?,
        Measure::Shared {
            rows: false,
            columns,
            with,
            with_columns,
        } => shared(work, (columns, *with, with_columns))?,
        _ => return other(work, id, measure),
    };
    Ok(Single {
        statement: alone(id, rows.count, Cell::Count),
        shown: rows.shown,
    })
}

/// The statement of a measure that counts no rows.
fn other(work: &Work<'_>, id: MeasureId, measure: &Measure) -> Result<Single, Gap> {
    let statement = match measure {
        Measure::Frequencies(column, most) => frequencies(work, id, *column, *most)?,
        Measure::Query(query) => alone(id, query::query(work, query)?, Cell::Said),
        Measure::Parts {
            column,
            of,
            of_column,
            parts,
        } => parted(work, id, *column, (*of, *of_column, *parts))?,
        _ if work.source.has_files() => {
            let newest = "unix_micros(MAX(_metadata.file_modification_time))";
            let sql = format!("SELECT {newest} FROM {}", work.source.sql());
            alone(id, sql, Cell::Timestamp)
        }
        _ => {
            let reason = "a table does not tell the age of its files".to_owned();
            return Err(Gap::NotMeasurable(reason));
        }
    };
    Ok(Single {
        statement,
        shown: None,
    })
}

fn alone(id: MeasureId, sql: String, cell: Cell) -> Statement {
    let part = Part {
        id,
        cell,
        sql: sql.clone(),
        alone: sql.clone(),
        zoned: false,
    };
    Statement {
        sql,
        reads: Reads::Row {
            parts: vec![part],
            zone: false,
            from: None,
        },
    }
}

fn frequencies(
    work: &Work<'_>,
    id: MeasureId,
    column: ColumnId,
    most: u32,
) -> Result<Statement, Gap> {
    let reading = work.readable(column)?;
    let shown = written(&reading);
    let (value, from) = (&reading.value, work.source.sql());
    Ok(Statement {
        sql: format!(
            "SELECT {shown}, COUNT(*), SUM(COUNT(*)) OVER () FROM {from} WHERE {value} IS NOT NULL GROUP BY {shown} ORDER BY 2 DESC, 1 LIMIT {most}"
        ),
        reads: Reads::Frequencies(id),
    })
}

/// Numbers between the bounds of the parts of a reference, whose ranks are whole numbers, so that nothing is rounded.
fn parted(
    work: &Work<'_>,
    id: MeasureId,
    column: ColumnId,
    (of, of_column, parts): (ObjectId, ColumnId, u32),
) -> Result<Statement, Gap> {
    let here = numbers(work, work.id, column)?;
    let there = numbers(work, of, of_column)?;
    let each = |write: &dyn Fn(u32) -> String| (0..parts).map(write).collect::<Vec<_>>().join(", ");
    let bounds =
        each(&|at| format!("MIN(CASE WHEN upto * {parts} > total * {at} THEN v END) AS b{at}"));
    let selected = each(&|at| format!("MAX(b{at})"));
    let counts = each(&|at| {
        format!("COUNT(CASE WHEN v < b{at} THEN 1 END), COUNT(CASE WHEN v = b{at} THEN 1 END)")
    });
    let sql = format!(
        "SELECT {selected}, {counts}, COUNT(v) FROM ({here}) a LEFT JOIN (SELECT {bounds} FROM (SELECT v, SUM(n) OVER (ORDER BY v) AS upto, SUM(n) OVER () AS total FROM (SELECT v, COUNT(*) AS n FROM ({there}) GROUP BY v))) b ON TRUE"
    );
    Ok(alone(id, sql, Cell::Parts(parts as usize)))
}

/// The numbers of a column, as doubles.
fn numbers(work: &Work<'_>, of: ObjectId, column: ColumnId) -> Result<String, Gap> {
    let (source, schema) = &work.places[of.0];
    let object = &work.plan.objects[of.0];
    let reading = readable_of(object, (source, schema), column)?;
    if reading.form == Form::None {
        return Err(Gap::NotMeasurable("the column has another type".to_owned()));
    }
    let from = items_of(source, &arrays(&object.column(column).path));
    let v = format!("CAST({} AS DOUBLE)", reading.value);
    let number = match reading.float {
        true => format!(" AND NOT isnan({v})"),
        false => String::new(),
    };
    Ok(format!(
        "SELECT {v} AS v FROM {from} WHERE {v} IS NOT NULL{number}"
    ))
}
