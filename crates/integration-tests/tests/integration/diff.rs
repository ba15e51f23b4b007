//! `dataops diff` between the working tree and a factory that runs.

use std::fs;
use std::path::Path;

use adf_model::{Document, Pipeline};
use integration_tests::{Emulator, Ended, Program, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A solution that is deployed.
async fn deployed(emulator: &Emulator) -> TempDir {
    let (folder, solution) = small();
    emulator.deploy(&solution).await;
    folder
}

/// Brings the working tree to the environment.
fn deploy(emulator: &Emulator, folder: &Path) {
    let ended = Program::dataops(["deploy", "--env", "local"])
        .within(folder)
        .at(emulator)
        .run();
    assert_eq!(ended.code, Some(0), "{ended}");
}

/// Compares the working tree with the environment's factory, which must not be written.
fn diff(emulator: &Emulator, folder: &Path, args: &[&str]) -> Ended {
    for method in ["PUT", "PATCH", "DELETE"] {
        let pattern = format!("{method} */factories/*");
        emulator.order(&json!({"pattern": pattern, "status": 500, "body": {}}));
    }
    let all = ["diff", "--base", "env:local", "--exit-code"];
    let ended = Program::dataops(all.iter().chain(args))
        .within(folder)
        .at(emulator)
        .run();
    for fault in emulator.faults() {
        assert_eq!(fault["seen"], 0, "{fault}");
    }
    emulator.forget_faults();
    ended
}

async fn put(emulator: &Emulator, name: &str, document: Value) {
    let document = Document::<Pipeline>::parse(document).unwrap();
    let pipelines = emulator.client("small").pipelines();
    pipelines.put(name, &document, None).await.unwrap();
}

fn source(folder: &Path, path: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(path)).unwrap()).unwrap()
}

#[tokio::test]
async fn after_a_deployment_nothing_differs() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator).await;

    let ended = diff(&emulator, folder.path(), &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("no difference"), "{ended}");
}

#[tokio::test]
async fn what_was_changed_by_hand_is_all_that_differs() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator).await;
    let mut greet = source(folder.path(), "adf/pipeline/greet.json");
    greet["properties"]["parameters"]["times"]["defaultValue"] = 7.into();
    put(&emulator, "greet", greet).await;

    let ended = diff(&emulator, folder.path(), &["--format", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{ended}");
    assert_eq!(changes[0]["name"], "greet");
    let differences = changes[0]["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 1, "{ended}");
    assert_eq!(differences[0]["path"], "parameters.times.defaultValue");
    assert_eq!(differences[0]["before"], 7);
    assert_eq!(differences[0]["after"], 1);
}

#[tokio::test]
async fn what_the_service_writes_otherwise_is_no_difference() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator).await;
    let exported = json!({"name": "greet", "properties": {
        "lastPublishTime": "2026-01-01T00:00:00Z", "annotations": [], "policy": {"elapsedTimeMetric": {}},
        "parameters": {"who": {"type": "String", "defaultValue": "all"}, "times": {"type": "Int", "defaultValue": 1.0}},
        "variables": {"greeting": {"type": "String"}},
        "activities": [{"name": "say", "type": "SetVariable", "dependsOn": [], "userProperties": [],
            "policy": {"retry": 0, "retryIntervalInSeconds": 30, "secureOutput": false, "secureInput": false},
            "typeProperties": {"variableName": "greeting", "value": "@concat('hello ', pipeline().parameters.who)"}}]}});
    put(&emulator, "greet", exported).await;

    let ended = diff(&emulator, folder.path(), &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("no difference"), "{ended}");
}

#[tokio::test]
async fn what_an_environment_says_otherwise_is_no_difference() {
    let emulator = Emulator::start();
    let (folder, _) = small();
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let settings = settings.replace(
        "emulator: true",
        "emulator: true, globalParameters: { mode: live }, renames: { pipeline.greet: salute }",
    );
    write(folder.path(), "dataops.yaml", &settings);
    write(
        folder.path(),
        "adf/factory/small.json",
        r#"{"name": "small", "location": "local", "identity": {"type": "SystemAssigned"}, "properties": {
            "globalParameters": {"mode": {"type": "string", "value": "dry"}}}}"#,
    );
    deploy(&emulator, folder.path());
    // What the source does not say of a factory belongs to whoever made it.
    let client = emulator.client("small");
    let factory = client.get(None).await.unwrap().into_model().unwrap();
    let theirs = factory.edit(|factory| {
        factory["tags"] = json!({"owner": "them"});
        factory["properties"]["publicNetworkAccess"] = "Disabled".into();
    });
    let theirs = theirs.unwrap();
    client.create_or_update(&theirs, None, None).await.unwrap();

    let ended = diff(&emulator, folder.path(), &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("no difference"), "{ended}");
    let other = settings.replace("mode: live", "mode: safe");
    write(folder.path(), "dataops.yaml", &other);
    let ended = diff(&emulator, folder.path(), &[]);
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("mode"), "{ended}");
}
