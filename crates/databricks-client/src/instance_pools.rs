//! Instance pools: machines that stand by for clusters (REST: Instance Pools 2.0).

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::WorkspaceClient;
use crate::wire;

/// Instance pools of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct InstancePools<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// An instance pool.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct InstancePool {
    /// Its id.
    pub instance_pool_id: String,
    /// Its name.
    pub instance_pool_name: String,
    /// `ACTIVE`, `STOPPED` or `DELETED`.
    pub state: Option<String>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// The instance pools of the workspace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct InstancePoolList {
    /// The pools.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub instance_pools: Vec<InstancePool>,
}

/// The answer to a creation.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct InstancePoolCreated {
    /// The new pool's id.
    pub instance_pool_id: String,
}

impl InstancePools<'_> {
    /// Lists the pools: `GET /api/2.0/instance-pools/list`.
    pub async fn list(
        &self,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<InstancePoolList>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/instance-pools/list")
            .context(&options.context)
            .send()
            .await
    }

    /// Creates a pool: `POST /api/2.0/instance-pools/create`. Not repeated when the answer is lost: the pool may exist.
    pub async fn create(
        &self,
        spec: &Map<String, Value>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<InstancePoolCreated>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/instance-pools/create", spec)
            .context(&options.context)
            .send()
            .await
    }

    /// Changes a pool: `POST /api/2.0/instance-pools/edit`. `spec` is whole, with the pool's id, name and machine size; the machine
    /// size cannot change.
    pub async fn edit(
        &self,
        spec: &Map<String, Value>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/instance-pools/edit", spec)
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }
}
