use adf_client::models::{
    AuthKey, IntegrationRuntimeState, IntegrationRuntimeUpdate, LinkedRuntime,
};
use adf_client::{ServiceErrorExt, TimedOut, Wait};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, at, client, link, ok, sent};

async fn answers(service: &Service, verb: &str, below: &str, answer: Value) {
    let path = at(&format!("integrationRuntimes/ir/{below}"));
    service.on(verb, &path).reply(ok(answer)).await;
}

fn status() -> Value {
    json!({"name": "ir", "properties": {"type": "SelfHosted", "state": "Online", "dataFactoryName": "adf",
        "typeProperties": {"nodes": []}}})
}

#[tokio::test]
async fn a_runtime_is_started_and_stopped() {
    let service = Service::start().await;
    for action in ["start", "stop"] {
        let operation = |of: &str| {
            let below = format!("integrationRuntimes/ir/{action}/{of}/1?api-version=2018-06-01");
            link(&below)
        };
        let accepted = Reply::empty(202)
            .header("azure-asyncoperation", &operation("operationstatuses"))
            .header("location", &operation("operationresults"));
        let path = at(&format!("integrationRuntimes/ir/{action}"));
        service.on("POST", &path).reply(accepted).await;
        let path = format!("{path}/operationstatuses/1");
        let stands = |status: &str| {
            ok(json!({"name": "1", "status": status, "properties": null, "error": null}))
        };
        service
            .on("GET", &path)
            .times(2)
            .replies(["InProgress", "Succeeded"].map(stands))
            .await;
    }
    let runtimes = client(&service).integration_runtimes();

    runtimes.start("ir", SOON, None).await.unwrap();
    runtimes.stop("ir", SOON, None).await.unwrap();

    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/integrationRuntimes/ir/start
    GET ~F/integrationRuntimes/ir/start/operationstatuses/1
    GET ~F/integrationRuntimes/ir/start/operationstatuses/1
    POST ~F/integrationRuntimes/ir/stop
    GET ~F/integrationRuntimes/ir/stop/operationstatuses/1
    GET ~F/integrationRuntimes/ir/stop/operationstatuses/1
    ");
}

#[tokio::test]
async fn a_start_that_fails_tells_why() {
    let service = Service::start().await;
    let operation = "integrationRuntimes/ir/start/operationstatuses/1";
    service
        .on("POST", &at("integrationRuntimes/ir/start"))
        .reply(Reply::empty(202).header("azure-asyncoperation", &link(operation)))
        .await;
    let failed = json!({"status": "Failed", "error": {"code": "NoQuota", "message": "m"}});
    service.on("GET", &at(operation)).reply(ok(failed)).await;

    let error = client(&service)
        .integration_runtimes()
        .start("ir", SOON, None)
        .await
        .unwrap_err();

    let text = error.to_string();
    assert!(
        text.contains("integration runtime `ir`") && text.contains("NoQuota"),
        "{text}"
    );
}

#[tokio::test]
async fn a_link_of_an_operation_to_elsewhere_is_not_followed() {
    let service = Service::start().await;
    service
        .on("POST", &at("integrationRuntimes/ir/start"))
        .reply(Reply::empty(202).header("location", "https://elsewhere.test/operations/1"))
        .await;

    let error = client(&service)
        .integration_runtimes()
        .start("ir", SOON, None)
        .await
        .unwrap_err();

    assert!(error.to_string().contains("elsewhere.test"), "{error}");
    assert_eq!(service.requests().await.len(), 1);
}

