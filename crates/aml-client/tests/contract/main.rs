//! What each operation sends, and what it survives.
#![expect(
    clippy::unwrap_used,
    reason = "a client or an answer that is not there fails its test"
)]

mod batch;
mod components;
mod discovery;
mod endpoints;
mod faults;
mod history;
mod invocation;
mod jobs;
mod pipelines;
mod runs;

use std::sync::Arc;
use std::time::Duration;

use aml_client::{MachineLearningClient, MachineLearningClientOptions, StaticToken, Wait};
use test_support::Service;

/// The workspace's path.
const WS: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";

/// The token that every call carries.
const TOKEN: &str = "secret-token";

/// Waits without pauses.
const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::ZERO,
    longest: Duration::ZERO,
};

/// Options whose v1 services are known, so that no call goes before the one that a test is about.
fn options(service: &Service) -> MachineLearningClientOptions {
    let mut options = MachineLearningClientOptions::default();
    options.pipelines.endpoint = Some("https://westeurope.api.azureml.ms".to_owned());
    options.history.endpoint = options.pipelines.endpoint.clone();
    options.rest = service.options();
    options
}

fn client_with(options: MachineLearningClientOptions) -> MachineLearningClient {
    let token = Arc::new(StaticToken::new(TOKEN));
    MachineLearningClient::new("s", "rg", "ws", token, Some(options)).unwrap()
}

fn client(service: &Service) -> MachineLearningClient {
    client_with(options(service))
}

fn v1(path: &str) -> String {
    format!("/pipelines/v1.0{WS}/{path}")
}

fn history_path(path: &str) -> String {
    format!("/history/v1.0{WS}/{path}")
}

fn arm(path: &str) -> String {
    format!("{WS}/{path}")
}

/// The log with the long paths of the planes shortened.
async fn log(service: &Service) -> String {
    service
        .log()
        .await
        .replace(&format!("/pipelines/v1.0{WS}"), "{v1}")
        .replace(&format!("/history/v1.0{WS}"), "{history}")
        .replace(WS, "{ws}")
}

/// The host that a request was meant for.
async fn hosts(service: &Service) -> Vec<String> {
    let requests = service.requests().await;
    let host = |request: &wiremock::Request| {
        let header = request.headers.get("x-forwarded-host");
        header.unwrap().to_str().unwrap().to_owned()
    };
    requests.iter().map(host).collect()
}
