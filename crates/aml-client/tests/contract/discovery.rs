use aml_client::{Cloud, MachineLearningClientOptions, Services, UntrustedHost};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{TOKEN, WS, client_with, hosts, log, v1};

fn options(service: &Service) -> MachineLearningClientOptions {
    MachineLearningClientOptions {
        rest: service.options(),
        ..MachineLearningClientOptions::default()
    }
}

async fn workspace(service: &Service, properties: Value) {
    let body = json!({"name": "ws", "location": "West Europe", "properties": properties});
    service.on("GET", WS).reply(Reply::json(200, body)).await;
}

async fn discover(service: &Service) -> azure_core::Result<Services> {
    client_with(options(service)).discover(None).await
}

#[tokio::test]
async fn the_services_map_is_read_without_a_token() {
    let service = Service::start().await;
    workspace(
        &service,
        json!({"discoveryUrl": "https://westeurope.api.azureml.ms/discovery"}),
    )
    .await;
    let map = json!({
        "api": "https://ws.westeurope.api.azureml.ms",
        "history": "https://history.westeurope.api.azureml.ms",
        "studio": "https://ml.azure.com",
        "odd": 7,
    });
    service
        .on("GET", "/discovery")
        .reply(Reply::json(200, map))
        .await;

    let services = discover(&service).await.unwrap();

    assert_eq!(services.api(), "https://ws.westeurope.api.azureml.ms");
    assert_eq!(
        services.history(),
        "https://history.westeurope.api.azureml.ms"
    );
    assert_eq!(services.get("studio"), Some("https://ml.azure.com"));
    assert_eq!(services.get("odd"), None);
    insta::assert_snapshot!(log(&service).await, @r"
    GET {ws}?api-version=2025-12-01
    GET /discovery
    ");
    let requests = service.requests().await;
    assert_eq!(
        requests[0].headers["authorization"].to_str().unwrap(),
        format!("Bearer {TOKEN}")
    );
    assert!(!requests[1].headers.contains_key("authorization"));
}

#[tokio::test]
async fn the_workspace_is_asked_once_for_all_areas() {
    let service = Service::start().await;
    workspace(
        &service,
        json!({"discoveryUrl": "https://westeurope.api.azureml.ms/discovery"}),
    )
    .await;
    let map = json!({"api": "https://private.workspace.westeurope.api.azureml.ms"});
    service
        .on("GET", "/discovery")
        .times(1)
        .reply(Reply::json(200, map))
        .await;
    service
        .on("GET", &v1("Pipelines/p"))
        .reply(Reply::json(200, json!({"Id": "p"})))
        .await;
    let client = client_with(options(&service));

    for _ in 0..2 {
        let pipelines = client.clone().pipelines().await.unwrap();
        pipelines.get("p", None).await.unwrap();
    }
    client.run_history().await.unwrap();

    assert_eq!(
        hosts(&service).await,
        [
            "management.azure.com",
            "westeurope.api.azureml.ms",
            "private.workspace.westeurope.api.azureml.ms",
            "private.workspace.westeurope.api.azureml.ms",
        ]
    );
}

#[tokio::test]
async fn a_workspace_without_a_map_is_found_by_its_region() {
    for properties in [json!({}), json!({"discoveryUrl": ""}), json!(null)] {
        let service = Service::start().await;
        workspace(&service, properties).await;

        let services = discover(&service).await.unwrap();

        assert_eq!(services.api(), "https://westeurope.api.azureml.ms");
        assert_eq!(services.history(), services.api());
    }
}

#[tokio::test]
async fn neither_a_map_nor_a_region_is_an_error() {
    for location in [json!(null), json!("evil.test/x?")] {
        let service = Service::start().await;
        let body = json!({"name": "ws", "location": location});
        service.on("GET", WS).reply(Reply::json(200, body)).await;

        let error = discover(&service).await.unwrap_err().to_string();

        assert!(error.contains("set the endpoint"), "{error}");
    }
}

#[tokio::test]
async fn no_token_goes_to_a_host_of_another_domain() {
    let service = Service::start().await;
    workspace(
        &service,
        json!({"discoveryUrl": "https://westeurope.api.azureml.ms/discovery"}),
    )
    .await;
    let map = json!({"api": "https://azureml.ms.example.test/?sig=1"});
    service
        .on("GET", "/discovery")
        .reply(Reply::json(200, map))
        .await;

    let error = client_with(options(&service))
        .pipelines()
        .await
        .unwrap_err();

    let refused: &UntrustedHost = error.downcast_ref().unwrap();
    assert_eq!(refused.link, "https://azureml.ms.example.test/");
}

#[tokio::test]
async fn a_map_at_an_untrusted_address_is_not_fetched() {
    let service = Service::start().await;
    workspace(&service, json!({"discoveryUrl": "https://example.test/x"})).await;

    let error = discover(&service).await.unwrap_err();

    assert!(error.downcast_ref::<UntrustedHost>().is_some(), "{error}");
    assert_eq!(service.requests().await.len(), 1);
}

#[tokio::test]
async fn a_trusted_domain_may_be_added() {
    let service = Service::start().await;
    workspace(&service, json!({"discoveryUrl": "https://ml.corp.test/d"})).await;
    service
        .on("GET", "/d")
        .reply(Reply::json(200, json!({"api": "https://api.corp.test"})))
        .await;
    let mut options = options(&service);
    options.trusted_domains.push("corp.test".to_owned());

    let services = client_with(options).discover(None).await.unwrap();

    assert_eq!(services.api(), "https://api.corp.test");
}

#[tokio::test]
async fn a_failed_discovery_is_tried_again_by_the_next_call() {
    let service = Service::start().await;
    service
        .on("GET", WS)
        .replies([
            Reply::refusal(403, "AuthorizationFailed", "no"),
            Reply::json(200, json!({"location": "westeurope"})),
        ])
        .await;
    let client = client_with(options(&service));

    client.pipelines().await.unwrap_err();

    client.pipelines().await.unwrap();
}

#[tokio::test]
async fn other_clouds_have_their_own_addresses() {
    let service = Service::start().await;
    service
        .on("GET", WS)
        .reply(Reply::json(200, json!({"location": "chinanorth3"})))
        .await;
    let mut options = MachineLearningClientOptions::for_cloud(Cloud::China);
    options.rest = service.options();

    let services = client_with(options).discover(None).await.unwrap();

    assert_eq!(services.api(), "https://chinanorth3.api.ml.azure.cn");
    assert_eq!(hosts(&service).await, ["management.chinacloudapi.cn"]);
}

#[tokio::test]
async fn one_endpoint_can_play_all_planes() {
    let service = Service::start().await;
    service
        .on("GET", &v1("Pipelines/p"))
        .header("authorization", &format!("Bearer {TOKEN}"))
        .reply(Reply::json(200, json!({"Id": "p"})))
        .await;
    let client = client_with(MachineLearningClientOptions::single_endpoint(service.uri()));

    let pipelines = client.pipelines().await.unwrap();

    pipelines.get("p", None).await.unwrap();
}

#[tokio::test]
async fn the_workspace_tells_its_legacy_mode() {
    let service = Service::start().await;
    workspace(
        &service,
        json!({"v1LegacyMode": true, "workspaceId": "w-1"}),
    )
    .await;

    let workspace = client_with(options(&service)).workspace(None).await;
    let workspace = workspace.unwrap().into_model().unwrap();

    assert!(workspace.properties.v1_legacy_mode);
    assert_eq!(workspace.properties.workspace_id.as_deref(), Some("w-1"));
}
