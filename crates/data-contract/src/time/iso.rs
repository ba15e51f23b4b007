//! Days and times in ISO form, with the blank instead of `T` and the single digits that engines take too.

use super::Zone;
use super::calendar::{MICROS_OF_DAY, days, micros};

/// The hours of the offset that is farthest from UTC, as the JDK has it.
const FARTHEST: u32 = 18;

/// What is left of a text.
pub(super) struct Rest<'a>(pub(super) &'a [u8]);

impl Rest<'_> {
    /// A number of `least` to `most` digits.
    #[inline]
    pub(super) fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let mut value = 0_u32;
        let mut length = 0;
        while length < most {
            let Some(digit) = self
                .0
                .get(length)
                .map(|byte| byte.wrapping_sub(b'0'))
                .filter(|digit| *digit <= 9)
            else {
                break;
            };
            value = value * 10 + u32::from(digit);
            length += 1;
        }
        self.0 = &self.0[length..];
        (length >= least).then_some(value)
    }

    /// One byte out of some.
    #[inline]
    pub(super) fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// A fraction of a second in microseconds; what is finer is cut off.
    pub(super) fn fraction(&mut self, most: usize) -> Option<u32> {
        let length = self
            .0
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        let mut value = 0;
        for place in 0..6 {
            value = value * 10 + digits.get(place).map_or(0, |digit| u32::from(digit - b'0'));
        }
        (length > 0).then_some(value)
    }

    /// `Z`, or an offset of hours and minutes, in microseconds.
    pub(super) fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'Z' | b'z' => return Some(0),
            b'-' => -1,
            _ => 1,
        };
        let hours = self.digits(1, 2).filter(|hours| *hours <= FARTHEST)?;
        let minutes =
            if self.one_of(b":").is_some() || self.0.first().is_some_and(u8::is_ascii_digit) {
                self.digits(2, 2)?
            } else {
                0
            };
        let offset = micros(hours, minutes, 0, 0)?;
        (offset <= i64::from(FARTHEST) * 3_600_000_000).then_some(sign * offset)
    }

    fn day(&mut self) -> Option<i64> {
        let year = self.digits(4, 4)?;
        self.one_of(b"-")?;
        let month = self.digits(1, 2)?;
        self.one_of(b"-")?;
        let day = self.digits(1, 2)?;
        days(i32::try_from(year).ok()?, month, day)
    }

    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(1, 2)?;
        self.one_of(b":")?;
        let minute = self.digits(2, 2)?;
        if self.one_of(b":").is_none() {
            return micros(hour, minute, 0, 0);
        }
        let second = self.digits(2, 2)?;
        let fraction = if self.one_of(b".,").is_some() {
            self.fraction(9)?
        } else {
            0
        };
        micros(hour, minute, second, fraction)
    }
}

/// A day, `2026-11-29`, as days since 1970-01-01.
#[inline]
#[must_use]
pub fn date(cell: &[u8]) -> Option<i64> {
    let mut rest = Rest(cell.trim_ascii());
    let day = rest.day()?;
    rest.0.is_empty().then_some(day)
}

/// A time of a day, `08:30:00.5`, as microseconds since midnight.
#[must_use]
pub fn time(cell: &[u8]) -> Option<i64> {
    let mut rest = Rest(cell.trim_ascii());
    let time = rest.clock()?;
    rest.0.is_empty().then_some(time)
}

/// A point in time, `2026-11-29T08:30:00Z`, as microseconds since 1970-01-01 in UTC. A text that names no zone is in `zone`.
#[inline]
#[must_use]
pub fn timestamp(cell: &[u8], zone: &Zone) -> Option<i64> {
    let mut rest = Rest(cell.trim_ascii());
    let day = rest.day()?;
    if rest.0.is_empty() {
        return zone.utc(day * MICROS_OF_DAY);
    }
    rest.one_of(b"Tt ")?;
    let local = day * MICROS_OF_DAY + rest.clock()?;
    if rest.0.is_empty() {
        return zone.utc(local);
    }
    while rest.one_of(b" ").is_some() {}
    let offset = rest.offset()?;
    rest.0.is_empty().then_some(local - offset)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_real_days_with_hyphens() {
        assert_eq!(date(b"1970-01-02"), Some(1));
        assert_eq!(date(b"2026-1-4"), date(b"2026-01-04"));
        for cell in [
            &b"20260105"[..],
            b"2026-02-30",
            b"2026-01",
            b"26-01-01",
            b"2026-01-01x",
            b"",
        ] {
            assert_eq!(date(cell), None, "{}", String::from_utf8_lossy(cell));
        }
    }

    #[test]
    fn points_in_time_are_brought_to_utc() {
        let of = |text: &str| timestamp(text.as_bytes(), &Zone::UTC);
        assert_eq!(of("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(of("1970-01-01 00:00"), Some(0));
        assert_eq!(of("1970-01-01"), Some(0));
        assert_eq!(of("1970-01-01T00:00:00.0000019Z"), Some(1));
        assert_eq!(of("1969-12-31T19:00:00-0500"), Some(0));
        for text in [
            "1970-01-01T24:00:00",
            "1970-01-01T",
            "1970-01-01T00:00:00.",
            "1970-01-01T00:00:00 CET",
            "1970-01-01T00:00+99",
            "1970-01-01T00:00+18:01",
            "é970-01-01",
            "now",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9TZ:.+\\- é]{0,30}") {
            let text = text.as_bytes();
            let _ = (date(text), time(text), timestamp(text, &Zone::UTC));
        }
    }
}
