//! Batch endpoints: names that stay while the deployments behind them change, and the jobs that are started through them.
//!
//! A resource is made by the time that somebody asks again: the answer to a PUT says `Creating` or `Updating` and where to ask how it
//! goes, as the service does, and the first such question is answered by `Succeeded`. Facts that no specification has (headers,
//! codes, what is filled in) are those of the service's answers that azure-ai-ml was tested with.

mod deployments;
mod endpoints;
mod jobs;
mod operations;
mod resource;
mod routes;

use std::path::Path;

use super::refusal::Refusal;
use crate::store::{StoreError, Table};
use operations::Operations;
use resource::Resource;

pub(super) use routes::{is_resource, is_scoring, operation, resource, scoring};

/// All endpoints with what is behind them.
pub(super) struct Batch {
    endpoints: Table<Resource>,
    /// By endpoint and name.
    deployments: Table<Resource>,
    jobs: Table<jobs::Job>,
    operations: Operations,
    /// Makes "look, then write" one step.
    writing: tokio::sync::Mutex<()>,
}

impl Batch {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            endpoints: Table::open(dir.join("batch-endpoints"))?,
            deployments: Table::open(dir.join("batch-deployments"))?,
            jobs: Table::open(dir.join("batch-jobs"))?,
            operations: Operations::default(),
            writing: tokio::sync::Mutex::default(),
        })
    }
}

/// A workspace in Azure Resource Manager, and the endpoint that a call is about.
#[derive(Clone, Copy)]
struct Place<'p> {
    /// The workspace's resource id.
    scope: &'p str,
    endpoint: &'p str,
}

impl Place<'_> {
    /// The endpoint's resource id.
    fn id(self) -> String {
        format!("{}/batchEndpoints/{}", self.scope, self.endpoint)
    }

    /// The endpoint's row. Names are told apart without regard to case.
    fn key(self) -> String {
        self.endpoint.to_ascii_lowercase()
    }

    fn deployment_id(self, name: &str) -> String {
        format!("{}/deployments/{name}", self.id())
    }

    fn deployment_key(self, name: &str) -> String {
        format!("{}/{}", self.key(), name.to_ascii_lowercase())
    }

    fn no_endpoint(self) -> Refusal {
        let workspace = self.scope.rsplit('/').next().unwrap_or_default();
        let message = format!(
            "There is no endpoint with name: {} in {workspace}",
            self.endpoint
        );
        Refusal::no_resource("NoSuchEndpoint", message)
    }

    fn no_deployment(self, name: &str) -> Refusal {
        let message = format!(
            "There is no deployment with name: {name} in {}",
            self.endpoint
        );
        Refusal::no_resource("NoSuchDeployment", message)
    }
}
