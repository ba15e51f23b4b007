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
}
