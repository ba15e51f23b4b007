use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::support::Emulator;

async fn dataset(emulator: &Emulator, name: &str, kind: &str, mut properties: Value) {
    properties["location"] = json!({"type": "AzureBlobStorageLocation", "container": "input", "fileName": "@dataset().file"});
    let dataset = json!({
        "type": kind, "parameters": {"file": {"type": "String"}}, "typeProperties": properties,
        "linkedServiceName": {"referenceName": "Storage", "type": "LinkedServiceReference"},
    });
    emulator.put(&format!("/datasets/{name}"), dataset).await;
}

/// Runs one activity, and gives its run.
async fn ran(emulator: &Emulator, kind: &str, properties: Value) -> Value {
    let activity = json!({"name": "a", "type": kind, "typeProperties": properties});
    emulator
        .put("/pipelines/p", json!({"activities": [activity]}))
        .await;
    let id = emulator.start("p", json!({})).await;
    emulator.ended(&id).await;
    emulator.activities(&id).await[0].clone()
}

fn of(dataset: &str, file: &str) -> Value {
    json!({"referenceName": dataset, "type": "DatasetReference", "parameters": {"file": file}})
}

#[tokio::test]
async fn a_packed_file_is_looked_up_in_its_encoding() {
    let emulator = Emulator::new().with_copy().await;
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(b"made by hand\nid,name\n1,caf\xe9\n")
        .unwrap();
    let packed = packed.finish().unwrap();
    emulator.upload("input/a.csv.gz", packed).await;
    let text = json!({"firstRowAsHeader": true, "encodingName": "ISO-8859-1", "compressionCodec": "gzip", "compressionLevel": "Optimal"});
    dataset(&emulator, "Csv", "DelimitedText", text).await;

    let run = ran(
        &emulator,
        "Lookup",
        json!({"dataset": of("Csv", "a.csv.gz"), "source": {"type": "DelimitedTextSource",
            "formatSettings": {"type": "DelimitedTextReadSettings", "skipLineCount": 1}}}),
    )
    .await;

    let output = &run["output"];
    assert_eq!(
        output["firstRow"],
        json!({"id": "1", "name": "café"}),
        "{run:#}"
    );
    assert_eq!(
        output["durationInQueue"],
        json!({"integrationRuntimeQueue": 0})
    );
    assert_eq!(
        output["billingReference"]["activityType"],
        "PipelineActivity"
    );
}

#[tokio::test]
async fn a_lookup_refuses_a_setting_that_it_would_not_heed() {
    let emulator = Emulator::new().with_copy().await;
    emulator.upload("input/a.json", "{\"id\": 1}").await;
    let zip = json!({"compression": {"type": "ZipDeflate"}});
    dataset(&emulator, "Zip", "Json", zip).await;
    dataset(&emulator, "Js", "Json", json!({})).await;
    for (name, source, setting) in [
        ("Zip", json!({"type": "JsonSource"}), "ZipDeflate"),
        (
            "Js",
            json!({"additionalColumns": [{"name": "x", "value": "y"}]}),
            "additionalColumns",
        ),
        (
            "Js",
            json!({"formatSettings": {"type": "JsonReadSettings", "compressionProperties": {"type": "x"}}}),
            "compressionProperties",
        ),
        (
            "Js",
            json!({"storeSettings": {"fileListPath": "list.txt"}}),
            "fileListPath",
        ),
        (
            "Js",
            json!({"storeSettings": {"deleteFilesAfterCompletion": true}}),
            "deleteFilesAfterCompletion",
        ),
    ] {
        let properties = json!({"dataset": of(name, "a.json"), "source": source});
        let run = ran(&emulator, "Lookup", properties).await;

        let told = run["error"]["message"].as_str().unwrap();
        assert!(
            told.contains("NotEmulated") && told.contains(setting),
            "{told}"
        );
    }
}

#[tokio::test]
async fn metadata_shows_files_of_the_time_that_is_asked_for() {
    let emulator = Emulator::new().with_copy().await;
    emulator.upload("input/d/a.csv", "abc").await;
    emulator.upload("input/d/sub/b.csv", "b").await;
    let folder = |settings: Value| {
        json!({"dataset": {"referenceName": "In", "type": "DatasetReference", "parameters": {"folder": "d"}},
            "fieldList": ["childItems", "lastModified"], "storeSettings": settings})
    };
    let names = |run: &Value| -> Vec<String> {
        let items = run["output"]["childItems"].as_array();
        let items = items.unwrap_or_else(|| panic!("{run:#}")).iter();
        items
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };

    let past = json!({"modifiedDatetimeStart": "2000-01-01T00:00:00Z"});
    let past = ran(&emulator, "GetMetadata", folder(past)).await;
    let future = json!({"modifiedDatetimeStart": "2999-01-01T00:00:00Z"});
    let future = ran(&emulator, "GetMetadata", folder(future)).await;
    let wildcard = json!({"wildcardFileName": "*.csv"});
    let wildcard = ran(&emulator, "GetMetadata", folder(wildcard)).await;

    assert_eq!(names(&past), ["a.csv", "sub"]);
    assert_eq!(names(&future), ["sub"]);
    let told = wildcard["error"]["message"].as_str().unwrap();
    assert!(told.contains("no wildcards"), "{told}");
    let modified = past["output"]["lastModified"].as_str().unwrap();
    assert_eq!(modified.len(), "2026-01-02T03:04:05Z".len(), "{modified}");
    assert!(past["output"]["billingReference"].is_object());
}
