//! Days of profiles: those have them in ISO 8601, or as texts, and columns the other way round.

use crate::compile::plural;
use crate::infer::ColumnProfile;
use crate::plan::Kind;

/// Values, and how many rows have each.
type Counts = Vec<(String, u64)>;

/// The values of a profile as they are read from the column: days and times are in ISO 8601, and texts as they are written.
pub(super) fn as_read(
    kind: &Kind,
    profile: &ColumnProfile,
    counts: &[(String, u64)],
) -> Result<Counts, String> {
    const TIMES: [&str; 3] = ["date", "timestamp", "time"];
    let here = match kind {
        Kind::Date { .. } => Some("date"),
        Kind::Timestamp { .. } => Some("timestamp"),
        Kind::Time { .. } => Some("time"),
        _ => None,
    };
    let Some(logical) = profile.logical_type.as_deref() else {
        return Ok(counts.to_vec());
    };
    let there = TIMES.into_iter().find(|name| *name == logical);
    let is_text = matches!(kind, Kind::String | Kind::Any);
    let converted = match (kind, there, &profile.time_format) {
        _ if here == there => Some(counts.to_vec()),
        (_, Some("date"), Some(format)) if is_text => all(counts, |day| written(day, format)),
        // Days in ISO 8601 are the same as texts.
        (_, Some("date"), None) if is_text => Some(counts.to_vec()),
        // Of a column without a type it is open how it is read.
        (Kind::Any, ..) => Some(counts.to_vec()),
        (Kind::Date { format }, None, _) if logical == "string" => {
            let format = format.as_deref().unwrap_or("yyyy-MM-dd");
            all(counts, |text| iso(text, format))
        }
        _ => None,
    };
    converted.ok_or_else(|| {
        format!(
            "the profile has values of the type {logical}, and the column holds {}: give it the type and the format of its data, and write the \
             profile anew",
            plural(kind)
        )
    })
}

fn all(counts: &[(String, u64)], convert: impl Fn(&str) -> Option<String>) -> Option<Counts> {
    let values = counts.iter();
    values
        .map(|(value, rows)| Some((convert(value)?, *rows)))
        .collect()
}

/// A day of ISO 8601 as a pattern writes it; none where the pattern leaves open how many digits there are.
fn written(day: &str, format: &str) -> Option<String> {
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let mut names: Vec<_> = format.split(|it: char| !it.is_alphabetic()).collect();
    names.sort_unstable();
    (names == ["MM", "dd", "yyyy"]).then(|| {
        let text = format.replace("yyyy", year).replace("MM", month);
        text.replace("dd", day)
    })
}

/// A text that a pattern of year, month and day has written, in ISO 8601.
fn iso(text: &str, format: &str) -> Option<String> {
    let mut found = [None; 3];
    let mut numbers = text.split(|it: char| !it.is_ascii_digit());
    for name in format.split(|it: char| !it.is_alphabetic()) {
        let at = match name {
            "yyyy" => 0,
            "MM" | "M" => 1,
            "dd" | "d" => 2,
            _ => return None,
        };
        found[at] = Some(numbers.next()?.parse::<u32>().ok()?);
    }
    let [year, month, day] = found;
    let (year, month, day) = (year?, month?, day?);
    let is_whole = numbers.next().is_none();
    is_whole.then(|| format!("{year:04}-{month:02}-{day:02}"))
}
