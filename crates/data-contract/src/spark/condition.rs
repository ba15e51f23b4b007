//! What holds of the rows that a measure counts.

use crate::pattern::{Engine, translate};
use crate::plan::{Bound, Kind, Literal, Pattern, Side};

use super::expression::than;
use super::number;
use super::schema::{SparkType, same};
use super::shown::shown;
use super::value::{Form, Reading};
use super::write::{literal, name, text};

pub(super) fn missing(of: &Reading, values: &[Literal]) -> String {
    // In JSON a text is one, also where a day or a time is meant; in CSV an empty one is no cell.
    let texts = values.iter().filter_map(|value| match value {
        Literal::Text(value) => Some(text(value)),
        _ => None,
    });
    let is_json = of.form == Form::Read && !of.raw.starts_with("nullif(");
    let texts: Vec<_> = texts.filter(|_| is_json).collect();
    let texts = (!texts.is_empty()).then(|| format!("{} IN ({})", of.raw, texts.join(", ")));
    let is_null = format!("{} IS NULL", of.raw);
    let conditions = [Some(is_null), list(of, values), texts];
    conditions
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" OR ")
}

pub(super) fn invalid(
    of: &Reading,
    values: Option<&[Literal]>,
    pattern: Option<&Pattern>,
) -> Result<String, String> {
    let v = &of.value;
    let mut conditions = Vec::new();
    if let Some(values) = values {
        let valid = list(of, values).unwrap_or_else(|| "FALSE".to_owned());
        conditions.push(format!("NOT ({valid})"));
    }
    if let Some(pattern) = pattern {
        let java = translate(&pattern.0, Engine::Java);
        let java = java.map_err(|error| format!("the pattern is not valid: {error}"))?;
        conditions.push(format!("NOT regexp_like({}, {})", shown(of), text(&java)));
    }
    Ok(format!("{v} IS NOT NULL AND ({})", conditions.join(" OR ")))
}

pub(super) fn beyond(of: &Reading, side: Side, bound: &Bound) -> Result<String, String> {
    if !comparable(of, &bound.value) {
        let shown = crate::text::listed(&bound.value);
        return Err(format!("`{shown}` is no bound of such values"));
    }
    if is_number(&bound.value) {
        return number::beyond(of, side, bound).ok_or_else(|| "NULL is no bound".to_owned());
    }
    let value = literal(&bound.value).ok_or("NULL is no bound")?;
    let operator = number::operator(side, bound.exclusive);
    Ok(format!("{} {operator} {value}", of.value))
}

fn is_number(value: &Literal) -> bool {
    matches!(
        value,
        Literal::Integer(_) | Literal::Number(_) | Literal::Decimal(_)
    )
}

pub(super) fn items(of: &Reading, side: Side, limit: u64) -> String {
    let (v, than) = (&of.value, than(side));
    match &of.spark {
        SparkType::Struct(fields) => {
            let present = fields.iter().map(|(field, _)| {
                format!(
                    "CASE WHEN {v}.{} IS NOT NULL THEN 1 ELSE 0 END",
                    name(field)
                )
            });
            let present: Vec<_> = present.chain(["0".to_owned()]).collect();
            format!("{v} IS NOT NULL AND {} {than} {limit}", present.join(" + "))
        }
        _ => format!("{v} IS NOT NULL AND cardinality({v}) {than} {limit}"),
    }
}

pub(super) fn lacks(of: &Reading, names: &[String]) -> String {
    let v = &of.value;
    let lacking = names.iter().map(|wanted| match &of.spark {
        SparkType::Struct(fields) => {
            let field = fields.iter().find(|(field, _)| same(field, wanted));
            field.map_or_else(
                || "TRUE".to_owned(),
                |(field, _)| format!("{v}.{} IS NULL", name(field)),
            )
        }
        SparkType::Map(..) => format!("{v}[{}] IS NULL", text(wanted)),
        _ => "FALSE".to_owned(),
    });
    let lacking: Vec<_> = lacking.collect();
    format!("{v} IS NOT NULL AND ({})", lacking.join(" OR "))
}

/// Values of the list as they are compared with the column: those of its type, and all as text where it is text.
fn list(of: &Reading, values: &[Literal]) -> Option<String> {
    let (column, is_text) = match of.form {
        Form::Typed => (&of.value, of.spark.holds(&Kind::String)),
        Form::Read => (&of.value, false),
        Form::None => (&of.raw, of.spark.holds(&Kind::String)),
        Form::Unread => (&of.raw, false),
    };
    let (numbers, others): (Vec<&Literal>, Vec<_>) = values
        .iter()
        .partition(|value| !is_text && is_number(value));
    let written = others
        .into_iter()
        .filter_map(|value| match (is_text, value) {
            (_, Literal::Null) => None,
            (true, value) => Some(text(&crate::text::plain(value))),
            (false, value) if comparable(of, value) => literal(value),
            (false, _) => None,
        });
    let written: Vec<_> = written.collect();
    let written = (!written.is_empty()).then(|| format!("{column} IN ({})", written.join(", ")));
    let numbers: Vec<_> = numbers
        .into_iter()
        .filter(|value| comparable(of, value))
        .collect();
    match (written, number::listed(of, &numbers)) {
        (Some(written), Some(numbers)) => Some(format!("({written} OR {numbers})")),
        (written, numbers) => written.or(numbers),
    }
}

/// Whether a value can be compared with the column without a cast that may fail.
fn comparable(of: &Reading, value: &Literal) -> bool {
    let holds = |kind: &Kind| match of.form {
        Form::Typed => of.spark.holds(kind),
        Form::Read => of.kind == *kind || (*kind == Kind::Number && of.kind == Kind::Integer),
        Form::None | Form::Unread => false,
    };
    match value {
        Literal::Null => false,
        Literal::Boolean(_) => holds(&Kind::Boolean),
        value if is_number(value) => holds(&Kind::Number),
        Literal::Integer(_) | Literal::Number(_) | Literal::Decimal(_) => false,
        Literal::Text(_) => holds(&Kind::String),
        Literal::Date(_) => of.spark.base() == "date" || matches!(of.kind, Kind::Date { .. }),
        Literal::Timestamp(_) => {
            of.spark.base().starts_with("timestamp") || matches!(of.kind, Kind::Timestamp { .. })
        }
        Literal::Time(_) => matches!(of.kind, Kind::Time { .. }) && of.unread.is_none(),
    }
}
