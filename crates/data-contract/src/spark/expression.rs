//! Measures as aggregates, all of which one pass brings.

use crate::pattern::{Engine, translate};
use crate::plan::{Bound, Format, Kind, Literal, Measure, Pattern, Side};

use super::number;
use super::schema::{SparkType, same};
use super::statement::Cell;
use super::value::{Form, Reading};
use super::write::{double, literal, name, text};

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
            Form::None => Aggregates {
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
        Measure::RepeatedItems(_) => counted(format!(
            "cardinality(array_distinct({v})) < cardinality({v})"
        )),
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

fn than(side: Side) -> &'static str {
    match side {
        Side::Low => "<",
        Side::High => ">",
    }
}

/// Values of the list as they are compared with the column: those of its type, and all as text where it is text.
fn list(of: &Reading, values: &[Literal]) -> Option<String> {
    let (column, is_text) = match of.form {
        Form::Typed => (&of.value, of.spark.holds(&Kind::String)),
        Form::Read => (&of.value, false),
        Form::None => (&of.raw, of.spark.holds(&Kind::String)),
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
        Form::None => false,
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
        Literal::Time(_) => false,
    }
}

fn missing(of: &Reading, values: &[Literal]) -> String {
    let conditions = [Some(format!("{} IS NULL", of.raw)), list(of, values)];
    conditions
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" OR ")
}

fn invalid(
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

/// A value as text to its last digit, as it is counted by.
pub(super) fn written(of: &Reading) -> String {
    let short = shown(of);
    number::in_full(of, &short).unwrap_or(short)
}

/// A value as text; a whole number as one, also where it is a double.
pub(super) fn shown(of: &Reading) -> String {
    let v = &of.value;
    if of.float {
        return double_shown(v);
    }
    if of.form == Form::Typed && of.spark.holds(&Kind::String) {
        return v.clone();
    }
    let shown = format!("CAST({v} AS STRING)");
    // Zeros at the end are those of the type.
    match of.spark.places() {
        Some(1..) => format!("regexp_replace({shown}, {}, '')", text(r"\.?0+\z")),
        _ => shown,
    }
}

/// A double as the scan here shows it. `floor` would have no result for an infinite or a great value.
fn double_shown(v: &str) -> String {
    let whole = format!("{v} % 1D = 0D");
    let cases = [
        format!("ABS({v}) < 1e15D AND {whole} THEN CAST(CAST({v} AS BIGINT) AS STRING)"),
        format!("ABS({v}) < 1e37D AND {whole} THEN CAST(CAST({v} AS DECIMAL(38,0)) AS STRING)"),
        format!("{v} = double('inf') THEN 'inf'"),
        format!("{v} = double('-inf') THEN '-inf'"),
    ];
    let cases = cases.map(|case| format!("WHEN {case} "));
    format!("CASE {}ELSE CAST({v} AS STRING) END", cases.concat())
}

fn beyond(of: &Reading, side: Side, bound: &Bound) -> Result<String, String> {
    if !comparable(of, &bound.value) {
        let shown = crate::text::listed(&bound.value);
        return Err(format!("`{shown}` is no bound of such values"));
    }
    if is_number(&bound.value) {
        return number::beyond(of, side, bound).ok_or_else(|| "NULL is no bound".to_owned());
    }
    let value = literal(&bound.value).ok_or("NULL is no bound")?;
    let operator = match (side, bound.exclusive) {
        (Side::Low, false) => "<",
        (Side::Low, true) => "<=",
        (Side::High, false) => ">",
        (Side::High, true) => ">=",
    };
    Ok(format!("{} {operator} {value}", of.value))
}

fn is_number(value: &Literal) -> bool {
    matches!(
        value,
        Literal::Integer(_) | Literal::Number(_) | Literal::Decimal(_)
    )
}

fn malformed(of: &Reading, format: Format) -> String {
    let v = &of.value;
    if let Some((least, most)) = format.range() {
        let beyond = |side: Side, end: i128| {
            let value = Literal::Integer(end);
            let bound = Bound {
                value,
                exclusive: false,
            };
            number::beyond(of, side, &bound).unwrap_or_default()
        };
        // What fits into no type of Spark is beyond no end.
        let low = if least == i128::MIN {
            "FALSE".to_owned()
        } else {
            beyond(Side::Low, least)
        };
        let high = if most == i128::MAX {
            "FALSE".to_owned()
        } else {
            beyond(Side::High, most)
        };
        return format!("{low} OR {high}");
    }
    let v = match format {
        // An address of version 4 at the end is two groups.
        Format::Ipv6 => {
            let end = format!(":{IPV4}\\z");
            format!("regexp_replace({v}, {}, ':0:0')", text(&end))
        }
        _ => v.clone(),
    };
    let pattern = match format {
        Format::Ipv4 => format!("^{IPV4}\\z"),
        other => format_pattern(other).to_owned(),
    };
    format!("NOT regexp_like({v}, {})", text(&pattern))
}

/// An address of version 4.
const IPV4: &str = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}";

/// What a text of a format matches.
fn format_pattern(format: Format) -> &'static str {
    match format {
        Format::Email => r"^[^@\s]+@[^@\s]+\.[^@\s]+\z",
        Format::Uuid => r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z",
        Format::Uri => {
            r"^[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?-Z\[\]_a-z~]|[^\x00-\x7F]|%[0-9a-fA-F]{2})+\z"
        }
        Format::Hostname => {
            r"^(?=.{1,253}\z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z"
        }
        Format::Ipv6 => {
            r"^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?=([^:]|:(?!:))*::([^:]|:(?!:))*\z)(?!(:*[0-9a-fA-F]{1,4}(?![0-9a-fA-F])){8})(([0-9a-fA-F]{1,4}:)*[0-9a-fA-F]{1,4})?::([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?)\z"
        }
        Format::Byte => r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z",
        _ => ".*",
    }
}

fn items(of: &Reading, side: Side, limit: u64) -> String {
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

fn lacks(of: &Reading, names: &[String]) -> String {
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
