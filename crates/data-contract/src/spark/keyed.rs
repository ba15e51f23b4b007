//! Rows that are counted because of their keys, and the same as they are shown.

use crate::plan::{ColumnId, Gap, ObjectId};

use super::key::{parts_of, readable_of};
use super::number::{alike, alike_shown, in_full};
use super::prepare::Work;
use super::sample;
use super::shown::{shown, shown_as, together};
use super::value::Reading;

/// A query that counts rows, and one of the rows as they are shown.
pub(super) struct Rows {
    pub(super) count: String,
    pub(super) shown: Option<String>,
}

fn count(counted: &str) -> String {
    format!("SELECT COUNT(*) FROM ({counted})")
}

/// The groups of equal keys that are as they must be; where whole rows are compared, how many rows of each are counted.
pub(super) fn groups(
    work: &Work<'_>,
    columns: &[ColumnId],
    rows: Option<String>,
    having: &str,
) -> Result<Rows, Gap> {
    let with_nulls = rows.is_some();
    let (parts, distinct) = (work.parts(columns)?, work.distinct_parts(columns)?);
    let (from, filter, key) = (
        work.source.sql(),
        filter(&parts, with_nulls),
        distinct.join(", "),
    );
    let mut keys = Vec::new();
    for (column, (part, distinct)) in columns.iter().zip(parts.iter().zip(&distinct)) {
        let reading = work.readable(*column)?;
        let short = shown(&reading);
        // It is the same in all of the group, but for its spelling.
        let key = match part == distinct {
            true => short,
            false => format!("any_value({})", in_full(&reading, &short).unwrap_or(short)),
        };
        keys.push(if with_nulls { or_null(&key) } else { key });
    }
    let of = |selected: &str| {
        format!("SELECT {selected} FROM {from} WHERE {filter} GROUP BY {key} HAVING {having}")
    };
    Ok(Rows {
        count: match rows {
            Some(n) => {
                let groups = of(&format!("{n} AS n"));
                format!("SELECT COALESCE(SUM(n), 0) FROM ({groups})")
            }
            None => count(&of("1")),
        },
        shown: file_and_key(work, columns, &keys).map(|selected| of(&selected)),
    })
}

/// A part of a key that may be NULL, as it is shown.
fn or_null(shown: &str) -> String {
    format!("coalesce({shown}, 'NULL')")
}

/// A key as a row that is shown; none where it is classified.
fn file_and_key(work: &Work<'_>, columns: &[ColumnId], parts: &[String]) -> Option<String> {
    let masked = |column: &ColumnId| work.object.column(*column).masked;
    if columns.iter().any(masked) {
        return None;
    }
    let (file, value) = (sample::NOTHING, sample::shown(&together(parts)));
    Some(format!("{file} AS file, {value} AS value"))
}

/// Keys here that another object lacks.
pub(super) fn orphans(
    work: &Work<'_>,
    columns: &[ColumnId],
    to: ObjectId,
    to_columns: &[ColumnId],
) -> Result<Rows, Gap> {
    let source = &work.places[to.0].0;
    let Keys { here, there, shown } = compared(work, (columns, to, to_columns), ("a.", false))?;
    let equal: Vec<_> = (0..here.len())
        .map(|at| format!("b.k{at} = a.k{at}"))
        .collect();
    let of = |selected: &str| {
        format!(
            "SELECT {selected} FROM (SELECT {} FROM {} WHERE {}) a WHERE NOT EXISTS (SELECT 1 FROM (SELECT {} FROM {}) b WHERE {})",
            named(&here),
            work.source.sql(),
            not_null(&here),
            named(&there),
            source.sql(),
            equal.join(" AND ")
        )
    };
    let shown = file_and_key_of(work, (columns, to, to_columns), &shown);
    Ok(Rows {
        count: count(&of("1")),
        shown: shown.map(|selected| of(&selected)),
    })
}

/// The same where it is compared with a key of another object; that is of the same sort, and may be classified there.
fn file_and_key_of(
    work: &Work<'_>,
    (columns, to, to_columns): Pair<'_>,
    parts: &[String],
) -> Option<String> {
    let other = &work.plan.objects[to.0];
    let hidden = to_columns.iter().any(|column| other.column(*column).masked);
    file_and_key(work, columns, parts).filter(|_| !hidden)
}

