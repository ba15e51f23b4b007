//! The records of an environment, in the order in which they were written, and what shows when one was removed or edited.

mod append;
mod elsewhere;
mod verify;

use std::collections::BTreeSet;

use dataops_plan::Digest;
use serde::{Deserialize, Serialize};

pub use append::Append;
pub use verify::{Break, BreakKind};

use crate::record::{Deployment, Outcome, Record, Test};

/// Where the records of an environment are in a store.
///
/// The name of a record is its number: names are in the order of writing, and of two agents that write at once one has to take the
/// next number, for a record is only written where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    environment: String,
}

impl Keys {
    /// The keys of an environment, whose name has been made a part of a key.
    #[must_use]
    pub fn new(environment: impl Into<String>) -> Self {
        Self {
            environment: environment.into(),
        }
    }

    /// What the keys of all records begin with.
    #[must_use]
    pub fn records(&self) -> String {
        format!("records/{}/", self.environment)
    }

    /// The record with a number.
    #[must_use]
    pub fn record(&self, number: u64) -> String {
        format!("{}{number:08}.json", self.records())
    }

    /// The number of the last record, and its digest.
    #[must_use]
    pub fn head(&self) -> String {
        format!("heads/{}.json", self.environment)
    }

    /// The state that the factory was left in.
    #[must_use]
    pub fn state(&self, digest: &Digest) -> String {
        format!("states/{}/{digest}.json", self.environment)
    }

    /// The lease.
    #[must_use]
    pub fn lease(&self) -> String {
        format!("leases/{}.json", self.environment)
    }

    /// The number in the key of a record.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        let name = key.strip_prefix(&self.records())?.strip_suffix(".json")?;
        let number = name.parse().ok()?;
        (self.record(number) == key).then_some(number)
    }
}

/// The last record that was written, so that its removal is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// Its number.
    pub number: u64,
    /// Its digest.
    pub digest: Digest,
}

/// The records of an environment.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    environment: String,
    records: Vec<Record>,
    /// The records of beginnings whose ends are recorded.
    finished: BTreeSet<u64>,
    breaks: Vec<Break>,
}

impl Chain {
    /// The environment's name.
    #[must_use]
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// The records that can be read, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Where the chain is not as it was written.
    #[must_use]
    pub fn breaks(&self) -> &[Break] {
        &self.breaks
    }

    /// The record with a number.
    #[must_use]
    pub fn record(&self, number: u64) -> Option<&Record> {
        let found = self
            .records
            .binary_search_by_key(&number, |record| record.number);
        found.ok().map(|at| &self.records[at])
    }

    /// The deployments, in order: each one by the record of its end or, where there is none, by that of its beginning. An attempt that
    /// ended before it changed anything is none.
    pub fn deployments(&self) -> impl DoubleEndedIterator<Item = (&Record, &Deployment)> {
        let records = self.records.iter();
        let deployments = records.filter_map(|record| Some((record, record.deployment()?)));
        let deployments = deployments.filter(|(_, it)| !it.has_changed_nothing());
        deployments.filter(|(record, _)| !self.finished.contains(&record.number))
    }

    /// The deployments that have begun and did not end: killed, or still at work.
    pub fn unfinished(&self) -> impl DoubleEndedIterator<Item = (&Record, &Deployment)> {
        self.deployments()
            .filter(|(_, deployment)| deployment.outcome == Outcome::Begun)
    }

    /// The last deployment that did not end, and whose work no state tells: since then at most parts were deployed, whose states have the
    /// rest as it was before.
    #[must_use]
    pub fn untold(&self) -> Option<(&Record, &Deployment)> {
        let deployments = self.deployments().rev();
        let mut since = deployments.take_while(|(_, it)| it.state.is_none() || it.is_part());
        since.find(|(_, it)| it.outcome == Outcome::Begun)
    }

    /// Whether a record is that of the beginning of a deployment of which another one tells the end.
    #[must_use]
    pub fn is_finished(&self, number: u64) -> bool {
        self.finished.contains(&number)
    }

    /// The tests, in order.
    pub fn tests(&self) -> impl DoubleEndedIterator<Item = (&Record, &Test)> {
        let records = self.records.iter();
        records.filter_map(|record| Some((record, record.test()?)))
    }

    /// The last deployment.
    #[must_use]
    pub fn last_deployment(&self) -> Option<(&Record, &Deployment)> {
        self.deployments().next_back()
    }
}

#[cfg(test)]
mod tests;
