//! What somebody has changed beside deployments, in the workspace too.

use std::sync::Arc;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use databricks_client::{
    ImportFormat, ImportOptions, Language, StaticToken, WorkspaceClient, WorkspaceClientOptions,
};
use integration_tests::write;
use serde_json::{Value, json};

use super::Team;

#[tokio::test]
async fn what_somebody_does_with_notebooks_is_drift() {
    let team = Team::new();
    team.set(
        "adf: {",
        "notebooks: { root: notebooks, target: /Shared/small }\nadf: {",
    );
    for name in ["same", "changed", "deleted"] {
        let text = "# Databricks notebook source\nprint(1)\n";
        write(team.path(), &format!("notebooks/{name}.py"), text);
    }
    team.succeeds(&["deploy"]);
    let same = team.succeeds(&["drift"]);
    let ready = &team.emulator.ready;
    let token = Arc::new(StaticToken::new(ready.token.clone()));
    let options = Some(WorkspaceClientOptions::default());
    let client = WorkspaceClient::new(&ready.endpoint, token, options).unwrap();
    let workspace = client.workspace();
    for name in ["changed", "created"] {
        let path = format!("/Shared/small/{name}");
        let format = ImportFormat::Source(Language::Python);
        let options = ImportOptions {
            overwrite: true,
            ..ImportOptions::default()
        };
        let imported = workspace.import(&path, b"print(2)\n", format, Some(options));
        imported.await.unwrap();
    }
    let gone = workspace.delete("/Shared/small/deleted", false, None);
    gone.await.unwrap();
    // A deployment of some resources says nothing of notebooks, and hides nothing of them.
    team.succeeds(&["deploy", "--only", "pipeline.greet"]);

    let drift = team.call(&["drift", "--format", "json"]);

    assert!(same.stdout.starts_with("local is as "), "{same}");
    assert_eq!(drift.code, Some(1), "{drift}");
    let drift: Value = serde_json::from_str(&drift.stdout).unwrap();
    let moved = drift["drift"]["notebooks"].as_array().unwrap().iter();
    let moved: Vec<_> = moved
        .map(|it| (it["path"].as_str(), it["how"].as_str()))
        .collect();
    let expected = [
        ("changed", "changed"),
        ("created", "created"),
        ("deleted", "deleted"),
    ];
    let expected = expected.map(|(name, how)| (format!("/Shared/small/{name}"), how));
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, how)| (Some(path.as_str()), Some(*how)))
        .collect();
    assert_eq!(moved, expected);
}

#[tokio::test]
async fn a_deployment_of_a_part_hides_nothing_that_somebody_did_beside_it() {
    let team = Team::new();
    team.succeeds(&["deploy"]);
    let remote = Remote::new(team.emulator.client("small"));
    let pipeline = |name: &str| ResourceId::new(Kind::Pipeline, name);
    for name in ["greet", "long"] {
        let mut edited = remote.get(&pipeline(name)).await.unwrap();
        edited["properties"]["description"] = "by hand".into();
        remote.put(&pipeline(name), edited).await.unwrap();
    }
    let added = json!({"name": "added", "properties": {"activities": []}});
    remote.put(&pipeline("added"), added).await.unwrap();

    team.succeeds(&["deploy", "--only", "pipeline.greet"]);
    let part = team.call(&["drift"]);
    team.succeeds(&["deploy"]);
    let whole = team.succeeds(&["drift"]);

    assert_eq!(part.code, Some(1), "{part}");
    assert!(part.stdout.contains("+ pipeline.added: "), "{part}");
    assert!(part.stdout.contains("~ pipeline.long: "), "{part}");
    assert!(!part.stdout.contains("pipeline.greet"), "{part}");
    assert!(whole.stdout.starts_with("local is as "), "{whole}");
}
