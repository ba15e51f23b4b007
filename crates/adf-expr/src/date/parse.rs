//! Reads times as .NET's invariant culture does: ISO 8601, month first, and month names.

use super::format::{MONTHS, WEEKDAYS};
use super::words::{Word, assembled, first_day, named};
use super::{Day, Kind, Moment, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND};

/// Reads a date with an optional time and zone.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let mut reader = Reader { rest: text.trim() };
    let date = reader.date()?;
    reader.blanks();
    reader.comma();
    let iso = reader.rest.starts_with(['T', 't']);
    if iso {
        reader.rest = reader.rest[1..].trim_start();
        if !(date.takes == Takes::Any && reader.has_full_digits()) {
            return None;
        }
    }
    let time = if !reader.rest.starts_with(|c: char| c.is_ascii_digit()) {
        // PM alone makes noon of midnight.
        reader.designator()?.unwrap_or(0) * TICKS_PER_HOUR
    } else if date.takes == Takes::Nothing {
        return None;
    } else {
        reader.time()?
    };
    let (kind, offset) = reader.zone(iso)?;
    if !reader.rest.is_empty() {
        return None;
    }
    let ticks = date.day.number() * TICKS_PER_DAY + time - offset;
    Moment::new(ticks, kind)
}

/// A day, and the time that may stand behind it.
struct Date {
    day: Day,
    takes: Takes,
}

