//! Points in time, which always come from the caller.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// How much clocks may differ.
const GRACE: Duration = Duration::from_secs(5 * 60);

/// A text that is no point in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no point in time; expected one such as 2026-11-29T02:26:57Z or 2026-11-29")]
pub struct TimeError(String);

impl Time {
    /// So many milliseconds after the beginning of 1970, within the years 1 to 9998.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        let (first, last) = (-62_135_596_800_000, 253_370_764_799_999);
        Self(match millis {
            millis if millis < first => first,
            millis if millis > last => last,
            millis => millis,
        })
    }

    /// How many milliseconds it is after the beginning of 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Later by so much.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(by))
    }

    /// How long after `earlier` it is; no time where it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or_default())
    }

    /// How far it is ahead of `now`, where that is more than clocks of several machines differ: whoever wrote it had a wrong one.
    #[must_use]
    pub fn ahead_of(self, now: Self) -> Option<Duration> {
        let ahead = self.since(now);
        (ahead > GRACE).then_some(ahead)
    }

    /// The text of a table: to the second, in UTC.
    #[must_use]
    pub fn short(self) -> String {
        let text = self.to_string();
        match text.split_once('T') {
            Some((date, time)) => format!("{date} {}", time.get(..8).unwrap_or(time)),
            None => text,
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        fmt::Display::fmt(&time, out)
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let fail = || TimeError(text.to_owned());
        let is_date = text.len() == 10
            && text
                .bytes()
                .all(|byte| byte == b'-' || byte.is_ascii_digit());
        let whole = match is_date {
            true => format!("{text}T00:00:00Z"),
            false => text.to_owned(),
        };
        let time: Timestamp = whole.parse().map_err(|_| fail())?;
        Ok(Self::from_millis(time.as_millisecond()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// A length of time in words, such as `3 days` or `90 seconds`.
#[must_use]
pub fn words(length: Duration) -> String {
    let seconds = length.as_secs();
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for text in [
            "2026-11-29T02:26:57Z",
            "2026-11-29T02:26:57.25Z",
            "1969-12-31T23:59:59.999Z",
        ] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
        let time: Time = "2026-11-29T03:26:57+01:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-11-29T02:26:57Z");
        assert_eq!(time.short(), "2026-11-29 02:26:57");
        assert_eq!(
            "2026-11-29".parse::<Time>().unwrap().to_string(),
            "2026-11-29T00:00:00Z"
        );
        for wrong in ["", "yesterday", "2026-13-01", "2026-11-29T02:26:57"] {
            assert!(wrong.parse::<Time>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn clocks_may_differ_by_a_few_minutes() {
        let now: Time = "2026-11-29T02:00:00Z".parse().unwrap();
        let ahead = |seconds| now.plus(Duration::from_secs(seconds)).ahead_of(now);

        assert_eq!((ahead(0), ahead(300)), (None, None));
        assert_eq!(ahead(301), Some(Duration::from_secs(301)));
    }

    #[test]
    fn no_number_of_milliseconds_is_too_large() {
        for millis in [i64::MIN, i64::MAX, 0] {
            let time = Time::from_millis(millis);
            assert_eq!(time.to_string().parse(), Ok(time));
            assert!(time.plus(Duration::MAX) >= time);
        }
    }

    #[test]
    fn a_length_is_told_in_the_unit_that_fits() {
        let told = |seconds| words(Duration::from_secs(seconds));

        assert_eq!(told(1), "1 second");
        assert_eq!(told(119), "119 seconds");
        assert_eq!(told(7_199), "119 minutes");
        assert_eq!(told(86_400), "24 hours");
        assert_eq!(told(8 * 86_400 + 5), "8 days");
    }
}
