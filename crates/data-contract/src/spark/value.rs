//! A column as values of its kind.

use crate::plan::{Column, Kind, Step};
use crate::time::TimePattern;

use super::schema::{Schema, SparkType};
use super::write::{path, text};

/// A column of data, as expressions.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// The column as it is.
    pub(super) raw: String,
    /// Its values of the kind; NULL where one is none. Times of a day are microseconds since midnight.
    pub(super) value: String,
    /// Where the values come from.
    pub(super) form: Form,
    /// What they ought to be.
    pub(super) kind: Kind,
    /// Whether NaN is among them.
    pub(super) float: bool,
    /// The type in the data.
    pub(super) spark: SparkType,
    /// Whether the values depend on the time zone of the session.
    pub(super) zoned: bool,
}

/// Where values of a kind come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// They have the type.
    Typed,
    /// They are read from text.
    Read,
    /// The column has another type, so that none is.
    None,
}

/// Reads a column, from text where its cells have no types, and wide where whole numbers may need more than 64 bits; none where the
/// data lack it.
///
/// # Errors
///
/// Why its values cannot be read.
pub(super) fn reading(
    schema: &Schema,
    column: &Column,
    (is_text, wide): (bool, bool),
) -> Option<Result<Reading, String>> {
    let spark = schema.at(&column.path)?.clone();
    let raw = relative(&column.path);
    let typed = spark.holds(&column.kind);
    let float = spark.is_float();
    let reading = |value: String, form, float| Reading {
        raw: match form {
            // A quoted cell without a text is NULL where no text is meant.
            Form::Read => format!("nullif({raw}, '')"),
            Form::Typed | Form::None => raw.clone(),
        },
        value,
        form,
        kind: column.kind.clone(),
        float,
        zoned: matches!(column.kind, Kind::Timestamp { .. })
            && (form == Form::Read || spark.base() == "timestamp_ntz"),
        spark: spark.clone(),
    };
    if typed {
        let value = match column.kind {
            Kind::Timestamp { .. } => format!("CAST({raw} AS TIMESTAMP)"),
            Kind::Time { .. } => {
                return Some(Err("times of a day are not read by Spark".to_owned()));
            }
            _ => raw.clone(),
        };
        return Some(Ok(reading(value, Form::Typed, float)));
    }
    if is_text && spark.holds(&Kind::String) {
        let read = read_text(&raw, &column.kind, wide);
        let is_float = column.kind == Kind::Number;
        return Some(read.map(|value| reading(value, Form::Read, is_float)));
    }
    Some(Ok(reading("NULL".to_owned(), Form::None, false)))
}

/// The column behind the last step into an array, where its items are called `item`.
fn relative(steps: &[Step]) -> String {
    let last = steps.iter().rposition(|step| *step == Step::Items);
    match last {
        None => path(steps),
        Some(at) => match path(&steps[at + 1..]).as_str() {
            "" => "`item`".to_owned(),
            rest => format!("`item`.{rest}"),
        },
    }
}

/// Numbers that are decimal: `1d` and `0x1p3` are numbers of Java, and of nobody else.
const NUMBER: &str =
    r"(?i)^\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)\s*\z";

/// Points in time whose zone is `Z` or an offset, if any: Spark knows names of zones too.
const TIMESTAMP: &str = r"(?i)^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)? *(Z|[+-][0-9]{1,2}(:?[0-9]{2})?)?)?\s*\z";

fn read_text(raw: &str, kind: &Kind, wide: bool) -> Result<String, String> {
    let whole = if wide { "DECIMAL(38,0)" } else { "BIGINT" };
    let only = |pattern: &str, value: String| {
        format!(
            "CASE WHEN regexp_like({raw}, {}) THEN {value} END",
            text(pattern)
        )
    };
    Ok(match kind {
        Kind::Integer => only(
            r"^\s*[+-]?[0-9]+\s*\z",
            format!("try_cast({raw} AS {whole})"),
        ),
        Kind::Number => only(NUMBER, format!("try_cast({raw} AS DOUBLE)")),
        Kind::Boolean => format!("try_cast({raw} AS BOOLEAN)"),
        Kind::Date { format: None } => only(
            r"^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\s*\z",
            format!("try_cast({raw} AS DATE)"),
        ),
        Kind::Date {
            format: Some(format),
        } => {
            if TimePattern::parse(format).is_ok_and(|pattern| pattern.has_zone()) {
                // It would be the day in UTC, and not the one that is written.
                return Err("days with an offset from UTC are not read by Spark".to_owned());
            }
            format!(
                "CAST(try_to_timestamp({raw}, {}) AS DATE)",
                pattern(format)?
            )
        }
        Kind::Timestamp {
            zone: Some(zone), ..
        } if !is_utc(zone) => {
            return Err(format!(
                "texts in the time zone `{zone}` are not read by Spark"
            ));
        }
        Kind::Timestamp { format: None, .. } => only(
            TIMESTAMP,
            format!("try_cast(upper(replace({raw}, ',', '.')) AS TIMESTAMP)"),
        ),
        Kind::Timestamp {
            format: Some(format),
            ..
        } => {
            format!("try_to_timestamp({raw}, {})", pattern(format)?)
        }
        Kind::Any | Kind::String => raw.to_owned(),
        Kind::Time { .. } => return Err("times of a day are not read by Spark".to_owned()),
        Kind::Object | Kind::Array | Kind::Map | Kind::Vector => "NULL".to_owned(),
    })
}

fn is_utc(zone: &str) -> bool {
    matches!(zone, "UTC" | "Etc/UTC" | "Z" | "GMT")
}

/// A pattern as Spark takes it, which refuses `E` and `u`: its `y` is the JDK's `u`.
fn pattern(format: &str) -> Result<String, String> {
    let read = TimePattern::parse(format)
        .map_err(|error| format!("the format is no pattern of a time: {error}"))?;
    if read.has_weekday() {
        return Err("names of weekdays are not read by Spark".to_owned());
    }
    let parts = format.split('\'').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => part.replace('u', "y"),
        _ => part.to_owned(),
    });
    Ok(text(&parts.collect::<Vec<_>>().join("'")))
}
