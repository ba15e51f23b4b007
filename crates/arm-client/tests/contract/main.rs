//! What each operation sends, and what it makes of the answers.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod asking;
mod following;
mod history;

use std::sync::Arc;
use std::time::Duration;

use arm_client::models::Deployment;
use arm_client::{DeploymentsClient, DeploymentsClientOptions, StaticToken, Wait};
use serde_json::{Map, Value, json};
use test_support::{Reply, Service};

/// The resource group of these tests.
const GROUP: &str = "/subscriptions/s/resourcegroups/rg";

const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::ZERO,
    longest: Duration::ZERO,
};

/// The path of a deployment, or of what is below it.
fn at(below: &str) -> String {
    format!("{GROUP}/providers/Microsoft.Resources/deployments/{below}")
}

fn client(service: &Service) -> DeploymentsClient {
    let options = DeploymentsClientOptions {
        rest: service.options(),
        ..DeploymentsClientOptions::default()
    };
    let credential = Arc::new(StaticToken::new("secret-token"));
    DeploymentsClient::new("s", "rg", credential, Some(options)).unwrap()
}

/// A deployment with a secret parameter.
fn deployment() -> Deployment {
    let mut parameters = Map::new();
    parameters.insert("key".to_owned(), json!("hunter2"));
    Deployment::incremental(json!({"resources": []}), parameters).tag("commit", "3f2a9c1")
}

fn deployed(state: &str) -> Value {
    json!({"id": format!("{GROUP}/d"), "name": "d", "tags": null, "new": {}, "properties": {"provisioningState": state}})
}

fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

/// What was sent, with `~G` for the resource group; each request must name the API version once.
async fn sent(service: &Service) -> String {
    let log = service.log_of("2021-04-01", "secret-token").await;
    log.replace(GROUP, "~G")
        .replace("/providers/Microsoft.Resources", "/~R")
}
