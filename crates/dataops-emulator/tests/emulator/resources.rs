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
async fn paths_are_read_without_regard_to_case_and_versions_with() {
    let emulator = Emulator::new().with_factory().await;
    let upper = FACTORY.to_uppercase();

    let found = emulator
        .call("GET", &format!("{upper}?API-VERSION=2018-06-01"), &[], "")
        .await;
    let unversioned = emulator.call("GET", FACTORY, &[], "").await;
    let other = emulator
        .call("GET", &format!("{FACTORY}?api-version=2017-09-01"), &[], "")
        .await;

    assert_eq!(found.json()["name"], "f-one");
    assert_eq!(found.json()["properties"]["provisioningState"], "Succeeded");
    assert_eq!(
        unversioned.error(),
        (400, "MissingApiVersionParameter".into())
    );
    assert_eq!(other.error(), (400, "InvalidApiVersionParameter".into()));
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

#[tokio::test]
async fn long_lists_come_in_pages_whose_links_name_the_callers_host() {
    let emulator = Emulator::new().with_factory().await;
    for number in 0..205 {
        let path = format!("/pipelines/p{number:03}");
        emulator.put(&path, json!({"activities": []})).await;
    }
    let public = [
        ("x-forwarded-host", "management.azure.com"),
        ("x-forwarded-proto", "https"),
    ];
    let prefix = "https://management.azure.com";

    let mut names = Vec::new();
    let mut link = format!("{prefix}{FACTORY}/pipelines?api-version=2018-06-01");
    while let Some(path) = link.strip_prefix(prefix).map(str::to_owned) {
        let page = emulator.call("GET", &path, &public, "").await.json();
        let items = page["value"].as_array().unwrap();
        names.extend(
            items
                .iter()
                .map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        link = page["nextLink"].as_str().unwrap_or_default().to_owned();
    }

    assert_eq!(names.len(), 205);
    assert_eq!((names[0].as_str(), names[204].as_str()), ("p000", "p204"));
    let bad = emulator
        .arm("GET", "/pipelines?$skipToken=x", Value::Null)
        .await;
    assert_eq!(bad.status, 400);
}

#[tokio::test]
async fn every_kind_is_kept_and_unknown_operations_are_named() {
    let emulator = Emulator::new().with_factory().await;
    for (path, properties) in [
        ("/integrationRuntimes/ir-one", json!({"type": "SelfHosted"})),
        ("/dataflows/d", json!({"type": "MappingDataFlow"})),
        ("/credentials/c", json!({"type": "ManagedIdentity"})),
        (
            "/globalParameters/default",
            json!({"g": {"type": "Int", "value": 7}}),
        ),
        ("/managedVirtualNetworks/default", json!({})),
        (
            "/managedVirtualNetworks/default/managedPrivateEndpoints/pe",
            json!({"groupId": "blob"}),
        ),
        ("/adfcdcs/c", json!({"policy": {"mode": "Microbatch"}})),
    ] {
        let put = emulator.put(path, properties.clone()).await;
        let got = emulator.arm("GET", path, Value::Null).await.json();
        assert_eq!(
            (&got["properties"], &got["etag"]),
            (&properties, &put["etag"]),
            "{path}"
        );
    }

    let retyped = json!({"properties": {"type": "Managed"}});
    let retyped = emulator
        .arm("PUT", "/integrationRuntimes/ir-one", retyped)
        .await;
    let network = emulator
        .arm("DELETE", "/managedVirtualNetworks/default", Value::Null)
        .await;
    let unknown = emulator.arm("POST", "/getDataPlaneAccess", json!({})).await;

    assert_eq!(
        retyped.error(),
        (400, "DataFactoryPropertyUpdateNotSupported".into())
    );
    assert_eq!(network.error(), (501, "NotImplemented".into()));
    assert!(
        unknown.message().contains("POST /subscriptions/s1/"),
        "{}",
        unknown.message()
    );
    assert!(
        unknown.message().ends_with("/getDataPlaneAccess"),
        "{}",
        unknown.message()
    );
}

#[tokio::test]
async fn a_factory_is_replaced_patched_and_deleted_with_what_it_has() {
    let emulator = Emulator::new().with_factory().await;
    emulator
        .put("/pipelines/p", json!({"activities": []}))
        .await;

    let patched = emulator
        .arm("PATCH", "", json!({"tags": {"a": "b"}}))
        .await
        .json();
    let put = emulator
        .arm("PUT", "", json!({"location": "northeurope"}))
        .await
        .json();
    let list = emulator
        .call(
            "GET",
            "/subscriptions/S1/providers/Microsoft.DataFactory/factories?api-version=2018-06-01",
            &[],
            "",
        )
        .await
        .json();
    let deleted = emulator.arm("DELETE", "", Value::Null).await;
    let again = emulator.arm("DELETE", "", Value::Null).await;
    let emulator = emulator.with_factory().await;
    let pipelines = emulator.arm("GET", "/pipelines", Value::Null).await.json();

    assert_eq!(
        (&patched["tags"]["a"], &patched["location"]),
        (&json!("b"), &json!("westeurope"))
    );
    assert_eq!(
        (put.get("tags"), &put["location"]),
        (None, &json!("northeurope"))
    );
    assert_ne!(patched["eTag"], put["eTag"]);
    assert!(put["eTag"].as_str().unwrap().starts_with('"'));
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    assert_eq!((deleted.status.as_u16(), again.status.as_u16()), (200, 204));
    assert_eq!(pipelines["value"], json!([]));
}
