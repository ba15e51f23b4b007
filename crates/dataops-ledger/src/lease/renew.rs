//! Renews a lease that is held.

use std::time::Duration;

use super::{Held, Lease, MOST_ATTEMPTS};
use crate::chain::Keys;
use crate::store::{Answer, Condition, Next, Step, Task};
use crate::time::Time;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewed<V> {
    /// It lasts longer.
    Ours {
        /// The lease.
        lease: Box<Lease>,
        /// Its version.
        version: V,
    },
    /// It is ours no more: somebody took it when its time was over, or broke it. Who has it now, where somebody has.
    Lost(Option<Held>),
}

/// Renews a lease.
#[derive(Debug)]
pub struct Renew<V> {
    key: String,
    lease: Lease,
    version: Option<V>,
    attempts: usize,
}

impl<V> Renew<V> {
    /// Renews a lease, which has this version, at `now` by the own clock, for `ttl`.
    #[must_use]
    pub fn new(keys: &Keys, lease: Lease, version: V, now: Time, ttl: Duration) -> Self {
        Self {
            key: keys.lease(),
            lease: Lease::new(lease.claim, lease.since, now, ttl),
            version: Some(version),
            attempts: 0,
        }
    }

    fn write(&mut self, version: V) -> Step<V> {
        self.attempts += 1;
        Step::Put {
            key: self.key.clone(),
            bytes: self.lease.to_bytes(),
            when: Condition::Still(version),
        }
    }

    fn found(&mut self, found: Option<(Vec<u8>, V)>) -> Next<V, Renewed<V>> {
        let Some((bytes, version)) = found else {
            return Next::Done(Renewed::Lost(None));
        };
        match Held::read(&self.lease.claim.environment, &bytes) {
            // The answer to what we wrote was lost.
            Ok(there) if there == self.lease => Next::Done(Renewed::Ours {
                lease: Box::new(there),
                version,
            }),
            Ok(there) if there.claim.id == self.lease.claim.id && self.attempts < MOST_ATTEMPTS => {
                Next::Do(self.write(version))
            }
            Ok(there) => Next::Done(Renewed::Lost(Some(Held::By(Box::new(there))))),
            Err(held) => Next::Done(Renewed::Lost(Some(held))),
        }
    }
}

impl<V> Task<V> for Renew<V> {
    type Output = Renewed<V>;

    fn begin(&mut self) -> Step<V> {
        match self.version.take() {
            Some(version) => self.write(version),
            None => Step::Get(self.key.clone()),
        }
    }

    fn next(&mut self, answer: Answer<V>) -> Next<V, Renewed<V>> {
        match answer {
            Answer::Written(version) => Next::Done(Renewed::Ours {
                lease: Box::new(self.lease.clone()),
                version,
            }),
            Answer::Found(found) => self.found(found),
            _ => Next::Do(Step::Get(self.key.clone())),
        }
    }
}
