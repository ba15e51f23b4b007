//! A deployment from its start to its end.

use std::sync::Mutex;
use std::time::Duration;

use arm_client::models::{Deployed, Deployment, Operation, ProvisioningState};
use arm_client::{ServiceErrorExt, TimedOut, Wait};
use serde_json::{Map, json};
use test_support::{Reply, Service};

use crate::{SOON, at, client, deployed, deployment, ok, sent};

const OPERATIONS: &str = "/subscriptions/s/resourcegroups/rg/deployments/d/operations";

/// A deployment that fails in the end, with two pages of operations.
async fn failing(service: &Service) {
    let failed = json!({"name": "d", "properties": {"provisioningState": "Failed", "correlationId": "c",
        "error": {"code": "DeploymentFailed", "message": "one failed", "details": [{"code": "BadRequest", "message": "invalid reference"}]}}});
    let states = ["Accepted", "Running", "Dreaming"].map(deployed);
    let states: Vec<_> = states.into_iter().chain([failed]).map(ok).collect();
    service.on("GET", &at("d")).times(4).replies(states).await;
    let operation = json!({"operationId": "1", "properties": {"provisioningOperation": "Create", "provisioningState": "Failed",
        "statusCode": "BadRequest", "serviceRequestId": "r", "statusMessage": {"status": "Failed", "error": {"code": "BadRequest", "message": "invalid reference"}},
        "targetResource": {"id": "/x/pipelines/p", "resourceType": "t", "resourceName": "f/p"}}});
    let next =
        format!("https://management.azure.com{OPERATIONS}?api-version=2021-04-01&$skiptoken=1");
    let first = json!({"value": [operation], "nextLink": next});
    let last = json!({"operationId": "2", "properties": {"provisioningOperation": "EvaluateDeploymentOutput", "statusMessage": "odd", "provisioningState": "Succeeded"}});
    let pages = service.on("GET", OPERATIONS).without_query("$skiptoken");
    pages.reply(ok(first)).await;
    let pages = service.on("GET", OPERATIONS).query("$skiptoken", "1");
    pages.reply(ok(json!({"value": [last]}))).await;
}

/// How a deployment stands, in one line.
fn line(now: &Deployed, operations: &[Operation]) -> String {
    let failed = |it: &&Operation| it.properties.provisioning_state == ProvisioningState::Failed;
    let failed = operations.iter().filter(failed).map(|it| {
        let said = it.properties.status_message.as_ref().unwrap();
        format!("{} {said}", it.target().unwrap())
    });
    let failed: Vec<_> = failed.collect();
    let state = &now.properties.provisioning_state;
    format!("{state} {} {}", operations.len(), failed.join(","))
}

#[tokio::test]
async fn it_is_followed_by_its_state_and_operations() {
    let service = Service::start().await;
    let begun = Reply::json(201, deployed("Accepted"));
    service.on("PUT", &at("d")).reply(begun).await;
    failing(&service).await;
    let client = client(&service);
    let seen = Mutex::new(Vec::new());
    let see = |now: &Deployed, operations: &[Operation]| {
        seen.lock().unwrap().push(line(now, operations));
    };

    let begun = client.begin("d", &deployment(), None).await.unwrap();
    let ended = client.wait("d", SOON, see).await.unwrap();

    let state = begun.properties.provisioning_state;
    assert_eq!(state, ProvisioningState::Accepted);
    let error = ended.properties.error.unwrap();
    assert_eq!(error.to_string(), "BadRequest: invalid reference");
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.len(), 4);
    assert_eq!(
        seen[2],
        "Dreaming 2 /x/pipelines/p BadRequest: invalid reference"
    );
    let log = sent(&service).await;
    let put: Vec<_> = log.lines().take(2).collect();
    insta::assert_snapshot!(put.join("\n"), @r#"
    PUT ~G/~R/deployments/d
      {"properties":{"mode":"Incremental","template":{"resources":[]},"parameters":{"key":{"value":"hunter2"}}},"tags":{"commit":"3f2a9c1"}}
    "#);
}

#[tokio::test]
async fn a_lost_answer_starts_no_second_deployment() {
    let service = Service::start().await;
    service
        .on("PUT", &at("d"))
        .times(2)
        .replies([
            Reply::refusal(500, "InternalServerError", "m"),
            Reply::refusal(409, "DeploymentActive", "it is still active"),
        ])
        .await;
    service
        .on("GET", &at("d"))
        .times(1)
        .reply(ok(deployed("Running")))
        .await;

    let begun = client(&service)
        .begin("d", &deployment(), None)
        .await
        .unwrap();

    assert_eq!(
        begun.properties.provisioning_state,
        ProvisioningState::Running
    );
}

#[tokio::test]
async fn a_name_that_somebody_else_uses_is_a_refusal() {
    let service = Service::start().await;
    service
        .on("PUT", &at("d"))
        .times(1)
        .reply(Reply::refusal(
            409,
            "DeploymentActive",
            "it is still active",
        ))
        .await;

    let error = client(&service)
        .begin("d", &deployment(), None)
        .await
        .unwrap_err();

    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("DeploymentActive")
    );
}

#[tokio::test]
async fn an_async_operation_is_followed() {
    let service = Service::start().await;
    let status = at("d/operationStatuses/1");
    let begun = Reply::json(201, deployed("Accepted"));
    let begun = begun.header(
        "azure-asyncoperation",
        &format!("https://management.azure.com{status}?api-version=2021-04-01"),
    );
    service.on("PUT", &at("d")).reply(begun).await;
    let states = ["Running", "Succeeded"].map(|state| ok(json!({"status": state})));
    service.on("GET", &status).times(2).replies(states).await;
    service
        .on("GET", &at("d"))
        .times(1)
        .reply(ok(deployed("Succeeded")))
        .await;

    let (client, asked) = (client(&service), deployment());
    let ended = client.create_or_update("d", &asked, SOON, None);

    assert_eq!(
        ended.await.unwrap().properties.provisioning_state,
        ProvisioningState::Succeeded
    );
}

#[tokio::test]
async fn waiting_ends_at_its_limit() {
    let service = Service::start().await;
    service
        .on("GET", &at("d"))
        .reply(ok(deployed("Running")))
        .await;
    service
        .on("GET", OPERATIONS)
        .reply(ok(json!({"value": null})))
        .await;
    let wait = Wait {
        limit: Duration::from_millis(50),
        ..SOON
    };

    let error = client(&service)
        .wait("d", wait, |_, _| {})
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&error).unwrap().what, "deployment `d`");
}

#[test]
fn parameters_are_not_in_debug() {
    let mut parameters = Map::new();
    parameters.insert("key".to_owned(), json!("hunter2"));
    let deployment = Deployment::incremental(json!({"x": "hunter2"}), parameters);

    let shown = format!("{deployment:?}");

    assert!(
        shown.contains("\"key\"") && !shown.contains("hunter2"),
        "{shown}"
    );
}
