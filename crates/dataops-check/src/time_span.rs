//! Spans of time as Data Factory writes them: `[-][d.]hh:mm:ss`.

/// The seconds of a span; none where the text is none.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (days, time) = match text.split_once('.') {
        Some((days, time)) if !days.contains(':') => (number(days)?, time),
        _ => (0, text),
    };
    let mut parts = time.split(':');
    let [hours, minutes, rest] = [parts.next()?, parts.next()?, parts.next()?];
    let seconds = rest.split_once('.').map_or(rest, |(whole, _)| whole);
    if parts.next().is_some() || [hours, minutes, seconds].iter().any(|part| part.len() != 2) {
        return None;
    }
    let [hours, minutes, seconds] = [number(hours)?, number(minutes)?, number(seconds)?];
    if hours > 24 || minutes > 60 || seconds > 60 {
        return None;
    }
    let days = i64::try_from(days).ok()?;
    let within = i64::try_from(hours * 3600 + minutes * 60 + seconds).ok()?;
    Some(sign * days.checked_mul(86_400)?.checked_add(within)?)
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_days_hours_minutes_and_seconds() {
        assert_eq!(seconds("0.12:00:00"), Some(43_200));
        assert_eq!(seconds("7.00:00:00"), Some(604_800));
        assert_eq!(seconds("-01:00:00"), Some(-3600));
        assert_eq!(seconds("00:10:60"), Some(660));
        assert_eq!(seconds("00:00:01.5"), Some(1));
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "12:00",
            "1:00:00",
            "25:00:00",
            "00:61:00",
            "x.00:00:00",
            "00:00:00:00",
            "PT1H",
            "99999999999999999999.00:00:00",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
