//! Days and times that are read from text.
//!
//! Patterns of a format mean to Spark not all that they mean to the JDK: it takes fractions of any length, and no names of weekdays. So a
//! text is held against an expression for the form of the pattern, and its fields are read apart from each other.

use crate::time::{Piece, TimePattern, Zone};

use super::value::only;
use super::write::text;

/// Days without a format.
const DATE: &str = r"^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\s*\z";

/// Points in time whose zone is `Z` or an offset, if any: Spark knows names of zones too.
const TIMESTAMP: &str = r"(?i)^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)? *(Z|[+-][0-9]{1,2}(:?[0-9]{2})?)?)?\s*\z";

/// The end of those that have one.
const OFFSET: &str = r"(?i):[0-9.,]+ *(Z|[+-][0-9:]+)\s*\z";

/// Times of a day without a format.
const TIME: &str = r"^\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?\s*\z";

/// Letters of a day, of a time of it, and of a zone.
const OF_DAY: &str = "yuMLdD";
const OF_TIME: &str = "HhkKmsSa";
const OF_ZONE: &str = "VzOXxZ";

/// A time of a day that has its type, as microseconds since midnight.
pub(super) fn of_time(raw: &str) -> String {
    format!(
        "(hour({raw}) * 3600 + minute({raw}) * 60) * 1000000L + CAST(extract(SECOND FROM {raw}) * 1000000 AS BIGINT)"
    )
}

/// A text as a day.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn date(raw: &str, format: Option<&str>) -> Result<String, String> {
    match format {
        None => Ok(only(raw, DATE, &format!("try_cast({raw} AS DATE)"))),
        Some(format) => by_forms(format, |form| {
            let moment = form.read(raw, OF_DAY);
            form.guarded(raw, &format!("CAST({moment} AS DATE)"))
        }),
    }
}

/// A text as a point in time; one that names no zone is in `zone`.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn timestamp(
    raw: &str,
    format: Option<&str>,
    zone: Option<&str>,
) -> Result<String, String> {
    let zone = zone.unwrap_or("UTC");
    let known = Zone::named(zone).ok_or_else(|| format!("`{zone}` is no time zone"))?;
    let in_zone = |moment: String| match known == Zone::UTC {
        true => moment,
        false => format!("to_utc_timestamp({moment}, {})", text(zone)),
    };
    let Some(format) = format else {
        // Spark looks for a zone behind seconds alone.
        let seconds = r"'([T ][0-9]{1,2}:[0-9]{2})( *[Z+-])', '$1:00$2'";
        let plain = format!("upper(replace({raw}, ',', '.'))");
        let moment = format!("try_cast(regexp_replace({plain}, {seconds}) AS TIMESTAMP)");
        let shifted = in_zone(moment.clone());
        let either = match shifted == moment {
            true => moment,
            false => format!(
                "CASE WHEN regexp_like({raw}, {}) THEN {moment} ELSE {shifted} END",
                text(OFFSET)
            ),
        };
        return Ok(only(raw, TIMESTAMP, &either));
    };
    by_forms(format, |form| {
        let letters = [OF_DAY, OF_TIME, OF_ZONE].concat();
        let moment = form.read(raw, &letters);
        let moment = match form.has(OF_ZONE) {
            true => moment,
            false => in_zone(moment),
        };
        form.guarded(raw, &moment)
    })
}

/// A text as a time of a day, in microseconds since midnight.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn time(raw: &str, format: Option<&str>) -> Result<String, String> {
    match format {
        None => {
            let plain = format!("regexp_replace(replace({raw}, ',', '.'), '\\\\s', '')");
            let moment = format!("try_cast(concat('1970-01-01 ', {plain}) AS TIMESTAMP)");
            Ok(only(raw, TIME, &format!("unix_micros({moment})")))
        }
        Some(format) => by_forms(format, |form| {
            let moment = form.read(raw, OF_TIME);
            form.guarded(raw, &format!("unix_micros({moment})"))
        }),
    }
}

/// The first form of a pattern that a text has.
fn by_forms(format: &str, read: impl Fn(&Form) -> String) -> Result<String, String> {
    let pattern = TimePattern::parse(format)
        .map_err(|error| format!("the format is no pattern of a time: {error}"))?;
    let forms = pattern
        .forms()
        .ok_or("the format has too many optional sections")?;
    let read: Vec<_> = forms.into_iter().map(|form| read(&Form(form))).collect();
    Ok(match read.as_slice() {
        [only] => only.clone(),
        several => format!("coalesce({})", several.join(", ")),
    })
}

