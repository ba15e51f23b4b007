//! The lease that keeps two deployments of one environment apart.
//!
//! It is a document that is written only over what its writer has read, and that ends by itself: whoever dies with it keeps others
//! waiting for [`TTL`] and [`GRACE`], and not longer. A holder that still lives renews it.

mod acquire;
mod release;
mod renew;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use acquire::{Acquire, Acquired};
pub use release::{Break as BreakLease, Breaking, Broken, Release};
pub use renew::{Renew, Renewed};

use crate::time::Time;
use crate::who::Who;

/// How long a lease lasts unless it is renewed.
pub const TTL: Duration = Duration::from_secs(120);

/// How much longer others wait, so that clocks may differ by as much.
pub const GRACE: Duration = Duration::from_secs(30);

/// How often a task tries again when others are faster.
const MOST_ATTEMPTS: usize = 32;

/// Who wants a lease, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// A text that nobody else has: it tells this holder from all others.
    pub id: String,
    /// The environment's name.
    pub environment: String,
    /// Who.
    pub who: Who,
    /// For what, such as `deployment of bundle 0123abcd`.
    pub what: String,
}

/// A lease as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Lease {
    /// Who has it, and for what.
    pub claim: Claim,
    /// Since when.
    pub since: Time,
    /// Until when, unless it is renewed.
    pub until: Time,
}

impl Lease {
    pub(crate) fn new(claim: Claim, since: Time, now: Time, ttl: Duration) -> Self {
        Self {
            claim,
            since,
            until: now.plus(ttl),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a lease has text keys only")
    }

    /// Whether the one who has it may still rely on it, by the own clock.
    #[must_use]
    pub fn is_held(&self, now: Time) -> bool {
        now < self.until
    }

    /// Whether others may take it, by their clocks.
    #[must_use]
    pub fn may_be_taken(&self, now: Time) -> bool {
        now >= self.until.plus(GRACE)
    }
}

/// A lease that somebody else has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// By whom, since when and until when.
    By(Box<Lease>),
    /// It cannot be read; it never ends by itself.
    Unreadable {
        /// The environment's name.
        environment: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Held {
    fn read(environment: &str, bytes: &[u8]) -> Result<Lease, Self> {
        serde_json::from_slice(bytes).map_err(|error| Self::Unreadable {
            environment: environment.to_owned(),
            reason: error.to_string(),
        })
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::By(lease) => format!(
                "wait for it; or, when that run is known to be dead, break its lease: dataops lease break --env {} --holder {}",
                lease.claim.environment, lease.claim.id
            ),
            Self::Unreadable { environment, .. } => {
                format!("remove it: dataops lease break --env {environment} --unreadable")
            }
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By(lease) => {
                let Lease {
                    claim,
                    since,
                    until,
                } = &**lease;
                write!(
                    out,
                    "`{}` is held by {} for a {} since {}, until {} unless it is renewed",
                    claim.environment,
                    claim.who,
                    claim.what,
                    since.short(),
                    until.short()
                )?;
                match claim.who.run.as_ref().and_then(|run| run.url.as_ref()) {
                    Some(url) => write!(out, "; see {url}"),
                    None => Ok(()),
                }
            }
            Self::Unreadable {
                environment,
                reason,
            } => {
                write!(out, "the lease of `{environment}` cannot be read: {reason}")
            }
        }
    }
}

#[cfg(test)]
mod tests;
