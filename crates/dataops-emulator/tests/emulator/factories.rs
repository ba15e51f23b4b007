use serde_json::{Value, json};

use crate::support::{Emulator, FACTORY};

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
        .arm("PUT", "", json!({"location": "westeurope"}))
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
        (None, &json!("westeurope"))
    );
    assert_ne!(patched["eTag"], put["eTag"]);
    assert!(put["eTag"].as_str().unwrap().starts_with('"'));
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    assert_eq!((deleted.status.as_u16(), again.status.as_u16()), (200, 204));
    assert_eq!(pipelines["value"], json!([]));
}

#[tokio::test]
async fn a_group_or_subscription_has_a_name_that_it_can_have() {
    let emulator = Emulator::new();
    let put = |path: &'static str| {
        let emulator = &emulator;
        let path =
            format!("{path}/providers/Microsoft.DataFactory/factories/fff?api-version=2018-06-01");
        async move {
            let body = json!({"location": "x"}).to_string();
            emulator.call("PUT", &path, &[], body).await.status.as_u16()
        }
    };

    assert_eq!(
        put("/subscriptions/s-1/resourceGroups/my_group(1).x").await,
        200
    );
    assert_eq!(put("/subscriptions/s-1/resourceGroups/a%2Fb").await, 400);
    assert_eq!(put("/subscriptions/s-1/resourceGroups/..%2F..").await, 400);
    assert_eq!(put("/subscriptions/..%2Fx/resourceGroups/g").await, 400);
}

#[tokio::test]
async fn a_factory_stays_where_it_was_made() {
    let emulator = Emulator::new();
    let put = async |location: &str| {
        let body = json!({"location": location});
        emulator.arm("PUT", "", body).await
    };

    assert_eq!(put("westeurope").await.status, 200);
    assert_eq!(put("West Europe").await.status, 200);
    let moved = put("northeurope").await;

    assert_eq!(moved.error(), (409, "InvalidResourceLocation".to_owned()));
    let kept = emulator.arm("GET", "", Value::Null).await.json();
    assert_eq!(kept["location"], "West Europe");
}

#[tokio::test]
async fn what_is_declared_has_a_type_that_exists() {
    let emulator = Emulator::new().with_factory().await;
    let foo = json!({"type": "Foo", "value": "x"});
    for (path, body) in [
        (
            "",
            json!({"location": "westeurope", "properties": {"globalParameters": {"g": foo}}}),
        ),
        (
            "/globalParameters/default",
            json!({"properties": {"g": foo}}),
        ),
        (
            "/pipelines/p",
            json!({"properties": {"activities": [], "parameters": {"p": {"type": "Foo"}}}}),
        ),
    ] {
        let refused = emulator.arm("PUT", path, body).await;

        assert_eq!(refused.error(), (400, "BadRequest".to_owned()), "{path}");
        assert!(refused.message().contains("`Foo`"), "{}", refused.message());
    }
}
