//! Runs a notebook of the workspace on a cluster and shows what it gave.
//!
//! `cargo run --example run_notebook -- /Shared/ingest/prepare CLUSTER_ID name=value …`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use databricks_client::{
    ApiError, Cluster, Config, NotebookTask, Outcome, Overrides, Run, SubmitRun, Task, Wait,
    WorkspaceClient,
};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(notebook), Some(cluster)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: run_notebook NOTEBOOK CLUSTER_ID [name=value]…");
        return Ok(ExitCode::from(2));
    };
    let pair = |text: String| {
        let (name, value) = text.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let parameters: Option<BTreeMap<_, _>> = arguments.map(pair).collect();
    let parameters = parameters.ok_or("a parameter has the form name=value")?;

    let config = Config::from_environment(&Overrides::default())?;
    for setting in config.settings() {
        eprintln!("{setting}");
    }
    let client = WorkspaceClient::from_config(&config, None)?;
    let run = run(&client, notebook, cluster, parameters).await;
    let run = run.inspect_err(|error| {
        if let Some(hint) = ApiError::of(error).and_then(|refusal| refusal.hint()) {
            eprintln!("hint: {hint}");
        }
    })?;
    show(&client, &run).await?;

    let succeeded = run.outcome().is_some_and(Outcome::is_success);
    Ok(ExitCode::from(u8::from(!succeeded)))
}

async fn run(
    client: &WorkspaceClient,
    notebook_path: String,
    cluster_id: String,
    base_parameters: BTreeMap<String, String>,
) -> azure_core::Result<Run> {
    let wait = Wait::up_to(Duration::from_secs(1800));
    let state = |cluster: &Cluster| eprintln!("cluster is {}", cluster.state);
    client
        .clusters()
        .ensure_running(&cluster_id, wait, state)
        .await?;

    let notebook = NotebookTask {
        notebook_path,
        base_parameters,
        ..NotebookTask::default()
    };
    let task = Task {
        task_key: "notebook".into(),
        existing_cluster_id: Some(cluster_id),
        notebook_task: Some(notebook),
        ..Task::default()
    };
    let run = SubmitRun {
        tasks: vec![task],
        ..SubmitRun::default()
    };
    let started = client.jobs().submit(&run, None).await?.into_model()?;
    let phase = |run: &Run| eprintln!("run is {:?}", run.reading().phase);
    client
        .jobs()
        .wait_for_run(started.run_id, wait, phase)
        .await
}

async fn show(client: &WorkspaceClient, run: &Run) -> azure_core::Result<()> {
    for task in &run.tasks {
        let output = client
            .jobs()
            .get_output(task.run_id, None)
            .await?
            .into_model()?;
        let result = output.notebook_output.and_then(|output| output.result);
        println!("{}", result.or(output.error).unwrap_or_default());
    }
    Ok(())
}
