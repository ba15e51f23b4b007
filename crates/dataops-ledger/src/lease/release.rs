//! Gives a lease back, or takes one away from a holder that is known to be dead.

use super::{Held, Lease, MOST_ATTEMPTS};
use crate::chain::Keys;
use crate::store::{Answer, Next, Step, Task};
use crate::time::Time;

/// Gives a lease back. Its output is whether it still was ours.
#[derive(Debug)]
pub struct Release<V> {
    key: String,
    lease: Lease,
    version: Option<V>,
    attempts: usize,
}

impl<V> Release<V> {
    /// Gives back a lease, which has this version.
    #[must_use]
    pub fn new(keys: &Keys, lease: Lease, version: V) -> Self {
        Self {
            key: keys.lease(),
            lease,
            version: Some(version),
            attempts: 0,
        }
    }
}

impl<V> Task<V> for Release<V> {
    type Output = bool;

    fn begin(&mut self) -> Step<V> {
        match self.version.take() {
            Some(version) => remove(&self.key, version),
            None => Step::Get(self.key.clone()),
        }
    }

    fn next(&mut self, answer: Answer<V>) -> Next<V, bool> {
        match answer {
            Answer::Removed => Next::Done(true),
            Answer::Found(None) => Next::Done(false),
            Answer::Found(Some((bytes, version))) => {
                self.attempts += 1;
                let there = Held::read(&self.lease.claim.environment, &bytes);
                let is_ours = there.is_ok_and(|there| there.claim.id == self.lease.claim.id);
                match is_ours && self.attempts < MOST_ATTEMPTS {
                    true => Next::Do(remove(&self.key, version)),
                    false => Next::Done(false),
                }
            }
            _ => Next::Do(Step::Get(self.key.clone())),
        }
    }
}

fn remove<V>(key: &str, version: V) -> Step<V> {
    Step::Remove {
        key: key.to_owned(),
        version,
    }
}

/// What may be broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breaking {
    /// A lease whose time is over.
    Expired,
    /// The lease of the holder with this id, also before its time is over.
    Holder(String),
    /// A lease that cannot be read.
    Unreadable,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Broken {
    /// It is gone; what it was, where that could be read.
    Gone(Option<Box<Lease>>),
    /// There was none.
    Nothing,
    /// It may not be broken so.
    Held(Held),
    /// Others were faster again and again.
    Busy,
}

impl Breaking {
    fn covers(&self, there: Result<&Lease, &Held>, now: Time) -> bool {
        match (there, self) {
            (Err(_), Self::Unreadable) => true,
            (Ok(lease), Self::Holder(id)) => lease.claim.id == *id || lease.may_be_taken(now),
            (Ok(lease), _) => lease.may_be_taken(now),
            (Err(_), _) => false,
        }
    }
}

/// Takes a lease away.
#[derive(Debug)]
pub struct Break {
    key: String,
    environment: String,
    what: Breaking,
    now: Time,
    found: Option<Box<Lease>>,
    attempts: usize,
}

impl Break {
    /// Takes away the lease of an environment, if it is such a one.
    #[must_use]
    pub fn new(keys: &Keys, environment: &str, what: Breaking, now: Time) -> Self {
        Self {
            key: keys.lease(),
            environment: environment.to_owned(),
            what,
            now,
            found: None,
            attempts: 0,
        }
    }
}

impl<V> Task<V> for Break {
    type Output = Broken;

    fn begin(&mut self) -> Step<V> {
        Step::Get(self.key.clone())
    }

    fn next(&mut self, answer: Answer<V>) -> Next<V, Broken> {
        match answer {
            Answer::Removed => Next::Done(Broken::Gone(self.found.take())),
            Answer::Found(None) => Next::Done(Broken::Nothing),
            Answer::Found(Some((bytes, version))) => {
                let there = Held::read(&self.environment, &bytes);
                if !self.what.covers(there.as_ref(), self.now) {
                    let held = there.map_or_else(|held| held, |lease| Held::By(Box::new(lease)));
                    return Next::Done(Broken::Held(held));
                }
                self.attempts += 1;
                if self.attempts > MOST_ATTEMPTS {
                    return Next::Done(Broken::Busy);
                }
                self.found = there.ok().map(Box::new);
                Next::Do(remove(&self.key, version))
            }
            _ => Next::Do(Step::Get(self.key.clone())),
        }
    }
}
