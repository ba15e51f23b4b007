//! Spans of time as .NET reads them: `[-][d.]hh:mm[:ss[.fffffff]]`, with one digit or more in each part.

const DAY: i64 = 86_400;

/// No span has more days.
const MOST_DAYS: i64 = 10_675_199;

/// The seconds of a span; none where the text is none.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (days, time) = match text.split_once('.') {
        // The point stands before a fraction of a second.
        Some((days, _)) if days.contains(':') => (None, text),
        Some((days, time)) => (Some(number(days)?), time),
        None => (None, text),
    };
    let mut parts: Vec<&str> = time.split(':').collect();
    if parts.len() > 2
        && let Some(last) = parts.last_mut()
        && let Some((seconds, fraction)) = last.split_once('.')
    {
        number(fraction)?;
        *last = seconds;
    }
    let parts: Option<Vec<i64>> = parts.into_iter().map(number).collect();
    let (days, hours, minutes, seconds) = match (days, parts?.as_slice()) {
        // A number alone is a number of days.
        (None, [days]) => (*days, 0, 0, 0),
        // As .NET reads it, what is too much for hours is days.
        (None, [days, hours, minutes]) if *days > 23 => (*days, *hours, *minutes, 0),
        (None, [days, hours, minutes, seconds]) => (*days, *hours, *minutes, *seconds),
        (days, [hours, minutes]) => (days.unwrap_or(0), *hours, *minutes, 0),
        (days, [hours, minutes, seconds]) => (days.unwrap_or(0), *hours, *minutes, *seconds),
        _ => return None,
    };
    // Data Factory's own pattern has 60 minutes and seconds, which .NET has not.
    let fits = days <= MOST_DAYS && hours <= 24 && minutes <= 60 && seconds <= 60;
    fits.then_some(sign * (days * DAY + hours * 3600 + minutes * 60 + seconds))
}

/// The number that a part is: seven digits without zeros before them are the most that it has.
fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let counted = text.trim_start_matches('0').len();
    (digits && counted <= 8).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_days_hours_minutes_and_seconds() {
        for (text, span) in [
            ("0.12:00:00", 43_200),
            ("7.00:00:00", 604_800),
            ("0.1:00:00", 3600),
            ("1:00:00", 3600),
            ("1:2:3", 3723),
            ("12:00", 43_200),
            ("0:10", 600),
            ("0.12:00", 43_200),
            ("7", 604_800),
            ("-01:00:00", -3600),
            (" 01:00:00 ", 3600),
            ("00:10:60", 660),
            ("00:00:01.5", 1),
            ("0:0:0.250", 0),
            ("10.20:30:40.50", 937_840),
            ("6:12:14:45", 562_485),
            ("0023:0059:0059.0099", 86_399),
            ("25:00:00", 25 * DAY),
        ] {
            assert_eq!(seconds(text), Some(span), "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "-",
            ":",
            "10:",
            ":10",
            "10.",
            ".123",
            "10.12",
            "10:20:",
            "0:61:0",
            "0:0:61",
            "1.25:00:00",
            "00:61:00",
            "x.00:00:00",
            "1:2:3:4:5",
            "1.2:3:4:5",
            "PT1H",
            "1 hour",
            "7 days",
            "10675200.00:00:00",
            "99999999999999999999.00:00:00",
            "00:00:01.x",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
