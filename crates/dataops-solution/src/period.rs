//! Lengths of time, as people write them: `90s`, `30m`, `24h`, `7d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(Duration);

/// A text that is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no length of time; expected a number and s, m, h, d or w, such as 30m or 7d")]
pub struct PeriodError(String);

/// The units, and how many seconds each has.
const UNITS: [(&str, u64); 5] = [
    ("w", 604_800),
    ("d", 86_400),
    ("h", 3_600),
    ("m", 60),
    ("s", 1),
];

/// The longest one: ten years.
const LONGEST: u64 = 10 * 366 * 86_400;

impl Period {
    /// The length.
    #[must_use]
    pub const fn length(self) -> Duration {
        self.0
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fail = || PeriodError(text.to_owned());
        let parts = UNITS.iter().find_map(|(unit, seconds)| {
            let count = text.strip_suffix(unit)?;
            count
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some((count, seconds))
        });
        let (count, seconds) = parts.ok_or_else(fail)?;
        let count: u64 = count.parse().map_err(|_| fail())?;
        let seconds = count
            .checked_mul(*seconds)
            .filter(|all| (1..=LONGEST).contains(all));
        Ok(Self(Duration::from_secs(seconds.ok_or_else(fail)?)))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.as_secs();
        let fits = UNITS
            .iter()
            .find(|(_, seconds)| all.is_multiple_of(*seconds));
        let (unit, seconds) = fits.unwrap_or(&("s", 1));
        write!(out, "{}{unit}", all / seconds)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_written() {
        for text in ["90s", "30m", "5h", "6d", "2w"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert_eq!("120m".parse::<Period>().unwrap().to_string(), "2h");
        assert_eq!("7d".parse::<Period>().unwrap().length().as_secs(), 604_800);
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "7",
            "d",
            "-1d",
            "1.5h",
            "7 d",
            "0s",
            "99999999999999999999d",
            "600w",
            "1y",
        ] {
            let error = text.parse::<Period>().unwrap_err().to_string();
            assert!(error.ends_with("such as 30m or 7d"), "{text}: {error}");
        }
    }
}
