use serde_json::{Value, json};

use crate::support::{Emulator, copy_activity};

async fn copied(emulator: &Emulator, from: Value, to: Value, read: Value, write: Value) -> Value {
    let pipeline = json!({"activities": [copy_activity(&from, &to, &read, &write)]});
    emulator.put("/pipelines/p", pipeline).await;
    let id = emulator.start("p", json!({})).await;
    emulator.ended(&id).await;
    emulator.activities(&id).await[0].clone()
}

#[tokio::test]
async fn folders_are_copied_as_they_are_or_as_asked() {
    let emulator = with_files().await;
    let d = || json!({"folder": "d"});
    let to = |folder: &str| json!({"folder": folder});

    let whole = copied(&emulator, d(), to("whole"), json!({}), json!({})).await;
    let top = json!({"recursive": false, "wildcardFileName": "*.csv"});
    copied(&emulator, d(), to("top"), top, json!({})).await;
    let flat = json!({"copyBehavior": "FlattenHierarchy"});
    copied(&emulator, d(), to("flat"), json!({}), flat).await;
    let nothing = copied(&emulator, to("none"), to("none"), json!({}), json!({})).await;

    let names = emulator.names("output").await;
    let (flat, rest): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| name.starts_with("flat/"));
    assert_eq!(
        rest,
        ["top/a.csv", "whole/a.csv", "whole/b.txt", "whole/sub/c.csv"]
    );
    assert_eq!(flat.len(), 3);
    assert!(flat.iter().all(|name| name.matches('/').count() == 1));
    assert_eq!(
        (&whole["output"]["filesRead"], &whole["output"]["dataRead"]),
        (&json!(3), &json!(25))
    );
    assert_eq!(
        (&nothing["status"], &nothing["output"]["filesRead"]),
        (&json!("Succeeded"), &json!(0))
    );
}

#[tokio::test]
async fn files_are_merged_or_moved_as_asked() {
    let emulator = with_files().await;
    let one = json!({"folder": "m", "file": "one"});
    let merge = json!({"copyBehavior": "MergeFiles"});
    let other = json!({"file": "other.csv"});
    let moved = json!({"deleteFilesAfterCompletion": true});

    copied(&emulator, json!({"folder": "d"}), one, json!({}), merge).await;
    copied(
        &emulator,
        other,
        json!({"folder": "moved"}),
        moved,
        json!({}),
    )
    .await;

    assert_eq!(
        emulator.download("output/m/one").await.text(),
        "d/a.csvd/b.txtd/sub/c.csv"
    );
    let moved = emulator.download("output/moved/other.csv").await;
    assert_eq!(moved.text(), "other.csv");
    assert_eq!(emulator.download("input/other.csv").await.status, 404);
}

#[tokio::test]
async fn what_a_copy_would_change_or_add_and_cannot_here_fails_by_its_name() {
    let emulator = with_files().await;
    let properties = json!({
        "type": "Binary",
        "linkedServiceName": {"referenceName": "Storage", "type": "LinkedServiceReference"},
        "parameters": {"folder": {"type": "String"}},
        "typeProperties": {
            "location": {"type": "AzureBlobStorageLocation", "container": "output", "folderPath": "@dataset().folder"},
            "compression": {"type": "GZip", "level": "Optimal"},
        },
    });
    let mut plain = properties.clone();
    plain["typeProperties"]["compression"]["type"] = json!("None");
    emulator.put("/datasets/Zip", properties).await;
    emulator.put("/datasets/Plain", plain).await;
    let copy = |sink: &str, read: Value, write: Value| {
        let (from, to) = (json!({"file": "other.csv"}), json!({"folder": "x"}));
        let mut activity = copy_activity(&from, &to, &read, &write);
        activity["outputs"][0]["referenceName"] = sink.into();
        activity
    };
    let metadata = json!({"metadata": [{"name": "a", "value": "b"}]});
    let discovery = json!({"enablePartitionDiscovery": true});
    let harmless = json!({"enablePartitionDiscovery": false, "maxConcurrentConnections": 2});

    let mut told = Vec::new();
    for activity in [
        copy("Zip", json!({}), json!({})),
        copy("Out", json!({}), metadata),
        copy("Out", discovery, json!({})),
        copy("Plain", harmless, json!({"metadata": []})),
    ] {
        let pipeline = json!({"activities": [activity]});
        emulator.put("/pipelines/p", pipeline).await;
        let id = emulator.start("p", json!({})).await;
        emulator.ended(&id).await;
        let error = emulator.activities(&id).await[0]["error"]["message"].clone();
        told.push(error.as_str().unwrap_or_default().to_owned());
    }

    for (told, name) in told.iter().zip([
        "`compression` is not emulated (dataset `Zip`)",
        "storeSettings.metadata of the sink",
        "enablePartitionDiscovery",
    ]) {
        assert!(told.contains("ErrorCode=NotEmulated"), "{told}");
        assert!(told.contains(name), "{told}");
    }
    assert_eq!(told[3], "");
    assert_eq!(emulator.names("output").await, ["x/other.csv"]);
}

