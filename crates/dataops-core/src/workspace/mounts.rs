//! Mounts the containers in a workspace, by a notebook: there is no REST operation for it.

use std::collections::BTreeMap;
use std::time::Duration;

use databricks_client::{
    ApiError, ApiErrorKind, ImportFormat, ImportOptions, Language, NotebookTask, Outcome,
    ScopeCreate, SubmitRun, Task, WorkspaceClient,
};
use rest_core::Wait;

use crate::connection::Connection;
use crate::deployment::DeployError;
use dataops_solution::Solution;

const NOTEBOOK: &str = "/Shared/.dataops/mount";
const SOURCE: &[u8] = include_bytes!("mount.py");
const SCOPE: &str = "dataops";

/// Mounts what `storage.mounts` says, with the account's key from a secret scope.
pub(super) async fn mount(
    solution: &Solution,
    connection: &Connection,
    databricks: &WorkspaceClient,
    cluster: &str,
) -> Result<(), DeployError> {
    let mounts = &solution.settings.storage.mounts;
    let Some(account) = connection.storage_account() else {
        return Ok(());
    };
    if mounts.is_empty() {
        return Ok(());
    }
    let step = |what: &'static str| DeployError::step(format!("mounting the containers: {what}"));
    let key = connection
        .storage_account_key(account)
        .await
        .map_err(step("reading the account's key"))?;
    let secrets = databricks.secrets();
    match secrets
        .create_scope(SCOPE, ScopeCreate::Databricks, None, None)
        .await
    {
        Err(error)
            if ApiError::of(&error)
                .is_none_or(|refusal| refusal.kind() != ApiErrorKind::Conflict) =>
        {
            return Err(step("creating the secret scope")(error));
        }
        _ => {}
    }
    secrets
        .put(SCOPE, account, key.secret(), None)
        .await
        .map_err(step("keeping the account's key"))?;
    let workspace = databricks.workspace();
    workspace
        .mkdirs("/Shared/.dataops", None)
        .await
        .map_err(step("creating a folder"))?;
    let options = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };
    let source = ImportFormat::Source(Language::Python);
    workspace
        .import(NOTEBOOK, SOURCE, source, Some(options))
        .await
        .map_err(step("importing the notebook"))?;
    run(databricks, cluster, account, mounts).await
}

async fn run(
    databricks: &WorkspaceClient,
    cluster: &str,
    account: &str,
    mounts: &BTreeMap<String, String>,
) -> Result<(), DeployError> {
    let step = |what: &'static str| DeployError::step(format!("mounting the containers: {what}"));
    let mounts = serde_json::to_string(mounts).unwrap_or_default();
    let parameters = [
        ("storage_account", account),
        ("mounts", &mounts),
        ("secret_scope", SCOPE),
        ("secret_key", account),
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
    let submit = SubmitRun {
        run_name: Some("mount containers".to_owned()),
        tasks: vec![task],
        ..SubmitRun::default()
    };
    let jobs = databricks.jobs();
    let started = jobs
        .submit(&submit, None)
        .await
        .map_err(step("starting the notebook"))?;
    let started = started
        .into_model()
        .map_err(step("starting the notebook"))?;
    let wait = Wait {
        first: Duration::from_millis(100),
        ..Wait::up_to(Duration::from_secs(600))
    };
    let run = jobs
        .wait_for_run(started.run_id, wait, |_| {})
        .await
        .map_err(step("waiting for the notebook"))?;
    if run.outcome() == Some(Outcome::Succeeded) {
        return Ok(());
    }
    let task = run.tasks.first().map_or(started.run_id, |task| task.run_id);
    let output = jobs
        .get_output(task, None)
        .await
        .and_then(azure_core::http::Response::into_model);
    let reason = output
        .ok()
        .and_then(|output| output.error)
        .unwrap_or_else(|| "the notebook failed".to_owned());
    Err(step("running the notebook")(
        azure_core::Error::with_message(azure_core::error::ErrorKind::Other, reason),
    ))
}
