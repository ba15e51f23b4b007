//! What a smoke test has in the containers, written down before it is made: one that is killed leaves it for the next to remove.

use std::sync::Arc;

use azure_core::time::{OffsetDateTime, parse_rfc3339, to_rfc3339};
use serde::{Deserialize, Serialize};

use super::{Canary, Cleaned, SmokeError, cleanup, ended, limits};
use crate::connection::Connection;
use crate::run::{RunOptions, Runs};
use crate::store::{Store, StoreError, When, part};

/// The version of the form.
const SCHEMA: u32 = 1;

/// Where a smoke test writes, and where its run is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trace {
    schema: u32,
    pipeline: String,
    folder: String,
    containers: Vec<String>,
    since: String,
    /// Nothing before the start was answered.
    run_id: Option<String>,
}

impl Trace {
    pub(super) fn new(pipeline: &str, canary: &Canary, containers: Vec<String>) -> Self {
        Self {
            schema: SCHEMA,
            pipeline: pipeline.to_owned(),
            folder: canary.folder.clone(),
            containers,
            since: to_rfc3339(&OffsetDateTime::now_utc()),
            run_id: None,
        }
    }

    pub(super) fn with_run(&self, run_id: &str) -> Self {
        Self {
            run_id: Some(run_id.to_owned()),
            ..self.clone()
        }
    }

    pub(super) fn containers(&self) -> &[String] {
        &self.containers
    }

    /// The runs that it may have started: the one that is known, otherwise those that were given its folder.
    async fn runs(&self, runs: &Runs) -> azure_core::Result<Vec<String>> {
        if let Some(run_id) = &self.run_id {
            return Ok(vec![run_id.clone()]);
        }
        // The service's clock may be behind.
        let since = parse_rfc3339(&self.since)? - azure_core::time::Duration::minutes(5);
        runs.given(&self.pipeline, &self.folder, since).await
    }
}

/// Where the smoke tests of an environment are written down.
#[derive(Clone, Debug)]
pub struct Traces {
    store: Arc<dyn Store>,
    prefix: String,
}

/// A smoke test that was killed, and what was removed of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Killed {
    /// Its folder.
    pub folder: String,
    /// When it began.
    pub since: String,
    /// What was removed.
    pub cleaned: Cleaned,
}

impl Traces {
    pub(crate) fn new(store: Arc<dyn Store>, environment: &str) -> Self {
        let prefix = format!("smoke/{}/", part(environment));
        Self { store, prefix }
    }

    /// Writes down what a test is about to do, or more of it.
    pub(super) async fn write(&self, trace: &Trace) -> Result<(), SmokeError> {
        let bytes = serde_json::to_vec_pretty(trace).unwrap_or_default();
        let key = self.key(&trace.folder);
        let put = self.store.put(&key, bytes, When::Always);
        put.await.map(drop).map_err(|error| self.fail(error))
    }

    /// Nothing is left of a test.
    pub(super) async fn forget(&self, folder: &str) -> Result<(), SmokeError> {
        let removed = self.store.delete(&self.key(folder), None).await;
        removed.map_err(|error| self.fail(error))
    }

    /// Removes what earlier tests have left that were killed, and ends their runs. Only who has the lease of the environment may ask: the
    /// others may be at work.
    ///
    /// # Errors
    ///
    /// When what they have written down cannot be read.
    pub async fn remove_left(&self, connection: &Connection) -> Result<Vec<Killed>, SmokeError> {
        let keys = self.store.list(&self.prefix).await;
        let mut killed = Vec::new();
        for key in keys.map_err(|error| self.fail(error))? {
            let stored = self.store.get(&key).await;
            let Some(stored) = stored.map_err(|error| self.fail(error))? else {
                continue;
            };
            let trace = serde_json::from_slice(&stored.bytes).ok();
            let Some(trace) = trace.filter(|trace: &Trace| trace.schema == SCHEMA) else {
                // What another version has written is left to it.
                continue;
            };
            let cleaned = remove(connection, &trace).await?;
            if cleaned.left.is_empty() {
                self.forget(&trace.folder).await?;
            }
            killed.push(Killed {
                folder: trace.folder,
                since: trace.since,
                cleaned,
            });
        }
        Ok(killed)
    }

    fn key(&self, folder: &str) -> String {
        format!("{}{}.json", self.prefix, part(folder))
    }

    fn fail(&self, source: StoreError) -> SmokeError {
        SmokeError::Trace {
            place: self.store.place(),
            source,
        }
    }
}

async fn remove(connection: &Connection, trace: &Trace) -> Result<Cleaned, SmokeError> {
    let runs = Runs::new(connection)?;
    let mut folders = vec![trace.folder.clone()];
    let mut untold = Vec::new();
    match trace.runs(&runs).await {
        Ok(found) => {
            for run_id in found {
                folders.extend(end(&runs, &run_id).await);
            }
        }
        Err(error) => untold.push(format!("its runs cannot be looked for: {error}")),
    }
    let mut cleaned = cleanup::remove(connection, &trace.containers, &folders).await;
    cleaned.left.extend(untold);
    Ok(cleaned)
}

/// Cancels a run that goes on, and gives its id with those of the runs that it has started.
async fn end(runs: &Runs, run_id: &str) -> Vec<String> {
    let mut run = runs.get(run_id).await.ok();
    if run.as_ref().is_some_and(|run| !run.is_final()) {
        // One that has ended meanwhile cannot be cancelled.
        let _ = runs.cancel(run_id).await;
        let wait = RunOptions {
            timeout: limits::UNTIL_CANCELLED,
            cancel_on_timeout: false,
        };
        run = runs.watch(run_id, wait, |_| {}).await.ok().or(run);
    }
    ended::run_ids(Some(run_id), run.as_ref())
}
