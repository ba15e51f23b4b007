//! Clusters (REST: Clusters 2.1).

mod ensure;
mod events;

use std::collections::BTreeMap;
use std::fmt;

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use events::{ClusterEvent, ClusterEvents};

use crate::WorkspaceClient;
use crate::page::token_page;
use crate::wire::{self, display_as_sent};

/// Clusters of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Clusters<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// What a new cluster is like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterSpec {
    /// Its name; absent for the cluster of a job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_name: Option<String>,
    /// The runtime, such as `15.4.x-scala2.12`.
    pub spark_version: String,
    /// The machine size of the workers, such as `Standard_D4ds_v5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_type_id: Option<String>,
    /// The machine size of the driver; that of the workers when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_node_type_id: Option<String>,
    /// How many workers; not together with `autoscale`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num_workers: Option<u32>,
    /// Between how many workers the service chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autoscale: Option<Autoscale>,
    /// After how many idle minutes it stops: 10 to 10000, 0 for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autotermination_minutes: Option<u32>,
    /// Spark settings.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub spark_conf: BTreeMap<String, String>,
    /// Environment variables.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub spark_env_vars: BTreeMap<String, String>,
    /// Tags.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "wire::null_as_default"
    )]
    pub custom_tags: BTreeMap<String, String>,
    /// The cluster policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// The pool that machines come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_pool_id: Option<String>,
    /// Who may use it and how, such as `SINGLE_USER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_security_mode: Option<String>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Bounds of the number of workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autoscale {
    /// The fewest workers.
    pub min_workers: u32,
    /// The most workers.
    pub max_workers: u32,
}

/// The answer to a creation.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ClusterCreated {
    /// The new cluster's id.
    pub cluster_id: String,
}

/// What a cluster does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ClusterState {
    /// It starts.
    Pending,
    /// It runs.
    Running,
    /// It restarts.
    Restarting,
    /// It changes its number of workers.
    Resizing,
    /// It stops.
    Terminating,
    /// It stands still and can be started.
    Terminated,
    /// It cannot be used.
    Error,
    /// One that this version does not know; the service itself says `UNKNOWN` at times.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(ClusterState);

/// Why a cluster stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TerminationReason {
    /// Such as `INACTIVITY` or `CLOUD_PROVIDER_LAUNCH_FAILURE`.
    pub code: Option<String>,
    /// `SUCCESS`, `CLIENT_ERROR`, `SERVICE_FAULT` or `CLOUD_FAILURE`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Further particulars, such as `databricks_error_message`.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub parameters: BTreeMap<String, String>,
}

impl fmt::Display for TerminationReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code.as_deref().unwrap_or("no reason given"))?;
        for (name, value) in &self.parameters {
            write!(out, ", {name}: {value}")?;
        }
        Ok(())
    }
}

/// A cluster.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Cluster {
    /// Its id.
    pub cluster_id: String,
    /// Its name.
    pub cluster_name: Option<String>,
    /// What it does.
    pub state: ClusterState,
    /// What the service says about that.
    pub state_message: Option<String>,
    /// Why it stopped.
    pub termination_reason: Option<TerminationReason>,
    /// The runtime.
    pub spark_version: Option<String>,
    /// The machine size of the workers.
    pub node_type_id: Option<String>,
    /// How many workers.
    pub num_workers: Option<u32>,
    /// Between how many workers the service chooses.
    pub autoscale: Option<Autoscale>,
    /// After how many idle minutes it stops.
    pub autotermination_minutes: Option<u32>,
    /// Who made it.
    pub creator_user_name: Option<String>,
    /// What made it: `UI`, `API`, `JOB` and others.
    pub cluster_source: Option<String>,
    /// When it was made, in milliseconds since the epoch.
    pub start_time: Option<i64>,
    /// When it stopped last, in milliseconds since the epoch.
    pub terminated_time: Option<i64>,
    /// Its tags.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub custom_tags: BTreeMap<String, String>,
    /// What it was made from, as it was written last; older workspaces do not tell it.
    pub spec: Option<Map<String, Value>>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

