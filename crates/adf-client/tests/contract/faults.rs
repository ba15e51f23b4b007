use std::time::Duration;

use adf_client::{FactoryClient, FactoryClientOptions, RestClientOptions, ServiceErrorExt};
use azure_core::error::ErrorKind;
use futures::TryStreamExt;
use serde_json::json;
use test_support::{Reply, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::{FACTORY, at, client, credential, ok, parameters};

async fn refused(reply: Reply) -> azure_core::Error {
    let service = Service::start().await;
    service.on("GET", &at("pipelines/p")).reply(reply).await;
    let pipelines = client(&service).pipelines();
    pipelines.get("p", None).await.unwrap_err()
}

#[tokio::test]
async fn a_refusal_keeps_all_that_the_service_says() {
    let nested = json!({"error": {"code": "BadRequest", "message": "it \"is\"\nso", "target": "p", "details": [
        {"error": {"code": "InvalidTemplate", "message": "deep", "target": "properties"}},
        {"code": "Flat", "message": "shallow"}
    ]}});

    let error = refused(Reply::json(400, nested).header("x-ms-request-id", "q-1")).await;

    let refusal = error.service_error().unwrap();
    assert_eq!(refusal.code.as_deref(), Some("BadRequest"));
    assert_eq!(refusal.message, "it \"is\"\nso");
    assert_eq!(refusal.target.as_deref(), Some("p"));
    let details: Vec<_> = refusal.details.iter().map(ToString::to_string).collect();
    assert_eq!(
        details,
        ["InvalidTemplate: deep (properties)", "Flat: shallow"]
    );
    assert_eq!(refusal.request_id.as_deref(), Some("q-1"));
    assert_eq!(
        (refusal.method.as_str(), refusal.path.as_str()),
        ("GET", at("pipelines/p").as_str())
    );
}

#[tokio::test]
async fn what_does_not_exist_is_named() {
    let error = refused(Reply::refusal(404, "ResourceNotFound", "not found")).await;

    assert!(error.is_not_found());
    assert!(error.to_string().contains("/pipelines/p"), "{error}");
}

#[tokio::test]
async fn throttling_that_does_not_end_is_told_with_its_pause() {
    let error = refused(Reply::throttled()).await;

    let refusal = error.service_error().unwrap();
    assert_eq!(u16::from(refusal.status), 429);
    assert_eq!(
        (refusal.attempts, refusal.retry_after),
        (4, Some(Duration::ZERO))
    );
}

#[tokio::test]
async fn a_pause_beyond_the_limit_ends_the_call_at_once() {
    let error =
        refused(Reply::refusal(429, "TooManyRequests", "m").header("retry-after", "3600")).await;

    assert_eq!(error.service_error().unwrap().attempts, 1);
}

#[tokio::test]
async fn a_write_is_repeated_after_an_outage() {
    let service = Service::start().await;
    service
        .on("PUT", &at("datasets/d"))
        .times(3)
        .replies([
            Reply::refusal(503, "ServiceUnavailable", "m"),
            Reply::throttled(),
            ok(json!({"name": "d", "properties": {"type": "Json", "linkedServiceName": {"referenceName": "s"}}})),
        ])
        .await;
    let dataset = crate::document(
        json!({"properties": {"type": "Json", "linkedServiceName": {"referenceName": "s"}}}),
    );

    let written = client(&service).datasets().put("d", &dataset, None).await;

    assert!(written.is_ok());
}

#[tokio::test]
async fn a_sign_in_page_is_not_an_answer() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to your account</title></head></html>";
    let service = Service::start().await;
    let page = Reply::bytes(200, "text/html", page);
    service
        .on("GET", &at("pipelines/p"))
        .reply(page.clone())
        .await;
    service
        .on("DELETE", &at("pipelines/p"))
        .reply(page.clone())
        .await;
    service.on("GET", &at("pipelines")).reply(page).await;
    let pipelines = client(&service).pipelines();

    let get = pipelines.get("p", None).await.unwrap_err();
    let delete = pipelines.delete("p", None).await.unwrap_err();
    let list = pipelines.list(None).try_next().await.unwrap_err();

    for error in [get, delete, list] {
        let refusal = error.service_error().unwrap();
        assert_eq!(refusal.code.as_deref(), Some("SignInPage"));
        assert!(
            refusal.message.contains("Sign in to your account"),
            "{refusal}"
        );
    }
}