#[tokio::test]
async fn a_runtime_tells_its_state_and_load() {
    let service = Service::start().await;
    answers(&service, "POST", "getStatus", status()).await;
    answers(
        &service,
        "POST",
        "monitoringData",
        json!({"name": "ir", "nodes": [{"nodeName": "n"}]}),
    )
    .await;
    answers(
        &service,
        "GET",
        "outboundNetworkDependenciesEndpoints",
        json!({"value": []}),
    )
    .await;
    let runtimes = client(&service).integration_runtimes();

    let stands = runtimes.get_status("ir", None).await.unwrap();
    let load = runtimes.monitoring_data("ir", None).await.unwrap();
    runtimes.outbound_endpoints("ir", None).await.unwrap();

    let stands = stands.into_model().unwrap();
    assert_eq!(stands.json(), &status());
    assert_eq!(
        stands.properties.state,
        Some(IntegrationRuntimeState::Online)
    );
    assert_eq!(load.into_model().unwrap()["nodes"][0]["nodeName"], "n");
    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/integrationRuntimes/ir/getStatus
    POST ~F/integrationRuntimes/ir/monitoringData
    GET ~F/integrationRuntimes/ir/outboundNetworkDependenciesEndpoints
    ");
}

#[tokio::test]
async fn keys_and_tokens_are_given_but_not_shown() {
    let service = Service::start().await;
    let keys = json!({"authKey1": "IR@first", "authKey2": "IR@second"});
    answers(&service, "POST", "listAuthKeys", keys.clone()).await;
    answers(&service, "POST", "regenerateAuthKey", keys).await;
    let info =
        json!({"serviceToken": "IR@token", "version": "5.1", "isIdentityCertExprired": false});
    answers(&service, "POST", "getConnectionInfo", info).await;
    let runtimes = client(&service).integration_runtimes();

    let keys = runtimes.list_auth_keys("ir", None).await.unwrap();
    for key in [AuthKey::First, AuthKey::Second] {
        runtimes.regenerate_auth_key("ir", key, None).await.unwrap();
    }
    let info = runtimes.connection_info("ir", None).await.unwrap();

    assert_eq!(keys.first.as_ref().unwrap().secret(), "IR@first");
    assert_eq!(keys.second.as_ref().unwrap().secret(), "IR@second");
    assert_eq!(info.service_token.as_ref().unwrap().secret(), "IR@token");
    assert_eq!(info.is_identity_cert_expired, Some(false));
    assert!(!format!("{keys:?} {info:?}").contains("IR@"));
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~F/integrationRuntimes/ir/listAuthKeys
    POST ~F/integrationRuntimes/ir/regenerateAuthKey
      {"keyName":"authKey1"}
    POST ~F/integrationRuntimes/ir/regenerateAuthKey
      {"keyName":"authKey2"}
    POST ~F/integrationRuntimes/ir/getConnectionInfo
    "#);
}

#[tokio::test]
async fn a_key_is_not_replaced_twice() {
    let service = Service::start().await;
    service
        .on("POST", &at("integrationRuntimes/ir/regenerateAuthKey"))
        .times(1)
        .reply(Reply::refusal(500, "Oops", "m"))
        .await;

    let error = client(&service)
        .integration_runtimes()
        .regenerate_auth_key("ir", AuthKey::First, None)
        .await
        .unwrap_err();

    assert_eq!(error.service_error().unwrap().attempts, 1);
}

