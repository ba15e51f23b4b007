//! What was deployed and tested in an environment, kept in a store: records, the states that factories were left in, the bundles that
//! were deployed, and the lease.
//!
//! [`dataops_ledger`] decides what is read and written; this carries it out. A record is written only where there is none.

mod bundles;
mod error;
mod lease;
mod process;
mod watch;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use dataops_ledger::{
    Answer, Append, Chain, Condition, Entry, Head, Keys, Next, Outcome, Record, State, Step, Task,
    Time,
};
use dataops_plan::Digest;
use futures::{StreamExt, TryStreamExt, stream};

pub use bundles::BundleError;
pub use error::LedgerError;
pub use lease::{Holding, Taken};
pub use process::claim_id;
pub use watch::Watch;

use crate::smoke::Traces;
use crate::store::{Store, StoreError, Version, When, part};

/// The most records of an environment that are read.
const MOST_RECORDS: usize = 100_000;

/// How many of the last records are looked at for the last deployment.
const MOST_LOOKED_AT: usize = 1_000;

/// How many documents are read or written at once.
const AT_ONCE: usize = 16;

/// The ledger of one environment.
#[derive(Clone, Debug)]
pub struct Ledger {
    store: Arc<dyn Store>,
    environment: String,
    keys: Keys,
}

/// Now, by the clock of this machine.
#[must_use]
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Time::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// From so many bytes on it is cheaper to ask first whether a document is there.
const LARGE: usize = 64 << 10;

