//! What Data Factory keeps: factories, their resources, and the records of runs.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use adf_model::{Kind, ResourceId};
use adf_runtime::{ActivityRunRecord, PipelineRunRecord};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::deployments::History;
use super::going::{self, Active};
use super::place::FactoryPath;
use crate::store::{StoreError, Table};

/// A factory.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FactoryRow {
    pub(crate) path: FactoryPath,
    pub(crate) etag: String,
    pub(crate) created: String,
    pub(crate) body: Map<String, Value>,
}

/// A resource of a factory.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ResourceRow {
    pub(crate) name: String,
    pub(crate) etag: String,
    pub(crate) published: String,
    pub(crate) properties: Value,
    /// Whether a caller subscribed a trigger to its events.
    #[serde(default)]
    pub(crate) subscribed: bool,
    /// What the service knows beside the document.
    #[serde(default)]
    pub(crate) behind: Map<String, Value>,
}

/// A pipeline run.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RunRow {
    pub(crate) factory: FactoryPath,
    /// What it was given, as it was given; for a rerun.
    pub(crate) arguments: Map<String, Value>,
    pub(crate) record: PipelineRunRecord,
}

/// A trigger run.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct TriggerRunRow {
    pub(crate) factory: FactoryPath,
    pub(crate) record: Value,
}

/// All of Data Factory.
pub(crate) struct Store {
    /// Registrations of resource providers, by `subscription/namespace`.
    pub(crate) providers: Table<String>,
    /// Resource groups, by `subscription/name`.
    pub(crate) groups: Table<Value>,
    pub(crate) factories: Table<FactoryRow>,
    pub(crate) resources: Table<ResourceRow>,
    pub(crate) runs: Table<RunRow>,
    pub(crate) activities: Table<ActivityRunRecord>,
    pub(crate) trigger_runs: Table<TriggerRunRow>,
    /// Deployments of templates.
    pub(super) deployments: History,
    /// What runs now.
    pub(crate) active: Active,
    writing: Mutex<()>,
}

impl Store {
    /// Opens everything below `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let store = Self {
            providers: Table::open(folder.join("providers"))?,
            groups: Table::open(folder.join("groups"))?,
            factories: Table::open(folder.join("factories"))?,
            resources: Table::open(folder.join("resources"))?,
            runs: Table::open(folder.join("runs"))?,
            activities: Table::open(folder.join("activities"))?,
            trigger_runs: Table::open(folder.join("trigger-runs"))?,
            deployments: History::open(folder.join("deployments"))?,
            active: Active::default(),
            writing: Mutex::default(),
        };
        going::close_what_was_left(&store)?;
        Ok(store)
    }

    /// Keeps others from writing while one request checks references and writes.
    pub(crate) fn exclusive(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A resource.
    pub(crate) fn resource(&self, factory: &FactoryPath, id: &ResourceId) -> Option<ResourceRow> {
        self.resources.get(&factory.key_of(id))
    }

    /// The resources of a kind.
    pub(crate) fn of_kind(
        &self,
        factory: &FactoryPath,
        kind: Kind,
        parent: Option<&str>,
    ) -> Vec<ResourceRow> {
        let below = self
            .resources
            .list_below(&factory.key_of_kind(kind, parent));
        below.into_iter().map(|(_, row)| row).collect()
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let _writing = self.exclusive();
        self.providers.clear()?;
        self.groups.clear()?;
        self.factories.clear()?;
        self.resources.clear()?;
        self.runs.clear()?;
        self.activities.clear()?;
        self.deployments.clear()?;
        self.trigger_runs.clear()
    }
}
