//! Values of a contract, of the type of the column that they are compared with.

use jiff::tz::{Offset, TimeZone};
use yaml_source::{Node, Value};

use crate::model::as_text;
use crate::plan::{Kind, Literal};
use crate::time::{Moment, TimePattern, iso_date, iso_moment, iso_time};

/// A value as one of a column; text where it is none of the column's type, so that it equals nothing there.
pub(crate) fn literal(kind: &Kind, node: &Node) -> Literal {
    let text = || Literal::Text(as_text(node).unwrap_or_default().into_owned());
    match (kind, &node.value) {
        (_, Value::Null) => Literal::Null,
        (Kind::String, _) => text(),
        (Kind::Date { .. } | Kind::Timestamp { .. } | Kind::Time { .. }, Value::Text(said)) => {
            time(kind, said).unwrap_or_else(text)
        }
        (Kind::Integer | Kind::Number, Value::Text(said)) => number(said).unwrap_or_else(text),
        (Kind::Boolean, Value::Text(said)) => match said.as_str() {
            "true" => Literal::Boolean(true),
            "false" => Literal::Boolean(false),
            _ => text(),
        },
        (_, Value::Bool(value)) => Literal::Boolean(*value),
        (_, Value::Integer(value)) => Literal::Integer(*value),
        (_, Value::Number(value)) => Literal::Number(*value),
        _ => text(),
    }
}

/// A bound of a column.
///
/// # Errors
///
/// Why the value is none.
pub(crate) fn bound(kind: &Kind, node: &Node) -> Result<Literal, String> {
    let literal = literal(kind, node);
    let fits = matches!(
        (kind, &literal),
        (
            Kind::Integer | Kind::Number | Kind::Any,
            Literal::Integer(_) | Literal::Number(_)
        ) | (Kind::Any, Literal::Text(_))
            | (Kind::Date { .. }, Literal::Date(_))
            | (Kind::Timestamp { .. }, Literal::Timestamp(_))
            | (Kind::Time { .. }, Literal::Time(_))
    );
    if matches!(literal, Literal::Number(number) if number.is_nan()) {
        return Err("the bound is not a number".to_owned());
    }
    let said = as_text(node).unwrap_or_default();
    fits.then_some(literal)
        .ok_or_else(|| format!("`{said}` is no bound of {}", plural(kind)))
}

/// What a column of a kind holds, for people.
pub(crate) fn plural(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "values",
        Kind::String => "texts",
        Kind::Integer => "whole numbers",
        Kind::Number => "numbers",
        Kind::Boolean => "truth values",
        Kind::Date { .. } => "dates",
        Kind::Timestamp { .. } => "timestamps",
        Kind::Time { .. } => "times",
        Kind::Object => "objects",
        Kind::Array => "arrays",
        Kind::Map => "maps",
        Kind::Vector => "vectors",
    }
}

fn number(text: &str) -> Option<Literal> {
    let whole = text.parse().ok().map(Literal::Integer);
    let finite = || text.parse().ok().filter(|number: &f64| number.is_finite());
    whole.or_else(|| finite().map(Literal::Number))
}

/// A time in the format of the column, or in ISO 8601.
fn time(kind: &Kind, text: &str) -> Option<Literal> {
    let read = |format: &Option<String>| {
        let pattern = TimePattern::parse(format.as_deref()?).ok()?;
        pattern.read(text)
    };
    match kind {
        Kind::Date { format } => {
            let iso = || iso_moment(text);
            let day = read(format).or_else(iso)?.days();
            day.or_else(|| {
                Moment {
                    date: iso_date(text),
                    ..Moment::default()
                }
                .days()
            })
            .map(Literal::Date)
        }
        Kind::Timestamp { format, zone } => {
            let moment = read(format).or_else(|| iso_moment(text))?;
            let micros = moment.micros(&time_zone(zone.as_deref())?)?;
            Some(Literal::Timestamp(micros))
        }
        Kind::Time { format } => {
            let iso = || {
                Some(Moment {
                    time: Some(iso_time(text)?),
                    ..Moment::default()
                })
            };
            let moment = read(format).or_else(iso)?;
            moment.micros_of_day().map(Literal::Time)
        }
        _ => None,
    }
}

/// The time zone of a name or an offset; UTC without one.
pub(crate) fn time_zone(name: Option<&str>) -> Option<TimeZone> {
    let Some(name) = name else {
        return Some(TimeZone::UTC);
    };
    if matches!(name, "UTC" | "Etc/UTC" | "Z" | "GMT") {
        return Some(TimeZone::UTC);
    }
    let offset = crate::time::offset(name).filter(|(_, rest)| rest.is_empty());
    match offset {
        Some((seconds, _)) => Offset::from_seconds(seconds).ok().map(TimeZone::fixed),
        None => TimeZone::get(name).ok(),
    }
}
