//! The process that executes statements: started by the first one, and again where it has ended.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::databricks::Workspace;
use crate::databricks::jobs::surroundings;
use crate::notebook::{Executed, Queries};

#[derive(Default)]
pub(super) struct Engine(Mutex<Option<Arc<Queries>>>);

impl Engine {
    /// Executes a statement, or says why nobody does.
    pub(super) async fn execute(
        &self,
        workspace: &Workspace,
        id: &str,
        fields: &Map<String, Value>,
    ) -> Result<Executed, String> {
        let queries = self.queries(workspace).await?;
        let catalogs = workspace.unity_catalog().catalogs();
        let mut order = json!({
            "id": id,
            "catalogs": catalogs.map_err(|refusal| refusal.to_string())?,
            "mounts": workspace.mounts().list(),
        });
        for name in ["statement", "catalog", "schema", "parameters", "row_limit"] {
            if let Some(value) = fields.get(name) {
                order[name] = value.clone();
            }
        }
        Ok(queries.execute(id, order).await)
    }

    /// Asks a statement to end.
    pub(super) async fn cancel(&self, id: &str) {
        if let Some(queries) = &*self.0.lock().await {
            queries.cancel(id);
        }
    }

    async fn queries(&self, workspace: &Workspace) -> Result<Arc<Queries>, String> {
        let mut running = self.0.lock().await;
        if let Some(queries) = running.as_ref().filter(|queries| !queries.has_ended()) {
            return Ok(Arc::clone(queries));
        }
        let python = workspace
            .python()
            .await
            .map_err(|error| error.to_string())?;
        let request = surroundings(workspace, python.clone());
        let started = Queries::start(request, workspace.stopping().clone()).await;
        let started = Arc::new(started.map_err(|error| error.to_string())?);
        *running = Some(Arc::clone(&started));
        Ok(started)
    }
}
