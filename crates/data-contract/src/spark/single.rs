//! Measures that need a statement of their own.

use crate::plan::{ColumnId, Gap, Measure, MeasureId, ObjectId};

use super::expression::shown;
use super::prepare::{Work, parts_of};
use super::schema::same;
use super::statement::{Cell, Reads, Statement};
use super::write::name;

/// The statement of a measure.
///
/// # Errors
///
/// Why there is none.
pub(super) fn single(work: &Work<'_>, id: MeasureId, measure: &Measure) -> Result<Statement, Gap> {
    let from = work.source.sql();
    let (sql, cell) = match measure {
        Measure::RepeatedKeys(columns) => {
            let parts = work.parts(columns)?;
            let having = "COUNT(*) > 1";
            (
                groups(&from, &not_null(&parts), &parts, having),
                Cell::Count,
            )
        }
        Measure::Divided {
            with_nulls,
            columns,
            by,
        } => {
            let parts = work.parts(columns)?;
            let by = work.reading(*by)?.value;
            let having = format!("COUNT(DISTINCT {by}) > 1");
            (
                groups(&from, &filter(&parts, *with_nulls), &parts, &having),
                Cell::Count,
            )
        }
        Measure::Orphans {
            columns,
            to,
            to_columns,
        } => (orphans(work, columns, *to, to_columns)?, Cell::Count),
        Measure::Shared {
            with_nulls,
            columns,
            with,
            with_columns,
        } => {
            let (source, schema) = &work.places[with.0];
            let there = parts_of(&work.plan.objects[with.0], (source, schema), with_columns)?;
            let here = keys(&work.parts(columns)?, &from, *with_nulls);
            let there = keys(&there, &source.sql(), *with_nulls);
            (
                format!("SELECT COUNT(*) FROM ({here} INTERSECT {there})"),
                Cell::Count,
            )
        }
        Measure::Frequencies(column, most) => return frequencies(work, id, *column, *most),
        Measure::Query(query) => (self::query(work, query), Cell::Said),
        _ if work.source.has_files() => {
            let newest = "unix_micros(MAX(_metadata.file_modification_time))";
            (format!("SELECT {newest} FROM {from}"), Cell::Timestamp)
        }
        _ => {
            let reason = "a table does not tell the age of its files".to_owned();
            return Err(Gap::NotMeasurable(reason));
        }
    };
    let reads = Reads::Row(vec![(id, cell)]);
    Ok(Statement { sql, reads })
}

/// How many groups of equal keys are as they must be.
fn groups(from: &str, filter: &str, parts: &[String], having: &str) -> String {
    let key = parts.join(", ");
    format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {from} WHERE {filter} GROUP BY {key} HAVING {having})"
    )
}

fn frequencies(
    work: &Work<'_>,
    id: MeasureId,
    column: ColumnId,
    most: u32,
) -> Result<Statement, Gap> {
    let reading = work.reading(column)?;
    let (value, shown, from) = (&reading.value, shown(&reading), work.source.sql());
    Ok(Statement {
        sql: format!(
            "SELECT {shown}, COUNT(*), SUM(COUNT(*)) OVER () FROM {from} WHERE {value} IS NOT NULL GROUP BY {shown} ORDER BY 2 DESC, 1 LIMIT {most}"
        ),
        reads: Reads::Frequencies(id),
    })
}

fn orphans(
    work: &Work<'_>,
    columns: &[ColumnId],
    to: ObjectId,
    to_columns: &[ColumnId],
) -> Result<String, Gap> {
    let (source, schema) = &work.places[to.0];
    let here = work.parts(columns)?;
    let there = parts_of(&work.plan.objects[to.0], (source, schema), to_columns)?;
    let named = |parts: &[String]| {
        let parts = parts.iter().enumerate();
        let parts = parts.map(|(at, part)| format!("{part} AS k{at}"));
        parts.collect::<Vec<_>>().join(", ")
    };
    let equal: Vec<_> = (0..here.len())
        .map(|at| format!("b.k{at} = a.k{at}"))
        .collect();
    Ok(format!(
        "SELECT COUNT(*) FROM (SELECT {} FROM {} WHERE {}) a WHERE NOT EXISTS (SELECT 1 FROM (SELECT {} FROM {}) b WHERE {})",
        named(&here),
        work.source.sql(),
        not_null(&here),
        named(&there),
        source.sql(),
        equal.join(" AND ")
    ))
}

fn keys(parts: &[String], from: &str, with_nulls: bool) -> String {
    format!(
        "SELECT {} FROM {from} WHERE {}",
        parts.join(", "),
        filter(parts, with_nulls)
    )
}

fn filter(parts: &[String], with_nulls: bool) -> String {
    if with_nulls {
        "TRUE".to_owned()
    } else {
        not_null(parts)
    }
}

fn not_null(parts: &[String]) -> String {
    let whole: Vec<_> = parts
        .iter()
        .map(|part| format!("{part} IS NOT NULL"))
        .collect();
    whole.join(" AND ")
}

/// The query, with each object as a table of its name.
fn query(work: &Work<'_>, query: &str) -> String {
    let lower = query.to_lowercase();
    let mut tables = Vec::new();
    for (object, (source, _)) in work.plan.objects.iter().zip(work.places) {
        let mut names = vec![&object.name];
        if !same(&object.name, &object.physical_name) {
            names.push(&object.physical_name);
        }
        let from = source.sql();
        let mentioned = |name: &str| !name.is_empty() && lower.contains(&name.to_lowercase());
        for known in names.into_iter().filter(|name| mentioned(name)) {
            let known = name(known);
            if known != from {
                tables.push(format!("{known} AS (SELECT * FROM {from})"));
            }
        }
    }
    if tables.is_empty() {
        return query.to_owned();
    }
    // A line end, since the query may end in a comment.
    format!("WITH {} SELECT * FROM ({query}\n)", tables.join(", "))
}
