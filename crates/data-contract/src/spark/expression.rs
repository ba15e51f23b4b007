//! Measures as aggregates, all of which one pass brings.

use crate::plan::{Kind, Literal, Measure, Side};

use super::condition::{beyond, invalid, items, lacks, missing};
use super::format::malformed;
use super::number;
use super::shown::written;
use super::statement::Cell;
use super::value::{Form, Reading};
use super::write::{double, text};

/// A measure as aggregates of a pass.
pub(super) struct Aggregates {
    /// Each is a column of the answer.
    pub(super) sqls: Vec<String>,
    /// What they are.
    pub(super) cell: Cell,
    /// What holds of the rows that are counted, where rows are.
    pub(super) counted: Option<String>,
}

impl Aggregates {
    /// How often a condition holds.
    fn of_rows(condition: String) -> Self {
        Self {
            sqls: vec![count(&condition)],
            cell: Cell::Count,
            counted: Some(condition),
        }
    }

    fn one(sql: impl Into<String>, cell: Cell) -> Self {
        Self {
            sqls: vec![sql.into()],
            cell,
            counted: None,
        }
    }
}

/// The aggregates of a measure of one column.
///
/// # Errors
///
/// Why there are none.
pub(super) fn aggregates(
    measure: &Measure,
    kind: &Kind,
    of: &Reading,
) -> Result<Aggregates, String> {
    let counted = |condition: String| Ok(Aggregates::of_rows(condition));
    let (raw, v) = (&of.raw, &of.value);
    let is_told = regards_raw(measure) && !(of.form == Form::Unread && regards_values(measure));
    if let Some(reason) = of.unread.as_ref().filter(|_| !is_told) {
        return Err(reason.clone());
    }
    if of.form == Form::None && !regards_raw(measure) {
        return Ok(nothing(measure));
    }
    match measure {
        Measure::Nulls(_) => Ok(Aggregates {
            sqls: vec![format!("COUNT(*) - COUNT({raw})")],
            cell: Cell::Count,
            counted: Some(format!("{raw} IS NULL")),
        }),
        Measure::Places(_) => Ok(Aggregates::one("COUNT(*)", Cell::Count)),
        Measure::WrongType(_) => Ok(match of.form {
            Form::Typed => Aggregates::one("CAST(0 AS BIGINT)", Cell::Count),
            Form::None | Form::Unread => Aggregates {
                sqls: vec![format!("COUNT({raw})")],
                cell: Cell::Count,
                counted: Some(format!("{raw} IS NOT NULL")),
            },
            Form::Read => Aggregates::of_rows(format!("{raw} IS NOT NULL AND {v} IS NULL")),
        }),
        Measure::Missing(_, values) => counted(missing(of, values)),
        Measure::Invalid {
            values, pattern, ..
        } => counted(invalid(of, values.as_deref(), pattern.as_ref())?),
        Measure::Beyond(_, side, bound) => counted(beyond(of, *side, bound)?),
        Measure::NotMultiple(_, unit) => counted(number::not_multiple(of, unit)?),
        Measure::Length(_, side, limit) => {
            counted(format!("char_length({v}) {} {limit}", than(*side)))
        }
        Measure::Malformed(_, format) => counted(malformed(of, *format)),
        Measure::Items(_, side, limit) => counted(items(of, *side, *limit)),
        Measure::RepeatedItems(_) => {
            // What is missing does not repeat what is missing.
            let there = format!("filter({v}, item -> item IS NOT NULL)");
            counted(format!(
                "cardinality(array_distinct({there})) < cardinality({there})"
            ))
        }
        Measure::LacksProperty(_, names) => counted(lacks(of, names)),
        Measure::Extreme(_, side) => Ok(extreme(of, kind, *side)),
        Measure::Mean(_) => Ok(Aggregates::one(
            format!("AVG({})", finite(of)),
            Cell::Number,
        )),
        Measure::Sum(_) => Ok(Aggregates::one(
            format!("SUM({})", finite(of)),
            Cell::Number,
        )),
        Measure::Labelled(_, label) => counted(format!("{} = {}", written(of), text(label))),
        Measure::Histogram(_, edges) => Ok(histogram(of, edges)),
        Measure::Cells(_, bounds) => Ok(cells(of, bounds)),
        _ => Err("it is no aggregate of a column".to_owned()),
    }
}

/// Whether a measure looks at a column whatever its type is.
fn regards_raw(measure: &Measure) -> bool {
    matches!(
        measure,
        Measure::Nulls(_) | Measure::Places(_) | Measure::WrongType(_) | Measure::Missing(..)
    )
}

/// Whether such a measure looks at what the values are all the same.
fn regards_values(measure: &Measure) -> bool {
    match measure {
        Measure::WrongType(_) => true,
        Measure::Missing(_, values) => values.iter().any(|value| *value != Literal::Null),
        _ => false,
    }
}

