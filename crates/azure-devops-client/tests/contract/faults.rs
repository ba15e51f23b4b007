//! Refusals, throttling, and answers that are none.

use azure_core::error::ErrorKind;
use azure_devops_client::ServiceErrorExt;
use azure_devops_client::models::{NewPolicy, PolicyTypeId};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{TOKEN, client, ok, page};

const POLICIES: &str = "/contoso/ingestion/_apis/policy/configurations";

fn refusal(status: u16, key: &str, message: &str) -> Reply {
    let body = json!({
        "$id": "1", "innerException": null, "message": message, "typeName": "Microsoft.X, Microsoft.X", "typeKey": key, "errorCode": 0,
    });
    Reply::json(status, body).header("x-vss-e2eid", "e2e-1")
}

fn work_items() -> NewPolicy {
    NewPolicy {
        is_enabled: true,
        is_blocking: true,
        kind: PolicyTypeId::new(PolicyTypeId::WORK_ITEMS),
        settings: json!({ "scope": [] }),
    }
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code_and_request_id() {
    for (status, key) in [
        (400, "PolicyNotConfiguredException"),
        (403, "AccessDeniedException"),
        (404, "ProjectDoesNotExistWithNameException"),
        (409, "PolicyChangeRejectedByPolicyException"),
    ] {
        let service = Service::start().await;
        service
            .on("GET", POLICIES)
            .times(1)
            .reply(refusal(status, key, "TF1: no"))
            .await;

        let error = client(&service).policies().list(None).await.unwrap_err();

        let refusal = error.service_error().unwrap();
        assert_eq!(u16::from(refusal.status), status);
        assert_eq!(refusal.code.as_deref(), Some(key));
        assert_eq!(refusal.message, "TF1: no");
        assert_eq!(refusal.request_id.as_deref(), Some("e2e-1"));
        assert!(!format!("{error:?}").contains(TOKEN));
    }
}

#[tokio::test]
async fn a_page_to_sign_in_is_no_answer() {
    let service = Service::start().await;
    let page = Reply::bytes(
        203,
        "text/html",
        "<html><title>Azure DevOps Services | Sign In</title></html>",
    );
    service.on("GET", POLICIES).reply(page).await;

    let error = client(&service).policies().list(None).await.unwrap_err();

    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("SignInPage")
    );
}

#[tokio::test]
async fn an_answer_of_another_shape_names_the_place() {
    let service = Service::start().await;
    service
        .on("GET", POLICIES)
        .reply(ok(json!({ "value": [{ "id": "x" }] })))
        .await;

    let error = client(&service).policies().list(None).await.unwrap_err();

    assert_eq!(*error.kind(), ErrorKind::DataConversion);
    assert!(error.to_string().contains("value[0].id"), "{error}");
}

#[tokio::test]
async fn what_is_throttled_is_sent_again() {
    let service = Service::start().await;
    let slow = || refusal(429, "RequestBlockedException", "slow down").header("retry-after", "0");
    service.fault("GET", 2, slow()).await;
    service
        .on("GET", POLICIES)
        .times(1)
        .reply(page(json!([]), None))
        .await;
    service.fault("POST", 1, slow()).await;
    let created = json!({ "id": 1, "type": { "id": PolicyTypeId::WORK_ITEMS } });
    service
        .on("POST", POLICIES)
        .times(1)
        .reply(ok(created))
        .await;
    let client = client(&service);

    assert!(client.policies().list(None).await.unwrap().is_empty());
    assert_eq!(
        client
            .policies()
            .create(&work_items(), None)
            .await
            .unwrap()
            .id,
        1
    );
}

#[tokio::test]
async fn a_policy_whose_creation_is_in_doubt_is_not_created_twice() {
    let service = Service::start().await;
    service
        .on("POST", POLICIES)
        .times(1)
        .reply(refusal(500, "X", "oh"))
        .await;

    let error = client(&service)
        .policies()
        .create(&work_items(), None)
        .await
        .unwrap_err();

    assert_eq!(error.service_error().unwrap().attempts, 1);
}
