//! The zone of texts that name none.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::iso::Rest;

/// A zone: UTC, a distance from it, or one of the time zone database.
///
/// ```
/// use data_contract::time::Zone;
///
/// let zone = Zone::named("Europe/Berlin").unwrap();
///
/// assert_eq!(zone.utc(3_600_000_000), Some(0));
/// assert!(Zone::named("+05:30").is_some());
/// assert!(Zone::named("Mars/Olympus").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(Option<TimeZone>);

impl Zone {
    /// UTC.
    pub const UTC: Self = Self(None);

    /// The zone of a name or an offset; `None` where nobody knows it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if matches!(name, "UTC" | "Etc/UTC" | "Z" | "GMT") {
            return Some(Self::UTC);
        }
        let mut rest = Rest(name.as_bytes());
        let zone = match rest.offset().filter(|_| rest.0.is_empty()) {
            Some(micros) => {
                let seconds = i32::try_from(micros / 1_000_000).ok()?;
                TimeZone::fixed(Offset::from_seconds(seconds).ok()?)
            }
            None => TimeZone::get(name).ok()?,
        };
        Some(Self(Some(zone)))
    }

    /// Microseconds in UTC of microseconds on the clock of this zone.
    #[inline]
    #[must_use]
    pub fn utc(&self, local: i64) -> Option<i64> {
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
