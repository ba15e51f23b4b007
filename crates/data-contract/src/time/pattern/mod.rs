//! Patterns of JDK's `DateTimeFormatter`, for reading.

mod fields;
mod offset;
mod read;
mod variants;

use super::Zone;
use fields::Fields;
pub(crate) use variants::Piece;

/// The longest pattern that is read.
const LONGEST: usize = 200;
/// How deep optional sections nest.
const DEEPEST: usize = 4;
/// The most digits of a year, as in Spark.
const LONGEST_YEAR: usize = 6;
/// The letters of the JDK that say something of a day, a time or a zone.
const LETTERS: &str = "yuMLdDHhkKmsSaEVzOXxZ";
/// Those of a zone.
const OFFSETS: &[u8] = b"VzOXxZ";

/// A pattern such as `yyyy-MM-dd HH:mm:ss[.SSS]`.
///
/// Two digits of a year are one of this century. What a text leaves out is as in Spark: the first of a month, January, 1970,
/// midnight.
///
/// ```
/// use data_contract::time::{TimePattern, date};
///
/// let pattern = TimePattern::parse("dd.MM.yyyy")?;
///
/// assert_eq!(pattern.date(b"24.12.2026"), date(b"2026-12-24"));
/// assert_eq!(pattern.date(b"2026-12-24"), None);
/// # Ok::<(), data_contract::time::TimePatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimePattern(Vec<Item>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// Bytes that stand for themselves.
    Text(Vec<u8>),
    /// A letter, as often as it stands there, and whether another field follows at once.
    Field {
        letter: u8,
        length: usize,
        joined: bool,
    },
    /// What may be left out.
    Optional(Vec<Self>),
}

/// Why a pattern is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimePatternError {
    /// A letter without a meaning, or one that means nothing in a date.
    #[error("the letter `{0}` has no meaning in it")]
    Letter(char),
    /// A letter that stands there more often, or less often, than it means something.
    #[error("the letter `{0}` means nothing so often")]
    Length(char),
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
        Ok(Self(items(&mut letters, 0)?))
    }

    /// The day that all of a text names, as days since 1970-01-01.
    #[must_use]
    pub fn date(&self, text: &[u8]) -> Option<i64> {
        self.fields(text)?.day()
    }

    /// The time of a day, as microseconds since midnight.
    #[must_use]
    pub fn time(&self, text: &[u8]) -> Option<i64> {
        self.fields(text)?.clock()
    }

    /// The point in time, as microseconds since 1970-01-01 in UTC. A text that names no zone is in `zone`.
    #[must_use]
    pub fn timestamp(&self, text: &[u8], zone: &Zone) -> Option<i64> {
        self.fields(text)?.timestamp(zone)
    }

    /// Whether it has a field of a time of the day.
    #[must_use]
    pub fn has_time(&self) -> bool {
        has(&self.0, b"HhkKmsS")
    }

    /// Whether it has a field of a zone, or of an offset from UTC.
    #[must_use]
    pub fn has_zone(&self) -> bool {
        has(&self.0, OFFSETS)
    }

    /// Whether it has the name of a day of the week.
    #[must_use]
    pub fn has_weekday(&self) -> bool {
        has(&self.0, b"E")
    }

    fn fields(&self, text: &[u8]) -> Option<Fields> {
        let mut fields = Fields::default();
        let rest = read::items(&self.0, text, &mut fields)?;
        rest.is_empty().then_some(fields)
    }
}

fn has(items: &[Item], letters: &[u8]) -> bool {
    items.iter().any(|item| match item {
        Item::Text(_) => false,
        Item::Field { letter, .. } => letters.contains(letter),
        Item::Optional(inner) => has(inner, letters),
    })
}

type Letters<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// The items up to the end, or up to the `]` that ends an optional section.
fn items(letters: &mut Letters<'_>, depth: usize) -> Result<Vec<Item>, TimePatternError> {
    if depth > DEEPEST {
        return Err(TimePatternError::TooLong);
    }
    let mut items = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => items.push(Item::Text(quoted(letters)?)),
            '[' => items.push(Item::Optional(self::items(letters, depth + 1)?)),
            ']' if depth > 0 => return Ok(items),
            ']' | '}' | '{' | '#' => return Err(TimePatternError::Close(letter)),
            letter if letter.is_ascii_alphabetic() => items.push(field(letter, letters)?),
            letter => items.push(Item::Text(letter.to_string().into_bytes())),
        }
    }
    if depth > 0 {
        return Err(TimePatternError::Open('['));
    }
    Ok(items)
}