async fn with_files() -> Emulator {
    let emulator = Emulator::new().with_copy().await;
    for name in ["d/a.csv", "d/b.txt", "d/sub/c.csv", "other.csv"] {
        let path = format!("input/{name}");
        emulator.upload(&path, name.to_owned()).await;
    }
    emulator
}

#[tokio::test]
async fn a_missing_source_file_fails_the_copy() {
    let emulator = Emulator::new().with_copy().await;

    let id = emulator.start("copy", json!({"file": "missing.csv"})).await;
    let run = emulator.ended(&id).await;
    let error = emulator.activities(&id).await[0]["error"].clone();

    assert_eq!(run["status"], "Failed");
    assert_eq!(
        (&error["errorCode"], &error["failureType"]),
        (&json!("2200"), &json!("UserError"))
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("UserErrorSourceBlobNotExist"), "{message}");
    assert!(message.contains("missing.csv"), "{message}");
}

#[tokio::test]
async fn rows_are_looked_up_in_text_and_json() {
    let emulator = Emulator::new().with_copy().await;
    emulator
        .upload("input/a.csv", "id,name\r\n1,\"x,y\"\r\n2,\r\n")
        .await;
    emulator
        .upload("input/a.json", "{\"id\": 1}\n{\"id\": 2}\n")
        .await;
    for (name, kind) in [("Csv", "DelimitedText"), ("Js", "Json")] {
        let dataset = json!({
            "type": kind, "parameters": {"file": {"type": "String"}},
            "linkedServiceName": {"referenceName": "Storage", "type": "LinkedServiceReference"},
            "typeProperties": {"firstRowAsHeader": true, "location": {"type": "AzureBlobStorageLocation", "container": "input", "fileName": "@dataset().file"}},
        });
        emulator.put(&format!("/datasets/{name}"), dataset).await;
    }
    let look = |name: &str, dataset: &str, file: &str, first: bool| {
        json!({"name": name, "type": "Lookup", "typeProperties": {"firstRowOnly": first,
            "dataset": {"referenceName": dataset, "type": "DatasetReference", "parameters": {"file": file}}}})
    };
    let activities = json!([
        look("first", "Csv", "a.csv", true),
        look("all", "Csv", "a.csv", false),
        look("json", "Js", "a.json", false),
        look("wrong", "Js", "a.csv", false),
    ]);
    emulator
        .put("/pipelines/p", json!({"activities": activities}))
        .await;

    let id = emulator.start("p", json!({})).await;
    emulator.ended(&id).await;
    let activities = emulator.activities(&id).await;
    let of = |name: &str| {
        activities
            .iter()
            .find(|it| it["activityName"] == name)
            .unwrap()
    };

    assert_eq!(
        of("first")["output"]["firstRow"],
        json!({"id": "1", "name": "x,y"})
    );
    assert_eq!(of("all")["output"]["count"], 2);
    assert_eq!(
        of("all")["output"]["value"][1],
        json!({"id": "2", "name": null})
    );
    assert_eq!(of("json")["output"]["value"], json!([{"id": 1}, {"id": 2}]));
    let message = of("wrong")["error"]["message"].as_str().unwrap();
    assert!(message.contains("`a.csv`"), "{message}");
}

