//! How long something may take: a number with a unit, or an ISO 8601 duration.

/// Seconds of a year, on average.
const YEAR: f64 = 365.25 * DAY;
/// Seconds of a month, on average.
const MONTH: f64 = YEAR / 12.0;
const DAY: f64 = 86_400.0;

/// Why a duration is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// There is no number in it.
    #[error("`{0}` is no duration")]
    Malformed(String),
    /// The unit is not known.
    #[error("`{0}` is no unit of time")]
    Unit(String),
    /// The unit means months and minutes.
    #[error("`m` means minutes to some and months to others")]
    Ambiguous,
    /// A number needs a unit.
    #[error("the number has no unit")]
    NoUnit,
}

/// The seconds of a value with its unit, such as `4` and `d`, or `PT6H`, or `30 min`.
///
/// # Errors
///
/// When it is no duration. Months and years are those of the average calendar; `m` alone is refused.
pub fn seconds_of(value: &str, unit: Option<&str>) -> Result<f64, DurationError> {
    let value = value.trim();
    let malformed = || DurationError::Malformed(value.to_owned());
    if value.starts_with(['P', 'p']) {
        return iso(value).ok_or_else(malformed);
    }
    let number = value.trim_end_matches(|letter: char| letter.is_alphabetic());
    let own = value[number.len()..].trim();
    let amount: f64 = number.trim().parse().map_err(|_| malformed())?;
    if !amount.is_finite() || amount < 0.0 {
        return Err(malformed());
    }
    let unit = if own.is_empty() { unit } else { Some(own) };
    let unit = unit.map(str::trim).filter(|unit| !unit.is_empty());
    Ok(amount * unit_seconds(unit.ok_or(DurationError::NoUnit)?)?)
}

fn unit_seconds(unit: &str) -> Result<f64, DurationError> {
    match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => Ok(1.0),
        "min" | "mins" | "minute" | "minutes" => Ok(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Ok(3_600.0),
        "d" | "day" | "days" => Ok(DAY),
        "w" | "wk" | "week" | "weeks" => Ok(7.0 * DAY),
        "mo" | "mon" | "mons" | "month" | "months" => Ok(MONTH),
        "y" | "yr" | "yrs" | "year" | "years" => Ok(YEAR),
        "m" => Err(DurationError::Ambiguous),
        _ => Err(DurationError::Unit(unit.to_owned())),
    }
}

/// `P1Y2M3W4DT5H6M7.5S`, each part once and in this order.
fn iso(text: &str) -> Option<f64> {
    let date_units = [('Y', YEAR), ('M', MONTH), ('W', 7.0 * DAY), ('D', DAY)];
    let time_units = [('H', 3_600.0), ('M', 60.0), ('S', 1.0)];
    let text = text.to_ascii_uppercase();
    let body = text.strip_prefix('P')?;
    let (date, time) = match body.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (body, None),
    };
    if date.is_empty() && time.is_none_or(str::is_empty) {
        return None;
    }
    let time = time.map_or(Some(0.0), |time| parts(time, &time_units))?;
    Some(parts(date, &date_units)? + time)
}

fn parts(mut text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut sum = 0.0;
    let mut units = units.iter();
    while !text.is_empty() {
        let end = text.find(|letter: char| letter.is_ascii_alphabetic())?;
        let amount: f64 = text[..end].replace(',', ".").parse().ok()?;
        let letter = text[end..].chars().next()?;
        let (_, seconds) = units.find(|(unit, _)| *unit == letter)?;
        sum += amount * seconds;
        text = &text[end + 1..];
    }
    (sum.is_finite() && sum >= 0.0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_duration_is_a_number_with_a_unit_or_iso() {
        let seconds = |value, unit| seconds_of(value, unit).unwrap();

        assert_eq!(seconds("4", Some("d")), 4.0 * DAY);
        assert_eq!(seconds("1.5", Some("hours")), 5_400.0);
        assert_eq!(seconds("90 min", None), 5_400.0);
        assert_eq!(seconds("PT6H", None), 21_600.0);
        assert_eq!(seconds("P1DT0.5S", Some("d")), DAY + 0.5);
        assert_eq!(seconds("P2W", None), 14.0 * DAY);
    }

    #[test]
    fn what_is_no_duration_says_why() {
        let why = |value, unit| seconds_of(value, unit).unwrap_err().to_string();

        assert_eq!(why("3", None), "the number has no unit");
        assert_eq!(
            why("3", Some("m")),
            "`m` means minutes to some and months to others"
        );
        assert_eq!(why("3", Some("moons")), "`moons` is no unit of time");
        for wrong in [
            "soon", "P", "PT", "P1H", "PT1D", "P1D1Y", "-1 d", "", "nan d", "PT1e999H",
        ] {
            assert!(seconds_of(wrong, Some("d")).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(value in "[PTYMWDHS0-9.,e+\\-é d]{0,12}", unit in prop::option::of("[a-zé]{0,4}")) {
            let _ = seconds_of(&value, unit.as_deref());
        }
    }
}