/// Keys here, in which object, and which keys there.
type Pair<'p> = (&'p [ColumnId], ObjectId, &'p [ColumnId]);

/// Keys here that another object has too, each once.
pub(super) fn shared(work: &Work<'_>, pair: Pair<'_>) -> Result<Rows, Gap> {
    let (columns, with, _) = pair;
    let compared = compared(work, pair, ("", true))?;
    let here = keys(&compared.here, &work.source.sql());
    let there = keys(&compared.there, &work.places[with.0].0.sql());
    let names: Vec<_> = (0..columns.len()).map(|at| format!("k{at}")).collect();
    let both = format!("{here} INTERSECT {there}");
    Ok(Rows {
        shown: file_and_key_of(work, pair, &compared.shown)
            .map(|selected| format!("SELECT {selected} FROM ({both}) AS q({})", names.join(", "))),
        count: count(&both),
    })
}

/// Whole rows here that are there too, each for itself. NULL is a value like any other.
pub(super) fn shared_rows(work: &Work<'_>, pair: Pair<'_>) -> Result<Rows, Gap> {
    let (_, with, _) = pair;
    let Keys { here, there, shown } = compared(work, pair, ("a.", false))?;
    let equal: Vec<_> = (0..here.len())
        .map(|at| format!("b.k{at} IS NOT DISTINCT FROM a.k{at}"))
        .collect();
    let of = |selected: &str| {
        format!(
            "SELECT {selected} FROM (SELECT {} FROM {}) a WHERE EXISTS (SELECT 1 FROM (SELECT {} FROM {}) b WHERE {})",
            named(&here),
            work.source.sql(),
            named(&there),
            work.places[with.0].0.sql(),
            equal.join(" AND ")
        )
    };
    let shown: Vec<_> = shown.iter().map(|part| or_null(part)).collect();
    let shown = file_and_key_of(work, pair, &shown);
    Ok(Rows {
        count: count(&of("1")),
        shown: shown.map(|selected| of(&selected)),
    })
}

/// Parts of keys, called `k0` and so on.
fn named(parts: &[String]) -> String {
    let parts = parts.iter().enumerate();
    let parts = parts.map(|(at, part)| format!("{part} AS k{at}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The parts of keys in two objects, such that what is equal here is the same there, and how those called `k0` and so on are shown.
struct Keys {
    here: Vec<String>,
    there: Vec<String>,
    shown: Vec<String>,
}

/// Numbers that are read from text are compared to their last digit, with whatever the other side is.
///
/// What is shown is called so behind a prefix, and has the type of both sides where these are brought together.
fn compared(
    work: &Work<'_>,
    (columns, with, with_columns): Pair<'_>,
    (prefix, joined): (&str, bool),
) -> Result<Keys, Gap> {
    let (source, schema) = &work.places[with.0];
    let other = &work.plan.objects[with.0];
    let mut keys = Keys {
        here: work.parts(columns)?,
        there: parts_of(other, (source, schema), with_columns)?,
        shown: Vec::new(),
    };
    for (at, (column, with_column)) in columns.iter().zip(with_columns).enumerate() {
        let here = work.readable(*column)?;
        let there = readable_of(other, (source, schema), *with_column)?;
        let name = format!("{prefix}k{at}");
        if let Some((here, there)) = alike(&here, &there) {
            (keys.here[at], keys.there[at]) = (here, there);
            keys.shown.push(alike_shown(&name));
        } else {
            let places = |reading: &Reading| reading.spark.places().unwrap_or(0);
            let is_wider = match there.float == here.float {
                true => places(&there) > places(&here),
                false => there.float,
            };
            let of = if joined && is_wider { &there } else { &here };
            keys.shown.push(shown_as(of, &name));
        }
    }
    Ok(keys)
}

fn keys(parts: &[String], from: &str) -> String {
    format!(
        "SELECT {} FROM {from} WHERE {}",
        parts.join(", "),
        not_null(parts)
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
