use serde_json::{Value, json};

use crate::support::{Emulator, FACTORY};

fn wait(name: &str) -> Value {
    json!({"name": name, "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}})
}

fn calls(pipeline: &str) -> Value {
    json!({"activities": [{"name": "call", "type": "ExecutePipeline", "typeProperties": {
        "pipeline": {"referenceName": pipeline, "type": "PipelineReference"}}}]})
}

#[tokio::test]
async fn a_document_comes_back_whole() {
    let emulator = Emulator::new().with_factory().await;
    let properties =
        json!({"zeta": null, "activities": [wait("w")], "unknown": {"kept": [1.5, true]}});

    let put = emulator.put("/pipelines/p%20one", properties.clone()).await;
    let got = emulator
        .arm("GET", "/PIPELINES/P%20ONE", Value::Null)
        .await
        .json();

    assert_eq!(put["properties"], properties);
    assert_eq!(put["name"], "p one");
    assert_eq!(put["type"], "Microsoft.DataFactory/factories/pipelines");
    assert_eq!(put["id"], format!("{FACTORY}/pipelines/p one"));
    assert_eq!(got["etag"], put["etag"]);
    assert_eq!(got["name"], "p one");
    assert!(got["properties"]["lastPublishTime"].is_string());
    assert!(put["properties"].get("lastPublishTime").is_none());
}

#[tokio::test]
async fn entity_tags_guard_writes_and_save_reads() {
    let emulator = Emulator::new().with_factory().await;
    let first = emulator
        .put("/pipelines/p", json!({"activities": []}))
        .await;
    let etag = first["etag"].as_str().unwrap();
    let body = || json!({"properties": {"activities": []}});

    let same = emulator
        .arm_with(
            "GET",
            "/pipelines/p",
            &[("if-none-match", etag)],
            Value::Null,
        )
        .await;
    let updated = emulator
        .arm_with("PUT", "/pipelines/p", &[("if-match", etag)], body())
        .await;
    let stale = emulator
        .arm_with("PUT", "/pipelines/p", &[("if-match", etag)], body())
        .await;
    let any = emulator
        .arm_with("PUT", "/pipelines/p", &[("if-match", "*")], body())
        .await;
    let absent = emulator
        .arm_with("PUT", "/pipelines/q", &[("if-match", "*")], body())
        .await;
    let changed = emulator
        .arm_with(
            "GET",
            "/pipelines/p",
            &[("if-none-match", etag)],
            Value::Null,
        )
        .await;

    assert_eq!((same.status.as_u16(), same.bytes.len()), (304, 0));
    assert_eq!(updated.status, 200);
    assert_eq!(stale.error(), (412, "PreconditionFailed".into()));
    assert_eq!(any.status, 200);
    assert_eq!(absent.error(), (412, "PreconditionFailed".into()));
    assert_eq!(changed.status, 200);
}

#[tokio::test]
async fn a_reference_has_to_exist_and_keeps_its_target() {
    let emulator = Emulator::new().with_factory().await;

    let dangling = emulator
        .arm(
            "PUT",
            "/pipelines/parent",
            json!({"properties": calls("child")}),
        )
        .await;
    emulator
        .put("/pipelines/child", json!({"activities": []}))
        .await;
    emulator.put("/pipelines/parent", calls("CHILD")).await;
    let kept = emulator
        .arm("DELETE", "/pipelines/child", Value::Null)
        .await;
    let parent = emulator
        .arm("DELETE", "/pipelines/parent", Value::Null)
        .await;
    let child = emulator
        .arm("DELETE", "/pipelines/child", Value::Null)
        .await;
    let gone = emulator
        .arm("DELETE", "/pipelines/child", Value::Null)
        .await;
    let missing = emulator.arm("GET", "/pipelines/child", Value::Null).await;

    assert_eq!(dangling.error(), (400, "BadRequest".into()));
    assert!(
        dangling.message().contains("invalid reference 'child'"),
        "{}",
        dangling.message()
    );
    assert!(
        kept.message().contains("referenced by parent"),
        "{}",
        kept.message()
    );
    let statuses = [
        kept.status,
        parent.status,
        child.status,
        gone.status,
        missing.status,
    ];
    assert_eq!(
        statuses.map(|status| status.as_u16()),
        [400, 200, 200, 204, 404]
    );
}

#[tokio::test]
async fn secrets_do_not_come_back() {
    let emulator = Emulator::new().with_factory().await;
    let service = json!({"type": "AzureDatabricks", "typeProperties": {
        "domain": "https://adb-1.1.azuredatabricks.net", "accessToken": {"type": "SecureString", "value": "dapi-secret"}}});

    let put = emulator
        .arm("PUT", "/linkedservices/db", json!({"properties": service}))
        .await;
    let got = emulator.arm("GET", "/linkedServices/db", Value::Null).await;
    let list = emulator.arm("GET", "/linkedServices", Value::Null).await;

    for answer in [put, got, list] {
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains("dapi-secret"));
        assert!(answer.text().contains("**********"));
    }
}

#[tokio::test]
async fn bodies_and_names_are_checked() {
    let emulator = Emulator::new().with_factory().await;
    let refused = |path: &'static str, body: Value| {
        let emulator = &emulator;
        async move { emulator.arm("PUT", path, body).await }
    };

    let unreadable = refused(
        "/pipelines/p",
        json!({"properties": {"activities": [{"name": 1}]}}),
    )
    .await;
    let bare = refused("/pipelines/p", json!({})).await;
    let name = refused("/pipelines/a.b", json!({"properties": {"activities": []}})).await;
    let no_json = emulator
        .call(
            "PUT",
            &format!("{FACTORY}/pipelines/p?api-version=2018-06-01"),
            &[],
            "{\"properties\":",
        )
        .await;
    let no_factory = emulator
        .call(
            "GET",
            &format!("{FACTORY}x/pipelines?api-version=2018-06-01"),
            &[],
            "",
        )
        .await;

    assert_eq!(unreadable.error().0, 400);
    assert!(
        unreadable
            .message()
            .contains("properties.activities[0].name"),
        "{}",
        unreadable.message()
    );
    assert_eq!(bare.error(), (400, "InvalidRequestContent".into()));
    assert!(
        name.message().contains("`.` at position 2"),
        "{}",
        name.message()
    );
    assert_eq!(no_json.error(), (400, "InvalidRequestContent".into()));
    assert_eq!(no_factory.error(), (404, "ParentResourceNotFound".into()));
}
