//! ISO 8601 as data have it.

use jiff::civil;

use super::Moment;

/// The day of a text such as `2026-01-05`.
#[must_use]
pub fn iso_date(text: &str) -> Option<civil::Date> {
    let (date, rest) = date(text)?;
    rest.is_empty().then_some(date)
}

/// The time of a text such as `08:00`, `08:00:01` or `08:00:01.25`.
#[must_use]
pub fn iso_time(text: &str) -> Option<civil::Time> {
    let (time, rest) = time(text)?;
    rest.is_empty().then_some(time)
}

/// The moment of a text such as `2026-01-05`, `2026-01-05T08:00:00Z` or `2026-01-05 08:00:00.5+01:00`.
#[must_use]
pub fn iso_moment(text: &str) -> Option<Moment> {
    let (date, rest) = date(text)?;
    let mut moment = Moment {
        date: Some(date),
        ..Moment::default()
    };
    if rest.is_empty() {
        return Some(moment);
    }
    let (time, rest) = time(rest.strip_prefix(['T', 't', ' '])?)?;
    moment.time = Some(time);
    if !rest.is_empty() {
        let (offset, rest) = offset(rest.trim_start_matches(' '))?;
        moment.offset = Some(offset);
        if !rest.is_empty() {
            return None;
        }
    }
    Some(moment)
}

fn date(text: &str) -> Option<(civil::Date, &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let date = civil::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    );
    Some((date.ok()?, rest))
}

fn time(text: &str) -> Option<(civil::Time, &str)> {
    let (hour, rest) = digits(text, 1, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2, 2)?,
        None => (0, rest),
    };
    let (nanos, rest) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => fraction(rest, 1, 9)?,
        None => (0, rest),
    };
    let small = |number| i8::try_from(number).ok();
    let time = civil::Time::new(small(hour)?, small(minute)?, small(second)?, nanos);
    Some((time.ok()?, rest))
}

/// The seconds of an offset such as `Z`, `+01`, `+0100` or `+01:00`.
pub(crate) fn offset(text: &str) -> Option<(i32, &str)> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        return Some((0, rest));
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, rest) = digits(&text[1..], 2, 2)?;
    let tail = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = digits(tail, 2, 2).unwrap_or((0, rest));
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (hours <= 18 && minutes < 60).then_some((sign * seconds, rest))
}

/// A number of as many digits as there are, up to `most`.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take(most);
    let count = count.take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    Some((text[..count].parse().ok()?, &text[count..]))
}

/// The nanoseconds of the digits behind a point.
pub(super) fn fraction(text: &str, least: usize, most: usize) -> Option<(i32, &str)> {
    let (number, rest) = digits(text, least, most)?;
    let places = u32::try_from(text.len() - rest.len()).ok()?;
    let nanos = i32::try_from(number).ok()? * 10_i32.pow(9_u32.checked_sub(places)?);
    Some((nanos, rest))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn micros(text: &str) -> Option<i64> {
        iso_moment(text)?.micros(&TimeZone::UTC)
    }

    #[test]
    fn moments_are_read_as_data_have_them() {
        let second = 1_000_000;

        assert_eq!(micros("1970-01-02"), Some(86_400 * second));
        assert_eq!(micros("1970-1-1 00:00:01"), Some(second));
        assert_eq!(micros("1970-01-01T01:00:00.5+01:00"), Some(second / 2));
        assert_eq!(micros("1970-01-01T00:00-0030"), Some(1800 * second));
        assert_eq!(micros("1970-01-01T00:00:00Z"), Some(0));
        for wrong in [
            "",
            "1970",
            "1970-02-30",
            "1970-01-01T",
            "1970-01-01T25:00",
            "1970-01-01x",
            "1970-01-01T00:00:00Zx",
            "1970-01-01T00:00:00.",
            "é970-01-01",
            "1970-01-01T00:00+99",
        ] {
            assert_eq!(micros(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9TZ:.+\\- é]{0,30}") {
            let _ = (iso_moment(&text), iso_date(&text), iso_time(&text), offset(&text));
        }
    }
}
