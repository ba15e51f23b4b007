//! What a deployment would do with the cluster and its libraries. Nothing is changed.

use databricks_client::Library;
use dataops_plan::{ClusterAction, ClusterPlan};
use dataops_solution::Solution;

use super::deployment::settings;
use super::{Libraries, Wanted};
use crate::connection::Connection;
use crate::workspace::WorkspaceError;

/// Compares the environment's cluster and its libraries with what they ought to be; nothing where the environment has none.
///
/// # Errors
///
/// What kept the workspace from being read, and a cluster that could not be made: it is missing and has no specification.
pub async fn plan_cluster(
    solution: &Solution,
    connection: &Connection,
) -> Result<Option<ClusterPlan>, WorkspaceError> {
    let Some(settings) = settings(connection) else {
        return Ok(None);
    };
    let client = connection.databricks()?;
    let is_emulated = connection.is_emulated();
    let wanted = Wanted::of(&client, solution, is_emulated, &settings, is_emulated).await;
    let (wanted, libraries) = wanted?;
    let found = wanted.find(&client).await?;
    let names = |libraries: &[Library]| libraries.iter().map(ToString::to_string).collect();
    let (action, changes, install) = match found {
        None => {
            wanted.can_be_made()?;
            (ClusterAction::Create, Vec::new(), names(&libraries))
        }
        Some(found) => {
            let missing = match libraries.is_empty() {
                true => Vec::new(),
                false => {
                    let id = &found.cluster.cluster_id;
                    Libraries::find(&client, id, &libraries).await?.missing
                }
            };
            let action = match found.change.is_empty() {
                true => ClusterAction::Unchanged,
                false => ClusterAction::Update,
            };
            (action, found.change.places, names(&missing))
        }
    };
    Ok(Some(ClusterPlan {
        name: wanted.name,
        action,
        changes,
        install,
    }))
}
