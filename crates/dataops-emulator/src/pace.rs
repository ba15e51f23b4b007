//! How fast Azure Resource Manager may be called: token buckets for reads, writes and deletes, and a delay of every answer.
//! There is no limit until one is set.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;
use serde::{Deserialize, Serialize};

/// The remaining calls that are told while there is no limit.
const PLENTY: u64 = 11_999;
/// The longest delay, in milliseconds.
const LONGEST: u64 = 60_000;

/// A pace, as callers set and see it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Limits {
    /// How long every answer takes at least.
    #[serde(default)]
    latency_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reads: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    writes: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deletes: Option<Limit>,
}

/// A token bucket.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Limit {
    /// How many calls a full bucket allows at once.
    size: u32,
    /// How many come back in a second.
    per_second: f64,
}

impl Limits {
    /// The limits of Azure Resource Manager for one subscription and caller, and a delay as over the internet.
    pub(crate) fn arm() -> Self {
        let limit = |size, per_second| Some(Limit { size, per_second });
        Self {
            latency_ms: 100,
            reads: limit(250, 25.0),
            writes: limit(200, 10.0),
            deletes: limit(200, 10.0),
        }
    }

    /// Refuses what cannot be meant.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.latency_ms > LONGEST {
            return Err(format!("`latencyMs` is at most {LONGEST}"));
        }
        let mut limits = [self.reads, self.writes, self.deletes]
            .into_iter()
            .flatten();
        let wrong = |limit: Limit| {
            limit.size == 0 || !limit.per_second.is_finite() || limit.per_second <= 0.0
        };
        match limits.any(wrong) {
            true => {
                Err("a bucket has a `size` of at least 1, and more than 0 `perSecond`".to_owned())
            }
            false => Ok(()),
        }
    }
}

/// What a call draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Draw {
    Reads,
    Writes,
    Deletes,
}

impl Draw {
    pub(crate) fn of(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD => Self::Reads,
            Method::DELETE => Self::Deletes,
            _ => Self::Writes,
        }
    }

    /// The header that tells what is left.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Reads => "x-ms-ratelimit-remaining-subscription-reads",
            Self::Writes => "x-ms-ratelimit-remaining-subscription-writes",
            Self::Deletes => "x-ms-ratelimit-remaining-subscription-deletes",
        }
    }

    /// What such a call is in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Reads => "read",
            Self::Writes => "write",
            Self::Deletes => "delete",
        }
    }
}

/// Whether a call may go on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It may; so many others may as well, now.
    Granted { left: u64 },
    /// It may not for so many seconds.
    Refused { seconds: u64 },
}

#[derive(Clone, Copy)]
struct Bucket {
    level: f64,
    since: Instant,
}

#[derive(Default)]
struct Buckets {
    limits: Limits,
    filled: [Option<Bucket>; 3],
}

/// The pace of a running emulator.
#[derive(Default)]
pub(crate) struct Pace(Mutex<Buckets>);

impl Pace {
    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets it anew, with full buckets.
    pub(crate) fn set(&self, limits: Limits) {
        *self.buckets() = Buckets {
            limits,
            ..Buckets::default()
        };
    }

    pub(crate) fn limits(&self) -> Limits {
        self.buckets().limits.clone()
    }

    pub(crate) fn latency(&self) -> Duration {
        Duration::from_millis(self.buckets().limits.latency_ms)
    }

    /// Takes a token.
    pub(crate) fn draw(&self, draw: Draw, now: Instant) -> Turn {
        let mut buckets = self.buckets();
        let limits = &buckets.limits;
        let limit = match draw {
            Draw::Reads => limits.reads,
            Draw::Writes => limits.writes,
            Draw::Deletes => limits.deletes,
        };
        let Some(limit) = limit else {
            return Turn::Granted { left: PLENTY };
        };
        let full = f64::from(limit.size);
        let bucket = buckets.filled[draw as usize].get_or_insert(Bucket {
            level: full,
            since: now,
        });
        let passed = now.saturating_duration_since(bucket.since).as_secs_f64();
        bucket.level = (bucket.level + passed * limit.per_second).min(full);
        bucket.since = now;
        if bucket.level < 1.0 {
            let wait = (1.0 - bucket.level) / limit.per_second;
            return Turn::Refused {
                seconds: wait.ceil().max(1.0) as u64,
            };
        }
        bucket.level -= 1.0;
        Turn::Granted {
            left: bucket.level as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let pace = Pace::default();
        pace.set(Limits {
            writes: Some(Limit {
                size: 2,
                per_second: 0.5,
            }),
            ..Limits::default()
        });
        let start = Instant::now();
        let write = |after: f64| pace.draw(Draw::Writes, start + Duration::from_secs_f64(after));

        assert_eq!(write(0.0), Turn::Granted { left: 1 });
        assert_eq!(write(0.0), Turn::Granted { left: 0 });
        assert_eq!(write(0.0), Turn::Refused { seconds: 2 });
        assert_eq!(write(1.0), Turn::Refused { seconds: 1 });
        assert_eq!(write(2.0), Turn::Granted { left: 0 });
        assert_eq!(write(60.0), Turn::Granted { left: 1 });
        assert_eq!(
            pace.draw(Draw::Reads, start),
            Turn::Granted { left: PLENTY }
        );
    }

    #[test]
    fn limits_that_let_nothing_through_are_refused() {
        let limits = |text| serde_json::from_str::<Limits>(text).unwrap();

        assert!(Limits::arm().check().is_ok());
        assert!(
            limits(r#"{"reads":{"size":0,"perSecond":1}}"#)
                .check()
                .is_err()
        );
        assert!(
            limits(r#"{"reads":{"size":1,"perSecond":0}}"#)
                .check()
                .is_err()
        );
        assert!(limits(r#"{"latencyMs":60001}"#).check().is_err());
    }
}
