//! SQL warehouses (REST: SQL warehouses 2.0).

use std::sync::atomic::{AtomicU32, Ordering};

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use rest_core::{Polled, Wait, poll};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::is_passing;
use crate::page::token_page;
use crate::wire::display_as_sent;
use crate::{DatabricksError, WorkspaceClient};

/// A warehouse that was just started may be reported as it was before, this often at most.
const STALE_READS: u32 = 3;

/// SQL warehouses of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Warehouses<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// What a new warehouse is like.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WarehouseSpec {
    /// Its name, unique in the workspace.
    pub name: String,
    /// Its size, `2X-Small` to `5X-Large`.
    pub cluster_size: String,
    /// The fewest clusters that it has while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_num_clusters: Option<u32>,
    /// The most clusters that it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_num_clusters: Option<u32>,
    /// After how many idle minutes it stops: 10 or more, 0 for never; 120 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_stop_mins: Option<u32>,
    /// `PRO` or `CLASSIC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_type: Option<String>,
    /// Whether it is serverless.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_serverless_compute: Option<bool>,
    /// Every other field of the service, such as `channel`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// The answer to a creation.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct WarehouseCreated {
    /// The new warehouse's id.
    pub id: String,
}

/// What a warehouse does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum WarehouseState {
    /// It starts.
    Starting,
    /// It runs.
    Running,
    /// It stops.
    Stopping,
    /// It stands still.
    Stopped,
    /// It is being deleted.
    Deleting,
    /// It is gone.
    Deleted,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(WarehouseState);

/// A warehouse.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Warehouse {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it does.
    pub state: Option<WarehouseState>,
    /// Its size.
    pub cluster_size: Option<String>,
    /// `PRO` or `CLASSIC`.
    pub warehouse_type: Option<String>,
    /// Whether it is serverless.
    pub enable_serverless_compute: Option<bool>,
    /// After how many idle minutes it stops.
    pub auto_stop_mins: Option<u32>,
    /// Who made it.
    pub creator_name: Option<String>,
}

token_page!(
    /// A page of warehouses.
    WarehouseList,
    /// The warehouses.
    warehouses: Warehouse
);

impl Warehouses<'_> {
    /// Creates a warehouse: `POST /api/2.0/sql/warehouses`. Not repeated when the answer is lost.
    pub async fn create(
        &self,
        spec: &WarehouseSpec,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<WarehouseCreated>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/sql/warehouses", spec)
            .context(&options.context)
            .send()
            .await
    }

    /// Lists warehouses: `GET /api/2.0/sql/warehouses`.
    pub fn list(&self, options: Option<PagerOptions<'static>>) -> Pager<WarehouseList> {
        self.client
            .rest()
            .list(self.client.at("2.0/sql/warehouses"), options)
    }

    /// A warehouse by its id: `GET /api/2.0/sql/warehouses/{id}`.
    pub async fn get(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Warehouse>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .get(self.url([id])?)
            .context(&options.context)
            .send()
            .await
    }

    /// Starts a warehouse: `POST /api/2.0/sql/warehouses/{id}/start`. It runs some time after the answer.
    pub async fn start(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .post(self.url([id, "start"])?)
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Stops a warehouse: `POST /api/2.0/sql/warehouses/{id}/stop`.
    pub async fn stop(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .post(self.url([id, "stop"])?)
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Deletes a warehouse: `DELETE /api/2.0/sql/warehouses/{id}`.
    pub async fn delete(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .delete(self.url([id])?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Starts a warehouse and waits until it runs. One that is reported as it was before the start is asked for a few times
    /// more.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::WarehouseNotRunning`] when it stops instead; [`rest_core::TimedOut`] when the limit of `wait` is
    /// reached; those of [`Warehouses::start`] and [`Warehouses::get`].
    pub async fn ensure_running(&self, id: &str, wait: Wait) -> Result<Warehouse> {
        self.start(id, None).await?;
        let stale_reads = AtomicU32::new(STALE_READS);
        poll(&format!("starting warehouse {id}"), wait, || async {
            let warehouse = match self.get(id, None).await {
                Ok(answer) => answer.into_model()?,
                Err(error) if is_passing(&error) => return Ok(Polled::Pending(None)),
                Err(error) => return Err(error),
            };
            let may_be_stale = |state: &WarehouseState| match state {
                WarehouseState::Stopped | WarehouseState::Stopping => {
                    let fewer = |left: u32| left.checked_sub(1);
                    stale_reads
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer)
                        .is_ok()
                }
                _ => {
                    stale_reads.store(0, Ordering::Relaxed);
                    false
                }
            };
            match &warehouse.state {
                Some(WarehouseState::Running) => Ok(Polled::Done(warehouse)),
                Some(state) if may_be_stale(state) => Ok(Polled::Pending(None)),
                Some(
                    state @ (WarehouseState::Stopped
                    | WarehouseState::Deleting
                    | WarehouseState::Deleted),
                ) => {
                    let state = state.to_string();
                    Err(DatabricksError::WarehouseNotRunning {
                        id: warehouse.id,
                        state,
                    }
                    .into_error())
                }
                _ => Ok(Polled::Pending(None)),
            }
        })
        .await
    }

    fn url<const N: usize>(&self, names: [&str; N]) -> Result<Url> {
        self.client.at_names("2.0/sql/warehouses", names)
    }
}