#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// A time, after `T` too.
    Any,
    /// A time after a blank.
    Blank,
    /// None: another number would be the day.
    Nothing,
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A comma, where a time stands behind it.
    fn comma(&mut self) {
        let time = self.rest.strip_prefix(',').map(str::trim_start);
        let digits = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
        self.rest = time.filter(digits).unwrap_or(self.rest);
    }

    fn digits(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    fn letters(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.rest.len());
        let (letters, rest) = self.rest.split_at(end);
        self.rest = rest;
        letters
    }

    /// A number of one to `most` digits below `limit`.
    fn number(&mut self, most: usize, limit: i64) -> Option<i64> {
        let digits = self.digits();
        let value = digits.parse().ok()?;
        (digits.len() <= most && value < limit).then_some(value)
    }

    fn date(&mut self) -> Option<Date> {
        let weekday = self.weekday()?;
        let first = self.word()?;
        self.separator()?;
        let second = self.word()?;
        let before = self.rest;
        let third = self.separator().and_then(|()| self.word());
        let mut date = match third {
            Some(third) => {
                let written = assembled([&first, &second, &third])?;
                let takes = if written.is_iso {
                    Takes::Any
                } else {
                    Takes::Blank
                };
                Date {
                    day: written.day,
                    takes,
                }
            }
            None => {
                self.rest = before;
                let day = first_day([&first, &second])?;
                Date {
                    day,
                    takes: Takes::Nothing,
                }
            }
        };
        let weekday = match weekday {
            Some(weekday) => Some(weekday),
            None => self.weekday_behind(&mut date),
        };
        weekday
            .is_none_or(|weekday| weekday == date.day.weekday())
            .then_some(date)
    }

    fn weekday_behind(&mut self, date: &mut Date) -> Option<i64> {
        let before = self.rest;
        self.blanks();
        let weekday = named(&WEEKDAYS, self.letters());
        match weekday {
            Some(_) => date.takes = Takes::Blank,
            None => self.rest = before,
        }
        weekday
    }

    /// The outer option is for names that are none.
    #[expect(clippy::option_option, reason = "absent and wrong are different")]
    fn weekday(&mut self) -> Option<Option<i64>> {
        let before = self.rest;
        let name = self.letters();
        let Some(index) = named(&WEEKDAYS, name) else {
            self.rest = before;
            return (name.is_empty() || named(&MONTHS, name).is_some()).then_some(None);
        };
        self.eat(',');
        self.blanks();
        Some(Some(index))
    }

    fn word(&mut self) -> Option<Word> {
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return named(&MONTHS, self.letters()).map(|index| Word::Month(index + 1));
        }
        let digits = self.digits();
        let plausible = matches!(digits.len(), 1..=4) && !self.rest.starts_with(':');
        let value = digits.parse().ok().filter(|_| plausible)?;
        Some(Word::Number {
            value,
            digits: digits.len(),
        })
    }

    /// What stands between the parts of a date.
    fn separator(&mut self) -> Option<()> {
        if ['-', '/', '.'].into_iter().any(|sign| self.eat(sign)) {
            return Some(());
        }
        let before = self.rest.len();
        self.eat(',');
        self.blanks();
        (self.rest.len() < before).then_some(())
    }

    /// Whether each number of the time has two digits, as ISO 8601 demands.
    fn has_full_digits(&self) -> bool {
        let length = self
            .rest
            .find(|c: char| !c.is_ascii_digit() && c != ':')
            .unwrap_or(self.rest.len());
        self.rest[..length]
            .split(':')
            .all(|number| number.len() == 2)
    }

    /// Ticks since midnight.
    fn time(&mut self) -> Option<i64> {
        let hour = self.number(2, 24)?;
        let (mut minute, mut second, mut fraction) = (0, 0, 0);
        let with_minutes = self.eat(':');
        if with_minutes {
            minute = self.number(2, 60)?;
            if self.eat(':') {
                second = self.number(2, 60)?;
                if self.rest.starts_with('.') {
                    self.rest = &self.rest[1..];
                    fraction = rounded_fraction(self.digits())?;
                }
            }
        }
        let hour = match self.designator()? {
            None if with_minutes => hour,
            None => return None,
            Some(0) if hour > 12 => return None,
            Some(shift) => hour % 12 + shift,
        };
        Some(
            hour * TICKS_PER_HOUR
                + minute * TICKS_PER_MINUTE
                + second * TICKS_PER_SECOND
                + fraction,
        )
    }

    /// The hours that AM or PM add; the outer option is for other words.
    #[expect(clippy::option_option, reason = "absent and wrong are different")]
    fn designator(&mut self) -> Option<Option<i64>> {
        self.blanks();
        let before = self.rest;
        match self.letters().to_ascii_uppercase().as_str() {
            "AM" => Some(Some(0)),
            "PM" => Some(Some(12)),
            "" | "Z" | "GMT" => {
                self.rest = before;
                Some(None)
            }
            _ => None,
        }
    }

    /// The kind, and the ticks by which the zone is ahead of UTC.
    fn zone(&mut self, iso: bool) -> Option<(Kind, i64)> {
        self.blanks();
        match self.letters().to_ascii_uppercase().as_str() {
            "" => {}
            "Z" => return Some((Kind::Utc, 0)),
            "GMT" if !iso => return Some((Kind::Utc, 0)),
            _ => return None,
        }
        let sign = match self.rest.chars().next() {
            None => return Some((Kind::Unspecified, 0)),
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return None,
        };
        self.rest = &self.rest[1..];
        let digits = self.digits();
        let (hours, minutes): (i64, i64) = match digits.len() {
            1 | 2 if self.eat(':') => (digits.parse().ok()?, self.number(2, 60)?),
            1 | 2 => (digits.parse().ok()?, 0),
            3 | 4 => {
                let (hours, minutes) = digits.split_at(digits.len() - 2);
                (
                    hours.parse().ok()?,
                    minutes.parse().ok().filter(|minutes| *minutes < 60)?,
                )
            }
            _ => return None,
        };
        let offset = hours * TICKS_PER_HOUR + minutes * TICKS_PER_MINUTE;
        (offset <= 14 * TICKS_PER_HOUR).then_some((Kind::Local, sign * offset))
    }
}