token_page!(
    /// A page of clusters.
    ClusterList,
    /// The clusters.
    clusters: Cluster
);

/// Options for [`Clusters::list`].
#[derive(Clone, Debug, Default)]
pub struct ClusterListOptions {
    /// Only clusters in one of these states.
    pub states: Vec<ClusterState>,
    /// Only clusters of one of these sources, such as `UI` or `API`.
    pub sources: Vec<String>,
    /// Only clusters of this policy.
    pub policy_id: Option<String>,
    /// How many clusters make a page, at most 100.
    pub page_size: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

impl Clusters<'_> {
    /// Creates a cluster, which then starts: `POST /api/2.1/clusters/create`. Not repeated when the answer is lost: the
    /// cluster may exist.
    pub async fn create(
        &self,
        spec: &ClusterSpec,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<ClusterCreated>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.1/clusters/create", spec)
            .context(&options.context)
            .send()
            .await
    }

    /// A cluster by its id: `GET /api/2.1/clusters/get`.
    pub async fn get(
        &self,
        cluster_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Cluster>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.1/clusters/get")
            .query("cluster_id", Some(cluster_id))
            .context(&options.context)
            .send()
            .await
    }

    /// Lists clusters: `GET /api/2.1/clusters/list`.
    pub fn list(&self, options: Option<ClusterListOptions>) -> Pager<ClusterList> {
        let options = options.unwrap_or_default();
        let mut url = self.client.at("2.1/clusters/list");
        let mut query = url.query_pairs_mut();
        for state in &options.states {
            query.append_pair("filter_by.cluster_states", &state.to_string());
        }
        for source in &options.sources {
            query.append_pair("filter_by.cluster_sources", source);
        }
        if let Some(policy) = &options.policy_id {
            query.append_pair("filter_by.policy_id", policy);
        }
        query.append_pair("page_size", &options.page_size.unwrap_or(100).to_string());
        drop(query);
        self.client.rest().list(url, Some(options.method_options))
    }

    /// Changes the fields that `spec` has, and empties those of `emptied`: `POST /api/2.1/clusters/update`. Everything else stays. A
    /// cluster that runs restarts; one that stands still goes on doing so; in any other state it is refused with `INVALID_STATE`.
    pub async fn update(
        &self,
        cluster_id: &str,
        spec: &Map<String, Value>,
        emptied: &[&str],
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let fields = spec.keys().map(String::as_str);
        let fields: Vec<_> = fields.chain(emptied.iter().copied()).collect();
        let body =
            json!({ "cluster_id": cluster_id, "update_mask": fields.join(","), "cluster": spec });
        self.client
            .post("2.1/clusters/update", &body)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// What happened to a cluster, the latest first: `POST /api/2.1/clusters/events`. One page of at most `most` events, of which the
    /// service gives up to 500.
    pub async fn events(
        &self,
        cluster_id: &str,
        most: u32,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<ClusterEvents>> {
        let options = options.unwrap_or_default();
        let body = json!({ "cluster_id": cluster_id, "order": "DESC", "limit": most });
        self.client
            .post("2.1/clusters/events", &body)
            .context(&options.context)
            .repeatable()
            .send()
            .await
    }

    /// Starts a cluster that stands still: `POST /api/2.1/clusters/start`. One in another state is refused with
    /// `INVALID_STATE`; see [`Clusters::ensure_running`].
    pub async fn start(
        &self,
        cluster_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.1/clusters/start", &json!({ "cluster_id": cluster_id }))
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Stops a cluster, which can be started again: `POST /api/2.1/clusters/delete`. One that stands still is fine.
    pub async fn delete(
        &self,
        cluster_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.1/clusters/delete", &json!({ "cluster_id": cluster_id }))
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }
}
