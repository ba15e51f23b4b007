//! The journal: which triggers a deployment stops, written before it stops the first one.
//!
//! A deployment that is killed leaves it. Whoever comes next, on whatever machine, reads there which triggers have to run again.

use std::sync::Arc;

use azure_core::time::{OffsetDateTime, to_rfc3339};
use dataops_plan::{Digest, FactoryAddress, Live, ResourceKey, TriggerState};
use serde::{Deserialize, Serialize};

use crate::store::{Store, StoreError, Version, When, part};

/// The version of the journal's form.
const SCHEMA: u32 = 1;

/// Which triggers a deployment has stopped, and the state that each has to get back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Journal {
    schema: u32,
    /// The environment's name.
    pub environment: String,
    /// The factory.
    pub factory: Option<FactoryAddress>,
    /// The digest of the plan that was carried out.
    pub plan: Option<Digest>,
    /// When it was begun.
    pub since: String,
    /// Who began it: a CI run, or somebody on a machine.
    pub by: String,
    /// The triggers, in the order in which they are stopped.
    pub triggers: Vec<JournalEntry>,
}

/// A trigger in a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Which.
    pub trigger: ResourceKey,
    /// Its type.
    pub kind: String,
    /// The state that it has to get back to.
    pub target: TriggerState,
    /// Whether the deployment deletes it, so that it may be gone.
    #[serde(default)]
    pub may_be_gone: bool,
    /// Whether the deployment deletes it and creates it anew: where it is gone, it has to come again.
    #[serde(default)]
    pub comes_again: bool,
}

impl Journal {
    pub(super) fn new(
        environment: &str,
        factory: Option<FactoryAddress>,
        plan: Option<Digest>,
        by: &str,
        triggers: Vec<JournalEntry>,
    ) -> Self {
        Self {
            schema: SCHEMA,
            environment: environment.to_owned(),
            factory,
            plan,
            since: to_rfc3339(&OffsetDateTime::now_utc()),
            by: by.to_owned(),
            triggers,
        }
    }

    /// Whether both were written by one deployment, or by others of just the same.
    fn is_of_same_plan(&self, other: &Self) -> bool {
        self.plan.is_some() && self.plan == other.plan && self.by == other.by
    }

    /// A factory as whoever finishes this journal has to see it: what was stopped counts as started, and what was deleted to be created
    /// anew as something that ran.
    #[must_use]
    pub fn seen_in(&self, live: Live) -> Live {
        let comes =
            |entry: &&JournalEntry| entry.comes_again && entry.target == TriggerState::Started;
        let coming = self.triggers.iter().filter(comes);
        live.with_started(self.started())
            .with_ran(coming.map(|entry| &entry.trigger))
    }

    /// The triggers that have to run again.
    pub fn started(&self) -> impl Iterator<Item = &ResourceKey> {
        let started = |entry: &&JournalEntry| entry.target == TriggerState::Started;
        self.triggers
            .iter()
            .filter(started)
            .map(|entry| &entry.trigger)
    }
}

