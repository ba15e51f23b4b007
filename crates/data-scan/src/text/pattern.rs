//! Days and times in text of a pattern of JDK's `DateTimeFormatter`, such as `dd.MM.yyyy HH:mm`.

use super::calendar::{MICROS_OF_DAY, days, micros};
use super::iso::Rest;
use super::{Zone, trim};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Item>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// A letter, as often as it stands there.
    Field(u8, usize),
    /// Bytes that stand for themselves.
    Text(Vec<u8>),
    /// What may be left out.
    Optional(Vec<Self>),
}

/// What was read.
#[derive(Clone)]
struct Parts {
    year: i32,
    month: u32,
    day: u32,
    hour: u32,
    afternoon: Option<bool>,
    minute: u32,
    second: u32,
    fraction: u32,
    offset: Option<i64>,
}

impl Pattern {
    /// Takes a pattern apart; the reason where it has something that is not supported.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        let mut bytes = pattern.as_bytes();
        let items = items(&mut bytes, 0)?;
        if bytes.is_empty() {
            Ok(Self(items))
        } else {
            Err(format!("`]` without `[` in `{pattern}`"))
        }
    }

    /// A day, as days since 1970-01-01.
    pub(crate) fn date(&self, cell: &[u8]) -> Option<i64> {
        let parts = self.parts(cell)?;
        days(parts.year, parts.month, parts.day)
    }

    /// A time of a day, as microseconds since midnight.
    pub(crate) fn time(&self, cell: &[u8]) -> Option<i64> {
        self.parts(cell)?.clock()
    }

    /// A point in time, as microseconds since 1970-01-01 in UTC.
    pub(crate) fn timestamp(&self, cell: &[u8], zone: &Zone) -> Option<i64> {
        let parts = self.parts(cell)?;
        let local = days(parts.year, parts.month, parts.day)? * MICROS_OF_DAY + parts.clock()?;
        match parts.offset {
            Some(offset) => Some(local - offset),
            None => zone.utc(local),
        }
    }

    fn parts(&self, cell: &[u8]) -> Option<Parts> {
        let mut parts = Parts {
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            afternoon: None,
            minute: 0,
            second: 0,
            fraction: 0,
            offset: None,
        };
        let mut rest = Rest(trim(cell));
        read(&self.0, &mut rest, &mut parts)?;
        rest.0.is_empty().then_some(parts)
    }
}

impl Parts {
    fn clock(&self) -> Option<i64> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if self.hour == 0 || self.hour > 12 => return None,
            Some(afternoon) => self.hour % 12 + 12 * u32::from(afternoon),
        };
        micros(hour, self.minute, self.second, self.fraction)
    }
}

/// The items up to the end or a `]`.
fn items(bytes: &mut &[u8], depth: usize) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    while let Some(&first) = bytes.first() {
        match first {
            b']' => return Ok(items),
            b'[' => {
                if depth > 8 {
                    return Err("optional parts within each other".to_owned());
                }
                *bytes = &bytes[1..];
                let inner = self::items(bytes, depth + 1)?;
                *bytes = bytes.strip_prefix(b"]").ok_or("`[` without `]`")?;
                items.push(Item::Optional(inner));
            }
            b'\'' => items.push(Item::Text(quoted(bytes)?)),
            letter if letter.is_ascii_alphabetic() => {
                let length = bytes.iter().take_while(|byte| **byte == letter).count();
                if !b"yuMLdHhkKamsSnXxZVEe".contains(&letter)
                    || matches!(letter, b'n' | b'k' | b'K' | b'V' | b'e')
                {
                    return Err(format!(
                        "`{}` in a date format is not supported",
                        char::from(letter)
                    ));
                }
                *bytes = &bytes[length..];
                items.push(Item::Field(letter, length));
            }
            other => {
                *bytes = &bytes[1..];
                items.push(Item::Text(vec![other]));
            }
        }
    }
    Ok(items)
}

fn quoted(bytes: &mut &[u8]) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let mut place = 1;
    loop {
        match (bytes.get(place), bytes.get(place + 1)) {
            (Some(b'\''), Some(b'\'')) => {
                text.push(b'\'');
                place += 2;
            }
            (Some(b'\''), _) => break,
            (Some(other), _) => {
                text.push(*other);
                place += 1;
            }
            (None, _) => return Err("a quote in a date format is not closed".to_owned()),
        }
    }
    if text.is_empty() {
        text.push(b'\'');
    }
    *bytes = &bytes[place + 1..];
    Ok(text)
}

