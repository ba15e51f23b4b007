//! What a deployment has made is read back by the official clients, and is what the source says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use adf_source::{Files, Limits, Repository};
use databricks_notebook::Language;
use dataops_core::deployment::place_of_azure;
use dataops_plan::as_stored;
use dataops_solution::Solution;
use dataops_solution::environment::Variables;
use dataops_solution::overrides::OverridePath;
use integration_tests::{Emulator, Program, Python, example, story_with, write};
use serde_json::{Map, Value, json};

/// The kinds that the example does without.
fn add_other_kinds(folder: &Path) {
    let lake = "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/lake";
    let flow = "source(output(id as string, value as string)) ~> read\nread sink() ~> write";
    let dataset = |name: &str| json!({"name": name, "dataset": {"referenceName": "InputFile", "type": "DatasetReference"}});
    for (path, properties) in [
        (
            "dataflow/Clean",
            json!({"type": "MappingDataFlow", "typeProperties": {
            "sources": [dataset("read")], "sinks": [dataset("write")], "transformations": [], "scriptLines": flow.lines().collect::<Vec<_>>()}}),
        ),
        (
            "credential/Robot",
            json!({"type": "ManagedIdentity", "typeProperties": {"resourceId": "/subscriptions/s/robot"}}),
        ),
        (
            "integrationRuntime/Onsite",
            json!({"type": "SelfHosted", "description": "nodes at the site"}),
        ),
        ("managedVirtualNetwork/default", json!({})),
        (
            "managedVirtualNetwork/default/managedPrivateEndpoint/Lake",
            json!({"groupId": "dfs", "privateLinkResourceId": lake}),
        ),
        (
            "adfcdc/Follow",
            json!({"allowVNetOverride": false, "sourceConnectionsInfo": [], "targetConnectionsInfo": [],
            "policy": {"mode": "Microbatch", "recurrence": {"frequency": "Minute", "interval": 15}}}),
        ),
        (
            "globalParameters/default",
            json!({"mode": {"type": "String", "value": "test"}, "most": {"type": "Int", "value": 7}}),
        ),
    ] {
        let name = path.rsplit('/').next().unwrap_or_default();
        let document = json!({"name": name, "properties": properties});
        write(folder, &format!("adf/{path}.json"), &document.to_string());
    }
}

/// The documents of the source by kind and name, with the places that differ in each environment.
fn resources(solution: &Solution) -> Value {
    let files = Files::read_folder(&solution.root.join("adf"), &Limits::default()).unwrap();
    let environment = solution
        .environment("local", &Variables::default())
        .unwrap();
    let mut kinds: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for resource in Repository::read(&files).resources {
        let (id, document) = (resource.id, resource.file.json().clone());
        if id.kind == adf_model::Kind::Factory {
            continue;
        }
        let mut differs: Vec<String> = place_of_azure(&id, &document)
            .map(str::to_owned)
            .into_iter()
            .collect();
        for (path, value) in &environment.overrides {
            let path = OverridePath::parse(path).unwrap();
            if path.is_about(&id) {
                let value = value.plain().unwrap().clone();
                differs.push(path.apply(&mut document.clone(), value).unwrap());
            }
        }
        let kind = kinds.entry(id.kind.folder()).or_default();
        kind.insert(id.name, json!({"document": document, "differs": differs}));
    }
    json!(kinds)
}

/// What stands in the workspace: notebooks without the ending of their files, and other files as they are.
fn notebooks(folder: &Path, target: &str, objects: &mut Map<String, Value>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            notebooks(&path, &format!("{target}/{name}"), objects);
            continue;
        }
        let content = fs::read(&path).unwrap();
        let is_notebook = content.starts_with(b"# Databricks notebook source");
        let stored = match is_notebook {
            true => as_stored(Language::Python, &content).into_owned(),
            false => content,
        };
        let name = if is_notebook {
            name.trim_end_matches(".py")
        } else {
            name
        };
        let content = String::from_utf8(stored).unwrap();
        objects.insert(
            format!("{target}/{name}"),
            json!({"notebook": is_notebook, "content": content}),
        );
    }
}

#[test]
fn everything_that_was_deployed_is_read_back_by_official_clients() {
    let modules = ["azure.mgmt.datafactory", "databricks.sdk"];
    let Some(python) = Python::for_test("read_back.py", &modules) else {
        return;
    };
    let (folder, solution) = example();
    add_other_kinds(folder.path());
    let emulator = Emulator::start_with_python(python.path());
    let deployed = Program::dataops(["deploy", "--env", "local"])
        .within(folder.path())
        .at(&emulator)
        .run();
    assert_eq!(deployed.code, Some(0), "{deployed}");

    let mut objects = Map::new();
    notebooks(
        &folder.path().join("notebooks"),
        "/Shared/data-ingestion",
        &mut objects,
    );
    let expected = json!({
        "factory": "data-ingestion",
        "resources": resources(&solution),
        "notebooks": {"target": "/Shared/data-ingestion", "objects": objects},
        "cluster": "local",
    });
    let path = folder.path().join("expected.json");
    fs::write(&path, expected.to_string()).unwrap();

    let variables = [("EXPECTED", path.to_str().unwrap())];
    for name in [
        "every_resource_is_that_of_the_source",
        "every_notebook_is_that_of_the_source",
        "the_cluster_is_that_of_the_source",
    ] {
        story_with(&python, &emulator, "read_back", name, &variables);
    }
}
