//! Takes a lease that nobody has, or whose time is over.

use std::time::Duration;

use super::{Claim, Held, Lease, MOST_ATTEMPTS};
use crate::chain::Keys;
use crate::store::{Answer, Condition, Next, Step, Task};
use crate::time::Time;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Acquired<V> {
    /// It is ours.
    Ours {
        /// The lease.
        lease: Box<Lease>,
        /// Its version, for renewing and releasing it.
        version: V,
        /// The lease of somebody who has not released it and whose time was over.
        abandoned: Option<Box<Lease>>,
    },
    /// Somebody else has it.
    Held(Held),
    /// Others were faster again and again.
    Busy,
}

/// Takes a lease.
#[derive(Debug)]
pub struct Acquire {
    key: String,
    claim: Claim,
    now: Time,
    ttl: Duration,
    /// What was written, while its answer is waited for.
    writing: Option<Lease>,
    abandoned: Option<Box<Lease>>,
    attempts: usize,
}

impl Acquire {
    /// Takes the lease of the claim's environment at `now`, by the own clock, for `ttl`.
    #[must_use]
    pub fn new(keys: &Keys, claim: Claim, now: Time, ttl: Duration) -> Self {
        Self {
            key: keys.lease(),
            claim,
            now,
            ttl,
            writing: None,
            abandoned: None,
            attempts: 0,
        }
    }

    fn found<V>(&mut self, found: Option<(Vec<u8>, V)>) -> Next<V, Acquired<V>> {
        let Some((bytes, version)) = found else {
            return self.write(self.now, Condition::Absent);
        };
        let lease = match Held::read(&self.claim.environment, &bytes) {
            Ok(lease) => lease,
            Err(held) => return Next::Done(Acquired::Held(held)),
        };
        // Ours already: it was written, and the answer was lost.
        if lease.claim.id == self.claim.id {
            return self.write(lease.since, Condition::Still(version));
        }
        if !lease.may_be_taken(self.now) {
            return Next::Done(Acquired::Held(Held::By(Box::new(lease))));
        }
        self.abandoned = Some(Box::new(lease));
        self.write(self.now, Condition::Still(version))
    }

    fn write<V>(&mut self, since: Time, when: Condition<V>) -> Next<V, Acquired<V>> {
        self.attempts += 1;
        if self.attempts > MOST_ATTEMPTS {
            return Next::Done(Acquired::Busy);
        }
        let lease = Lease::new(self.claim.clone(), since, self.now, self.ttl);
        let bytes = lease.to_bytes();
        self.writing = Some(lease);
        Next::Do(Step::Put {
            key: self.key.clone(),
            bytes,
            when,
        })
    }
}

impl<V> Task<V> for Acquire {
    type Output = Acquired<V>;

    fn begin(&mut self) -> Step<V> {
        Step::Get(self.key.clone())
    }

    fn next(&mut self, answer: Answer<V>) -> Next<V, Acquired<V>> {
        match (answer, self.writing.take()) {
            (Answer::Found(found), _) => self.found(found),
            (Answer::Written(version), Some(lease)) => Next::Done(Acquired::Ours {
                lease: Box::new(lease),
                version,
                abandoned: self.abandoned.take(),
            }),
            _ => Next::Do(Step::Get(self.key.clone())),
        }
    }
}