fn read(items: &[Item], rest: &mut Rest<'_>, parts: &mut Parts) -> Option<()> {
    for (place, item) in items.iter().enumerate() {
        match item {
            Item::Text(text) => rest.0 = rest.0.strip_prefix(text.as_slice())?,
            Item::Field(letter, length) => {
                let joined = matches!(items.get(place + 1), Some(Item::Field(..)));
                field(*letter, *length, joined, rest, parts)?;
            }
            Item::Optional(inner) => {
                let (mut attempt, mut found) = (Rest(rest.0), parts.clone());
                if read(inner, &mut attempt, &mut found).is_some() {
                    *rest = attempt;
                    *parts = found;
                }
            }
        }
    }
    Some(())
}

/// Reads a field. A single letter takes one or two digits, two letters two; where another field follows at once, exactly
/// as many as there are letters.
fn field(
    letter: u8,
    length: usize,
    joined: bool,
    rest: &mut Rest<'_>,
    parts: &mut Parts,
) -> Option<()> {
    let short = |rest: &mut Rest<'_>| {
        rest.digits(
            length.min(2),
            if length == 1 && !joined { 2 } else { length },
        )
    };
    match letter {
        b'y' | b'u' if length == 2 => parts.year = 2000 + i32::try_from(rest.digits(2, 2)?).ok()?,
        b'y' | b'u' => parts.year = i32::try_from(rest.digits(length.min(4), 4)?).ok()?,
        b'M' | b'L' if length > 2 => parts.month = name(rest, &MONTHS, length)? + 1,
        b'M' | b'L' => parts.month = short(rest)?,
        b'd' => parts.day = short(rest)?,
        b'H' => parts.hour = short(rest)?,
        b'h' => {
            parts.hour = short(rest)?;
            parts.afternoon.get_or_insert(false);
        }
        b'a' => {
            let (marker, after) = rest.0.split_at_checked(2)?;
            parts.afternoon = Some(match marker.to_ascii_uppercase().as_slice() {
                b"AM" => false,
                b"PM" => true,
                _ => return None,
            });
            rest.0 = after;
        }
        b'm' => parts.minute = short(rest)?,
        b's' => parts.second = short(rest)?,
        b'S' => {
            let before = rest.0.len();
            parts.fraction = rest.fraction(length.min(9))?;
            if before - rest.0.len() != length.min(9) {
                return None;
            }
        }
        b'E' => {
            name(rest, &WEEKDAYS, length)?;
        }
        _ => parts.offset = Some(rest.offset()?),
    }
    Some(())
}

/// The place of an English name at the beginning; of its first three letters where there are fewer than four letters.
fn name(rest: &mut Rest<'_>, names: &[&str], length: usize) -> Option<u32> {
    let place = names.iter().position(|name| {
        let name = if length < 4 { &name[..3] } else { name };
        rest.0
            .get(..name.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(name.as_bytes()))
    })?;
    let taken = if length < 4 { 3 } else { names[place].len() };
    rest.0 = &rest.0[taken..];
    u32::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{date, timestamp};
    use super::*;

    fn day(pattern: &str, text: &str) -> Option<i64> {
        Pattern::new(pattern).unwrap().date(text.as_bytes())
    }

    #[test]
    fn days_are_read_by_their_pattern_only() {
        let expected = date(b"2026-11-29");
        for (pattern, text) in [
            ("dd.MM.yyyy", "29.11.2026"),
            ("yyyyMMdd", "20261129"),
            ("d MMM yy", "29 Nov 26"),
            ("EEEE, d MMMM uuuu", "Sunday, 29 November 2026"),
        ] {
            assert_eq!(day(pattern, text), expected, "{pattern}");
        }
        assert_eq!(day("dd.MM.yyyy", "2026-11-29"), None);
        assert_eq!(day("dd.MM.yyyy", "31.02.2026"), None);
        assert_eq!(day("yyyyMMdd", "202611290"), None);
    }

    #[test]
    fn times_have_zones_fractions_and_optional_parts() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let pattern = Pattern::new("yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]").unwrap();
        let expected = timestamp(b"2026-07-01T10:00:00Z", &Zone::utc_zone());
        assert_eq!(pattern.timestamp(b"2026-07-01T12:00:00", &zone), expected);
        assert_eq!(
            pattern.timestamp(b"2026-07-01T10:00:00.000Z", &zone),
            expected
        );
        assert_eq!(pattern.timestamp(b"2026-07-01T10:00:00.00Z", &zone), None);
        assert_eq!(
            Pattern::new("h:mm a").unwrap().time(b"1:05 PM"),
            Some(47_100_000_000)
        );
        assert!(Pattern::new("yyyy-ww").is_err());
        assert!(Pattern::new("yyyy'").is_err());
    }
}
