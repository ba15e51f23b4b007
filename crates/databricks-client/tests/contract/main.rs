//! What each operation sends, and what it makes of the answers.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]
#![expect(
    clippy::too_many_lines,
    reason = "one test runs all operations of an area, so that their requests read as one text"
)]

mod auth;
mod clusters;
mod compute;
mod dbfs;
mod faults;
mod files;
mod jobs;
mod libraries;
mod secrets;
mod statements;
mod unity_catalog;
mod warehouses;
mod workspace;

use std::sync::Arc;
use std::time::Duration;

use databricks_client::{StaticToken, Wait, WorkspaceClient, WorkspaceClientOptions};
use serde_json::{Value, json};
use test_support::{Reply, Service};

const HOST: &str = "https://adb-1.2.azuredatabricks.net";

/// A wait without pauses.
const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::ZERO,
    longest: Duration::ZERO,
};

/// A wait that ends at its limit, without pauses.
const SHORT: Wait = Wait {
    limit: Duration::from_millis(50),
    ..SOON
};

fn client(service: &Service) -> WorkspaceClient {
    let options = WorkspaceClientOptions {
        rest: service.options(),
        ..WorkspaceClientOptions::default()
    };
    let token = Arc::new(StaticToken::new("secret-token"));
    WorkspaceClient::new(HOST, token, Some(options)).unwrap()
}

/// Answers one request each time the same.
async fn answer(service: &Service, verb: &str, path: &str, body: Value) {
    service.on(verb, path).reply(Reply::json(200, body)).await;
}

/// A refusal in the form of the workspace.
fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, json!({ "error_code": code, "message": message }))
}

/// The log with fresh idempotency tokens masked.
async fn log(service: &Service) -> String {
    let log = service.log().await;
    let mut masked = String::new();
    for part in log.split_inclusive("\"idempotency_token\":\"") {
        let (token, rest) = part.split_at_checked(36).unwrap_or(("", part));
        let is_uuid = token.matches('-').count() == 4
            && token.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
        masked.push_str(if is_uuid { "[uuid]" } else { token });
        masked.push_str(rest);
    }
    masked
}
