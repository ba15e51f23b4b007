use serde_json::{Value, json};

use crate::support::{Emulator, copy_activity, until};

fn set(name: &str, value: &str) -> Value {
    json!({"name": name, "type": "SetVariable", "typeProperties": {"variableName": "v", "value": value}})
}

fn variables() -> Value {
    json!({"v": {"type": "String"}})
}

fn long_wait() -> Value {
    json!({"activities": [{"name": "wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600}}]})
}

#[tokio::test]
async fn a_run_is_started_recorded_and_found() {
    let emulator = Emulator::new().with_factory().await;
    let pipeline = json!({
        "parameters": {"who": {"type": "String"}, "list": {"type": "Array", "defaultValue": [1, 2]}},
        "variables": variables(),
        "activities": [set("greet", "@concat('hello ', pipeline().parameters.who)")],
    });
    emulator.put("/pipelines/p", pipeline).await;

    let id = emulator.start("p", json!({"who": "world"})).await;
    let run = emulator.ended(&id).await;
    let activities = emulator.activities(&id).await;

    assert_eq!(run["status"], "Succeeded", "{run}");
    assert_eq!(run["pipelineName"], "p");
    assert_eq!(run["parameters"], json!({"who": "world", "list": "[1,2]"}));
    assert_eq!(run["invokedBy"]["invokedByType"], "Manual");
    assert_eq!(
        (&run["isLatest"], &run["runGroupId"]),
        (&json!(true), &json!(id))
    );
    assert!(
        run["id"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/PIPELINERUNS/{}", id.to_uppercase()))
    );
    assert_eq!(activities.len(), 1);
    assert_eq!(activities[0]["output"]["value"], "hello world");
    assert_eq!(activities[0]["status"], "Succeeded");
}

#[tokio::test]
async fn a_run_that_cannot_start_is_refused() {
    let emulator = Emulator::new().with_factory().await;
    let pipeline = json!({"parameters": {"needed": {"type": "String"}}, "activities": []});
    emulator.put("/pipelines/p", pipeline).await;

    let unknown = emulator
        .arm("POST", "/pipelines/nope/createRun", Value::Null)
        .await;
    let missing = emulator
        .arm("POST", "/pipelines/p/createRun", json!({}))
        .await;
    let no_object = emulator
        .arm("POST", "/pipelines/p/createRun", json!([1]))
        .await;
    let no_run = emulator.arm("GET", "/pipelineruns/1", Value::Null).await;

    assert_eq!(unknown.error(), (404, "ResourceNotFound".into()));
    assert_eq!(missing.error(), (400, "BadRequest".into()));
    assert!(
        missing.message().contains("`needed`"),
        "{}",
        missing.message()
    );
    assert_eq!(no_object.error(), (400, "InvalidRequestContent".into()));
    assert_eq!(no_run.error().0, 404);
    let all = emulator.query("/queryPipelineRuns", json!({})).await;
    assert_eq!(all["value"], json!([]));
}

#[tokio::test]
async fn what_is_not_emulated_fails_by_its_name() {
    let emulator = Emulator::new().with_factory().await;
    let pipeline = json!({"activities": [{"name": "web", "type": "WebActivity", "typeProperties": {"url": "https://x.test", "method": "GET"}}]});
    emulator.put("/pipelines/p", pipeline).await;

    let id = emulator.start("p", json!({})).await;
    let run = emulator.ended(&id).await;

    assert_eq!(run["status"], "Failed");
    let error = emulator.activities(&id).await[0]["error"].clone();
    assert_eq!(
        error["message"],
        "activity type WebActivity is not emulated"
    );
}

#[tokio::test]
async fn a_run_is_cancelled_while_it_waits() {
    let emulator = Emulator::new().with_factory().await;
    emulator.put("/pipelines/p", long_wait()).await;
    let id = emulator.start("p", json!({})).await;
    until(|| async { (emulator.activities(&id).await.len() == 1).then_some(()) }).await;

    let path = format!("/pipelineruns/{id}/cancel?isRecursive=true");
    let cancelled = emulator.arm("POST", &path, Value::Null).await;
    let run = emulator.ended(&id).await;
    let again = emulator.arm("POST", &path, Value::Null).await;

    assert_eq!(cancelled.status, 200);
    assert_eq!(run["status"], "Cancelled");
    assert_eq!(emulator.activities(&id).await[0]["status"], "Cancelled");
    assert_eq!(again.error(), (400, "BadRequest".into()));
}

#[tokio::test]
async fn runs_above_the_pipelines_concurrency_wait_for_their_turn() {
    let emulator = Emulator::new().with_factory().await;
    let mut pipeline = long_wait();
    pipeline["concurrency"] = json!(1);
    emulator.put("/pipelines/p", pipeline).await;
    let first = emulator.start("p", json!({})).await;
    until(|| async { (emulator.run(&first).await["status"] == "InProgress").then_some(()) }).await;

    let second = emulator.start("p", json!({})).await;
    let third = emulator.start("p", json!({})).await;
    let waiting = emulator.run(&second).await["status"].clone();
    let cancel = |id: &str| format!("/pipelineruns/{id}/cancel");
    emulator.arm("POST", &cancel(&third), Value::Null).await;
    let third = emulator.ended(&third).await;
    emulator.arm("POST", &cancel(&first), Value::Null).await;
    emulator.ended(&first).await;
    until(|| async { (emulator.run(&second).await["status"] == "InProgress").then_some(()) }).await;

    assert_eq!(waiting, "Queued");
    assert_eq!(third["status"], "Cancelled");
    assert!(
        third["message"]
            .as_str()
            .unwrap()
            .contains("waited for its turn")
    );
}

#[tokio::test]
async fn a_rerun_has_the_same_parameters_and_takes_over_the_group() {
    let emulator = Emulator::new().with_factory().await;
    let pipeline = json!({"parameters": {"n": {"type": "Int"}}, "variables": variables(), "activities": [set("s", "@string(pipeline().parameters.n)")]});
    emulator.put("/pipelines/p", pipeline).await;
    emulator
        .put("/pipelines/q", json!({"activities": []}))
        .await;
    let first = emulator.start("p", json!({"n": 3})).await;
    emulator.ended(&first).await;

    let path = format!("p/createRun?referencePipelineRunId={first}&isRecovery=true");
    let answer = emulator
        .arm("POST", &format!("/pipelines/{path}"), json!({"n": 9}))
        .await;
    let second = answer.json()["runId"].as_str().unwrap().to_owned();
    let rerun = emulator.ended(&second).await;
    let other = emulator
        .arm(
            "POST",
            &format!("/pipelines/q/createRun?referencePipelineRunId={first}"),
            Value::Null,
        )
        .await;
    let filter =
        json!({"filters": [{"operand": "LatestOnly", "operator": "Equals", "values": ["true"]}]});
    let latest = emulator.query("/queryPipelineRuns", filter).await;

    assert_eq!(rerun["parameters"], json!({"n": "3"}));
    assert_eq!(rerun["runGroupId"], first.as_str());
    assert_eq!(emulator.run(&first).await["isLatest"], false);
    assert_eq!(latest["value"].as_array().unwrap().len(), 1);
    assert_eq!(other.status, 400);
}

#[tokio::test]
async fn a_rerun_from_the_failure_does_not_repeat_what_went_well() {
    let emulator = Emulator::new().with_copy().await;
    let mut activities = Vec::new();
    for (name, file) in [("first", "a"), ("second", "b")] {
        let file = json!({"file": file});
        let mut activity = copy_activity(&file, &file, &json!({}), &json!({}));
        activity["name"] = name.into();
        activities.push(activity);
    }
    activities[1]["dependsOn"] =
        json!([{"activity": "first", "dependencyConditions": ["Succeeded"]}]);
    emulator
        .put("/pipelines/p", json!({"activities": activities}))
        .await;
    emulator.upload("input/a", "a").await;
    let failed = emulator.start("p", json!({})).await;
    assert_eq!(emulator.ended(&failed).await["status"], "Failed");
    emulator.upload("input/b", "b").await;
    emulator.call("DELETE", "/acct/output/a", &[], "").await;

    let path = format!(
        "/pipelines/p/createRun?referencePipelineRunId={failed}&isRecovery=true&startFromFailure=true"
    );
    let answer = emulator.arm("POST", &path, Value::Null).await;
    let id = answer.json()["runId"].as_str().unwrap().to_owned();
    let run = emulator.ended(&id).await;

    assert_eq!(run["status"], "Succeeded", "{run}");
    assert_eq!(emulator.names("output").await, ["b"]);
}

#[tokio::test]
async fn queries_filter_order_and_page() {
    let emulator = Emulator::new().with_factory().await;
    emulator
        .put("/pipelines/good", json!({"activities": []}))
        .await;
    let fails = json!({"activities": [{"name": "f", "type": "Fail", "typeProperties": {"message": "no", "errorCode": "7"}}]});
    emulator.put("/pipelines/bad", fails).await;
    for _ in 0..101 {
        emulator.start("good", json!({})).await;
    }
    let bad = emulator.start("bad", json!({})).await;
    assert_eq!(
        emulator.ended(&bad).await["message"],
        "Operation on target f failed: no"
    );

    let by_status =
        json!({"filters": [{"operand": "Status", "operator": "In", "values": ["Failed"]}]});
    let failed = emulator.query("/queryPipelineRuns", by_status).await;
    let not_bad = json!({"filters": [{"operand": "PipelineName", "operator": "NotEquals", "values": ["bad"]}], "orderBy": [{"orderBy": "RunStart", "order": "DESC"}]});
    let first = emulator.query("/queryPipelineRuns", not_bad.clone()).await;
    let mut next = not_bad;
    next["continuationToken"] = first["continuationToken"].clone();
    let second = emulator.query("/queryPipelineRuns", next).await;
    let early = json!({"lastUpdatedBefore": "2001-01-01T00:00:00Z"});
    let early = emulator.query("/queryPipelineRuns", early).await;
    let unknown = json!({"lastUpdatedAfter": "2000-01-01T00:00:00Z", "lastUpdatedBefore": "2999-01-01T00:00:00Z",
        "filters": [{"operand": "ActivityName", "operator": "Equals", "values": ["x"]}]});
    let unknown = emulator.arm("POST", "/queryPipelineRuns", unknown).await;
    let windowless = emulator.arm("POST", "/queryPipelineRuns", json!({})).await;

    assert_eq!(failed["value"][0]["runId"], bad.as_str());
    let length = |page: &Value| page["value"].as_array().unwrap().len();
    assert_eq!(
        (
            length(&failed),
            length(&first),
            length(&second),
            length(&early)
        ),
        (1, 100, 1, 0)
    );
    assert!(first["value"][0]["runStart"].as_str() >= first["value"][1]["runStart"].as_str());
    assert!(second.get("continuationToken").is_none());
    assert_eq!(unknown.status, 400);
    assert!(
        windowless.message().contains("lastUpdatedAfter"),
        "{}",
        windowless.message()
    );
}

#[tokio::test]
async fn what_an_emulator_knew_it_knows_after_a_restart() {
    let emulator = Emulator::new().with_copy().await;
    emulator.put("/pipelines/long", long_wait()).await;
    emulator.upload("input/a.csv", "abc").await;
    let done = emulator.start("copy", json!({"file": "a.csv"})).await;
    emulator.ended(&done).await;
    let cut_off = emulator.start("long", json!({})).await;
    until(|| async { (emulator.activities(&cut_off).await.len() == 1).then_some(()) }).await;
    let etag = emulator
        .arm("GET", "/pipelines/copy", Value::Null)
        .await
        .json()["etag"]
        .clone();

    // The files as a killed emulator leaves them; its lock is not copied.
    let copy = tempfile::tempdir().unwrap();
    copy_folder(emulator.dir.path(), copy.path());
    let again = Emulator::on(copy);

    assert_eq!(again.run(&done).await["status"], "Succeeded");
    let lost = again.run(&cut_off).await;
    assert_eq!(lost["status"], "Failed");
    assert_eq!(
        lost["message"],
        "the emulator ended while this was going on"
    );
    assert_eq!(again.activities(&cut_off).await[0]["status"], "Failed");
    assert_eq!(
        again
            .arm("GET", "/pipelines/copy", Value::Null)
            .await
            .json()["etag"],
        etag
    );
    assert_eq!(again.download("input/a.csv").await.text(), "abc");
    assert_eq!(
        again.download(&format!("output/{done}/a.csv")).await.text(),
        "abc"
    );
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

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
async fn metadata_and_delete_see_the_same_files() {
    let emulator = Emulator::new().with_copy().await;
    emulator.upload("input/d/a.csv", "abc").await;
    emulator.upload("input/d/sub/b.csv", "b").await;
    let of = |file: Value| json!({"referenceName": "In", "type": "DatasetReference", "parameters": file});
    let look = |name: &str, file: Value, fields: Value| json!({"name": name, "type": "GetMetadata", "typeProperties": {"dataset": of(file), "fieldList": fields}});
    let pipeline = json!({"variables": variables(), "activities": [
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
