//! Patterns of JDK's `DateTimeFormatter`, for reading.

use jiff::civil;

use super::Moment;
use super::iso::{digits, fraction, offset};

/// The longest pattern that is read.
const LONGEST: usize = 200;
/// How deep optional sections nest.
const DEEPEST: usize = 4;

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
const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// A pattern such as `yyyy-MM-dd HH:mm:ss[.SSS]`.
///
/// ```
/// let pattern = data_contract::time::TimePattern::parse("dd.MM.yyyy")?;
///
/// let moment = pattern.read("24.12.2026").unwrap();
///
/// assert_eq!(moment.date.unwrap().to_string(), "2026-12-24");
/// assert_eq!(pattern.read("2026-12-24"), None);
/// # Ok::<(), data_contract::time::TimePatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimePattern(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    Field(char, usize),
    Optional(Vec<Self>),
}

/// Why a pattern is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimePatternError {
    /// A letter without a meaning, or one that means nothing in a date.
    #[error("the letter `{0}` has no meaning in it")]
    Letter(char),
    /// A bracket or a quote without its end.
    #[error("`{0}` has no end")]
    Open(char),
    /// An end without a beginning.
    #[error("`{0}` ends nothing")]
    Close(char),
    /// It is longer or deeper than is read.
    #[error("it is longer than a pattern is")]
    TooLong,
}

/// What has been read.
#[derive(Clone, Copy, Debug, Default)]
struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    day_of_year: Option<i16>,
    hour: Option<i8>,
    half: Option<i8>,
    afternoon: Option<bool>,
    minute: i8,
    second: i8,
    nanos: i32,
    offset: Option<i32>,
}

impl TimePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// When a letter in it means nothing, or a bracket or quote stays open.
    pub fn parse(pattern: &str) -> Result<Self, TimePatternError> {
        if pattern.len() > LONGEST {
            return Err(TimePatternError::TooLong);
        }
        let mut letters = pattern.chars().peekable();
        let tokens = tokens(&mut letters, 0)?;
        Ok(Self(tokens))
    }

    /// Reads a text, all of it.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Moment> {
        let mut fields = Fields::default();
        let rest = read(&self.0, text, &mut fields)?;
        if rest.is_empty() {
            fields.moment()
        } else {
            None
        }
    }

    /// Whether it has a field of a day.
    #[must_use]
    pub fn has_date(&self) -> bool {
        has(&self.0, &|field| {
            matches!(field, 'y' | 'u' | 'M' | 'L' | 'd' | 'D')
        })
    }

    /// Whether it has a field of a time of the day.
    #[must_use]
    pub fn has_time(&self) -> bool {
        has(&self.0, &|field| {
            matches!(field, 'H' | 'h' | 'k' | 'K' | 'm' | 's' | 'S')
        })
    }
}

fn has(tokens: &[Token], wanted: &impl Fn(char) -> bool) -> bool {
    tokens.iter().any(|token| match token {
        Token::Literal(_) => false,
        Token::Field(field, _) => wanted(*field),
        Token::Optional(inner) => has(inner, wanted),
    })
}

type Letters<'p> = std::iter::Peekable<std::str::Chars<'p>>;

fn tokens(letters: &mut Letters<'_>, depth: usize) -> Result<Vec<Token>, TimePatternError> {
    if depth > DEEPEST {
        return Err(TimePatternError::TooLong);
    }
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted(letters, &mut tokens)?,
            '[' => tokens.push(Token::Optional(self::tokens(letters, depth + 1)?)),
            ']' if depth > 0 => return Ok(tokens),
            ']' | '}' | '{' | '#' => return Err(TimePatternError::Close(letter)),
            letter if letter.is_ascii_alphabetic() => {
                let mut count = 1;
                while letters.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                if !"yuMLdDHhkKmsSaEVzOXxZ".contains(letter) {
                    return Err(TimePatternError::Letter(letter));
                }
                tokens.push(Token::Field(letter, count));
            }
            letter => tokens.push(Token::Literal(letter)),
        }
    }
    if depth > 0 {
        return Err(TimePatternError::Open('['));
    }
    Ok(tokens)
}