#[tokio::test]
async fn metadata_and_delete_see_the_same_files() {
    let emulator = Emulator::new().with_copy().await;
    emulator.upload("input/d/a.csv", "abc").await;
    emulator.upload("input/d/sub/b.csv", "b").await;
    let of = |file: Value| json!({"referenceName": "In", "type": "DatasetReference", "parameters": file});
    let look = |name: &str, file: Value, fields: Value| json!({"name": name, "type": "GetMetadata", "typeProperties": {"dataset": of(file), "fieldList": fields}});
    let pipeline = json!({"activities": [
        look("file", json!({"folder": "d", "file": "a.csv"}), json!(["exists", "size", "itemType"])),
        look("none", json!({"file": "none"}), json!(["exists"])),
        look("folder", json!({"folder": "d"}), json!(["childItems", "itemName"])),
        {"name": "delete", "type": "Delete", "dependsOn": [{"activity": "folder", "dependencyConditions": ["Succeeded"]}, {"activity": "file", "dependencyConditions": ["Succeeded"]}],
            "typeProperties": {"dataset": of(json!({"folder": "d"})), "storeSettings": {"type": "AzureBlobStorageReadSettings", "recursive": true}}},
    ]});
    emulator.put("/pipelines/p", pipeline).await;

    let id = emulator.start("p", json!({})).await;
    let run = emulator.ended(&id).await;
    let activities = emulator.activities(&id).await;
    let output = |name: &str| {
        activities
            .iter()
            .find(|it| it["activityName"] == name)
            .unwrap()["output"]
            .clone()
    };

    assert_eq!(run["status"], "Succeeded", "{activities:?}");
    assert_eq!(
        (&output("file")["exists"], &output("file")["size"]),
        (&json!(true), &json!(3))
    );
    assert_eq!(output("none")["exists"], false);
    assert_eq!(
        output("folder")["childItems"],
        json!([{"name": "a.csv", "type": "File"}, {"name": "sub", "type": "Folder"}])
    );
    assert_eq!(output("delete")["filesDeleted"], 2);
    assert!(emulator.names("input").await.is_empty());
}

#[tokio::test]
async fn a_folder_is_emptied_below_its_subfolders_only_when_that_is_said() {
    let emulator = Emulator::new().with_copy().await;
    let delete = |settings: Value| {
        json!({"activities": [{"name": "delete", "type": "Delete", "typeProperties": {
            "dataset": {"referenceName": "In", "type": "DatasetReference", "parameters": {"folder": "d"}},
            "storeSettings": settings}}]})
    };
    for (settings, left, wildcard) in [
        (
            json!({"type": "AzureBlobStorageReadSettings"}),
            vec!["d/sub/b.csv"],
            false,
        ),
        (
            json!({"recursive": false, "wildcardFileName": "*.txt"}),
            vec!["d/a.csv", "d/sub/b.csv"],
            true,
        ),
        (json!({"recursive": true}), vec![], false),
    ] {
        emulator.upload("input/d/a.csv", "a").await;
        emulator.upload("input/d/sub/b.csv", "b").await;
        emulator.put("/pipelines/p", delete(settings.clone())).await;

        let id = emulator.start("p", json!({})).await;
        emulator.ended(&id).await;

        let activity = &emulator.activities(&id).await[0];
        assert_eq!(activity["status"], "Succeeded", "{activity:#}");
        assert_eq!(emulator.names("input").await, left, "{settings}");
        assert_eq!(activity["output"]["isWildcardUsed"], wildcard, "{settings}");
    }
}