#[tokio::test]
async fn a_runtime_is_kept_up_to_date_and_shared() {
    let service = Service::start().await;
    let runtime = json!({"name": "ir", "properties": {"type": "SelfHosted"}});
    let ir = at("integrationRuntimes/ir");
    service.on("PATCH", &ir).reply(ok(runtime)).await;
    for action in ["syncCredentials", "upgrade", "removeLinks"] {
        let path = format!("{ir}/{action}");
        service.on("POST", &path).reply(Reply::empty(200)).await;
    }
    answers(&service, "POST", "linkedIntegrationRuntime", status()).await;
    let runtimes = client(&service).integration_runtimes();
    let change = IntegrationRuntimeUpdate {
        auto_update: Some(true),
        update_delay_offset: Some("PT3H".to_owned()),
    };
    let linked = LinkedRuntime {
        name: "theirs".to_owned(),
        subscription_id: "s2".to_owned(),
        data_factory_name: "adf-2".to_owned(),
        data_factory_location: "westeurope".to_owned(),
    };

    runtimes.update("ir", &change, None).await.unwrap();
    runtimes.sync_credentials("ir", None).await.unwrap();
    runtimes.upgrade("ir", None).await.unwrap();
    runtimes.remove_links("ir", "adf-2", None).await.unwrap();
    runtimes.create_linked("ir", &linked, None).await.unwrap();

    insta::assert_snapshot!(sent(&service).await, @r#"
    PATCH ~F/integrationRuntimes/ir
      {"autoUpdate":"On","updateDelayOffset":"\"PT3H\""}
    POST ~F/integrationRuntimes/ir/syncCredentials
    POST ~F/integrationRuntimes/ir/upgrade
    POST ~F/integrationRuntimes/ir/removeLinks
      {"factoryName":"adf-2"}
    POST ~F/integrationRuntimes/ir/linkedIntegrationRuntime
      {"name":"theirs","subscriptionId":"s2","dataFactoryName":"adf-2","dataFactoryLocation":"westeurope"}
    "#);
}

#[tokio::test]
async fn the_nodes_of_a_runtime_are_managed() {
    let service = Service::start().await;
    for verb in ["GET", "PATCH"] {
        answers(&service, verb, "nodes/n_1", json!({"nodeName": "n_1"})).await;
    }
    answers(
        &service,
        "POST",
        "nodes/n_1/ipAddress",
        json!({"ipAddress": "10.0.0.4"}),
    )
    .await;
    service
        .on("DELETE", &at("integrationRuntimes/ir/nodes/n_1"))
        .reply(Reply::empty(204))
        .await;
    let runtimes = client(&service).integration_runtimes();

    runtimes.node("ir", "n_1", None).await.unwrap();
    runtimes
        .set_node_concurrency("ir", "n_1", 4, None)
        .await
        .unwrap();
    let address = runtimes.node_ip_address("ir", "n_1", None).await.unwrap();
    runtimes.delete_node("ir", "n_1", None).await.unwrap();

    assert_eq!(address.into_model().unwrap()["ipAddress"], "10.0.0.4");
    assert!(runtimes.delete_node("ir", "..", None).await.is_err());
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~F/integrationRuntimes/ir/nodes/n_1
    PATCH ~F/integrationRuntimes/ir/nodes/n_1
      {"concurrentJobsLimit":4}
    POST ~F/integrationRuntimes/ir/nodes/n_1/ipAddress
    DELETE ~F/integrationRuntimes/ir/nodes/n_1
    "#);
}

#[tokio::test]
async fn the_catalog_of_a_runtime_is_refreshed_and_read() {
    let service = Service::start().await;
    service
        .on("POST", &at("integrationRuntimes/ir/refreshObjectMetadata"))
        .reply(Reply::empty(200))
        .await;
    answers(&service, "POST", "getObjectMetadata", json!({"value": []})).await;
    let runtimes = client(&service).integration_runtimes();

    runtimes
        .refresh_object_metadata("ir", SOON, None)
        .await
        .unwrap();
    runtimes.object_metadata("ir", None, None).await.unwrap();
    runtimes
        .object_metadata("ir", Some("ssis"), None)
        .await
        .unwrap();

    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~F/integrationRuntimes/ir/refreshObjectMetadata
    POST ~F/integrationRuntimes/ir/getObjectMetadata
    POST ~F/integrationRuntimes/ir/getObjectMetadata
      {"metadataPath":"ssis"}
    "#);
}

#[tokio::test]
async fn a_start_without_an_end_is_given_up() {
    let service = Service::start().await;
    let operation = "integrationRuntimes/ir/start/operationstatuses/1";
    service
        .on("POST", &at("integrationRuntimes/ir/start"))
        .reply(Reply::empty(202).header("azure-asyncoperation", &link(operation)))
        .await;
    let running = ok(json!({"status": "InProgress"})).header("retry-after", "15");
    service
        .on("GET", &at(operation))
        .times(1)
        .reply(running)
        .await;
    let wait = Wait {
        limit: std::time::Duration::from_secs(10),
        ..SOON
    };

    let runtimes = client(&service).integration_runtimes();
    let error = runtimes.start("ir", wait, None).await.unwrap_err();

    assert!(TimedOut::of(&error).is_some(), "{error}");
}
