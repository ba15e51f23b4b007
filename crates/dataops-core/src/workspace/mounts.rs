//! Mounts the containers in a workspace, by a notebook: there is no REST operation for it.

use std::collections::BTreeMap;
use std::time::Duration;

use azure_core::error::ErrorKind;
use azure_core::http::Response;
use databricks_client::{
    ApiError, ImportFormat, ImportOptions, Language, NotebookTask, Outcome, SubmitRun, Task,
    WorkspaceClient,
};
use dataops_solution::secret::Secret;
use dataops_solution::settings::SecretPlace;
use rest_core::Wait;

use super::{WorkspaceError, scopes};

const FOLDER: &str = "/Shared/.dataops";
const NOTEBOOK: &str = "/Shared/.dataops/mount";
const SOURCE: &[u8] = include_bytes!("mount.py");

/// The scope that keeps the account's key where the settings name no other place.
pub(crate) const SCOPE: &str = "dataops";

/// Containers that are mounted.
#[derive(Clone, Debug)]
pub(crate) struct Mounting<'m> {
    /// The storage account.
    pub(crate) account: &'m str,
    /// The mount points, by container.
    pub(crate) mounts: &'m BTreeMap<String, String>,
    /// Where the account's key is.
    pub(crate) key: SecretPlace,
}

/// Keeps the key of an account where a mount finds it.
pub(crate) async fn keep_key(
    client: &WorkspaceClient,
    place: &SecretPlace,
    key: &azure_core::credentials::Secret,
) -> Result<(), WorkspaceError> {
    scopes::create(client, &place.scope, None).await?;
    let value = [(place.key.clone(), Secret::new(key.secret()))];
    let written = scopes::write(client, &place.scope, &value.into()).await;
    written.map(drop)
}

impl Mounting<'_> {
    /// The mount points that cannot be read.
    pub(crate) async fn missing(
        &self,
        client: &WorkspaceClient,
    ) -> Result<Vec<String>, WorkspaceError> {
        let mut missing = Vec::new();
        for mount_point in self.mounts.values() {
            match client.dbfs().get_status(mount_point, None).await {
                Ok(_) => {}
                Err(error) if ApiError::of(&error).is_some_and(|error| error.is_not_found()) => {
                    missing.push(mount_point.clone());
                }
                Err(error) => {
                    let step = WorkspaceError::step(format!("looking for mount `{mount_point}`"));
                    return Err(step(error));
                }
            }
        }
        Ok(missing)
    }

    /// Mounts the containers on a cluster that runs; gives what was done for each mount point: `kept`, `mounted` or `replaced`.
    pub(crate) async fn mount(
        &self,
        client: &WorkspaceClient,
        cluster: &str,
        limit: Duration,
    ) -> Result<BTreeMap<String, String>, WorkspaceError> {
        let step =
            |what: &'static str| WorkspaceError::step(format!("mounting the containers: {what}"));
        let workspace = client.workspace();
        let made = workspace.mkdirs(FOLDER, None).await;
        made.map_err(step("creating a folder"))?;
        let options = ImportOptions {
            overwrite: true,
            ..ImportOptions::default()
        };
        let source = ImportFormat::Source(Language::Python);
        let imported = workspace
            .import(NOTEBOOK, SOURCE, source, Some(options))
            .await;
        imported.map_err(step("importing the notebook"))?;
        let jobs = client.jobs();
        let started = jobs.submit(&self.run(cluster), None).await;
        let started = started.and_then(Response::into_model);
        let started = started.map_err(step("starting the notebook"))?;
        let wait = Wait {
            first: Duration::from_millis(100),
            ..Wait::up_to(limit)
        };
        let run = jobs.wait_for_run(started.run_id, wait, |_| {}).await;
        let run = run.map_err(step("waiting for the notebook"))?;
        let task = run.tasks.first().map_or(started.run_id, |task| task.run_id);
        let output = jobs.get_output(task, None).await;
        let output = output.and_then(Response::into_model);
        if run.outcome() == Some(Outcome::Succeeded) {
            let result = output.ok().and_then(|output| output.notebook_output);
            let result = result.and_then(|output| output.result).unwrap_or_default();
            return Ok(serde_json::from_str(&result).unwrap_or_default());
        }
        let reason = output.ok().and_then(|output| output.error);
        let reason = reason.unwrap_or_else(|| "the notebook failed".to_owned());
        Err(step("running the notebook")(
            azure_core::Error::with_message(ErrorKind::Other, reason),
        ))
    }

    fn run(&self, cluster: &str) -> SubmitRun {
        let mounts = serde_json::to_string(self.mounts).unwrap_or_default();
        let parameters = [
            ("storage_account", self.account),
            ("mounts", &mounts),
            ("secret_scope", &self.key.scope),
            ("secret_key", &self.key.key),
        ];
        let notebook = NotebookTask {
            notebook_path: NOTEBOOK.to_owned(),
            base_parameters: parameters
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..NotebookTask::default()
        };
        let task = Task {
            task_key: "mount".to_owned(),
            notebook_task: Some(notebook),
            existing_cluster_id: Some(cluster.to_owned()),
            ..Task::default()
        };
        SubmitRun {
            run_name: Some("mount containers".to_owned()),
            tasks: vec![task],
            ..SubmitRun::default()
        }
    }
}