/// A form of a pattern, without optional sections.
struct Form(Vec<Piece>);

impl Form {
    fn has(&self, letters: &str) -> bool {
        self.fields().any(|(letter, _)| letters.contains(letter))
    }

    fn fields(&self) -> impl Iterator<Item = (char, usize)> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Field { letter, length, .. } => Some((*letter, *length)),
            Piece::Text(_) => None,
        })
    }

    /// The expression for a text of the form, with a group for each field.
    fn expression(&self) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.chars().map(escaped).collect(),
            Piece::Field {
                letter,
                length,
                joined,
            } => format!("({})", of_field(*letter, *length, *joined)),
        });
        format!("^{}\\z", pieces.collect::<String>())
    }

    /// The point in time that some of the fields name, with a blank between each two.
    fn read(&self, raw: &str, letters: &str) -> String {
        let fields = (1..).zip(self.fields());
        let fields: Vec<_> = fields
            .filter(|(_, (letter, _))| letters.contains(*letter))
            .collect();
        let groups: Vec<_> = fields.iter().map(|(at, _)| format!("${at}")).collect();
        let pattern = fields.iter().map(|(_, (letter, length))| {
            let (letter, most) = match letter {
                // The `y` of Spark is the JDK's `u`.
                'u' => ('y', 6),
                'S' => ('S', 9),
                'a' => ('a', 1),
                letter => (*letter, 6),
            };
            letter.to_string().repeat(*length.min(&most))
        });
        let pattern: Vec<_> = pattern.collect();
        format!(
            "try_to_timestamp(regexp_replace({raw}, {}, {}), {})",
            text(&self.expression()),
            text(&groups.join(" ")),
            text(&pattern.join(" "))
        )
    }

    /// A value where the text has the form, and the weekday in it is that of the day.
    fn guarded(&self, raw: &str, value: &str) -> String {
        let expression = text(&self.expression());
        let of_weekday = (1..).zip(self.fields()).find(|(_, (it, _))| *it == 'E');
        let weekday = of_weekday.map_or_else(String::new, |(at, (_, length))| {
            let day = self.read(raw, OF_DAY);
            let name = if length < 4 { "EEE" } else { "EEEE" };
            format!(
                " AND lower(regexp_extract({raw}, {expression}, {at})) = lower(date_format({day}, '{name}'))"
            )
        });
        format!("CASE WHEN regexp_like({raw}, {expression}){weekday} THEN {value} END")
    }
}

/// What stands for a field, as it is read here.
fn of_field(letter: char, length: usize, joined: bool) -> String {
    let digits = |least: usize, most: usize| match least == most {
        true => format!("[0-9]{{{least}}}"),
        false => format!("[0-9]{{{least},{most}}}"),
    };
    match (letter, length) {
        ('y' | 'u', 2) => digits(2, 2),
        ('y' | 'u', _) => digits(length, length.max(4)),
        ('M' | 'L' | 'E', 3) | ('E', ..3) => "[A-Za-z]{3}".to_owned(),
        ('M' | 'L', 4..) | ('E', _) => "[A-Za-z]+".to_owned(),
        ('D', _) => digits(length.min(3), if joined { length.min(3) } else { 3 }),
        ('S', _) => digits(length.min(9), length.min(9)),
        ('a', _) => "[A-Za-z]{2}".to_owned(),
        ('X' | 'x', 1) => "[Zz]|[+-][0-9]{2}(?:[0-9]{2})?".to_owned(),
        ('X' | 'x', 3 | 5) | ('Z', 5) => "[Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?".to_owned(),
        ('X' | 'x', _) | ('Z', ..=3) => "[Zz]|[+-][0-9]{4}(?:[0-9]{2})?".to_owned(),
        ('Z' | 'O', _) => "(?i:GMT)(?:[+-][0-9]{1,2}(?::[0-9]{2})*)?".to_owned(),
        ('V' | 'z', _) => "[A-Za-z0-9/_+:-]+".to_owned(),
        _ if length == 1 && !joined => digits(1, 2),
        _ => digits(length.min(2), length.min(2)),
    }
}

fn escaped(letter: char) -> String {
    match "\\.+*?()|[]{}^$".contains(letter) {
        true => format!("\\{letter}"),
        false => letter.to_string(),
    }
}
