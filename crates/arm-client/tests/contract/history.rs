//! What was deployed, and the end of what goes on.

use arm_client::ServiceErrorExt;
use futures::TryStreamExt;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{GROUP, at, client, deployed, ok, sent};

#[tokio::test]
async fn the_history_is_listed_and_filtered() {
    let service = Service::start().await;
    let mut ours = deployed("Running");
    ours["tags"] = json!({"dataops-factory": "adf"});
    let list = format!("{GROUP}/providers/Microsoft.Resources/deployments");
    service
        .on("GET", &list)
        .reply(ok(json!({"value": [ours, deployed("Running")]})))
        .await;

    let running = client(&service).list(Some("provisioningState eq 'Running'"), None);
    let running: Vec<_> = running.try_collect().await.unwrap();

    let tags: Vec<_> = running.iter().map(|it| it.tag("dataops-factory")).collect();
    assert_eq!(tags, [Some("adf"), None]);
    insta::assert_snapshot!(sent(&service).await, @"GET ~G/~R/deployments?%24filter=provisioningState+eq+%27Running%27");
}

#[tokio::test]
async fn what_has_ended_needs_no_cancelling() {
    let service = Service::start().await;
    service
        .on("POST", &at("d/cancel"))
        .replies([
            Reply::empty(204),
            Reply::refusal(409, "DeploymentCannotBeCancelled", "it has ended"),
            Reply::refusal(404, "DeploymentNotFound", "no such deployment"),
        ])
        .await;
    let client = client(&service);

    client.cancel("d", None).await.unwrap();
    client.cancel("d", None).await.unwrap();

    assert!(client.cancel("d", None).await.unwrap_err().is_not_found());
}
