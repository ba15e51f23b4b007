use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use azure_core::error::ErrorKind;
use azure_core::http::{ClientOptions, Transport};
use rest_core::{Loopback, RestClient, RestClientOptions, Retry, ServiceErrorExt, Verdict};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{PACKAGE, client};

fn unavailable() -> Reply {
    Reply::refusal(503, "ServiceUnavailable", "later")
}

#[tokio::test]
async fn a_read_survives_throttling_and_outages() {
    let service = Service::start().await;
    service
        .on("GET", "/thing")
        .times(4)
        .replies([
            Reply::throttled(),
            unavailable(),
            Reply::refusal(500, "Oops", "m"),
            Reply::json(200, json!({"ok": true})),
        ])
        .await;
    let client = client(&service);

    let thing: Value = client
        .get(client.url(["thing"]))
        .send()
        .await
        .unwrap()
        .into_model()
        .unwrap();

    assert_eq!(thing["ok"], true);
}

#[tokio::test]
async fn a_post_that_starts_work_is_sent_once_when_the_service_fails() {
    for status in [408, 500, 502, 503, 504] {
        let service = Service::start().await;
        service
            .on("POST", "/run")
            .times(1)
            .reply(Reply::refusal(status, "Oops", "m"))
            .await;
        let client = client(&service);

        let error = client
            .post(client.url(["run"]))
            .json(&json!({}))
            .send::<Value>()
            .await
            .unwrap_err();

        assert_eq!(error.service_error().unwrap().attempts, 1, "{status}");
    }
}

#[tokio::test]
async fn a_post_that_starts_work_is_repeated_when_throttled() {
    let service = Service::start().await;
    service
        .on("POST", "/run")
        .times(2)
        .replies([Reply::throttled(), Reply::json(200, json!({"runId": "1"}))])
        .await;
    let client = client(&service);

    let run: Value = client
        .post(client.url(["run"]))
        .json(&json!({"a": 1}))
        .send()
        .await
        .unwrap()
        .into_model()
        .unwrap();

    assert_eq!(run["runId"], "1");
    assert_eq!(
        service.log().await,
        "POST /run\n  {\"a\":1}\nPOST /run\n  {\"a\":1}\n"
    );
}

#[tokio::test]
async fn a_post_that_only_reads_is_repeated() {
    let service = Service::start().await;
    service
        .on("POST", "/query")
        .times(2)
        .replies([unavailable(), Reply::json(200, json!([]))])
        .await;
    let client = client(&service);

    client
        .post(client.url(["query"]))
        .repeatable()
        .send::<Value>()
        .await
        .unwrap();
}

#[tokio::test]
async fn attempts_end_and_the_last_refusal_is_told() {
    let service = Service::start().await;
    service
        .on("GET", "/thing")
        .times(4)
        .reply(unavailable().header("x-ms-request-id", "r-9"))
        .await;
    let client = client(&service);

    let error = client
        .get(client.url(["thing"]))
        .send::<Value>()
        .await
        .unwrap_err();

    assert_eq!(
        error.to_string(),
        "GET /thing answered 503 ServiceUnavailable: later (after 4 attempts) (request id r-9)"
    );
}

#[tokio::test]
async fn a_retry_after_beyond_the_limit_ends_the_call_at_once() {
    let service = Service::start().await;
    service
        .on("GET", "/thing")
        .times(1)
        .reply(Reply::throttled().header("retry-after", "3600"))
        .await;
    let client = client(&service);

    let error = client
        .get(client.url(["thing"]))
        .send::<Value>()
        .await
        .unwrap_err();

    assert_eq!(
        error.service_error().unwrap().retry_after,
        Some(Duration::from_secs(3600))
    );
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_named() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let loopback = Loopback::direct(format!("http://{free}").parse().unwrap()).unwrap();
    let options = RestClientOptions {
        retry: Retry {
            max_attempts: 3,
            ..Service::retry()
        },
        client_options: ClientOptions {
            transport: Some(Transport::new(Arc::new(loopback))),
            ..ClientOptions::default()
        },
        ..RestClientOptions::default()
    };
    let client = RestClient::with_policy(PACKAGE, "https://service.test", None, options).unwrap();

    let error = client
        .post(client.url(["run"]))
        .send::<Value>()
        .await
        .unwrap_err();

    assert_eq!(error.kind(), &ErrorKind::Connection);
    assert!(
        error
            .to_string()
            .starts_with("POST /run on service.test was not answered in 3 attempts"),
        "{error}"
    );
}

#[tokio::test]
async fn an_abandoned_call_leaves_the_client_usable() {
    let service = Service::start().await;
    service
        .on("GET", "/slow")
        .reply(Reply::json(200, json!({})).late(Duration::from_secs(600)))
        .await;
    service
        .on("GET", "/fast")
        .reply(Reply::json(200, json!({})))
        .await;
    let client = client(&service);

    let slow = client.get(client.url(["slow"])).send::<Value>();
    let abandoned = tokio::time::timeout(Duration::from_millis(20), slow).await;

    assert!(abandoned.is_err());
    client
        .get(client.url(["fast"]))
        .send::<Value>()
        .await
        .unwrap();
}

#[tokio::test]
async fn the_token_and_the_original_host_are_sent_to_the_loopback_service() {
    let service = Service::start().await;
    service
        .on("GET", "/thing")
        .header("authorization", "Bearer secret-token")
        .header("x-forwarded-host", "service.test")
        .reply(Reply::json(200, json!({})))
        .await;
    let client = client(&service);

    client
        .get(client.url(["thing"]))
        .send::<Value>()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_client_can_judge_refusals_by_their_text() {
    let judge = |error: &rest_core::ServiceError| match error.message.as_str() {
        "not ready" => Verdict::TurnedAway,
        "busy" => Verdict::Passing,
        "in part" => Verdict::Final,
        _ => Verdict::ByStatus,
    };
    for (verb, status, message, sent) in [
        ("POST", 400, "not ready", 2),
        ("POST", 400, "busy", 1),
        ("GET", 400, "busy", 2),
        ("GET", 503, "in part", 1),
        ("GET", 400, "wrong", 1),
    ] {
        let service = Service::start().await;
        service
            .on(verb, "/thing")
            .times(sent)
            .replies([
                Reply::refusal(status, "Oops", message),
                Reply::json(200, json!({})),
            ])
            .await;
        let client = client(&service).judge(judge);
        let url = client.url(["thing"]);
        let call = if verb == "GET" {
            client.get(url)
        } else {
            client.post(url)
        };

        let answer = call.send::<Value>().await;

        assert_eq!(answer.is_ok(), sent == 2, "{verb} {message}");
    }
}

#[tokio::test]
async fn a_put_that_must_happen_once_is_sent_once() {
    let service = Service::start().await;
    service
        .on("PUT", "/thing")
        .times(1)
        .reply(unavailable())
        .await;
    let client = client(&service);

    let error = client
        .put(client.url(["thing"]))
        .once()
        .send_empty()
        .await
        .unwrap_err();

    assert_eq!(error.service_error().unwrap().attempts, 1);
}
