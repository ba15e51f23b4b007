//! Values as people read them, the same as those of the scan here.

use crate::plan::Kind;

use super::number;
use super::value::{Form, Reading};
use super::write::text;

/// A value as text; a whole number as one, also where it is a double.
pub(super) fn shown(of: &Reading) -> String {
    shown_as(of, &of.value)
}

/// The same of an expression that has the values of a column.
pub(super) fn shown_as(of: &Reading, v: &str) -> String {
    if of.float {
        return double_shown(v);
    }
    if of.form == Form::Typed && of.spark.holds(&Kind::String) {
        return v.to_owned();
    }
    let shown = format!("CAST({v} AS STRING)");
    // Zeros at the end are those of the type.
    match of.spark.places() {
        Some(1..) => format!("regexp_replace({shown}, {}, '')", text(r"\.?0+\z")),
        _ => shown,
    }
}

/// A value as text to its last digit, as it is counted by.
pub(super) fn written(of: &Reading) -> String {
    let short = shown(of);
    number::in_full(of, &short).unwrap_or(short)
}

/// Values that are a key together, as one text.
pub(super) fn together(parts: &[String]) -> String {
    match parts {
        [only] => only.clone(),
        parts => format!("concat({})", parts.join(", ', ', ")),
    }
}

/// A double as the scan here shows it. `floor` would have no result for an infinite or a great value.
pub(super) fn double_shown(v: &str) -> String {
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
