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

/// Year first, or month first, or the day before the name of a month; without a day, the first of a month.
pub(super) fn assembled(first: &Word, second: &Word, third: Option<&Word>) -> Option<Day> {
    match (first.full_year(), second, third) {
        (Some(year), month, None) => Day::new(year, month.month()?, 1),
        (Some(year), month, Some(day)) => Day::new(year, month.month()?, day.short()?),
        (None, year, None) => Day::new(year.full_year()?, first.month()?, 1),
        (None, Word::Month(month), Some(year)) => Day::new(year.year()?, *month, first.short()?),
        (None, day, Some(year)) => Day::new(year.year()?, first.month()?, day.short()?),
    }
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
