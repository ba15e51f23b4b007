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
async fn a_hundred_runs_wait_and_further_ones_fail() {
    let emulator = Emulator::new().with_factory().await;
    let mut pipeline = long_wait();
    pipeline["concurrency"] = json!(1);
    emulator.put("/pipelines/p", pipeline).await;
    for _ in 0..101 {
        emulator.start("p", json!({})).await;
    }

    let id = emulator.start("p", json!({})).await;

    let run = emulator.run(&id).await;
    assert_eq!(run["status"], "Failed", "{run}");
    let message = run["message"].as_str().unwrap();
    assert!(message.contains("at most 100 runs"), "{message}");
    let of = |status: &str| json!({"filters": [{"operand": "Status", "operator": "Equals", "values": [status]}]});
    let queued = emulator.query("/queryPipelineRuns", of("Queued")).await;
    assert!(queued["value"].as_array().unwrap().len() >= 100);
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
    let nowhere =
        format!("/pipelines/p/createRun?referencePipelineRunId={failed}&startActivityName=third");
    let nowhere = emulator.arm("POST", &nowhere, Value::Null).await;
    assert_eq!(nowhere.error(), (400, "BadRequest".into()));
    assert!(
        nowhere.message().contains("`third`"),
        "{}",
        nowhere.message()
    );
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
