//! Questions about a deployment that change nothing.

use arm_client::ServiceErrorExt;
use arm_client::models::{ChangeType, PropertyChangeType};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{SOON, at, client, deployment, ok, sent};

#[tokio::test]
async fn what_if_is_read_behind_its_location() {
    let service = Service::start().await;
    let location =
        "https://management.azure.com/subscriptions/s/operationresults/1?api-version=2021-04-01";
    service
        .on("POST", &at("d/whatIf"))
        .replies([
            Reply::refusal(503, "Busy", "later"),
            Reply::empty(202).header("location", location),
        ])
        .await;
    let result = json!({"status": "Succeeded", "properties": {"correlationId": "c", "changes": [
        {"resourceId": "/x/pipelines/p", "changeType": "Modify", "before": {}, "after": {}, "delta": [
            {"path": "properties.activities", "propertyChangeType": "Array", "children": [
                {"path": "0", "propertyChangeType": "Dreamt", "before": 1, "after": null}]}]},
        {"resourceId": "/x/pipelines/q", "changeType": "NoChange"},
        {"resourceId": "/x/pipelines/r", "changeType": "Guess", "unsupportedReason": "who knows"},
    ]}});
    service
        .on("GET", "/subscriptions/s/operationresults/1")
        .replies([Reply::empty(202).header("retry-after", "0"), ok(result)])
        .await;

    let (client, asked) = (client(&service), deployment());
    let answer = client.what_if("d", &asked, SOON, None).await.unwrap();

    let kinds: Vec<_> = answer
        .changes()
        .iter()
        .map(|change| change.change_type.clone())
        .collect();
    let guess = ChangeType::Other("Guess".to_owned());
    assert_eq!(kinds, [ChangeType::Modify, ChangeType::NoChange, guess]);
    let delta = answer.changes()[0].delta.as_ref().unwrap();
    assert_eq!(delta[0].property_change_type, PropertyChangeType::Array);
    assert_eq!(
        delta[0].children.as_ref().unwrap()[0].before,
        Some(json!(1))
    );
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~G/~R/deployments/d/whatIf
      {"properties":{"mode":"Incremental","template":{"resources":[]},"parameters":{"key":{"value":"hunter2"}}}}
    POST ~G/~R/deployments/d/whatIf
      {"properties":{"mode":"Incremental","template":{"resources":[]},"parameters":{"key":{"value":"hunter2"}}}}
    GET /subscriptions/s/operationresults/1
    GET /subscriptions/s/operationresults/1
    "#);
}

#[tokio::test]
async fn what_if_of_nothing_has_no_changes() {
    let service = Service::start().await;
    let empty = [
        json!({"status": "Succeeded"}),
        json!({"properties": {"changes": null}}),
    ];
    service
        .on("POST", &at("d/whatIf"))
        .replies(empty.map(ok))
        .await;
    let client = client(&service);

    for _ in 0..2 {
        let answer = client
            .what_if("d", &deployment(), SOON, None)
            .await
            .unwrap();
        assert!(answer.changes().is_empty());
    }
}

#[tokio::test]
async fn that_a_template_would_be_refused_is_an_answer() {
    let service = Service::start().await;
    let refusal = Reply::json(
        400,
        json!({"error": {"code": "InvalidTemplateDeployment", "message": "see inner", "details": [
            {"code": "MultipleErrorsOccurred", "message": "two", "details": [{"code": "A", "message": "a"}, {"code": "B", "message": "b"}]}]}}),
    );
    service
        .on("POST", &at("d/validate"))
        .replies([
            ok(json!({"properties": {}, "error": null})),
            ok(json!({"error": {"code": "C", "message": "c"}})),
            refusal,
            Reply::refusal(403, "AuthorizationFailed", "no"),
        ])
        .await;
    let client = client(&service);
    let mut said = Vec::new();

    for _ in 0..3 {
        let answer = client
            .validate("d", &deployment(), SOON, None)
            .await
            .unwrap();
        said.push(answer.error.map(|error| error.to_string()));
    }
    let error = client
        .validate("d", &deployment(), SOON, None)
        .await
        .unwrap_err();

    let text = |text: &str| Some(text.to_owned());
    assert_eq!(said, [None, text("C: c"), text("A: a; B: b")]);
    assert_eq!(
        error.service_error().unwrap().code.as_deref(),
        Some("AuthorizationFailed")
    );
}

#[tokio::test]
async fn names_that_are_none_are_not_sent() {
    let service = Service::start().await;
    let client = client(&service);
    let long = "n".repeat(65);

    for name in ["", ".", "..", "a/b", "a b", "ä", &long] {
        let error = client.get(name, None).await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("is not the name of a deployment"),
            "{error}"
        );
        assert!(client.operations(name, None).is_err());
    }

    assert!(service.requests().await.is_empty());
}
