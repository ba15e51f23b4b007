//! The cluster that a deployment relies on.

use std::time::Duration;

use dataops_solution::Solution;
use dataops_solution::settings::{ClusterSettings, SecretPlace};
use rest_core::Wait;

use super::{Libraries, Wanted};
use crate::connection::Connection;
use crate::workspace::WorkspaceError;
use crate::workspace::mounts::{self, Mounting};

/// The environment's cluster; an emulator has one where nothing is said of any.
pub(crate) fn settings(connection: &Connection) -> Option<ClusterSettings> {
    let databricks = connection.environment().databricks.as_ref();
    let cluster = databricks.and_then(|settings| settings.cluster.clone());
    let local = || {
        let is_emulated = connection.is_emulated();
        is_emulated.then(|| ClusterSettings::named("local"))
    };
    cluster.or_else(local)
}

/// Finds or creates the environment's cluster, brings it to its specification with its libraries and, on an emulator, mounts the
/// containers. Gives the cluster's id. A library that does not install is an error. `on_state` is told what the service does meanwhile;
/// each of these may take as long as the patience lasts.
pub(crate) async fn prepare_cluster(
    solution: &Solution,
    connection: &Connection,
    patience: Duration,
    on_state: &(dyn Fn(&str) + Sync),
) -> Result<Option<String>, WorkspaceError> {
    let client = connection.databricks()?;
    let is_emulated = connection.is_emulated();
    let Some(cluster) = settings(connection) else {
        return Ok(None);
    };
    let wanted = Wanted::of(&client, solution, is_emulated, &cluster, is_emulated).await;
    let (wanted, libraries) = wanted?;
    let wait = Wait::up_to(patience);
    let (id, _) = wanted.ensure(&client, wait, on_state).await?;
    wanted.start(&client, &id, wait, on_state).await?;
    if !libraries.is_empty() {
        let found = Libraries::find(&client, &id, &libraries).await?;
        found
            .install(&client, &id, &libraries, &wanted.sent, wait, on_state)
            .await?;
    }
    let mounts = &solution.settings.storage.mounts;
    if let Some(account) = connection.storage_account()
        && is_emulated
        && !mounts.is_empty()
    {
        let mounting = Mounting {
            account,
            mounts,
            key: SecretPlace::new(mounts::SCOPE, account),
        };
        let key = connection.storage_account_key(account).await;
        let key = key.map_err(WorkspaceError::step("reading the storage account's key"))?;
        mounts::keep_key(&client, &mounting.key, &key).await?;
        mounting.mount(&client, &id, patience).await?;
    }
    Ok(Some(id))
}
