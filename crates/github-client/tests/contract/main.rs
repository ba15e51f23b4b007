//! What each operation sends, and what it makes of the answers.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod comments;
mod environments;
mod faults;
mod rulesets;

use std::sync::Arc;

use github_client::{RepositoryClient, RepositoryClientOptions, StaticToken};
use serde_json::Value;
use test_support::{Reply, Service};

const TOKEN: &str = "hunter2";

fn client(service: &Service) -> RepositoryClient {
    let options = RepositoryClientOptions {
        rest: service.options(),
        ..RepositoryClientOptions::default()
    };
    let token = Arc::new(StaticToken::new(TOKEN));
    RepositoryClient::new("contoso", "data", token, Some(options)).unwrap()
}

fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

/// What was sent, with `~` for the repository; each request bears the token and names the version.
async fn sent(service: &Service) -> String {
    for request in service.requests().await {
        let header = |name: &str| request.headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(header("authorization"), "Bearer hunter2");
        assert_eq!(header("x-github-api-version"), "2022-11-28");
        assert_eq!(header("accept"), "application/vnd.github+json");
    }
    service.log().await.replace("/repos/contoso/data", "~")
}