impl Ledger {
    /// The ledger of an environment in a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, environment: &str) -> Self {
        Self {
            store,
            environment: environment.to_owned(),
            keys: Keys::new(part(environment)),
        }
    }

    /// The environment's name.
    #[must_use]
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// Where it is, for people.
    #[must_use]
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// Where the smoke tests of the environment are written down.
    #[must_use]
    pub fn traces(&self) -> Traces {
        Traces::new(Arc::clone(&self.store), &self.environment)
    }

    /// Writes the next record.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub async fn append(&self, entry: Entry) -> Result<Record, LedgerError> {
        let written = self.run(Append::new(self.keys.clone(), entry)).await?;
        written.ok_or_else(|| LedgerError::Busy {
            place: self.place(),
        })
    }

    /// All records, and where they are not as they were written.
    ///
    /// # Errors
    ///
    /// When they cannot be read, or are more than a hundred thousand.
    pub async fn chain(&self) -> Result<Chain, LedgerError> {
        // The head first: a record that is written meanwhile is one more, and none that is missing.
        let head = self.read(&self.keys.head()).await?;
        let prefix = self.keys.records();
        let listed = self.store.list(&prefix).await;
        let listed = listed.map_err(self.fail())?.into_iter();
        let keys: Vec<_> = listed
            .filter(|key| self.keys.number(key).is_some())
            .collect();
        if keys.len() > MOST_RECORDS {
            return Err(LedgerError::TooMany {
                place: self.place(),
                found: keys.len(),
            });
        }
        let files = stream::iter(keys).map(|key| async move {
            let found = self.read(&key).await?;
            Ok::<_, LedgerError>(found.map(|bytes| (key, bytes)))
        });
        let files: Vec<_> = files.buffer_unordered(AT_ONCE).try_collect().await?;
        let files = files.into_iter().flatten();
        Ok(Chain::read(
            &self.environment,
            &self.keys,
            files,
            head.as_deref(),
        ))
    }

    /// The environments, as parts of keys, of which there are records in this place.
    ///
    /// # Errors
    ///
    /// When that cannot be told.
    pub async fn neighbours(&self) -> Result<BTreeSet<String>, LedgerError> {
        let keys = self.store.list("records/").await.map_err(self.fail())?;
        let names = keys.iter().filter_map(|key| key.split('/').nth(1));
        Ok(names.map(str::to_owned).collect())
    }

    /// The deployment that has begun and did not end, where the last one is such: it was killed, or is at work. Only the last records are
    /// read.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub async fn unfinished(&self) -> Result<Option<Record>, LedgerError> {
        let Some(head) = self.read(&self.keys.head()).await? else {
            return Ok(None);
        };
        let Ok(Head { mut number, .. }) = serde_json::from_slice(&head) else {
            return Ok(None);
        };
        // A writer that was killed leaves a head that is behind.
        let next = self.keys.record(number.saturating_add(1));
        if self.read(&next).await?.is_some() {
            number = number.saturating_add(1);
        }
        for number in (1..=number).rev().take(MOST_LOOKED_AT) {
            let Some(bytes) = self.read(&self.keys.record(number)).await? else {
                return Ok(None);
            };
            // What is wrong with it is told by an audit.
            let Ok(record) = Record::read(&bytes) else {
                return Ok(None);
            };
            if let Some(deployment) = record.deployment() {
                return Ok((deployment.outcome == Outcome::Begun).then_some(record));
            }
        }
        Ok(None)
    }

    /// Keeps the state that the factory was left in, and tells the digest by which a record names it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub async fn keep_state(&self, state: &State) -> Result<Digest, LedgerError> {
        let (bytes, digest) = state.to_bytes();
        self.keep(&self.keys.state(&digest), bytes).await?;
        Ok(digest)
    }

    /// The state that a record names.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is missing, or is another one.
    pub async fn state(&self, digest: &Digest) -> Result<State, LedgerError> {
        let key = self.keys.state(digest);
        let missing = || LedgerError::Missing {
            place: self.place(),
            key: key.clone(),
        };
        let bytes = self.read(&key).await?.ok_or_else(missing)?;
        State::read(&bytes, digest).map_err(|source| LedgerError::State {
            place: self.place(),
            key: key.clone(),
            source,
        })
    }

    /// Writes a document whose key says what is in it; it may be there already, and then a large one is not sent.
    async fn keep(&self, key: &str, bytes: Vec<u8>) -> Result<(), LedgerError> {
        if bytes.len() > LARGE {
            let there = self.store.list(key).await.map_err(self.fail())?;
            if there.iter().any(|known| known == key) {
                return Ok(());
            }
        }
        match self.store.put(key, bytes, When::Absent).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(self.fail()(error)),
        }
    }

    async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let found = self.store.get(key).await.map_err(self.fail())?;
        Ok(found.map(|stored| stored.bytes))
    }

    fn fail(&self) -> impl FnOnce(StoreError) -> LedgerError + use<> {
        let place = self.place();
        move |source| LedgerError::Store { place, source }
    }

    /// Carries out all steps of a task.
    async fn run<T: Task<Version> + Send>(&self, mut task: T) -> Result<T::Output, LedgerError> {
        let mut step = task.begin();
        loop {
            let answer = self.answer(step).await.map_err(self.fail())?;
            match task.next(answer) {
                Next::Do(next) => step = next,
                Next::Done(output) => return Ok(output),
            }
        }
    }

    async fn answer(&self, step: Step<Version>) -> Result<Answer<Version>, StoreError> {
        let answer = match step {
            Step::Get(key) => {
                let found = self.store.get(&key).await?;
                Answer::Found(found.map(|stored| (stored.bytes, stored.version)))
            }
            Step::List(prefix) => Answer::Listed(self.store.list(&prefix).await?),
            Step::Put { key, bytes, when } => {
                let when = match when {
                    Condition::Absent => When::Absent,
                    Condition::Still(version) => When::Still(version),
                };
                match self.store.put(&key, bytes, when).await {
                    Err(StoreError::Conflict { .. }) => Answer::Conflict,
                    written => Answer::Written(written?),
                }
            }
            Step::Remove { key, version } => match self.store.delete(&key, Some(&version)).await {
                Err(StoreError::Conflict { .. }) => Answer::Conflict,
                removed => {
                    removed?;
                    Answer::Removed
                }
            },
        };
        Ok(answer)
    }
}

#[cfg(test)]
mod tests;
