use std::time::Duration;

use aml_client::batch::BatchListOptions;
use aml_client::{NotProvisioned, ServiceErrorExt, TimedOut, Wait};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, arm, client, client_with, hosts, log, options};

pub(crate) const SCORING: &str = "https://training.westeurope.inference.ml.azure.com/jobs";

pub(crate) fn endpoint(state: &str, default: &str) -> Value {
    json!({
        "name": "training", "location": "westeurope", "identity": {"type": "SystemAssigned"}, "kind": "kept",
        "properties": {
            "authMode": "AADToken", "scoringUri": SCORING, "provisioningState": state,
            "defaults": {"deploymentName": default}, "properties": {"k": "v"},
        },
    })
}

fn deployment(state: &str) -> Value {
    json!({
        "name": "blue",
        "properties": {
            "provisioningState": state,
            "deploymentConfiguration": {
                "deploymentConfigurationType": "PipelineComponent",
                "componentId": {"referenceType": "Id", "assetId": "azureml:train:1"},
            },
        },
    })
}

#[tokio::test]
async fn gets_and_lists_endpoints() {
    let service = Service::start().await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .reply(Reply::json(200, endpoint("Succeeded", "blue")))
        .await;
    let next = format!("{}?$skip=1", arm("batchEndpoints"));
    service
        .on("GET", &arm("batchEndpoints"))
        .replies([
            Reply::json(
                200,
                json!({"value": [endpoint("Succeeded", "a")], "nextLink": next}),
            ),
            Reply::json(200, json!({"value": [endpoint("Succeeded", "b")]})),
        ])
        .await;
    let endpoints = client(&service).batch_endpoints();
    let options = BatchListOptions {
        count: Some(1),
        ..BatchListOptions::default()
    };

    let one = endpoints
        .get("training", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let all: Vec<_> = endpoints.list(Some(options)).try_collect().await.unwrap();

    assert_eq!(one.default_deployment(), Some("blue"));
    assert_eq!(all.len(), 2);
    insta::assert_snapshot!(log(&service).await, @r"
    GET {ws}/batchEndpoints/training?api-version=2025-12-01
    GET {ws}/batchEndpoints?api-version=2025-12-01&count=1
    GET {ws}/batchEndpoints?$skip=1
    ");
}

#[tokio::test]
async fn making_an_endpoint_is_followed_until_it_is_made() {
    let service = Service::start().await;
    let link = "https://management.azure.com/operations/1";
    service
        .on("PUT", &arm("batchEndpoints/training"))
        .reply(Reply::json(201, endpoint("Creating", "")).header("azure-asyncoperation", link))
        .await;
    service
        .on("GET", "/operations/1")
        .replies(["InProgress", "Succeeded"].map(|text| Reply::json(200, json!({"status": text}))))
        .await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .replies(["Updating", "Succeeded"].map(|state| Reply::json(200, endpoint(state, ""))))
        .await;
    let body = json!({"location": "westeurope", "properties": {"authMode": "AADToken"}});

    let endpoints = client(&service).batch_endpoints();
    let made = endpoints
        .create_or_update("training", &body, SOON, None)
        .await;

    let made = made.unwrap().into_model().unwrap();
    assert_eq!(made.properties.scoring_uri.as_deref(), Some(SCORING));
    insta::assert_snapshot!(log(&service).await, @r#"
    PUT {ws}/batchEndpoints/training?api-version=2025-12-01
      {"location":"westeurope","properties":{"authMode":"AADToken"}}
    GET /operations/1
    GET /operations/1
    GET {ws}/batchEndpoints/training?api-version=2025-12-01
    GET {ws}/batchEndpoints/training?api-version=2025-12-01
    "#);
}

#[tokio::test]
async fn an_endpoint_that_could_not_be_made_is_an_error() {
    let service = Service::start().await;
    service
        .on("PUT", &arm("batchEndpoints/training"))
        .reply(Reply::json(200, endpoint("Updating", "")))
        .await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .reply(Reply::json(200, endpoint("Failed", "")))
        .await;

    let endpoints = client(&service).batch_endpoints();
    let made = endpoints
        .create_or_update("training", &json!({}), SOON, None)
        .await;

    let error = made.unwrap_err();
    assert_eq!(
        NotProvisioned::of(&error).unwrap().to_string(),
        "batch endpoint training is Failed"
    );
}

#[tokio::test]
async fn a_resource_that_is_never_made_ends_at_the_limit() {
    let service = Service::start().await;
    let at = arm("batchEndpoints/training/deployments/blue");
    service
        .on("PUT", &at)
        .reply(Reply::json(201, deployment("Creating")))
        .await;
    service
        .on("GET", &at)
        .reply(Reply::json(200, deployment("Creating")))
        .await;
    let wait = Wait {
        limit: Duration::from_millis(100),
        ..SOON
    };

    let deployments = client(&service)
        .batch_endpoints()
        .deployments("training")
        .unwrap();
    let made = deployments
        .create_or_update("blue", &json!({}), wait, None)
        .await;

    assert!(TimedOut::of(&made.unwrap_err()).is_some());
}

#[tokio::test]
async fn the_default_is_changed_in_the_whole_endpoint_under_its_etag() {
    let service = Service::start().await;
    let at = arm("batchEndpoints/training");
    service
        .on("PUT", &at)
        .header("if-match", "\"7\"")
        .reply(Reply::json(200, endpoint("Updating", "green")))
        .await;
    service
        .on("GET", &at)
        .replies([
            Reply::json(200, endpoint("Succeeded", "blue")).header("etag", "\"7\""),
            Reply::json(200, endpoint("Succeeded", "green")),
        ])
        .await;

    let endpoints = client(&service).batch_endpoints();
    let now = endpoints
        .set_default_deployment("training", "green", SOON, None)
        .await;

    let now = now.unwrap().into_model().unwrap();
    assert_eq!(now.default_deployment(), Some("green"));
    insta::assert_snapshot!(log(&service).await, @r#"
    GET {ws}/batchEndpoints/training?api-version=2025-12-01
    PUT {ws}/batchEndpoints/training?api-version=2025-12-01
      {"name":"training","location":"westeurope","identity":{"type":"SystemAssigned"},"kind":"kept","properties":{"authMode":"AADToken","scoringUri":"https://training.westeurope.inference.ml.azure.com/jobs","provisioningState":"Succeeded","defaults":{"deploymentName":"green"},"properties":{"k":"v"}}}
    GET {ws}/batchEndpoints/training?api-version=2025-12-01
    "#);
}

#[tokio::test]
async fn a_first_default_is_set_without_an_etag() {
    let service = Service::start().await;
    let at = arm("batchEndpoints/training");
    let mut bare = endpoint("Succeeded", "");
    bare["properties"]["defaults"] = json!(null);
    service
        .on("PUT", &at)
        .reply(Reply::json(200, json!({})))
        .await;
    service
        .on("GET", &at)
        .replies([
            Reply::json(200, bare),
            Reply::json(200, endpoint("Succeeded", "green")),
        ])
        .await;

    let endpoints = client(&service).batch_endpoints();
    endpoints
        .set_default_deployment("training", "green", SOON, None)
        .await
        .unwrap();

    let put = &service.requests().await[1];
    let sent: Value = serde_json::from_slice(&put.body).unwrap();
    assert_eq!(
        sent["properties"]["defaults"],
        json!({"deploymentName": "green"})
    );
    assert!(!put.headers.contains_key("if-match"));
}

#[tokio::test]
async fn a_default_that_is_set_already_is_not_written() {
    let service = Service::start().await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .times(1)
        .reply(Reply::json(200, endpoint("Succeeded", "blue")))
        .await;

    let endpoints = client(&service).batch_endpoints();

    endpoints
        .set_default_deployment("training", "blue", SOON, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn another_writer_in_between_is_a_refusal() {
    let service = Service::start().await;
    let at = arm("batchEndpoints/training");
    let before = Reply::json(200, endpoint("Succeeded", "blue")).header("etag", "\"7\"");
    service.on("GET", &at).reply(before).await;
    service
        .on("PUT", &at)
        .times(1)
        .reply(Reply::refusal(412, "PreconditionFailed", "changed"))
        .await;

    let endpoints = client(&service).batch_endpoints();
    let error = endpoints
        .set_default_deployment("training", "green", SOON, None)
        .await;

    let error = error.unwrap_err();
    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("PreconditionFailed")
    );
}

#[tokio::test]
async fn endpoints_and_deployments_are_deleted_to_the_end() {
    let service = Service::start().await;
    for path in [
        "batchEndpoints/training",
        "batchEndpoints/training/deployments/blue",
    ] {
        let gone = Reply::empty(202).header("location", "/operations/1");
        service.on("DELETE", &arm(path)).times(1).reply(gone).await;
    }
    service
        .on("GET", "/operations/1")
        .times(4)
        .replies([202, 200, 202, 204].map(Reply::empty))
        .await;
    let endpoints = client(&service).batch_endpoints();

    endpoints.delete("training", SOON, None).await.unwrap();
    let deployments = endpoints.deployments("training").unwrap();
    deployments.delete("blue", SOON, None).await.unwrap();
}

#[tokio::test]
async fn a_deployment_is_put_read_and_listed() {
    let service = Service::start().await;
    let all = arm("batchEndpoints/training/deployments");
    let at = format!("{all}/blue");
    service
        .on("PUT", &at)
        .reply(Reply::json(200, deployment("Succeeded")))
        .await;
    service
        .on("GET", &at)
        .reply(Reply::json(200, deployment("Succeeded")))
        .await;
    service
        .on("GET", &all)
        .reply(Reply::json(
            200,
            json!({"value": [deployment("Succeeded")]}),
        ))
        .await;
    let deployments = client(&service)
        .batch_endpoints()
        .deployments("training")
        .unwrap();

    let made = deployments
        .create_or_update("blue", &json!({"properties": {}}), SOON, None)
        .await;
    let read = deployments
        .get("blue", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let listed: Vec<_> = deployments.list(None).try_collect().await.unwrap();

    assert_eq!(made.unwrap().into_model().unwrap(), read);
    assert_eq!(read.component_id(), Some("azureml:train:1"));
    assert_eq!(listed.len(), 1);
    insta::assert_snapshot!(log(&service).await, @r#"
    PUT {ws}/batchEndpoints/training/deployments/blue?api-version=2025-12-01
      {"properties":{}}
    GET {ws}/batchEndpoints/training/deployments/blue?api-version=2025-12-01
    GET {ws}/batchEndpoints/training/deployments/blue?api-version=2025-12-01
    GET {ws}/batchEndpoints/training/deployments?api-version=2025-12-01
    "#);
}

#[tokio::test]
async fn the_api_version_and_management_address_are_the_callers_choice() {
    let service = Service::start().await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .query("api-version", "2026-07-01")
        .reply(Reply::json(200, endpoint("Succeeded", "blue")))
        .await;
    let mut options = options(&service);
    options.api_version = "2026-07-01".to_owned();
    options.management.endpoint = "https://arm.test".to_owned();

    let endpoints = client_with(options).batch_endpoints();
    endpoints.get("training", None).await.unwrap();

    assert_eq!(hosts(&service).await, ["arm.test"]);
}
