use serde_json::{Value, json};

use crate::support::{ACCOUNT, Emulator, until};

fn on_drop(parameters: &Value) -> Value {
    json!({
        "type": "BlobEventsTrigger",
        "runtimeState": "Started",
        "pipelines": [{"pipelineReference": {"referenceName": "copy", "type": "PipelineReference"}, "parameters": parameters}],
        "typeProperties": {"scope": ACCOUNT, "events": ["Microsoft.Storage.BlobCreated"],
            "blobPathBeginsWith": "/input/blobs/", "blobPathEndsWith": ".csv", "ignoreEmptyBlobs": true},
    })
}

async fn listening(parameters: &Value) -> Emulator {
    let emulator = Emulator::new().with_copy().await;
    emulator.put("/triggers/OnDrop", on_drop(parameters)).await;
    let started = emulator
        .arm("POST", "/triggers/OnDrop/start", Value::Null)
        .await;
    assert_eq!(started.status, 200);
    emulator
}

async fn fired(emulator: &Emulator) -> Vec<Value> {
    let page = emulator.query("/queryTriggerRuns", json!({})).await;
    page["value"].as_array().unwrap().clone()
}

fn file() -> Value {
    json!({"file": "@triggerBody().fileName"})
}

#[tokio::test]
async fn a_dropped_file_starts_the_pipeline() {
    let emulator = listening(&file()).await;

    emulator.upload("input/day/a.txt", "no").await;
    emulator.upload("input/empty.csv", "").await;
    emulator.upload("output/a.csv", "no").await;
    emulator.upload("input/a.csv", "yes").await;
    let runs = fired(&emulator).await;

    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(
        (&runs[0]["triggerName"], &runs[0]["status"]),
        (&json!("OnDrop"), &json!("Succeeded"))
    );
    let payload = runs[0]["properties"]["EventPayload"].as_str().unwrap();
    assert!(payload.contains("/blobServices/default/containers/input/blobs/a.csv"));
    let id = runs[0]["triggeredPipelines"]["copy"].as_str().unwrap();
    let run = emulator.ended(id).await;
    assert_eq!(run["status"], "Succeeded", "{run}");
    assert_eq!(run["parameters"]["file"], "a.csv");
    assert_eq!(
        (
            &run["invokedBy"]["name"],
            &run["invokedBy"]["invokedByType"]
        ),
        (&json!("OnDrop"), &json!("BlobEventsTrigger"))
    );
    assert_eq!(run["invokedBy"]["id"], runs[0]["triggerRunId"]);
    assert_eq!(
        emulator
            .download(&format!("output/{id}/a.csv"))
            .await
            .text(),
        "yes"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_a_notebook_writes_fires_triggers_when_the_run_has_ended() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let emulator = listening(&file()).await;
    emulator.upload("input/uploaded.csv", "1").await;
    let api = async |path: &str, body: Value| {
        let path = format!("/api/{path}");
        let answer = emulator.call("POST", &path, &[], body.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let folder = emulator.dir.path().join("blob/input");
    let source = format!(
        "for name in ['made.csv', 'made.txt']:\n    open({:?} + '/' + name, 'w').write('yes')",
        folder.to_str().unwrap()
    );
    let notebook =
        json!({"path": "/Shared/writes", "language": "PYTHON", "content": STANDARD.encode(source)});
    api("2.0/workspace/import", notebook).await;
    let task = json!({"task_key": "t", "notebook_task": {"notebook_path": "/Shared/writes"}});

    // Each run writes the file anew.
    for round in 1..=2 {
        let run = api("2.2/jobs/runs/submit", json!({"tasks": [task]})).await;
        let run_id = run["run_id"].as_u64().unwrap();
        let ended = emulator.state.databricks().wait(run_id).await.unwrap();
        assert!(ended.succeeded(), "{ended:?}");
        until(|| async { (fired(&emulator).await.len() > round).then_some(()) }).await;
    }

    let runs = fired(&emulator).await;
    let payload = |run: &Value| run["properties"]["EventPayload"].to_string();
    let made = runs.iter().map(payload);
    let made = made.filter(|payload| payload.contains("/blobs/made.csv"));
    assert_eq!((runs.len(), made.count()), (3, 2), "{runs:?}");
}

#[tokio::test]
async fn block_lists_and_copies_are_events_too() {
    let emulator = listening(&file()).await;
    let block = "/acct/input/blocks.csv?comp=block&blockid=QQ%3D%3D";
    emulator.call("PUT", block, &[], "abc").await;
    let before = fired(&emulator).await.len();

    let list = "<BlockList><Latest>QQ==</Latest></BlockList>";
    emulator
        .call("PUT", "/acct/input/blocks.csv?comp=blocklist", &[], list)
        .await;
    let after_blocks = fired(&emulator).await.len();
    let source = [(
        "x-ms-copy-source",
        "http://127.0.0.1:9999/acct/input/blocks.csv",
    )];
    let copy = emulator
        .call("PUT", "/acct/input/copy.csv", &source, "")
        .await;

    assert_eq!(copy.status, 202);
    assert_eq!(
        (before, after_blocks, fired(&emulator).await.len()),
        (0, 1, 2)
    );
}

#[tokio::test]
async fn a_copy_activity_fires_triggers_like_an_upload() {
    let emulator = Emulator::new().with_copy().await;
    let mut chained = on_drop(&file());
    chained["typeProperties"]["blobPathBeginsWith"] = "/output/blobs/".into();
    emulator
        .put("/pipelines/end", json!({"activities": []}))
        .await;
    chained["pipelines"] = json!([{"pipelineReference": {"referenceName": "end", "type": "PipelineReference"}, "parameters": {}}]);
    emulator.put("/triggers/Chain", chained).await;
    emulator
        .arm("POST", "/triggers/Chain/start", Value::Null)
        .await;
    emulator.upload("input/a.csv", "abc").await;

    let id = emulator.start("copy", json!({"file": "a.csv"})).await;
    emulator.ended(&id).await;

    let runs =
        until(|| async { Some(fired(&emulator).await).filter(|runs| !runs.is_empty()) }).await;
    let end = runs[0]["triggeredPipelines"]["end"].as_str().unwrap();
    assert_eq!(emulator.ended(end).await["status"], "Succeeded");
}

#[tokio::test]
async fn parameters_that_cannot_be_evaluated_fail_the_trigger_run_alone() {
    let emulator = listening(&json!({"file": "@triggerBody().nothing.at.all"})).await;

    emulator.upload("input/a.csv", "abc").await;
    let runs = fired(&emulator).await;

    assert_eq!(runs[0]["status"], "Failed");
    let message = runs[0]["message"].as_str().unwrap();
    assert!(message.contains("pipeline `copy`"), "{message}");
    assert_eq!(runs[0]["triggeredPipelines"], json!({}));
    let started = emulator.query("/queryPipelineRuns", json!({})).await;
    assert_eq!(started["value"], json!([]));
}

#[tokio::test]
async fn a_stopped_trigger_and_one_of_another_account_stay_silent() {
    let emulator = listening(&file()).await;
    let mut elsewhere = on_drop(&file());
    elsewhere["typeProperties"]["scope"] = format!("{ACCOUNT}2").into();
    emulator.put("/triggers/Elsewhere", elsewhere).await;
    emulator
        .arm("POST", "/triggers/Elsewhere/start", Value::Null)
        .await;

    emulator
        .arm("POST", "/triggers/OnDrop/stop", Value::Null)
        .await;
    emulator.upload("input/a.csv", "abc").await;

    assert!(fired(&emulator).await.is_empty());
}

#[tokio::test]
async fn a_started_trigger_is_neither_changed_nor_deleted() {
    let emulator = listening(&file()).await;
    let state = |answer: Value| answer["properties"]["runtimeState"].clone();
    let started = state(
        emulator
            .arm("GET", "/triggers/OnDrop", Value::Null)
            .await
            .json(),
    );

    let put = emulator
        .arm(
            "PUT",
            "/triggers/OnDrop",
            json!({"properties": on_drop(&file())}),
        )
        .await;
    let delete = emulator
        .arm("DELETE", "/triggers/OnDrop", Value::Null)
        .await;
    emulator
        .arm("POST", "/triggers/OnDrop/stop", Value::Null)
        .await;
    let again = emulator.put("/triggers/OnDrop", on_drop(&file())).await;
    let deleted = emulator
        .arm("DELETE", "/triggers/OnDrop", Value::Null)
        .await;

    assert_eq!(started, "Started");
    assert_eq!(put.error(), (400, "TriggerEnabledCannotUpdate".into()));
    assert_eq!(delete.error(), (400, "TriggerEnabledCannotUpdate".into()));
    assert_eq!(state(again), "Stopped");
    assert_eq!(deleted.status, 200);
}

#[tokio::test]
async fn subscriptions_are_told() {
    let emulator = Emulator::new().with_copy().await;
    emulator.put("/triggers/OnDrop", on_drop(&file())).await;
    let ask = |action: &'static str| {
        let path = format!("/triggers/OnDrop/{action}");
        let emulator = &emulator;
        async move { emulator.arm("POST", &path, Value::Null).await.json()["status"].clone() }
    };

    let fresh = ask("getEventSubscriptionStatus").await;
    let subscribed = ask("subscribeToEvents").await;
    let unsubscribed = ask("unsubscribeFromEvents").await;

    assert_eq!(
        [fresh, subscribed, unsubscribed],
        ["Disabled", "Enabled", "Disabled"]
    );
    let unknown = emulator
        .arm("POST", "/triggers/Nothing/start", Value::Null)
        .await;
    assert_eq!(unknown.error().0, 404);
    emulator
        .put(
            "/triggers/Idle",
            json!({"type": "ScheduleTrigger", "typeProperties": {"recurrence": {"frequency": "Day"}}}),
        )
        .await;
    let idle = emulator
        .arm("POST", "/triggers/Idle/start", Value::Null)
        .await;
    assert!(
        idle.message().contains("refers to no pipeline"),
        "{}",
        idle.message()
    );
}

#[tokio::test]
async fn a_trigger_that_could_never_fire_is_refused() {
    let emulator = Emulator::new().with_copy().await;
    let mut deaf = on_drop(&file());
    deaf["typeProperties"]["events"] = json!([]);
    emulator.put("/triggers/Deaf", deaf).await;
    let never = json!({"type": "ScheduleTrigger", "typeProperties": {"recurrence": {"frequency": "Foo", "interval": 1}}});

    let started = emulator
        .arm("POST", "/triggers/Deaf/start", Value::Null)
        .await;
    let written = emulator
        .arm("PUT", "/triggers/Never", json!({"properties": never}))
        .await;

    assert_eq!(started.error(), (400, "BadRequest".to_owned()));
    assert!(started.message().contains("`events` is empty"));
    assert_eq!(written.error(), (400, "BadRequest".to_owned()));
    assert!(written.message().contains("`frequency`"));
}
