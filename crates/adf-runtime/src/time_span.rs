//! Time limits as documents write them.

use std::time::Duration;

/// Reads `[d.]hh:mm:ss`.
pub(crate) fn time_span(text: &str) -> Option<Duration> {
    let (days, clock) = match text.split_once('.') {
        Some((days, clock)) if clock.contains(':') => (number(days, 8)?, clock),
        _ => (0, text),
    };
    let mut parts = clock.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (hours, minutes, seconds) = (number(hours, 2)?, number(minutes, 2)?, number(seconds, 2)?);
    if minutes > 60 || seconds > 60 {
        return None;
    }
    Some(Duration::from_secs(
        ((days * 24 + hours) * 60 + minutes) * 60 + seconds,
    ))
}

fn number(digits: &str, most: usize) -> Option<u64> {
    let fits = (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_days_hours_minutes_and_seconds() {
        let seconds = |text| time_span(text).map(|span| span.as_secs());

        assert_eq!(seconds("0.12:00:00"), Some(43_200));
        assert_eq!(seconds("00:00:05"), Some(5));
        assert_eq!(seconds("7.00:00:00"), Some(604_800));
        for wrong in [
            "",
            "5",
            "00:05",
            "1:2:3:4",
            "-1.00:00:00",
            "00:61:00",
            "a.00:00:00",
            "00:00:01.5",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
