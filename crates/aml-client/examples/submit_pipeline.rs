//! Submits a pipeline endpoint by its name and waits for the run.
//!
//! ```text
//! AZURE_TOKEN=… submit_pipeline SUBSCRIPTION GROUP WORKSPACE ENDPOINT EXPERIMENT [NAME=VALUE]…
//! ```
//!
//! The token is one for `https://management.azure.com`, as `az account get-access-token` prints it. With `AML_ENDPOINT` set,
//! everything goes there, such as to `http://127.0.0.1:8080`.
#![expect(clippy::print_stdout, reason = "an example prints what it does")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use aml_client::pipelines::Submission;
use aml_client::{MachineLearningClient, MachineLearningClientOptions, StaticToken, Wait};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [
        subscription,
        group,
        workspace,
        endpoint,
        experiment,
        parameters @ ..,
    ] = arguments.as_slice()
    else {
        return Err(
            "expected SUBSCRIPTION GROUP WORKSPACE ENDPOINT EXPERIMENT [NAME=VALUE]…".into(),
        );
    };
    let credential = Arc::new(StaticToken::new(std::env::var("AZURE_TOKEN")?));
    let emulator = std::env::var("AML_ENDPOINT").ok();
    let options = emulator.map(MachineLearningClientOptions::single_endpoint);
    let client = MachineLearningClient::new(subscription, group, workspace, credential, options)?;

    let mut submission = Submission::new(experiment);
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').ok_or("expected NAME=VALUE")?;
        submission = submission.parameter(name, value);
    }
    let endpoints = client.pipeline_endpoints().await?;
    let found = endpoints.get_by_name(endpoint, None).await?.into_model()?;
    let run = endpoints
        .submit(&found.id, None, &submission, None)
        .await?
        .into_model()?;
    println!("run {}", run.id);

    let wait = Wait::up_to(Duration::from_secs(3600));
    let ended = client
        .pipeline_runs()
        .await?
        .wait_for_run(&run.id, wait, |run| println!("{}", run.status.code))
        .await?;
    if ended.status.code.is_success() {
        Ok(())
    } else {
        Err(format!("the run ended as {}", ended.status.code).into())
    }
}
