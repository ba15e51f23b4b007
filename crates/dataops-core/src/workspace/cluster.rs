//! The cluster of the local deployment.

use std::fs;
use std::path::Path;
use std::time::Duration;

use databricks_client::ClusterSpec;
use futures::TryStreamExt;
use rest_core::Wait;

use super::mounts;
use crate::connection::Connection;
use crate::deployment::DeployError;
use dataops_solution::Solution;

/// Finds or creates the environment's cluster and, on an emulator, mounts the containers. Gives the cluster's id.
pub(crate) async fn prepare_cluster(
    solution: &Solution,
    connection: &Connection,
) -> Result<Option<String>, DeployError> {
    let databricks = connection.databricks()?;
    let settings = connection
        .environment()
        .databricks
        .as_ref()
        .and_then(|settings| settings.cluster.as_ref());
    let (name, spec) = match settings {
        Some(cluster) => (
            cluster.name.clone(),
            cluster.spec.as_ref().map(|path| solution.path(path)),
        ),
        None if connection.is_emulated() => ("local".to_owned(), None),
        None => return Ok(None),
    };
    let step = |what: &str| DeployError::step(format!("{what} cluster `{name}`"));
    let clusters = databricks.clusters();
    let existing: Vec<_> = clusters
        .list(None)
        .try_collect()
        .await
        .map_err(step("looking for"))?;
    let found = existing
        .into_iter()
        .find(|cluster| cluster.cluster_name.as_deref() == Some(&name));
    let id = match found {
        Some(cluster) => cluster.cluster_id,
        None => {
            let spec = cluster_spec(&name, spec.as_deref())?;
            let created = clusters
                .create(&spec, None)
                .await
                .map_err(step("creating"))?;
            created.into_model().map_err(step("creating"))?.cluster_id
        }
    };
    let patience = Wait::up_to(Duration::from_secs(20 * 60));
    clusters
        .ensure_running(&id, patience, |_| {})
        .await
        .map_err(step("starting"))?;
    if connection.is_emulated() {
        mounts::mount(solution, connection, &databricks, &id).await?;
    }
    Ok(Some(id))
}

fn cluster_spec(name: &str, file: Option<&Path>) -> Result<ClusterSpec, DeployError> {
    let mut spec = match file {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|source| DeployError::File {
                path: path.to_owned(),
                source,
            })?;
            serde_json::from_str(&text).map_err(|error| DeployError::Malformed {
                path: path.to_owned(),
                reason: error.to_string(),
            })?
        }
        None => ClusterSpec {
            spark_version: "15.4.x-scala2.12".to_owned(),
            num_workers: Some(0),
            ..ClusterSpec::default()
        },
    };
    spec.cluster_name = Some(name.to_owned());
    Ok(spec)
}
