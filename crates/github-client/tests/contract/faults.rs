//! Refusals, throttling, and answers that are none.

use azure_core::error::ErrorKind;
use github_client::ServiceErrorExt;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{TOKEN, client, ok};

const COMMENTS: &str = "/repos/contoso/data/issues/1/comments";

fn refusal(status: u16, message: &str) -> Reply {
    let body = json!({ "message": message, "documentation_url": "https://docs.github.test", "status": status.to_string() });
    Reply::json(status, body).header("x-github-request-id", "AB:1")
}

#[tokio::test]
async fn a_refusal_is_told_with_its_text_and_request_id() {
    for (status, message) in [
        (401, "Bad credentials"),
        (403, "Resource not accessible by integration"),
        (404, "Not Found"),
        (409, "Conflict"),
    ] {
        let service = Service::start().await;
        service
            .on("GET", COMMENTS)
            .times(1)
            .reply(refusal(status, message))
            .await;

        let error = client(&service).issue(1).comments(None).await.unwrap_err();

        let said = error.service_error().unwrap();
        assert_eq!(
            (u16::from(said.status), said.message.as_str()),
            (status, message)
        );
        assert_eq!(said.request_id.as_deref(), Some("AB:1"));
        assert!(!format!("{error:?}").contains(TOKEN));
    }
}

#[tokio::test]
async fn both_rate_limits_are_waited_for() {
    for status in [403, 429] {
        let service = Service::start().await;
        let slow =
            refusal(status, "You have exceeded a secondary rate limit").header("retry-after", "0");
        service.fault("POST", 2, slow).await;
        let comment = json!({ "id": 4, "body": "hello" });
        service
            .on("POST", COMMENTS)
            .times(1)
            .reply(Reply::json(201, comment))
            .await;

        let written = client(&service)
            .issue(1)
            .create_comment("hello", None)
            .await;

        assert_eq!(written.unwrap().id, 4);
    }
}

#[tokio::test]
async fn a_comment_that_is_in_doubt_is_not_written_twice() {
    let service = Service::start().await;
    service
        .on("POST", COMMENTS)
        .times(1)
        .reply(refusal(502, "Server Error"))
        .await;

    let error = client(&service)
        .issue(1)
        .create_comment("hello", None)
        .await
        .unwrap_err();

    assert_eq!(error.service_error().unwrap().attempts, 1);
}

#[tokio::test]
async fn an_answer_of_another_shape_names_the_place() {
    let service = Service::start().await;
    service
        .on("GET", COMMENTS)
        .reply(ok(json!([{ "id": "x" }])))
        .await;

    let error = client(&service).issue(1).comments(None).await.unwrap_err();

    assert_eq!(*error.kind(), ErrorKind::DataConversion);
    assert!(error.to_string().contains("[0].id"), "{error}");
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end_in_an_error() {
    let service = Service::start().await;
    let again = "<https://api.github.test/?page=2>; rel=\"next\"";
    service
        .on("GET", COMMENTS)
        .reply(ok(json!([])).header("link", again))
        .await;

    let error = client(&service).issue(1).comments(None).await.unwrap_err();

    assert!(error.to_string().contains("circle"), "{error}");
}