/// The digits behind the point as ticks, rounded to seven digits.
fn rounded_fraction(digits: &str) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    let seven: String = digits.chars().chain("0000000".chars()).take(7).collect();
    let up = digits.as_bytes().get(7).is_some_and(|digit| *digit >= b'5');
    Some(seven.parse::<i64>().ok()? + i64::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::format::format;

    #[test]
    fn many_spellings_are_read() {
        for (text, iso) in [
            ("2024-02-05T03:07:09.012Z", "2024-02-05T03:07:09.0120000Z"),
            ("2024-02-05 03:07", "2024-02-05T03:07:00.0000000"),
            ("2024-2-5", "2024-02-05T00:00:00.0000000"),
            ("2024/02/05", "2024-02-05T00:00:00.0000000"),
            ("02/05/2024", "2024-02-05T00:00:00.0000000"),
            ("2/5/2024 13:07:09", "2024-02-05T13:07:09.0000000"),
            ("2/5/2024 1:07:09 PM", "2024-02-05T13:07:09.0000000"),
            ("2/5/2024 13:30 PM", "2024-02-05T13:30:00.0000000"),
            ("2/5/2024 12:30 AM", "2024-02-05T00:30:00.0000000"),
            ("March 15, 2018 1:05 PM", "2018-03-15T13:05:00.0000000"),
            ("15 Mar 2018", "2018-03-15T00:00:00.0000000"),
            ("Thursday, March 15, 2018", "2018-03-15T00:00:00.0000000"),
            (
                "Mon, 05 Feb 2024 03:07:09 GMT",
                "2024-02-05T03:07:09.0000000Z",
            ),
            (
                "2024-02-05T13:00:00+02:00",
                "2024-02-05T11:00:00.0000000+00:00",
            ),
            (
                "2024-02-05T13:00:00 -0530",
                "2024-02-05T18:30:00.0000000+00:00",
            ),
            (
                "2024-02-05T00:00:00.12345678Z",
                "2024-02-05T00:00:00.1234568Z",
            ),
            (
                "2024-02-05T23:59:59.99999999",
                "2024-02-06T00:00:00.0000000",
            ),
            ("2024-02-29", "2024-02-29T00:00:00.0000000"),
            ("2024 1 MARCH", "2024-03-01T00:00:00.0000000"),
            ("2024/09/January", "2024-01-09T00:00:00.0000000"),
            ("31, 2024, Jan 10:20:30", "2024-01-31T10:20:30.0000000"),
            ("Jan 2024 1", "2024-01-01T00:00:00.0000000"),
            ("1 2024 2T10:20", "2024-01-02T10:20:00.0000000"),
            ("2024 09-01", "2024-09-01T00:00:00.0000000"),
            ("2024-09-01 T 10:20", "2024-09-01T10:20:00.0000000"),
            ("1 Jan 2024 Mon 10:20", "2024-01-01T10:20:00.0000000"),
            ("March 15, 2018, 1:05 PM", "2018-03-15T13:05:00.0000000"),
            ("12 Jan", "2012-01-01T00:00:00.0000000"),
            ("2024 jan 10 PM", "2024-01-10T12:00:00.0000000"),
        ] {
            let moment = parse(text).unwrap_or_else(|| panic!("{text}"));

            assert_eq!(format(moment, "o").as_deref(), Ok(iso), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "x",
            "2024",
            "20240315",
            "15/03/2024",
            "2023-02-29",
            "2024-13-01",
            "2024-02-05T24:00:00Z",
            "2024-02-05T10",
            "2024-02-05T",
            "2024-02-05T10:61",
            "2024-02-05T10:00:00+15:00",
            "2024-02-05T10:00:00Q",
            "0001-01-01T00:00:00+01:00",
            "Tuesday, March 15, 2018",
            "13:00 PM",
            "1/2/2024 13:00 AM",
            "2024-02-05T1:02:03",
            "2024-02-05T10:00:00 GMT",
            "2024-02-05 10:00:00,5",
            "5",
            "09/01/2024T10:20:30-08:00",
            "jan 1 2024T10:20",
            "2024/Jan/1T10:20:30",
            "2024-09-01SunT10:20",
            "2024-01 10:20:30",
            "1 Jan 2024 Tue",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
