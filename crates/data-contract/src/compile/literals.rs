//! Values of a contract, of the type of the column that they are compared with.

use yaml_source::{Node, Value};

use crate::model::{as_text, number, number_of};
use crate::plan::{Kind, Literal};
use crate::time::{self, TimePattern, Zone};

/// A value as one of a column; text where it is none of the column's type, so that it equals nothing there.
pub(crate) fn literal(kind: &Kind, node: &Node) -> Literal {
    let text = || Literal::Text(as_text(node).unwrap_or_default().into_owned());
    match (kind, &node.value) {
        (_, Value::Null) => Literal::Null,
        (Kind::String, _) => text(),
        (Kind::Date { .. } | Kind::Timestamp { .. } | Kind::Time { .. }, Value::Text(said)) => {
            time(kind, said).unwrap_or_else(text)
        }
        (Kind::Integer | Kind::Number, Value::Text(said)) => finite(said).unwrap_or_else(text),
        (Kind::Boolean, Value::Text(said)) => match said.as_str() {
            "true" => Literal::Boolean(true),
            "false" => Literal::Boolean(false),
            _ => text(),
        },
        (_, Value::Bool(value)) => Literal::Boolean(*value),
        _ => number(node).unwrap_or_else(text),
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
            Literal::Integer(_) | Literal::Number(_) | Literal::Decimal(_)
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
        .ok_or_else(|| format!("`{said}` is no bound of {}", kind.plural()))
}

/// What a column of a kind holds, for people.
pub(crate) fn plural(kind: &Kind) -> &'static str {
    kind.plural()
}

fn finite(text: &str) -> Option<Literal> {
    number_of(text).filter(|number| number.decimal().is_some())
}

/// A time in the format of the column, or in ISO 8601.
fn time(kind: &Kind, text: &str) -> Option<Literal> {
    let pattern = |format: &Option<String>| TimePattern::parse(format.as_deref()?).ok();
    let text = text.as_bytes();
    match kind {
        Kind::Date { format } => {
            let day = pattern(format).and_then(|pattern| pattern.date(text));
            let day = day.or_else(|| iso_day(text))?;
            i32::try_from(day).ok().map(Literal::Date)
        }
        Kind::Timestamp { format, zone } => {
            let zone = zone.as_deref().map_or(Some(Zone::UTC), Zone::named)?;
            let micros = pattern(format).and_then(|pattern| pattern.timestamp(text, &zone));
            let micros = micros.or_else(|| time::timestamp(text, &zone))?;
            Some(Literal::Timestamp(micros))
        }
        Kind::Time { format } => {
            let micros = pattern(format).and_then(|pattern| pattern.time(text));
            micros.or_else(|| time::time(text)).map(Literal::Time)
        }
        _ => None,
    }
}

/// The day of a date, or of a point in time as it is written.
fn iso_day(text: &[u8]) -> Option<i64> {
    time::date(text).or_else(|| {
        time::timestamp(text, &Zone::UTC)?;
        time::date(text.split(|byte| b"Tt ".contains(byte)).next()?)
    })
}
