//! The factory itself, and what in it cannot be changed.

use integration_tests::Edition;
use serde_json::json;

use super::{Drill, assert_says};

#[test]
fn pain_10_the_factory_loses_what_the_source_does_not_say() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    let mut factory = drill.live("");
    factory["properties"]["repoConfiguration"] = json!({
        "type": "FactoryVSTSConfiguration", "accountName": "team", "projectName": "p", "repositoryName": "r",
        "collaborationBranch": "main", "rootFolder": "/adf"});
    factory["properties"]["purviewConfiguration"] =
        json!({"purviewResourceId": "/subscriptions/s/purview"});
    factory["tags"] = json!({"cost": "42"});
    let (status, said) = drill.asks("PUT", "", Some(&factory));
    assert_eq!(status, 200, "{said}");
    drill.edit("adf/factory/adf-wide.json", |factory| {
        factory["globalParameters"]["mode"]["value"] = "live".into();
        factory["publicNetworkAccess"] = "Disabled".into();
        factory["encryption"] = json!({"keyName": "k"});
    });
    let planned = drill.succeeds(&["plan"]);
    assert_says(
        &planned,
        &["publicNetworkAccess", "encryption", "not written, because"],
    );

    let puts = drill.counts("PUT */factories/wide", || drop(drill.succeeds(&["deploy"])));

    assert_eq!(puts, 0);
    let now = drill.live("");
    assert_eq!(
        now["properties"]["repoConfiguration"]["repositoryName"],
        "r"
    );
    assert_eq!(
        now["properties"]["purviewConfiguration"]["purviewResourceId"],
        "/subscriptions/s/purview"
    );
    assert_eq!(now["tags"]["cost"], "42");
    assert_eq!(now["properties"]["publicNetworkAccess"], "Disabled");
    let parameters = drill.live("/globalParameters/default");
    assert_eq!(parameters["properties"]["mode"]["value"], "live");
}

#[test]
fn pain_11_global_parameters_by_environment() {
    let drill = Drill::wide(Edition::First);
    drill.settings(
        "emulator: true,",
        "emulator: true, globalParameters: { mode: [1] },",
    );
    let wrong = drill.call(&["deploy"]);
    drill.settings("{ mode: [1] }", "{ mode: canary }");

    drill.succeeds(&["deploy"]);

    assert_eq!(wrong.code, Some(2), "{wrong}");
    assert_says(&wrong, &["mode", "String"]);
    let parameters = drill.live("/globalParameters/default");
    let mode = &parameters["properties"]["mode"];
    assert_eq!(
        (&mode["value"], &mode["type"]),
        (&json!("canary"), &json!("String"))
    );
}

#[test]
fn pain_18_a_shared_integration_runtime_is_overwritten_by_a_plain_one() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy", "--only", "linkedService.store0"]);
    drill.asks("DELETE", "/linkedservices/store0", None);
    drill.asks("DELETE", "/integrationRuntimes/onsite", None);
    let shared = json!({"properties": {"type": "SelfHosted", "typeProperties": {"linkedInfo": {
        "authorizationType": "RBAC", "resourceId": "/subscriptions/s/factories/shared/integrationruntimes/onsite"}}}});
    let (status, said) = drill.asks("PUT", "/integrationRuntimes/onsite", Some(&shared));
    assert_eq!(status, 200, "{said}");

    let puts = drill.counts("PUT /subscriptions/*", || {
        let refused = drill.call(&["deploy", "--consent", "integration-runtime-kind"]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert_says(
            &refused,
            &["integrationRuntime.onsite", "integration-runtime-kind"],
        );
    });

    assert_eq!(puts, 0);
    let live = drill.live("/integrationRuntimes/onsite");
    assert!(
        live["properties"]["typeProperties"]["linkedInfo"].is_object(),
        "{live}"
    );
}

#[test]
fn pain_19_private_endpoints_that_cannot_be_updated() {
    let drill = Drill::small();
    drill.add("adf/managedVirtualNetwork/default.json", &json!({}));
    let place = "adf/managedVirtualNetwork/default/managedPrivateEndpoint/lake.json";
    let target = |account: &str| {
        json!({"groupId": "dfs",
        "privateLinkResourceId": format!("/subscriptions/s/providers/Microsoft.Storage/storageAccounts/{account}")})
    };
    drill.add(place, &target("lake"));
    let pause = ["--approval-timeout", "1s"];
    let deploy = |more: &[&str]| drill.call(&[&["deploy"], &pause[..], more].concat());
    let first = deploy(&[]);

    let puts = drill.counts("PUT */managedPrivateEndpoints/*", || drop(deploy(&[])));
    drill.add(place, &target("other"));
    let refused = deploy(&[]);
    let consented = deploy(&["--consent", "private-endpoint-replacement"]);

    assert!(
        drill.is_live("/managedVirtualNetworks/default/managedPrivateEndpoints/lake"),
        "{first}"
    );
    assert_eq!(puts, 0, "what is the same is left alone");
    assert_eq!(refused.code, Some(1), "{refused}");
    assert_says(&refused, &["private-endpoint-replacement"]);
    let now = drill.live("/managedVirtualNetworks/default/managedPrivateEndpoints/lake");
    let id = now["properties"]["privateLinkResourceId"].as_str().unwrap();
    assert!(id.ends_with("/other"), "{consented}\n{now}");
}