/// Text between quotes; two quotes are one.
fn quoted(letters: &mut Letters<'_>, tokens: &mut Vec<Token>) -> Result<(), TimePatternError> {
    let mut empty = true;
    while let Some(letter) = letters.next() {
        if letter == '\'' {
            if empty {
                tokens.push(Token::Literal('\''));
                return Ok(());
            }
            if letters.next_if_eq(&'\'').is_none() {
                return Ok(());
            }
        }
        empty = false;
        tokens.push(Token::Literal(letter));
    }
    Err(TimePatternError::Open('\''))
}

fn read<'t>(tokens: &[Token], mut text: &'t str, fields: &mut Fields) -> Option<&'t str> {
    for token in tokens {
        match token {
            Token::Literal(letter) => text = text.strip_prefix(*letter)?,
            Token::Field(field, count) => text = field_of(*field, *count, text, fields)?,
            Token::Optional(inner) => {
                let mut tried = *fields;
                if let Some(rest) = read(inner, text, &mut tried) {
                    text = rest;
                    *fields = tried;
                }
            }
        }
    }
    Some(text)
}

fn field_of<'t>(field: char, count: usize, text: &'t str, fields: &mut Fields) -> Option<&'t str> {
    let two = || digits(text, count.min(2), 2);
    let small = |(number, rest): (u32, &'t str)| Some((i8::try_from(number).ok()?, rest));
    match field {
        'y' | 'u' => {
            let (year, rest) = match count {
                2 => digits(text, 2, 2).map(|(year, rest)| (year + 2000, rest))?,
                1 => digits(text, 1, 4)?,
                _ => digits(text, count.min(4), 4)?,
            };
            fields.year = Some(i16::try_from(year).ok()?);
            Some(rest)
        }
        'M' | 'L' if count > 2 => {
            let (month, rest) = name(text, &MONTHS, count)?;
            fields.month = Some(month + 1);
            Some(rest)
        }
        'E' => Some(name(text, &DAYS, count.max(3))?.1),
        'D' => {
            let (day, rest) = digits(text, count.min(3), 3)?;
            fields.day_of_year = Some(i16::try_from(day).ok()?);
            Some(rest)
        }
        'S' => {
            let (nanos, rest) = fraction(text, count.min(9), count.min(9))?;
            fields.nanos = nanos;
            Some(rest)
        }
        'a' => {
            let half = text.get(..2)?;
            fields.afternoon = Some(half.eq_ignore_ascii_case("pm"));
            (half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm")).then(|| &text[2..])
        }
        'V' | 'z' | 'O' | 'X' | 'x' | 'Z' => {
            let utc = ["UTC", "GMT"].into_iter();
            let named = utc.filter_map(|name| text.strip_prefix(name)).next();
            let (seconds, rest) = match named {
                Some(rest) => offset(rest).unwrap_or((0, rest)),
                None => offset(text)?,
            };
            fields.offset = Some(seconds);
            Some(rest)
        }
        _ => {
            let (number, rest) = small(two()?)?;
            match field {
                'M' | 'L' => fields.month = Some(number),
                'd' => fields.day = Some(number),
                'H' => fields.hour = Some(number),
                'k' => fields.hour = Some(number % 24),
                'h' | 'K' => fields.half = Some(number % 12),
                'm' => fields.minute = number,
                _ => fields.second = number,
            }
            Some(rest)
        }
    }
}

/// The number of a name, in full with four letters and more, else its first three letters.
fn name<'t>(text: &'t str, names: &[&str], count: usize) -> Option<(i8, &'t str)> {
    let mut numbered = (0..).zip(names);
    numbered.find_map(|(number, name)| {
        let name = if count > 3 { name } else { &name[..3] };
        let start = text.get(..name.len())?;
        let rest = &text[name.len()..];
        start.eq_ignore_ascii_case(name).then_some((number, rest))
    })
}

