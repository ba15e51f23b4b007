//! What a reviewer is told to look at.

use serde_json::{Value, json};

use crate::{differ, shown};

fn risks(path: &str, base: Value, head: Value) -> String {
    let document = |properties| json!({"name": "x", "properties": properties});
    let text = shown(&differ([(path, document(base))], [(path, document(head))]));
    let risks = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("! "));
    risks.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_trigger_that_acts_otherwise() {
    let text = risks(
        "trigger/x.json",
        json!({"type": "BlobEventsTrigger", "runtimeState": "Stopped", "annotations": [], "typeProperties": {
            "blobPathBeginsWith": "/input/blobs/", "events": ["Microsoft.Storage.BlobCreated"], "ignoreEmptyBlobs": true}}),
        json!({"type": "BlobEventsTrigger", "runtimeState": "Started", "annotations": ["x"], "typeProperties": {
            "blobPathBeginsWith": "/archive/blobs/", "events": ["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"], "ignoreEmptyBlobs": true}}),
    );

    insta::assert_snapshot!(text, @r"
    trigger behaviour: `blobPathBeginsWith`: `/input/blobs/` → `/archive/blobs/`
    trigger behaviour: `runtimeState`: `Stopped` → `Started`; deployments take it for the state that is wanted
    trigger behaviour: a value of `events` is new: `Microsoft.Storage.BlobDeleted`
    ");
}

#[test]
fn a_copy_that_runs_or_writes_otherwise() {
    let activity = |retry: i32, table: &str, script: &str| {
        json!({"activities": [{"name": "copy", "type": "Copy", "policy": {"retry": retry, "secureOutput": retry == 0}, "typeProperties": {
            "sink": {"type": "AzureSqlSink", "preCopyScript": script, "tableName": table}, "parallelCopies": retry}}]})
    };
    let text = risks(
        "pipeline/x.json",
        activity(0, "a", "select 1"),
        activity(3, "b", "truncate table b"),
    );

    insta::assert_snapshot!(text, @r"
    secret: activity `copy`: `secureOutput`: `true` → `false`
    data location: activity `copy`: `preCopyScript`: `select 1` → `truncate table b`
    data location: activity `copy`: `tableName`: `a` → `b`
    run behaviour: activity `copy`: `parallelCopies`: `0` → `3`
    run behaviour: activity `copy`: `retry`: `0` → `3`
    ");
}

#[test]
fn another_type_makes_another_thing_of_it() {
    let types = |path: &str, base: Value, head: Value| risks(path, base, head);
    let service = types(
        "linkedService/x.json",
        json!({"type": "AzureSqlDatabase", "typeProperties": {}}),
        json!({"type": "PostgreSql", "typeProperties": {}}),
    );
    let dataset = types(
        "dataset/x.json",
        json!({"type": "Json", "schema": [{"name": "a", "type": "String"}]}),
        json!({"type": "Parquet", "schema": [{"name": "a", "type": "Int32"}]}),
    );
    let activity = |kind: &str, variable: &str| {
        json!({"variables": {"v": {"type": variable}}, "activities": [{"name": "loop", "type": "ForEach", "typeProperties": {
            "activities": [{"name": "step", "type": kind, "typeProperties": {}}]}}]})
    };
    let pipeline = types(
        "pipeline/x.json",
        activity("Copy", "String"),
        activity("Delete", "Array"),
    );
    let globals = |kind: &str| json!({"globalParameters": {"g": {"type": kind, "value": 1}}});
    let factory = types("factory/x.json", globals("int"), globals("float"));

    insta::assert_snapshot!([service, dataset, pipeline, factory].join("\n"), @r"
    data location: `type`: `AzureSqlDatabase` → `PostgreSql`; whatever uses it has to take the other type
    data location: `type`: `Json` → `Parquet`; whatever uses it has to take the other type
    what runs: activity `step`: `type`: `Copy` → `Delete`
    run behaviour: variable `v`: `type`: `String` → `Array`
    contract: global parameter `g`: `type`: `int` → `float`
    ");
}

#[test]
fn parameters_are_a_contract() {
    let text = risks(
        "pipeline/x.json",
        json!({"parameters": {"gone": {"type": "string"}, "typed": {"type": "string"}, "free": {"type": "int", "defaultValue": 1}}}),
        json!({"parameters": {"Typed": {"type": "Int"}, "free": {"type": "Int"}, "new": {"type": "string"}, "kind": {"type": "string", "defaultValue": "x"}}}),
    );

    insta::assert_snapshot!(text, @r"
    contract: parameter `free` has no default any more
    contract: parameter `gone` is gone
    contract: parameter `new` is new and has no default
    contract: parameter `typed` is Int instead of string
    ");
}

#[test]
fn runtimes_networks_and_sign_ins() {
    let runtime = |name: &str, user: &str, encrypt: &str| {
        json!({"type": "AzureSqlDatabase", "connectVia": {"referenceName": name, "type": "IntegrationRuntimeReference"},
            "typeProperties": {"server": "s.test", "userName": user, "encrypt": encrypt}})
    };
    let service = risks(
        "linkedService/x.json",
        runtime("a", "u", "mandatory"),
        runtime("b", "v", "optional"),
    );
    let factory = risks(
        "factory/x.json",
        json!({"publicNetworkAccess": "Disabled"}),
        json!({"publicNetworkAccess": "Enabled"}),
    );
    let shared = risks(
        "integrationRuntime/x.json",
        json!({"type": "SelfHosted", "typeProperties": {"linkedInfo": {"resourceId": "/a"}}}),
        json!({"type": "SelfHosted"}),
    );

    insta::assert_snapshot!(format!("{service}\n--\n{factory}\n--\n{shared}"), @r"
    broken reference: refers to integration runtime `b`, which does not exist
    secret: `userName`: `u` → `v`
    network access: `encrypt`: `mandatory` → `optional`
    integration runtime: `connectVia`: `a` → `b`
    --
    network access: `publicNetworkAccess`: `Disabled` → `Enabled`
    --
    integration runtime: `typeProperties` is gone: an object of 1 properties; a runtime that is shared from another factory and one of its own cannot become each other
    ");
}

#[test]
fn what_runs_is_no_place_of_data() {
    let activity = |notebook: &str, first: &str, second: &str| {
        json!({"activities": [
            {"name": "note", "type": "DatabricksNotebook", "typeProperties": {"notebookPath": notebook}},
            {"name": "sql", "type": "Script", "typeProperties": {"scripts": [
                {"type": "NonQuery", "text": first}, {"type": "NonQuery", "text": second}]}}]})
    };
    let text = risks(
        "pipeline/x.json",
        activity("/a", "truncate table t", "insert into t select 1"),
        activity("/b", "insert into t select 1", "truncate table t"),
    );

    insta::assert_snapshot!(text, @r"
    what runs: activity `note`: `notebookPath`: `/a` → `/b`
    what runs: activity `sql`: a value of `scripts` moved from place 2 to 1
    ");
}

#[test]
fn a_number_is_the_same_with_a_fraction_of_nothing() {
    let wait = |seconds: Value| json!({"properties": {"typeProperties": {"n": seconds}}});

    let same = differ(
        [("dataset/x.json", wait(json!(1)))],
        [("dataset/x.json", wait(json!(1.0)))],
    );
    let other = differ(
        [("dataset/x.json", wait(json!(1)))],
        [("dataset/x.json", wait(json!(1.5)))],
    );

    assert!(same.changes.iter().all(adf_diff::ResourceChange::is_noise));
    assert!(!other.changes[0].is_noise());
}
