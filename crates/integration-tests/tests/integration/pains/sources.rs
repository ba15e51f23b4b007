//! Before anything is deployed: validation, settings, ARM templates, bundles.

use std::fs;
use std::net::TcpListener;

use integration_tests::{Edition, Program};
use serde_json::{Value, json};

use super::{Drill, assert_says};

#[test]
fn pain_01_a_validator_that_needs_the_internet() {
    let drill = Drill::small();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());

    let mut program = Program::dataops(["validate", "--offline"]).within(drill.path());
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        program = program.env(name, &address);
    }
    let ended = program.run();

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(proxy.accept().is_err(), "somebody asked for the network");
}

/// Linked services, each with a secret, which the default definition makes a parameter.
fn many_services(drill: &Drill, count: usize) {
    for at in 0..count {
        drill.add(
            &format!("adf/linkedService/Store{at}.json"),
            &json!({"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": format!("https://s{at}.blob.core.windows.net/")}}),
        );
    }
}

#[test]
fn pain_12_the_limit_of_256_parameters() {
    let drill = Drill::small();
    many_services(&drill, 300);

    let exported = drill.call(&["export", "arm", "--factory", "small", "--out", "arm"]);

    assert_eq!(exported.code, Some(0), "{exported}");
    assert_says(&exported, &["256", "serviceEndpoint"]);
    // The way around the limit: no template at all.
    drill.succeeds(&["deploy"]);
    assert!(drill.is_live("/linkedservices/Store299"));
}

#[test]
fn pain_13_templates_that_are_too_large() {
    let drill = Drill::small();
    for at in 0..850 {
        drill.add(
            &format!("adf/pipeline/p{at}.json"),
            &json!({"activities": [{"name": "wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}),
        );
    }

    let exported = drill.call(&["export", "arm", "--factory", "small", "--out", "arm"]);

    assert_eq!(exported.code, Some(0), "{exported}");
    let linked = fs::read_dir(drill.path().join("arm/linkedTemplates")).unwrap();
    let mut resources = Vec::new();
    for file in linked {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let template: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        if name.starts_with("ArmTemplate_") && !name.contains("master") {
            let size = template.to_string().len();
            assert!(size < 4 << 20, "{name} has {size} bytes");
            resources.push(template["resources"].as_array().unwrap().len());
        }
    }
    assert!(resources.len() > 1, "{resources:?}");
    assert!(resources.iter().all(|count| *count <= 800), "{resources:?}");
    assert_eq!(resources.iter().sum::<usize>(), 850 + 4);
}

#[test]
fn pain_14_everything_is_deleted_because_the_source_looks_empty() {
    let drill = Drill::small();
    drill.succeeds(&["deploy"]);
    fs::remove_dir_all(drill.path().join("adf")).unwrap();
    fs::create_dir(drill.path().join("adf")).unwrap();

    let refused = drill.call(&[
        "deploy",
        "--delete-not-in-source",
        "--consent",
        "mass-delete",
    ]);

    assert_ne!(refused.code, Some(0), "{refused}");
    assert!(drill.is_live("/pipelines/greet"));
    assert_eq!(drill.state("OnDrop"), "Started");
}

#[test]
fn pain_15_settings_that_are_brittle() {
    let drill = Drill::small();
    drill.settings(
        "emulator: true }",
        "emulator: true, overrides: { pipeline.greet.parameters.tims.defaultValue: 3 } }",
    );

    let wrong = drill.call(&["validate"]);
    drill.settings("parameters.tims", "parameters.times");
    drill.succeeds(&["validate"]);
    drill.succeeds(&["deploy"]);

    assert_eq!(wrong.code, Some(1), "{wrong}");
    assert_says(&wrong, &["dataops.yaml:", "tims", "times", "^"]);
    let greet = drill.live("/pipelines/greet");
    assert_eq!(
        greet["properties"]["parameters"]["times"]["defaultValue"],
        3
    );
}

#[test]
fn pain_16_names_that_cannot_differ_by_environment() {
    let drill = Drill::wide(Edition::First);
    let was = "emulator: true,";
    drill.settings(
        was,
        "emulator: true, renames: { integrationRuntime.onsite: onsite-dev },",
    );

    drill.succeeds(&["deploy"]);
    drill.succeeds(&[
        "export",
        "arm",
        "--factory",
        "drill",
        "--out",
        "arm",
        "--renames-of",
        "local",
    ]);

    assert!(drill.is_live("/integrationRuntimes/onsite-dev"));
    assert!(!drill.is_live("/integrationRuntimes/onsite"));
    let service = drill.live("/linkedservices/store0");
    let via = &service["properties"]["connectVia"];
    assert_eq!(via["referenceName"], "onsite-dev");
    let template = fs::read_to_string(drill.path().join("arm/ARMTemplateForFactory.json")).unwrap();
    assert!(
        template.contains("onsite-dev") && !template.contains("onsite\""),
        "{template}"
    );
}

#[test]
fn pain_17_secrets_that_do_not_travel() {
    let drill = Drill::small();
    let canary = "canary-4f9a";
    drill.add(
        "adf/linkedService/Old.json",
        &json!({"type": "AzureSqlDatabase", "typeProperties": {
            "connectionString": "Server=old.test;Database=d", "encryptedCredential": "eyJWZXJzaW9uIjoi"}}),
    );
    let sealed = drill.call(&["validate", "--fail-on", "warning"]);
    drill.add(
        "adf/linkedService/Old.json",
        &json!({"type": "AzureSqlDatabase", "typeProperties": {
            "connectionString": "Server=old.test;Database=d", "userName": "loader", "password": {"type": "SecureString", "value": "x"}}}),
    );
    drill.settings(
        "emulator: true }",
        "emulator: true, overrides: { linkedService.Old.typeProperties.password: { secret: \"${SQL_PASSWORD}\" } } }",
    );

    let deployed = Program::dataops(["deploy", "--output", "json", "-v"])
        .within(drill.path())
        .at(&drill.emulator)
        .env("SQL_PASSWORD", canary)
        .run();

    assert_eq!(sealed.code, Some(1), "{sealed}");
    assert_says(
        &sealed,
        &["encryptedCredential", "adf/linkedService/Old.json:1:"],
    );
    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert!(!deployed.to_string().contains(canary), "{deployed}");
    assert!(drill.is_live("/linkedservices/Old"));
}

#[test]
fn pain_23_one_build_for_all_environments() {
    let drill = Drill::small();
    drill.settings(
        "  qa:",
        "  next: { extends: local, dataFactory: next, overrides: { pipeline.greet.parameters.times.defaultValue: 7 } }\n  qa:",
    );
    drill.succeeds(&["build", "--out", "bundle"]);
    let sealed = fs::read(drill.path().join("bundle/manifest.json")).unwrap();
    drill.remove("adf/pipeline/greet.json");

    drill.succeeds(&["deploy", "--bundle", "bundle"]);
    drill.succeeds(&["deploy", "--bundle", "bundle", "--env", "next"]);

    let times = |drill: &Drill| {
        drill.live("/pipelines/greet")["properties"]["parameters"]["times"]["defaultValue"].clone()
    };
    assert_eq!(times(&drill), 1);
    let drill = Drill {
        factory: "next",
        ..drill
    };
    assert_eq!(times(&drill), 7);
    let unchanged = fs::read(drill.path().join("bundle/manifest.json")).unwrap();
    assert_eq!(sealed, unchanged);
    drill.succeeds(&["build", "--verify", "bundle"]);
}