/// What is measured of a column in which no value has the type: nothing.
fn nothing(measure: &Measure) -> Aggregates {
    let zero = "CAST(0 AS BIGINT)";
    match measure {
        Measure::Extreme(..) | Measure::Mean(_) | Measure::Sum(_) => {
            Aggregates::one("CAST(NULL AS STRING)", Cell::Number)
        }
        Measure::Histogram(..) | Measure::Cells(..) => {
            let bins = match measure {
                Measure::Cells(_, bounds) => 2 * bounds.len() + 1,
                Measure::Histogram(_, edges) => edges.len() + 1,
                _ => 0,
            };
            Aggregates {
                sqls: vec![zero.to_owned(); bins],
                cell: Cell::Bins(bins),
                counted: None,
            }
        }
        _ => Aggregates::one(zero, Cell::Count),
    }
}

/// How often a condition holds: 0 where there are no rows.
pub(super) fn count(condition: &str) -> String {
    format!("COUNT(CASE WHEN {condition} THEN 1 END)")
}

pub(super) fn than(side: Side) -> &'static str {
    match side {
        Side::Low => "<",
        Side::High => ">",
    }
}

fn extreme(of: &Reading, kind: &Kind, side: Side) -> Aggregates {
    let function = match side {
        Side::Low => "MIN",
        Side::High => "MAX",
    };
    let v = if of.float {
        format!("CASE WHEN NOT isnan({0}) THEN {0} END", of.value)
    } else {
        of.value.clone()
    };
    let extreme = format!("{function}({v})");
    let base = of.spark.base();
    let (sql, cell) = match kind {
        Kind::Date { .. } => (format!("unix_date({extreme})"), Cell::Date),
        Kind::Timestamp { .. } => (format!("unix_micros({extreme})"), Cell::Timestamp),
        // Without a kind the type of the data says what it is.
        Kind::Any if base == "date" => (format!("unix_date({extreme})"), Cell::Date),
        Kind::Any if base.starts_with("timestamp") => (
            format!("unix_micros(CAST({extreme} AS TIMESTAMP))"),
            Cell::Timestamp,
        ),
        Kind::Integer | Kind::Number => (extreme, Cell::Number),
        Kind::Boolean => (extreme, Cell::Boolean),
        Kind::Any if !of.spark.holds(&Kind::String) => (extreme, Cell::Number),
        _ => (extreme, Cell::Text),
    };
    Aggregates::one(sql, cell)
}

/// Numbers that are finite, as doubles, whose sum does not overflow.
fn finite(of: &Reading) -> String {
    let v = format!("CAST({} AS DOUBLE)", of.value);
    if of.float {
        format!("CASE WHEN NOT isnan({v}) AND ABS({v}) < CAST('Infinity' AS DOUBLE) THEN {v} END")
    } else {
        v
    }
}

fn histogram(of: &Reading, edges: &[f64]) -> Aggregates {
    let v = &of.value;
    let number = if of.float {
        format!("NOT isnan({v}) AND ")
    } else {
        String::new()
    };
    let bins = (0..=edges.len()).map(|bin| {
        let low = bin.checked_sub(1).and_then(|at| edges.get(at));
        let low = low.map(|edge| format!("{v} >= {}", double(*edge)));
        let high = edges
            .get(bin)
            .map(|edge| format!("{v} < {}", double(*edge)));
        let ends: Vec<_> = low.into_iter().chain(high).collect();
        let ends = if ends.is_empty() {
            format!("{v} IS NOT NULL")
        } else {
            ends.join(" AND ")
        };
        count(&format!("{number}{ends}"))
    });
    Aggregates {
        sqls: bins.collect(),
        cell: Cell::Bins(edges.len() + 1),
        counted: None,
    }
}

/// Numbers below bounds, on them and between them.
fn cells(of: &Reading, bounds: &[f64]) -> Aggregates {
    let v = format!("CAST({} AS DOUBLE)", of.value);
    let number = match of.float {
        true => format!("NOT isnan({v}) AND "),
        false => String::new(),
    };
    let written: Vec<_> = bounds.iter().map(|bound| double(*bound)).collect();
    let mut conditions = Vec::new();
    for (at, bound) in written.iter().enumerate() {
        let above = at.checked_sub(1).and_then(|at| written.get(at));
        let above = above.map_or_else(String::new, |last| format!("{v} > {last} AND "));
        conditions.push(format!("{number}{above}{v} < {bound}"));
        conditions.push(format!("{v} = {bound}"));
    }
    conditions.push(match written.last() {
        Some(last) => format!("{number}{v} > {last}"),
        None => format!("{number}{v} IS NOT NULL"),
    });
    Aggregates {
        cell: Cell::Bins(conditions.len()),
        sqls: conditions.iter().map(|it| count(it)).collect(),
        counted: None,
    }
}
