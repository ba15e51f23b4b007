//! Times in arguments: `90`, `90s`, `30m`, `2h`, `1d`.

use std::time::Duration;

/// Reads a time; a plain number is seconds.
///
/// # Errors
///
/// When it is none.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; expected one such as 90s, 30m, 2h or 1d");
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(unit)
        .filter(|seconds| *seconds <= 90 * 86_400)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// Writes a time in its largest unit that needs no fraction: `90s`, `30m`, `2h`, `7d`.
pub(crate) fn written(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")].into_iter();
    let mut fitting = units.filter(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    match fitting.next() {
        Some((unit, name)) => format!("{}{name}", seconds / unit),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let seconds = |text| parse(text).map(|time| time.as_secs()).ok();

        assert_eq!(
            ["90", "90s", "30m", "2h", "1d"].map(seconds),
            [Some(90), Some(90), Some(1_800), Some(7_200), Some(86_400)]
        );
        assert_eq!(
            ["", "s", "1w", "-1", "1.5h", "99999999999999999999d", "91d"].map(seconds),
            [None; 7]
        );
    }

    #[test]
    fn a_written_time_is_read_again() {
        for (text, shown) in [
            ("24h", "1d"),
            ("36h", "36h"),
            ("90m", "90m"),
            ("61", "61s"),
            ("0", "0s"),
        ] {
            let time = parse(text).unwrap();

            assert_eq!(written(time), shown);
            assert_eq!(parse(&written(time)), Ok(time));
        }
    }
}
