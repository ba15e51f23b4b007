//! What a text says of a time.

use jiff::civil;
use jiff::tz::{Offset, TimeZone};

/// The parts of a time that a text names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Option<civil::Date>,
    /// The time of the day.
    pub time: Option<civil::Time>,
    /// The distance from UTC in seconds.
    pub offset: Option<i32>,
}

impl Moment {
    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(&self) -> Option<i32> {
        self.date.map(days)
    }

    /// Microseconds since midnight.
    #[must_use]
    pub fn micros_of_day(&self) -> Option<i64> {
        self.time.map(micros_of_day)
    }

    /// Microseconds since 1970-01-01 in UTC; midnight where there is no time, and `zone` where there is no offset.
    #[must_use]
    pub fn micros(&self, zone: &TimeZone) -> Option<i64> {
        let time = self.time.unwrap_or_default();
        let local = self.date?.to_datetime(time);
        let offset = match self.offset {
            Some(seconds) => TimeZone::fixed(Offset::from_seconds(seconds).ok()?),
            None => zone.clone(),
        };
        let timestamp = offset.to_timestamp(local).ok()?;
        Some(timestamp.as_microsecond())
    }
}

/// Days from 1970-01-01 to `date`, in the calendar that is used now.
fn days(date: civil::Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    // Years begin in March here, so that the leap day is the last one.
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn micros_of_day(time: civil::Time) -> i64 {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60;
    (seconds + i64::from(time.second())) * 1_000_000 + i64::from(time.subsec_nanosecond()) / 1_000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn days_are_those_between_midnights(year in -9000..9000_i16, month in 1..=12_i8, day in 1..=28_i8) {
            let date = civil::Date::new(year, month, day).unwrap();
            let moment = Moment { date: Some(date), ..Moment::default() };

            let micros = moment.micros(&TimeZone::UTC).unwrap();

            prop_assert_eq!(i64::from(moment.days().unwrap()) * 86_400_000_000, micros);
        }
    }
}
