//! The words of a date, and which of them is the year, the month and the day.

use super::Day;

/// Years written with two digits up to this one belong to the twenty-first century.
const LAST_SHORT_YEAR: i64 = 29;

pub(super) enum Word {
    Number { value: i64, digits: usize },
    Month(i64),
}

impl Word {
    /// A number of one or two digits.
    fn short(&self) -> Option<i64> {
        match self {
            Self::Number {
                value,
                digits: 1 | 2,
            } => Some(*value),
            _ => None,
        }
    }

    fn month(&self) -> Option<i64> {
        match self {
            Self::Month(month) => Some(*month),
            Self::Number { .. } => self.short(),
        }
    }

    /// A year of four digits.
    fn full_year(&self) -> Option<i64> {
        match self {
            Self::Number { value, digits: 4 } => Some(*value),
            _ => None,
        }
    }

    fn year(&self) -> Option<i64> {
        let short = |year| if year <= LAST_SHORT_YEAR { 2000 } else { 1900 } + year;
        self.full_year().or_else(|| self.short().map(short))
    }
}

/// A day, and whether it is written as ISO 8601 does: in numbers, and not with the year last.
pub(super) struct Written {
    pub(super) day: Day,
    pub(super) is_iso: bool,
}

/// Which word is the year, the month and the day. A month's name says what it is wherever it stands, a year by its four
/// digits; what is left is month before day, and the year last.
pub(super) fn assembled(words: [&Word; 3]) -> Option<Written> {
    let is_named = words.iter().any(|word| matches!(word, Word::Month(_)));
    let full = words.iter().position(|word| word.full_year().is_some());
    let [year, month, day] = match (words, full) {
        ([day, year, month @ Word::Month(_)], None | Some(1))
        | ([year, day, month @ Word::Month(_)], Some(0))
        | ([day, month @ Word::Month(_), year], None | Some(2)) => [year, month, day],
        ([year, month, day], Some(0)) | ([month, year, day], Some(1)) => [year, month, day],
        ([month, day, year], _) => [year, month, day],
    };
    let day = Day::new(year.year()?, month.month()?, day.short()?)?;
    let is_iso = !is_named && full.is_some_and(|at| at < 2);
    Some(Written { day, is_iso })
}

/// The first day of a month.
pub(super) fn first_day(words: [&Word; 2]) -> Option<Day> {
    let [year, month] = match words {
        [year, month] if year.full_year().is_some() => [year, month],
        [year @ Word::Number { .. }, month @ Word::Month(_)] => [year, month],
        [month, year] => {
            year.full_year()?;
            [year, month]
        }
    };
    Day::new(year.year()?, month.month()?, 1)
}

/// The index of a name, written out or as its first three letters.
pub(super) fn named(names: &[&str], name: &str) -> Option<i64> {
    let found = names.iter().position(|full| {
        let short = full.get(..3);
        full.eq_ignore_ascii_case(name)
            || short.is_some_and(|short| short.eq_ignore_ascii_case(name))
    });
    found.and_then(|index| i64::try_from(index).ok())
}
