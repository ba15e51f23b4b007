//! What each operation sends, and what it makes of the answers.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod adapter;
mod factories;
mod faults;
mod resources;
mod runs;
mod runtimes;
mod triggers;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use adf_client::{
    Document, FactoriesClient, FactoryClient, FactoryClientOptions, FactoryId, Resource,
    StaticToken, Wait,
};
use serde_json::{Map, Value};
use test_support::{Reply, Service};

/// The factory of these tests.
const FACTORY: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf";

const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::ZERO,
    longest: Duration::ZERO,
};

/// The path of `below` in the factory.
fn at(below: &str) -> String {
    format!("{FACTORY}/{below}")
}

/// A link to `below`, as the service writes it.
fn link(below: &str) -> String {
    format!("https://management.azure.com{FACTORY}/{below}")
}

fn options(service: &Service) -> FactoryClientOptions {
    FactoryClientOptions {
        rest: service.options(),
        ..FactoryClientOptions::default()
    }
}

fn credential() -> Arc<StaticToken> {
    Arc::new(StaticToken::new("secret-token"))
}

fn client(service: &Service) -> FactoryClient {
    let id: FactoryId = FACTORY.parse().unwrap();
    FactoryClient::new(id, credential(), Some(options(service))).unwrap()
}

fn subscription(service: &Service) -> FactoriesClient {
    FactoriesClient::new("s", credential(), Some(options(service))).unwrap()
}

fn document<K: Resource>(json: Value) -> Document<K> {
    Document::parse(json).unwrap()
}

fn parameters(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(parameters) => parameters,
        other => panic!("parameters are an object, not {other}"),
    }
}

fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

/// What was sent, with `~F` for the factory and `~S` for the subscription; each request must name the API version once.
async fn sent(service: &Service) -> String {
    let log = service.log_of("2018-06-01", "secret-token").await;
    log.replace(FACTORY, "~F").replace("/subscriptions/s", "~S")
}
