//! What each operation sends, and what it makes of the answers.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod comments;
mod faults;
mod guards;
mod names;

use azure_devops_client::{Authentication, ProjectClient, ProjectClientOptions};
use serde_json::Value;
use test_support::{Reply, Service};

const TOKEN: &str = "hunter2";

fn client(service: &Service) -> ProjectClient {
    let options = ProjectClientOptions {
        rest: service.options(),
        ..ProjectClientOptions::default()
    };
    let pat = Authentication::personal_access_token(TOKEN);
    ProjectClient::new(
        "https://dev.azure.com/contoso",
        "ingestion",
        pat,
        Some(options),
    )
    .unwrap()
}

fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

/// A page of a list, with the token of the next one.
#[expect(
    clippy::needless_pass_by_value,
    reason = "items are written where they are served"
)]
fn page(items: Value, next: Option<&str>) -> Reply {
    let page = ok(serde_json::json!({ "count": items.as_array().unwrap().len(), "value": items }));
    match next {
        Some(next) => page.header("x-ms-continuationtoken", next),
        None => page,
    }
}

/// What was sent, with `~` for the project; each request bears the token as a password.
async fn sent(service: &Service) -> String {
    for request in service.requests().await {
        let authorization = request.headers.get("authorization").unwrap();
        assert_eq!(authorization, "Basic Omh1bnRlcjI=");
    }
    service.log().await.replace("/contoso/ingestion/_apis", "~")
}
