//! The cluster that the settings ask for.

use databricks_client::{Library, WorkspaceClient};
use dataops_solution::Solution;
use dataops_solution::settings::{ClusterSettings, LibrarySettings};
use serde_json::{Map, Value, json};

use super::spec;
use crate::workspace::sent::Sent;
use crate::workspace::{WorkspaceError, pools};

/// A cluster that there ought to be.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Its name.
    pub(crate) name: String,
    /// Its specification; none where it is only looked for.
    pub(crate) spec: Option<Map<String, Value>>,
    /// What of it and of its libraries nobody may see.
    pub(crate) sent: Sent,
}

impl Wanted {
    /// The cluster of the settings, with the ids of its pool and policy, and its libraries. `may_lack_pool`: whether the pool may still
    /// have to be made.
    pub(crate) async fn of(
        client: &WorkspaceClient,
        solution: &Solution,
        is_emulated: bool,
        settings: &ClusterSettings,
        may_lack_pool: bool,
    ) -> Result<(Self, Vec<Library>), WorkspaceError> {
        let (mut spec, mut libraries) = match &settings.spec {
            Some(path) => {
                let (spec, libraries) = spec::read(&solution.path(path))?;
                (Some(spec), libraries)
            }
            None => (is_emulated.then(of_emulator), Vec::new()),
        };
        if let Some(name) = &settings.policy {
            let id = pools::policy(client, name).await?;
            let spec = spec.get_or_insert_default();
            spec.insert("policy_id".to_owned(), id.into());
        }
        if let Some(name) = &settings.instance_pool {
            let pools = pools::pools(client).await?;
            match pools::named(&pools, name)? {
                Some(pool) => {
                    let spec = spec.get_or_insert_default();
                    spec.shift_remove("node_type_id");
                    let id = pool.instance_pool_id.clone();
                    spec.insert("instance_pool_id".to_owned(), id.into());
                }
                None if may_lack_pool => {}
                None => {
                    return Err(WorkspaceError::Lookup(format!(
                        "there is no instance pool `{name}`; with `databricks.instancePools` and `dataops env prepare` there is"
                    )));
                }
            }
        }
        libraries.extend(settings.libraries.iter().map(LibrarySettings::to_json));
        let sent = Sent::default().and(&json!([spec, libraries]));
        let libraries: Result<Vec<Library>, _> =
            libraries.into_iter().map(serde_json::from_value).collect();
        let libraries = libraries.map_err(|error| {
            let why = sent.text(&error.to_string());
            WorkspaceError::Lookup(format!("no library: {why}"))
        })?;
        let name = settings.name.clone();
        Ok((Self { name, spec, sent }, libraries))
    }
}

/// What a cluster of an emulator is made from where no file says so.
fn of_emulator() -> Map<String, Value> {
    let spec = json!({ "spark_version": "15.4.x-scala2.12", "num_workers": 0 });
    spec.as_object().cloned().unwrap_or_default()
}
