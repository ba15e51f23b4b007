//! Points in time as .NET's `DateTime` has them: ticks of 100 ns since 0001-01-01 and a kind.

pub(crate) mod format;
pub(crate) mod parse;
mod words;
pub(crate) mod zones;

use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const TICKS_PER_SECOND: i64 = 10_000_000;
pub(crate) const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;
pub(crate) const TICKS_PER_HOUR: i64 = 60 * TICKS_PER_MINUTE;
pub(crate) const TICKS_PER_DAY: i64 = 24 * TICKS_PER_HOUR;
/// 400 years, after which the calendar is the same again, weekdays and all.
pub(crate) const TICKS_PER_CYCLE: i64 = 146_097 * TICKS_PER_DAY;
/// 1970-01-01
pub(crate) const EPOCH: i64 = 719_162 * TICKS_PER_DAY;
/// The last tick of the year 9999.
const LAST: i64 = 3_652_059 * TICKS_PER_DAY - 1;

/// What a time says about its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UTC, written with `Z`.
    Utc,
    /// Given with an offset and shifted to the server's zone, which is UTC too; written with `+00:00`.
    Local,
    /// No zone.
    Unspecified,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) ticks: i64,
    pub(crate) kind: Kind,
}

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

/// Units of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "second" => Some(Self::Second),
            "minute" => Some(Self::Minute),
            "hour" => Some(Self::Hour),
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

impl Day {
    /// A day of the years 1 to 9999.
    pub(crate) fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=month_length(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// Days since 0001-01-01.
    pub(crate) fn number(self) -> i64 {
        let years = self.year - 1;
        let days = years * 365 + years / 4 - years / 100 + years / 400;
        let months: i64 = (1..self.month)
            .map(|month| month_length(self.year, month))
            .sum();
        days + months + self.day - 1
    }

    pub(crate) fn of_number(number: i64) -> Self {
        let mut year = number / 366 + 1;
        while (Self {
            year: year + 1,
            month: 1,
            day: 1,
        })
        .number()
            <= number
        {
            year += 1;
        }
        let mut rest = number
            - (Self {
                year,
                month: 1,
                day: 1,
            })
            .number();
        let mut month = 1;
        while rest >= month_length(year, month) {
            rest -= month_length(year, month);
            month += 1;
        }
        Self {
            year,
            month,
            day: rest + 1,
        }
    }

    /// The day of the week, Sunday is 0.
    pub(crate) fn weekday(self) -> i64 {
        (self.number() + 1) % 7
    }
}

pub(crate) fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Moment {
    /// A moment within the years 1 to 9999.
    pub(crate) fn new(ticks: i64, kind: Kind) -> Option<Self> {
        (0..=LAST).contains(&ticks).then_some(Self { ticks, kind })
    }

    /// The moment, or the nearest one within the years 1 to 9999.
    pub(crate) fn nearest(ticks: i64, kind: Kind) -> Self {
        let ticks = ticks.clamp(0, LAST);
        Self { ticks, kind }
    }

    pub(crate) fn of_system(time: SystemTime) -> Option<Self> {
        let ticks = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos() / 100).ok()?,
            Err(before) => i64::try_from(before.duration().as_nanos() / 100)
                .ok()?
                .checked_neg()?,
        };
        Self::new(EPOCH.checked_add(ticks)?, Kind::Utc)
    }

    pub(crate) fn day(self) -> Day {
        Day::of_number(self.ticks / TICKS_PER_DAY)
    }

    /// Ticks since midnight.
    pub(crate) fn time(self) -> i64 {
        self.ticks % TICKS_PER_DAY
    }

    pub(crate) fn hour(self) -> i64 {
        self.time() / TICKS_PER_HOUR
    }

    pub(crate) fn minute(self) -> i64 {
        self.time() / TICKS_PER_MINUTE % 60
    }

    pub(crate) fn second(self) -> i64 {
        self.time() / TICKS_PER_SECOND % 60
    }

    /// Ticks since the last full second.
    pub(crate) fn fraction(self) -> i64 {
        self.ticks % TICKS_PER_SECOND
    }

    /// Adds a duration; the day is clamped to the length of the month.
    pub(crate) fn plus(self, count: i64, unit: Unit) -> Option<Self> {
        let ticks = match unit {
            Unit::Second => TICKS_PER_SECOND,
            Unit::Minute => TICKS_PER_MINUTE,
            Unit::Hour => TICKS_PER_HOUR,
            Unit::Day => TICKS_PER_DAY,
            Unit::Week => 7 * TICKS_PER_DAY,
            Unit::Month => return self.plus_months(count),
            Unit::Year => return self.plus_months(count.checked_mul(12)?),
        };
        Self::new(
            self.ticks.checked_add(count.checked_mul(ticks)?)?,
            self.kind,
        )
    }

    fn plus_months(self, count: i64) -> Option<Self> {
        let day = self.day();
        let months = (day.year * 12 + day.month - 1).checked_add(count)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let day = Day::new(year, month, day.day.min(month_length(year, month)))?;
        Self::new(day.number() * TICKS_PER_DAY + self.time(), self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_agree() {
        for number in (0..3_652_059).step_by(13).chain([3_652_058]) {
            let day = Day::of_number(number);

            assert_eq!(day.number(), number);
            assert_eq!(Day::new(day.year, day.month, day.day), Some(day));
        }
    }

    #[test]
    fn calendar_ends_at_year_9999() {
        let last = Moment::new(LAST, Kind::Utc).unwrap();

        assert_eq!(
            last.day(),
            Day {
                year: 9999,
                month: 12,
                day: 31
            }
        );
        assert_eq!(last.plus(1, Unit::Second), None);
        assert_eq!(last.plus(1, Unit::Month), None);
        assert_eq!(last.plus(i64::MAX, Unit::Year), None);
        assert_eq!(last.plus(i64::MIN, Unit::Second), None);
    }
}