/// The journal could not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be read or written.
    #[error("the journal in {place}")]
    Store {
        /// Where it is.
        place: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// It is not what this program writes.
    #[error("the journal `{key}` in {place} is none that this program can read: {reason}")]
    Malformed {
        /// Where it is.
        place: String,
        /// Its key.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

/// Keeps the journal of one factory.
#[derive(Clone, Debug)]
pub struct Keeper {
    store: Arc<dyn Store>,
    key: String,
    by: String,
}

/// A journal that is kept, and its version.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The journal.
    pub journal: Journal,
    version: Version,
}

impl Keeper {
    /// Keeps the journal of a factory in a store, in the name of somebody.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        environment: &str,
        factory: &str,
        by: impl Into<String>,
    ) -> Self {
        Self {
            store,
            key: format!("journal/{}/{}", part(environment), part(factory)),
            by: by.into(),
        }
    }

    /// In whose name.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by
    }

    /// Where it is kept, for people.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}, `{}`", self.store.place(), self.key)
    }

    fn fail(&self) -> impl FnOnce(StoreError) -> JournalError {
        let place = self.store.place();
        move |source| JournalError::Store { place, source }
    }

    /// Writes something beside the journal and removes it: where that fails, a deployment could not tell which triggers it stops.
    ///
    /// # Errors
    ///
    /// Why it cannot be kept.
    pub async fn try_out(&self) -> Result<(), JournalError> {
        let key = format!("{}=trial", self.key);
        let written = self.store.put(&key, Vec::new(), When::Always).await;
        written.map_err(self.fail())?;
        let removed = self.store.delete(&key, None).await;
        removed.map_err(self.fail())
    }

    /// Puts a journal aside, whatever is in it, and tells where it is then; nothing where there is none. No deployment finishes it any
    /// more.
    ///
    /// # Errors
    ///
    /// When it cannot be moved; it then stands where it was.
    pub async fn put_aside(&self) -> Result<Option<String>, JournalError> {
        let Some(stored) = self.store.get(&self.key).await.map_err(self.fail())? else {
            return Ok(None);
        };
        let digest = Digest::of_bytes(&stored.bytes);
        let aside = format!("{}=aside-{}", self.key, &digest.as_str()[..12]);
        let kept = self.store.put(&aside, stored.bytes, When::Always).await;
        kept.map_err(self.fail())?;
        let removed = self.store.delete(&self.key, Some(&stored.version)).await;
        removed.map_err(self.fail())?;
        Ok(Some(aside))
    }

    /// The journal that another deployment has left, or keeps.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn read(&self) -> Result<Option<Kept>, JournalError> {
        let Some(stored) = self.store.get(&self.key).await.map_err(self.fail())? else {
            return Ok(None);
        };
        let malformed = |reason: String| JournalError::Malformed {
            place: self.store.place(),
            key: self.key.clone(),
            reason,
        };
        let journal: Journal =
            serde_json::from_slice(&stored.bytes).map_err(|error| malformed(error.to_string()))?;
        if journal.schema != SCHEMA {
            return Err(malformed(format!("its schema is {}", journal.schema)));
        }
        Ok(Some(Kept {
            journal,
            version: stored.version,
        }))
    }

    /// Writes a journal over the one that was seen, or where there was none.
    pub(super) async fn write(
        &self,
        journal: Journal,
        seen: Option<&Kept>,
    ) -> Result<Kept, JournalError> {
        let bytes = serde_json::to_vec_pretty(&journal).expect("a journal has text keys only");
        let when = match seen {
            Some(kept) => When::Still(kept.version.clone()),
            None => When::Absent,
        };
        let version = match self.store.put(&self.key, bytes.clone(), when).await {
            // It may be what was just written, or was written before, and only the answer was lost.
            Err(StoreError::Conflict { key }) => match self.read().await? {
                Some(there) if there.journal == journal => there.version,
                Some(there) if there.journal.is_of_same_plan(&journal) => {
                    let when = When::Still(there.version);
                    let written = self.store.put(&self.key, bytes, when).await;
                    written.map_err(self.fail())?
                }
                _ => return Err(self.fail()(StoreError::Conflict { key })),
            },
            written => written.map_err(self.fail())?,
        };
        Ok(Kept { journal, version })
    }

    /// Ends a journal: all that it tells is done.
    ///
    /// One that stays would start triggers again which somebody has stopped meanwhile, so a failed call is made once more.
    pub(super) async fn end(&self, kept: &Kept) -> Result<(), JournalError> {
        let ended = self.store.delete(&self.key, Some(&kept.version)).await;
        let Err(error) = ended else { return Ok(()) };
        // Only the answer may have been lost, of this call or of the one that wrote it.
        let Ok(there) = self.read().await else {
            return Err(self.fail()(error));
        };
        let is_ours = |there: &Kept| {
            there.version == kept.version || there.journal.is_of_same_plan(&kept.journal)
        };
        match there.filter(is_ours) {
            Some(there) => {
                let ended = self.store.delete(&self.key, Some(&there.version)).await;
                ended.map_err(self.fail())
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::store::FolderStore;

    fn keeper(folder: &std::path::Path) -> Keeper {
        Keeper::new(Arc::new(FolderStore::new(folder)), "qa", "adf-qa", "ada")
    }

    #[test]
    fn a_damaged_journal_is_put_aside_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = keeper(folder.path());
        assert_eq!(block_on(keeper.put_aside()).unwrap(), None);
        let path = folder.path().join("journal/qa");
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join("adf-qa"), "{").unwrap();
        let damaged = block_on(keeper.read());
        assert!(matches!(damaged, Err(JournalError::Malformed { .. })));

        let aside = block_on(keeper.put_aside()).unwrap().unwrap();

        assert!(block_on(keeper.read()).unwrap().is_none());
        assert_eq!(std::fs::read(folder.path().join(aside)).unwrap(), b"{");
    }

    #[test]
    fn a_journal_that_cannot_be_kept_is_known_beforehand() {
        let folder = tempfile::tempdir().unwrap();
        block_on(keeper(folder.path()).try_out()).unwrap();
        let left = std::fs::read_dir(folder.path().join("journal/qa")).unwrap();
        assert_eq!(left.count(), 0);
        std::fs::write(folder.path().join("file"), "").unwrap();

        let tried = block_on(keeper(&folder.path().join("file")).try_out());

        assert!(
            matches!(tried, Err(JournalError::Store { .. })),
            "{tried:?}"
        );
    }
}
