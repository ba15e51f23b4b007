//! The zone of texts that name none.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A zone: UTC, or one of the time zone database.
#[derive(Clone, Debug)]
pub(crate) struct Zone(Option<TimeZone>);

impl Zone {
    /// UTC.
    pub(crate) fn utc_zone() -> Self {
        Self(None)
    }

    /// The zone of a name; `None` where nobody knows it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if matches!(name, "UTC" | "Etc/UTC" | "Z" | "GMT") {
            return Some(Self(None));
        }
        TimeZone::get(name).ok().map(|zone| Self(Some(zone)))
    }

    /// Microseconds in UTC of microseconds on the clock of this zone.
    #[inline]
    pub(crate) fn utc(&self, local: i64) -> Option<i64> {
        match &self.0 {
            None => Some(local),
            Some(zone) => Self::convert(zone, local),
        }
    }

    fn convert(zone: &TimeZone, local: i64) -> Option<i64> {
        let clock = jiff::Timestamp::from_microsecond(local).ok()?;
        let clock: DateTime = TimeZone::UTC.to_datetime(clock);
        Some(zone.to_timestamp(clock).ok()?.as_microsecond())
    }
}
