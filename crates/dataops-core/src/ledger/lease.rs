//! Takes the lease of an environment, renews it while something is done, and gives it back.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use dataops_ledger::{
    Acquire, Acquired, BreakLease, Breaking, Broken, Claim, Held, Lease, Release, Renew, Renewed,
    TTL, Time,
};
use futures::future::{Either, select};

use super::process::is_dead;
use super::watch::Watch;
use super::{Ledger, LedgerError, now};
use crate::store::Version;

/// How often a lease is renewed: often enough that one failure is no loss.
const PAUSE: Duration = Duration::from_secs(TTL.as_secs() / 4);

/// How often is looked whether somebody has broken it.
const LOOK: Duration = Duration::from_secs(1);

/// What came of asking for a lease.
#[derive(Debug)]
pub enum Taken {
    /// It is ours.
    Ours(Box<Holding>),
    /// Somebody else has it.
    Held(Held),
}

/// What is told of a lease that is not there any more.
pub(super) const BROKEN: &str = "somebody has broken it";

/// A lease that is held.
#[derive(Debug)]
pub struct Holding {
    ledger: Ledger,
    lease: Lease,
    version: Version,
    abandoned: Option<Box<Lease>>,
    watch: Watch,
    pause: Duration,
}

impl Ledger {
    /// Takes the environment's lease. One whose holder is known to be dead is taken from it at once, and any other one when its time is
    /// over.
    ///
    /// # Errors
    ///
    /// When it cannot be told whether somebody has it.
    pub async fn take(&self, claim: Claim, now: Time) -> Result<Taken, LedgerError> {
        let acquire = || Acquire::new(&self.keys, claim.clone(), now, TTL);
        let mut acquired = self.run(acquire()).await?;
        let mut dead = None;
        if let Acquired::Held(Held::By(lease)) = &acquired
            && is_dead(&lease.claim.id)
        {
            dead = Some(lease.clone());
            let holder = Breaking::Holder(lease.claim.id.clone());
            self.break_lease(holder, now).await?;
            acquired = self.run(acquire()).await?;
        }
        match acquired {
            Acquired::Ours {
                lease,
                version,
                abandoned,
            } => Ok(Taken::Ours(Box::new(Holding {
                ledger: self.clone(),
                watch: Watch::new(self.clone(), lease.claim.id.clone()),
                lease: *lease,
                version,
                abandoned: abandoned.or(dead),
                pause: PAUSE,
            }))),
            Acquired::Held(held) => Ok(Taken::Held(held)),
            _ => Err(LedgerError::Busy {
                place: self.place(),
            }),
        }
    }

    /// Takes a lease away from its holder, when it is such a one.
    ///
    /// # Errors
    ///
    /// When it cannot be told.
    pub async fn break_lease(&self, what: Breaking, now: Time) -> Result<Broken, LedgerError> {
        let task = BreakLease::new(&self.keys, &self.environment, what, now);
        self.run(task).await
    }

    /// Who has the lease.
    ///
    /// # Errors
    ///
    /// When it cannot be told.
    pub async fn lease(&self) -> Result<Option<Result<Lease, String>>, LedgerError> {
        let found = self.read(&self.keys.lease()).await?;
        Ok(found.map(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string())))
    }
}

impl Holding {
    /// The lease of somebody who did not give it back.
    #[must_use]
    pub fn abandoned(&self) -> Option<&Lease> {
        self.abandoned.as_deref()
    }

    /// Tells whether the lease still is held, to those who write because it is.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// Renews after another pause than the default.
    #[must_use]
    pub fn renewing_every(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// Does something while the lease is renewed. When it is lost, `lost` hears why, and what is done goes on to its end: what writes
    /// asks the [`Watch`] before.
    pub async fn during<T>(&mut self, work: impl Future<Output = T>, lost: impl FnOnce(&str)) -> T {
        let mut work = pin!(work);
        let why = {
            let renewing = pin!(self.renew_until_lost());
            match select(work.as_mut(), renewing).await {
                Either::Left((done, _)) => return done,
                Either::Right((why, _)) => why,
            }
        };
        lost(&why);
        work.await
    }

    async fn renew_until_lost(&mut self) -> String {
        let why = loop {
            let renewal = Instant::now() + self.pause;
            if let Some(why) = self.look_until(renewal).await {
                break why;
            }
            let now = now();
            let (keys, lease) = (&self.ledger.keys, self.lease.clone());
            let renew = Renew::new(keys, lease, self.version.clone(), now, TTL);
            match self.ledger.run(renew).await {
                Ok(Renewed::Ours { lease, version }) => {
                    (self.lease, self.version) = (*lease, version);
                }
                Ok(Renewed::Lost(Some(held))) => break held.to_string(),
                Ok(_) => break BROKEN.to_owned(),
                // It may have been renewed all the same; the next attempt tells.
                Err(_) if self.lease.is_held(now) => {}
                Err(error) => break format!("it could not be renewed in time: {error}"),
            }
        };
        self.watch.lose(why)
    }

    /// Looks until then whether somebody has taken the lease.
    async fn look_until(&self, then: Instant) -> Option<String> {
        loop {
            let left = then.saturating_duration_since(Instant::now());
            tokio::time::sleep(left.min(LOOK)).await;
            if left <= LOOK {
                return None;
            }
            if let Some(why) = self.watch.lost().await {
                return Some(why);
            }
        }
    }

    /// Gives the lease back; tells whether it still was ours.
    ///
    /// # Errors
    ///
    /// When that cannot be told. It ends by itself then.
    pub async fn release(self) -> Result<bool, LedgerError> {
        let release = Release::new(&self.ledger.keys, self.lease, self.version);
        self.ledger.run(release).await
    }
}