fn field(letter: char, letters: &mut Letters<'_>) -> Result<Item, TimePatternError> {
    if !LETTERS.contains(letter) {
        return Err(TimePatternError::Letter(letter));
    }
    let mut length = 1;
    while letters.next_if_eq(&letter).is_some() {
        length += 1;
    }
    let byte = u8::try_from(letter).map_err(|_| TimePatternError::Letter(letter))?;
    if matches!(byte, b'y' | b'u') && length > LONGEST_YEAR {
        return Err(TimePatternError::Length(letter));
    }
    if OFFSETS.contains(&byte) && !offset::is_known(byte, length) {
        return Err(TimePatternError::Length(letter));
    }
    Ok(Item::Field {
        letter: byte,
        length,
        joined: letters.peek().is_some_and(char::is_ascii_alphabetic),
    })
}

/// Text between quotes; two quotes are one.
fn quoted(letters: &mut Letters<'_>) -> Result<Vec<u8>, TimePatternError> {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        if letter == '\'' && letters.next_if_eq(&'\'').is_none() {
            if text.is_empty() {
                text.push('\'');
            }
            return Ok(text.into_bytes());
        }
        text.push(letter);
    }
    Err(TimePatternError::Open('\''))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{date_text, time_text, timestamp_text};
    use super::*;

    /// What a text says: the day, the time, or both in UTC.
    fn read(pattern: &str, text: &str) -> Option<String> {
        let read = TimePattern::parse(pattern).unwrap();
        let day = pattern.contains(['y', 'u']);
        let text = text.as_bytes();
        match (day, read.has_time()) {
            (true, true) => read.timestamp(text, &Zone::UTC).map(timestamp_text),
            (true, false) => read.date(text).map(date_text),
            _ => read.time(text).map(time_text),
        }
    }

    #[test]
    fn a_text_is_read_by_its_pattern() {
        for (pattern, text, said) in [
            ("yyyy-MM-dd", "2026-01-05", "2026-01-05"),
            ("d.M.yy", "5.1.26", "2026-01-05"),
            ("yyyyMMdd", "20260105", "2026-01-05"),
            ("dd MMM yyyy", "05 Jan 2026", "2026-01-05"),
            ("yyyyy-MM-dd", "02026-01-05", "2026-01-05"),
            ("EEEE, d MMMM uuuu", "Monday, 5 January 2026", "2026-01-05"),
            ("yyyy-DDD", "2026-365", "2026-12-31"),
            (
                "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                "2026-01-05T08:09:10.250+01:00",
                "2026-01-05T07:09:10.25Z",
            ),
            (
                "yyyy-MM-dd HH:mm[:ss]",
                "2026-01-05 08:09",
                "2026-01-05T08:09:00Z",
            ),
            ("yyyyMMddHHmmss", "20260105080910", "2026-01-05T08:09:10Z"),
            ("hh:mm a", "12:30 PM", "12:30:00"),
            ("h 'o''clock' a", "8 o'clock am", "08:00:00"),
            (
                "yyyy-MM-dd HH:mm:ss VV",
                "2026-01-05 00:00:00 UTC",
                "2026-01-05T00:00:00Z",
            ),
            (
                "yyyy-MM-dd HH:mm VV",
                "2026-07-05 02:00 Europe/Berlin",
                "2026-07-05T00:00:00Z",
            ),
            (
                "yyyy-MM-dd kk:mm",
                "2026-01-05 24:30",
                "2026-01-05T00:30:00Z",
            ),
            ("KK:mm a", "00:30 PM", "12:30:00"),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Some(said), "{pattern}");
        }
    }

    #[test]
    fn a_text_of_another_form_is_not_read() {
        for (pattern, text) in [
            ("yyyy-MM-dd", "2026-1-5"),
            ("yyyy-MM-dd", "2026-02-30"),
            ("yyyyy-MM-dd", "2026-01-05"),
            ("yyyy-MM-dd", "2026-01-05 "),
            ("yyyy-DDD", "2026-366"),
            ("HH:mm", "24:00"),
            ("hh:mm a", "08:00 xx"),
            ("hh:mm a", "00:30 PM"),
            ("hh:mm a", "13:30 PM"),
            ("kk:mm", "00:30"),
            ("KK:mm a", "12:30 PM"),
            ("yyyyMMdd", "202601050"),
            ("EEEE, d MMMM uuuu", "Tuesday, 5 January 2026"),
            ("yyyy-MM-dd'T'HH:mm:ss.SSS", "2026-01-05T08:09:10.25"),
            ("yyyy-MM-dd HH:mm VV", "2026-07-05 02:00 Mars/Olympus"),
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
        fn any_pattern_and_any_text_come_to_an_end(pattern in "[yMdHhmsSaEXDVkK'\\[\\]\\-: é]{0,20}", text in "[0-9a-zé:\\- ]{0,20}") {
            if let Ok(pattern) = TimePattern::parse(&pattern) {
                let text = text.as_bytes();
                let _ = (pattern.date(text), pattern.time(text), pattern.timestamp(text, &Zone::UTC));
            }
        }
    }
}
