//! Answers as measured values.

use crate::model::number_of;
use crate::plan::{Evidence, Gap, Literal, MeasureId, Measured, Spread, Value};

use super::statement::{Answer, Cell, Part, Reads, Statement};

/// The values of a statement's measures.
pub(super) fn read(statement: &Statement, answer: &Answer) -> Vec<(MeasureId, Measured)> {
    match &statement.reads {
        Reads::Row { parts, zone, .. } => row(parts, *zone, answer),
        Reads::Frequencies(measure) => {
            let value = match answer {
                Ok(rows) => frequencies(rows),
                Err(reason) => Err(Gap::Failed(reason.clone())),
            };
            vec![(*measure, measured(value, &statement.sql))]
        }
    }
}

fn measured(value: Result<Value, Gap>, sql: &str) -> Measured {
    Measured {
        value,
        evidence: Evidence::Query(sql.to_owned()),
        samples: Vec::new(),
        files: Vec::new(),
    }
}

fn row(parts: &[Part], zone: bool, answer: &Answer) -> Vec<(MeasureId, Measured)> {
    let row = match answer {
        Ok(rows) => only(parts, zone, rows),
        Err(reason) => Err(reason.clone()),
    };
    let elsewhere = match (&row, zone) {
        (Ok(row), true) => elsewhere(row.last().and_then(Option::as_deref)),
        _ => None,
    };
    let mut at = 0;
    let values = parts.iter().map(|part| {
        let width = part.cell.width();
        let texts = row.as_ref().map(|row| row.get(at..at + width));
        at += width;
        let value = match (texts, &elsewhere) {
            (Err(reason), _) => Err(Gap::Failed(reason.clone())),
            (Ok(_), Some(reason)) if part.zoned => Err(Gap::Failed(reason.clone())),
            (Ok(Some(texts)), _) => value(part.cell, texts),
            (Ok(None), _) => Err(Gap::Failed("the answer has too few columns".to_owned())),
        };
        (part.id, measured(value, &part.alone))
    });
    values.collect()
}

/// The row of an answer that has one, with as many values as were asked for.
fn only<'a>(
    parts: &[Part],
    zone: bool,
    rows: &'a [Vec<Option<String>>],
) -> Result<&'a [Option<String>], String> {
    let width = parts.iter().map(|part| part.cell.width()).sum::<usize>() + usize::from(zone);
    match (rows, parts) {
        ([row], _) if row.len() <= width => Ok(row),
        (rows, [part]) if part.cell == Cell::Said => {
            let columns = rows.first().map_or(width, Vec::len);
            let rows = rows.len();
            Err(format!(
                "the query brings {rows} rows of {columns} columns; a rule compares one value"
            ))
        }
        ([row], _) => Err(format!(
            "the answer has {} columns, and not {width}",
            row.len()
        )),
        ([], _) => Err("the answer has no row".to_owned()),
        _ => Err("the answer has several rows".to_owned()),
    }
}

/// Why times without a zone were read wrongly, where the session is not in UTC.
fn elsewhere(zone: Option<&str>) -> Option<String> {
    let zone = zone.unwrap_or("unknown");
    let utc = ["UTC", "Etc/UTC", "GMT", "Z", "+00:00"];
    (!utc.contains(&zone)).then(|| {
        format!(
            "the session's time zone is {zone}, where times without a zone are not those of UTC"
        )
    })
}

fn value(cell: Cell, texts: &[Option<String>]) -> Result<Value, Gap> {
    let text = texts.first().and_then(Option::as_deref);
    // The value itself is not told: it may be one of a classified column.
    let wrong = || Gap::Failed("the answer is not what was asked for".to_owned());
    if let Cell::Parts(parts) = cell {
        return spread(texts, parts).map(Value::Spread).ok_or_else(wrong);
    }
    let Some(said) = text else {
        return match cell {
            Cell::Count | Cell::Bins(_) => Err(wrong()),
            _ => Ok(Value::Scalar(Literal::Null)),
        };
    };
    let literal = match cell {
        Cell::Parts(_) => return Err(wrong()),
        Cell::Count => return said.parse().map(Value::Count).map_err(|_| wrong()),
        Cell::Bins(_) => {
            let counts = texts.iter().map(|text| text.as_deref()?.parse().ok());
            let counts: Option<Vec<u64>> = counts.collect();
            return counts.map(Value::Bins).ok_or_else(wrong);
        }
        Cell::Number => number_of(said).ok_or_else(wrong)?,
        Cell::Date => Literal::Date(said.parse().map_err(|_| wrong())?),
        Cell::Timestamp => Literal::Timestamp(said.parse().map_err(|_| wrong())?),
        Cell::Boolean => truth(said).ok_or_else(wrong)?,
        Cell::Text => Literal::Text(said.to_owned()),
        Cell::Said => number_of(said)
            .or_else(|| truth(said))
            .unwrap_or_else(|| Literal::Text(said.to_owned())),
    };
    Ok(Value::Scalar(literal))
}

/// Numbers between bounds. A part without a number of its own has the bound of the one before.
fn spread(texts: &[Option<String>], parts: usize) -> Option<Spread> {
    let (bounds, counts) = texts.split_at_checked(parts)?;
    let counts = counts.iter().map(|text| text.as_deref()?.parse().ok());
    let counts: Vec<u64> = counts.collect::<Option<_>>()?;
    let (total, counts) = counts.split_last()?;
    let mut spread = Spread::default();
    let mut upto = 0_u64;
    for (bound, counts) in bounds.iter().zip(counts.chunks_exact(2)) {
        let Some(bound) = bound else {
            continue;
        };
        let bound: f64 = bound.parse().ok()?;
        if spread.bounds.last().is_some_and(|last| *last >= bound) {
            continue;
        }
        let [below, equal] = counts else {
            return None;
        };
        spread.bounds.push(bound);
        spread.cells.extend([below.checked_sub(upto)?, *equal]);
        upto = below + equal;
    }
    spread.cells.push(total.checked_sub(upto)?);
    Some(spread)
}

fn truth(text: &str) -> Option<Literal> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(Literal::Boolean(true)),
        "false" => Some(Literal::Boolean(false)),
        _ => None,
    }
}

fn frequencies(rows: &[Vec<Option<String>>]) -> Result<Value, Gap> {
    let wrong = || Gap::Failed("the answer has not a value with two counts in each row".to_owned());
    let mut values = Vec::new();
    let (mut named, mut total) = (0_u64, 0_u64);
    for row in rows {
        let [Some(value), Some(count), Some(all)] = row.as_slice() else {
            return Err(wrong());
        };
        let count: u64 = count.parse().map_err(|_| wrong())?;
        total = all.parse().map_err(|_| wrong())?;
        named = named.saturating_add(count);
        values.push((value.clone(), count));
    }
    values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(Value::Frequencies {
        values,
        rest: total.saturating_sub(named),
        more: 0,
    })
}
