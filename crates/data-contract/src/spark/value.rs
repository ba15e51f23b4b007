//! A column as values of its kind.

use crate::plan::{Column, Kind, Step};

use super::moment;
use super::schema::{Schema, SparkType};
use super::source::Source;
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
    /// Why no value can be told, where none can: only whether there is one.
    pub(super) unread: Option<String>,
}

impl Reading {
    /// Whether its value is what a query means by such a value: times of a day are numbers here.
    pub(super) fn is_sql(&self) -> bool {
        !matches!(
            self.kind,
            Kind::Time { .. } | Kind::Object | Kind::Array | Kind::Map | Kind::Vector
        )
    }
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
    /// They are text that nobody can read.
    Unread,
}

/// Reads a column, from text where its cells have no types, and wide where whole numbers may need more than 64 bits; none where the
/// data lack it.
pub(super) fn reading(
    (source, schema): (&Source, &Schema),
    column: &Column,
    wide: bool,
) -> Option<Reading> {
    let spark = schema.at(&column.path)?.clone();
    let raw = relative(&column.path);
    let mut reading = Reading {
        raw: raw.clone(),
        value: "NULL".to_owned(),
        form: Form::None,
        kind: column.kind.clone(),
        float: false,
        spark,
        zoned: false,
        unread: None,
    };
    let kind = &column.kind;
    if let SparkType::Unknown(told) = &reading.spark {
        reading.unread = Some(format!("its type is told as `{told}` alone"));
        reading.form = Form::Unread;
    } else if let Some(of_nulls) = reading.spark.of_nulls(kind) {
        reading.value = format!("CAST(NULL AS {of_nulls})");
        reading.form = Form::Typed;
        reading.spark = SparkType::Plain(of_nulls.to_lowercase());
    } else if reading.spark.holds(kind) {
        reading.float = reading.spark.is_float();
        reading.form = Form::Typed;
        reading.zoned = reading.spark.base() == "timestamp_ntz";
        reading.value = match kind {
            Kind::Timestamp { .. } => format!("CAST({raw} AS TIMESTAMP)"),
            Kind::Time { .. } => moment::of_time(&raw),
            _ => raw,
        };
    } else if source.reads(kind) && reading.spark.holds(&Kind::String) {
        if source.is_text() {
            // A quoted cell without a text is NULL where no text is meant.
            reading.raw = format!("nullif({raw}, '')");
        }
        match read_text(&raw, kind, wide) {
            Ok(value) => {
                reading.value = value;
                reading.form = Form::Read;
                reading.float = *kind == Kind::Number;
                reading.zoned = matches!(kind, Kind::Timestamp { .. } | Kind::Time { .. });
            }
            Err(reason) => {
                reading.form = Form::Unread;
                reading.unread = Some(reason);
            }
        }
    } else if !source.is_json() {
        // In JSON none of the values is of the kind, but each for itself.
        let shown = reading.spark.shown();
        reading.unread = Some(format!("the column is of type {shown}"));
    }
    Some(reading)
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

/// A value where the text is like a pattern, and NULL else.
pub(super) fn only(raw: &str, pattern: &str, value: &str) -> String {
    let pattern = text(pattern);
    format!("CASE WHEN regexp_like({raw}, {pattern}) THEN {value} END")
}

fn read_text(raw: &str, kind: &Kind, wide: bool) -> Result<String, String> {
    let whole = if wide { "DECIMAL(38,0)" } else { "BIGINT" };
    Ok(match kind {
        Kind::Integer => only(
            raw,
            r"^\s*[+-]?[0-9]+\s*\z",
            &format!("try_cast({raw} AS {whole})"),
        ),
        Kind::Number => only(raw, NUMBER, &format!("try_cast({raw} AS DOUBLE)")),
        Kind::Boolean => format!("try_cast({raw} AS BOOLEAN)"),
        Kind::Date { format } => moment::date(raw, format.as_deref())?,
        Kind::Timestamp { format, zone } => {
            moment::timestamp(raw, format.as_deref(), zone.as_deref())?
        }
        Kind::Time { format } => moment::time(raw, format.as_deref())?,
        Kind::Any | Kind::String => raw.to_owned(),
        Kind::Object | Kind::Array | Kind::Map | Kind::Vector => "NULL".to_owned(),
    })
}