impl Fields {
    fn moment(self) -> Option<Moment> {
        let date = match (self.year, self.month, self.day, self.day_of_year) {
            (Some(year), _, _, Some(day)) => {
                let first = civil::Date::new(year, 1, 1).ok()?;
                let days = i64::from(day) - 1;
                let date = first
                    .checked_add(jiff::Span::new().try_days(days).ok()?)
                    .ok()?;
                Some(if date.year() == year && day > 0 {
                    date
                } else {
                    return None;
                })
            }
            (Some(year), month, day, None) => {
                let date = civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1));
                Some(date.ok()?)
            }
            (None, ..) => None,
        };
        let afternoon = if self.afternoon == Some(true) { 12 } else { 0 };
        let hour = self.hour.or_else(|| self.half.map(|half| half + afternoon));
        let time = match hour {
            Some(hour) => {
                let time = civil::Time::new(hour, self.minute, self.second, self.nanos);
                Some(time.ok()?)
            }
            None => None,
        };
        Some(Moment {
            date,
            time,
            offset: self.offset,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn read(pattern: &str, text: &str) -> Option<String> {
        let moment = TimePattern::parse(pattern).unwrap().read(text)?;
        let date = moment.date.map(|date| date.to_string());
        let time = moment.time.map(|time| time.to_string());
        let offset = moment.offset.map(|offset| format!("{offset:+}"));
        let parts = [date, time, offset].into_iter().flatten();
        Some(parts.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_text_is_read_by_its_pattern() {
        for (pattern, text, said) in [
            ("yyyy-MM-dd", "2026-01-05", "2026-01-05"),
            ("d.M.yy", "5.1.26", "2026-01-05"),
            ("yyyyMMdd", "20260105", "2026-01-05"),
            ("dd MMM yyyy", "05 Jan 2026", "2026-01-05"),
            ("EEEE, d MMMM uuuu", "Monday, 5 January 2026", "2026-01-05"),
            ("yyyy-DDD", "2026-365", "2026-12-31"),
            (
                "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                "2026-01-05T08:09:10.250+01:00",
                "2026-01-05 08:09:10.25 +3600",
            ),
            (
                "yyyy-MM-dd HH:mm[:ss]",
                "2026-01-05 08:09",
                "2026-01-05 08:09:00",
            ),
            ("hh:mm a", "12:30 PM", "12:30:00"),
            ("h 'o''clock' a", "8 o'clock am", "08:00:00"),
            (
                "yyyy-MM-dd HH:mm:ss VV",
                "2026-01-05 00:00:00 UTC",
                "2026-01-05 00:00:00 +0",
            ),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Some(said), "{pattern}");
        }
    }

    #[test]
    fn a_text_of_another_form_is_not_read() {
        for (pattern, text) in [
            ("yyyy-MM-dd", "2026-1-5"),
            ("yyyy-MM-dd", "2026-02-30"),
            ("yyyy-MM-dd", "2026-01-05 "),
            ("yyyy-DDD", "2026-366"),
            ("HH:mm", "24:00"),
            ("hh:mm a", "08:00 xx"),
            ("dd MMM yyyy", "05 Jän 2026"),
        ] {
            assert_eq!(read(pattern, text), None, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        let why = |pattern| TimePattern::parse(pattern).unwrap_err().to_string();

        assert_eq!(why("yyyy-mm-ddTHH"), "the letter `T` has no meaning in it");
        assert_eq!(why("yyyy['x"), "`'` has no end");
        assert_eq!(why("[yyyy"), "`[` has no end");
        assert_eq!(why("yyyy]"), "`]` ends nothing");
        assert_eq!(why("[[[[[[y]]]]]]"), "it is longer than a pattern is");
    }

    proptest! {
        #[test]
        fn any_pattern_and_any_text_come_to_an_end(pattern in "[yMdHhmsSaEXD'\\[\\]\\-: é]{0,20}", text in "[0-9a-zé:\\- ]{0,20}") {
            if let Ok(pattern) = TimePattern::parse(&pattern) {
                let moment = pattern.read(&text);
                let _ = moment.and_then(|moment| moment.micros(&TimeZone::UTC));
            }
        }
    }
}
