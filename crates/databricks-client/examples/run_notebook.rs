//! Runs a notebook of the workspace on a cluster and shows what it gave.
//!
//! `cargo run --example run_notebook -- /Shared/ingest/prepare CLUSTER_ID name=value …`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use databricks_client::{
    ApiError, Config, NotebookTask, Outcome, Overrides, SubmitRun, Task, Wait, WorkspaceClient,
};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(notebook_path), Some(cluster_id)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: run_notebook NOTEBOOK CLUSTER_ID [name=value]…");
        return Ok(ExitCode::from(2));
    };
    let base_parameters = arguments
        .map(|pair| {
            pair.split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        })
        .collect::<Option<_>>()
        .ok_or("a parameter has the form name=value")?;

    let config = Config::from_environment(&Overrides::default())?;
    for setting in config.settings() {
        eprintln!("{setting}");
    }
    let client = WorkspaceClient::from_config(&config, None)?;

    let wait = Wait::up_to(Duration::from_secs(1800));
    client
        .clusters()
        .ensure_running(&cluster_id, wait, |cluster| {
            eprintln!("cluster is {}", cluster.state)
        })
        .await?;

    let task = Task {
        task_key: "notebook".into(),
        existing_cluster_id: Some(cluster_id),
        notebook_task: Some(NotebookTask {
            notebook_path,
            base_parameters,
            ..NotebookTask::default()
        }),
        ..Task::default()
    };
    let run = SubmitRun {
        tasks: vec![task],
        ..SubmitRun::default()
    };
    let started = client
        .jobs()
        .submit(&run, None)
        .await
        .inspect_err(|error| {
            if let Some(hint) = ApiError::of(error).and_then(|refusal| refusal.hint()) {
                eprintln!("hint: {hint}");
            }
        })?;
    let run_id = started.into_model()?.run_id;
    let run = client
        .jobs()
        .wait_for_run(run_id, wait, |run| {
            eprintln!("run is {:?}", run.reading().phase)
        })
        .await?;

    for task in &run.tasks {
        let output = client
            .jobs()
            .get_output(task.run_id, None)
            .await?
            .into_model()?;
        let result = output.notebook_output.and_then(|output| output.result);
        println!("{}", result.or(output.error).unwrap_or_default());
    }
    let succeeded = run.outcome().is_some_and(Outcome::is_success);
    Ok(if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
