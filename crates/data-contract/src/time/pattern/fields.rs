//! What a text has said of a time, put together.

use super::super::calendar::{MICROS_OF_DAY, days, micros};
use super::Zone;

/// The fields that were read, each as the text has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
    pub(super) day_of_year: Option<u32>,
    /// Days since Monday.
    pub(super) weekday: Option<u32>,
    pub(super) hour: Option<u32>,
    /// The hour of a half day, 0 to 11.
    pub(super) half: Option<u32>,
    pub(super) afternoon: bool,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) micros: u32,
    pub(super) zone: Option<Zone>,
    /// The distance from UTC in microseconds.
    pub(super) offset: Option<i64>,
}

impl Fields {
    pub(super) fn day(&self) -> Option<i64> {
        let year = self.year.unwrap_or(1970);
        let day = match self.day_of_year {
            Some(of_year) => self.day_of_year(year, of_year)?,
            None => days(year, self.month.unwrap_or(1), self.day.unwrap_or(1))?,
        };
        // The first of January 1970 was a Thursday.
        let weekday = (day + 3).rem_euclid(7);
        self.weekday
            .is_none_or(|said| i64::from(said) == weekday)
            .then_some(day)
    }

    /// The day of a year; a month and a day beside it must be its own.
    fn day_of_year(&self, year: i32, of_year: u32) -> Option<i64> {
        let first = days(year, 1, 1)?;
        let day = first + i64::from(of_year) - 1;
        let within = of_year > 0 && day <= days(year, 12, 31)?;
        let named = match (self.month, self.day) {
            (Some(month), Some(of_month)) => days(year, month, of_month)? == day,
            _ => true,
        };
        (within && named).then_some(day)
    }

    pub(super) fn clock(&self) -> Option<i64> {
        let afternoon = 12 * u32::from(self.afternoon);
        let hour = self.hour.or_else(|| self.half.map(|half| half + afternoon));
        micros(hour.unwrap_or(0), self.minute, self.second, self.micros)
    }

    pub(super) fn timestamp(&self, zone: &Zone) -> Option<i64> {
        let local = self.day()? * MICROS_OF_DAY + self.clock()?;
        match (self.offset, &self.zone) {
            (Some(offset), _) => Some(local - offset),
            (None, Some(named)) => named.utc(local),
            (None, None) => zone.utc(local),
        }
    }
}
