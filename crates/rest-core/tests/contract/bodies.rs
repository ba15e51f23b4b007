use azure_core::error::ErrorKind;
use rest_core::{BodyError, ServiceErrorExt};
use serde::Deserialize;
use serde_json::{Value, json};
use test_support::{Reply, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client;

#[derive(Debug, Deserialize)]
struct Thing {
    #[expect(dead_code, reason = "read by its type alone")]
    runs: Vec<Run>,
}

#[derive(Debug, Deserialize)]
struct Run {
    #[expect(dead_code, reason = "read by its type alone")]
    id: u64,
}

async fn answer(reply: Reply) -> azure_core::Error {
    let service = Service::start().await;
    service.on("GET", "/thing").reply(reply).await;
    let client = client(&service);
    client
        .get(client.url(["thing"]))
        .send::<Thing>()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_wrong_body_names_its_place_and_the_request() {
    let body = json!({"runs": [{"id": 1}, {"id": "two"}]});

    let error = answer(Reply::json(200, body).header("x-request-id", "r-1")).await;

    let inner: &BodyError = error.downcast_ref().unwrap();
    assert_eq!(
        (inner.path.as_str(), inner.request_id.as_deref()),
        ("runs[1].id", Some("r-1"))
    );
    assert!(error.to_string().contains("GET /thing"), "{error}");
}

#[tokio::test]
async fn odd_bodies_are_errors_with_a_reason() {
    for (body, reason) in [
        (&b""[..], "empty"),
        (b"{\"runs\": [", "EOF"),
        (b"{\"runs\": []} x", "trailing"),
        (b"\xff\xfe{", "expected value"),
        (b"{\"runs\": [{\"id\": \"\xc3\"}]}", "invalid"),
    ] {
        let error = answer(Reply::bytes(200, "application/json", body)).await;

        assert_eq!(error.kind(), &ErrorKind::DataConversion);
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_body_that_nests_too_deep_is_refused() {
    let service = Service::start().await;
    service
        .on("GET", "/thing")
        .reply(Reply::bytes(200, "application/json", vec![b'['; 100_000]))
        .await;
    let client = client(&service);

    let error = client
        .get(client.url(["thing"]))
        .send::<Value>()
        .await
        .unwrap_err();

    assert!(error.to_string().contains("recursion limit"), "{error}");
}

#[tokio::test]
async fn a_sign_in_page_with_status_200_is_not_an_answer() {
    let page = "<!DOCTYPE html><html><head><title>Databricks - Sign In</title></head></html>";

    let error = answer(Reply::bytes(200, "text/html; charset=utf-8", page)).await;

    let refusal = error.service_error().unwrap();
    assert_eq!(refusal.code.as_deref(), Some("SignInPage"));
    assert!(
        refusal.message.contains("Databricks - Sign In"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_sign_in_page_is_not_an_empty_answer_either() {
    let service = Service::start().await;
    service
        .on("DELETE", "/thing")
        .reply(Reply::bytes(200, "text/html", "<html></html>"))
        .await;
    let client = client(&service);

    let error = client
        .delete(client.url(["thing"]))
        .send_empty()
        .await
        .unwrap_err();

    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("SignInPage")
    );
}

#[tokio::test]
async fn redirects_are_not_followed_with_a_token() {
    let service = Service::start().await;
    let elsewhere = Service::start().await;
    service
        .on("GET", "/thing")
        .reply(Reply::empty(302).header("location", &format!("{}/login.html?o=1", elsewhere.uri())))
        .await;
    let client = client(&service);

    let error = client
        .get(client.url(["thing"]))
        .send::<Value>()
        .await
        .unwrap_err();

    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("Redirected")
    );
    assert!(
        error.to_string().contains("/login.html") && !error.to_string().contains("o=1"),
        "{error}"
    );
    assert_eq!(elsewhere.log().await, "");
}

#[tokio::test]
async fn a_private_link_redirect_says_so() {
    let error = answer(Reply::empty(303).header(
        "location",
        "/login.html?error=private-link-validation-error:7788",
    ))
    .await;

    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("PRIVATE_LINK_VALIDATION_ERROR")
    );
    assert!(error.to_string().contains("7788"), "{error}");
}

#[tokio::test]
async fn the_request_id_of_a_body_goes_before_that_of_a_header() {
    let body = json!({"Error": {"Code": "UserError", "Message": "m"}, "Correlation": {"RequestId": "from-body"}});

    let error = answer(Reply::json(400, body).header("x-ms-request-id", "from-header")).await;

    assert_eq!(
        error.service_error().unwrap().request_id.as_deref(),
        Some("from-body")
    );
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let service = Service::start().await;
    service
        .on("GET", "/thing")
        .reply(Reply::bytes(200, "application/json", vec![b' '; 2_000]))
        .await;
    let mut options = service.options();
    options.max_body_bytes = 1_000;
    let client =
        rest_core::RestClient::with_policy(crate::PACKAGE, "https://service.test", None, options)
            .unwrap();

    let error = client
        .get(client.url(["thing"]))
        .send::<Value>()
        .await
        .unwrap_err();

    assert!(error.to_string().contains("GET /thing"), "{error}");
    assert_eq!(error.kind(), &ErrorKind::DataConversion);
}

#[tokio::test]
async fn a_truncated_body_of_a_read_is_asked_for_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        for body in ["{\"runs\"", "{\"runs\":[]}"] {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0_u8; 4096];
            let _ = socket.read(&mut request).await.unwrap();
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n";
            socket
                .write_all(format!("{head}{body}").as_bytes())
                .await
                .unwrap();
        }
    });
    let options = rest_core::RestClientOptions {
        retry: Service::retry(),
        ..rest_core::RestClientOptions::default()
    };
    let client = rest_core::RestClient::with_policy(
        crate::PACKAGE,
        &format!("http://{address}"),
        None,
        options,
    )
    .unwrap();

    client
        .get(client.url(["thing"]))
        .send::<Thing>()
        .await
        .unwrap();

    server.await.unwrap();
}