#[tokio::test]
async fn odd_bodies_are_errors_that_name_the_request() {
    for body in [
        "",
        "{\"properties\": {\"activ",
        "[]",
        "null",
        "{\"properties\": 1}",
        "\u{feff}",
    ] {
        let error = refused(Reply::bytes(200, "application/json", body)).await;

        assert_eq!(error.kind(), &ErrorKind::DataConversion, "{body}");
        assert!(error.to_string().contains("/pipelines/p"), "{error}");
    }
}

#[tokio::test]
async fn an_odd_item_of_a_list_is_named_by_its_place() {
    let service = Service::start().await;
    let odd = json!({"value": [{"properties": {}}, {"properties": {"activities": [{"name": 1}]}}]});
    service.on("GET", &at("pipelines")).reply(ok(odd)).await;

    let error = client(&service)
        .pipelines()
        .list(None)
        .try_next()
        .await
        .unwrap_err();

    assert!(error.to_string().contains("value[1]"), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let error = refused(Reply::empty(302).header("location", "https://login.test/?token=1")).await;

    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("Redirected")
    );
    assert!(!error.to_string().contains("token=1"), "{error}");
}

#[tokio::test]
async fn an_abandoned_call_leaves_the_client_usable() {
    let service = Service::start().await;
    let late = ok(json!({"runId": "r"})).late(Duration::from_secs(600));
    service
        .on("POST", &at("pipelines/p/createRun"))
        .reply(late)
        .await;
    service
        .on("GET", &at("pipelines"))
        .reply(ok(json!({"value": []})))
        .await;
    let pipelines = client(&service).pipelines();

    let none = parameters(json!({}));
    let slow = pipelines.create_run("p", &none, None);
    let abandoned = tokio::time::timeout(Duration::from_millis(20), slow).await;
    let listed: Vec<_> = pipelines.list(None).try_collect().await.unwrap();

    assert!(abandoned.is_err() && listed.is_empty());
}

#[tokio::test]
async fn a_list_can_be_left_before_its_end() {
    let service = Service::start().await;
    let pipeline = json!({"name": "a", "properties": {}});
    let next = crate::link("pipelines?api-version=2018-06-01&skip=1");
    service
        .on("GET", &at("pipelines"))
        .times(1)
        .reply(ok(json!({"value": [pipeline], "nextLink": next})))
        .await;

    let first = client(&service).pipelines().list(None).try_next().await;

    assert_eq!(first.unwrap().unwrap().name(), Some("a"));
}

#[tokio::test]
async fn the_token_is_in_no_error_and_no_description() {
    let service = Service::start().await;
    let factory = client(&service);

    let error = factory.get(None).await.unwrap_err();

    let shown = format!("{error} {error:?} {factory:?}");
    assert!(!shown.contains("secret-token"), "{shown}");
}

#[tokio::test]
async fn a_start_whose_answer_is_cut_off_is_not_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = FactoryClientOptions {
        endpoint: format!("http://{}", listener.local_addr().unwrap()),
        rest: RestClientOptions {
            retry: Service::retry(),
            ..RestClientOptions::default()
        },
        ..FactoryClientOptions::default()
    };
    let server = tokio::spawn(async move {
        let mut served = 0;
        while let Ok((mut socket, _)) = listener.accept().await {
            served += 1;
            let mut request = [0_u8; 4096];
            let _ = socket.read(&mut request).await;
            let reply: &[u8] = match served {
                1 => b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\nconnection: close\r\n\r\n{\"runId\"",
                _ => b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n{\"runId\": \"2\"}",
            };
            let _ = socket.write_all(reply).await;
        }
    });
    let factory = FactoryClient::new(FACTORY.parse().unwrap(), credential(), Some(options));
    let pipelines = factory.unwrap().pipelines();

    let none = parameters(json!({}));
    let cut = pipelines.create_run("p", &none, None).await.unwrap_err();
    let next = pipelines.create_run("p", &none, None).await.unwrap();

    server.abort();
    assert!(cut.to_string().contains("was not answered"), "{cut}");
    assert_eq!(next.into_model().unwrap().run_id, "2");
}
