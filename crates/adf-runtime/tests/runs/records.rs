//! What is recorded, as the run queries show it.

use adf_runtime::{
    ActivityRunRecord, Cancellation, ControlOnly, Engine, PipelineRunRecord, RunRequest, RunStatus,
    Snapshot, VirtualClock,
};
use serde_json::{Map, Value, json};

use crate::world::{Act, START, World, activity, object, pipeline, task};

#[test]
fn a_pipeline_run_has_the_shape_of_the_service() {
    let mut main = pipeline([activity("W", "Wait", "", json!({"waitTimeInSeconds": 2}))]);
    main["parameters"] = json!({"s": {"type": "string"}, "i": {"type": "int"}, "b": {"type": "bool"}, "a": {"type": "array"}, "z": {"type": "SecureString"}});
    main["annotations"] = json!(["nightly"]);
    let mut request = RunRequest::manual(
        "main",
        object(json!({"s": "x", "i": 1, "b": true, "a": [1, "é"], "z": "hush"})),
    );
    request.run_id = "run".to_owned();
    request.group_id = "group".to_owned();
    request.invoked_by.id = "0".repeat(32);

    let after = World::new(main).request(request);

    let record = serde_json::to_value(&after.outcome.run).unwrap();
    assert_eq!(
        record,
        json!({
            "runId": "run", "debugRunId": null, "runGroupId": "group", "isLatest": true, "pipelineName": "main",
            "parameters": {"a": "[1,\"é\"]", "b": "True", "i": "1", "s": "x", "z": "**********"},
            "runDimension": {}, "annotations": ["nightly"],
            "invokedBy": {"id": "0".repeat(32), "name": "Manual", "invokedByType": "Manual"},
            "runStart": "2026-03-01T08:00:00.0000000Z", "runEnd": "2026-03-01T08:00:02.0000000Z", "durationInMs": 2000,
            "status": "Succeeded", "message": "", "lastUpdated": "2026-03-01T08:00:02.0000000Z",
        })
    );
    assert_eq!(
        serde_json::from_value::<PipelineRunRecord>(record).unwrap(),
        after.outcome.run
    );
}

#[test]
fn an_activity_run_has_the_shape_of_the_service() {
    let mut failing = task("A", "");
    failing["typeProperties"] = json!({"x": 1});

    let after = World::new(pipeline([failing]))
        .acts("A", &[Act::Fail("no")])
        .run();

    let run = after.only("A");
    let record = serde_json::to_value(&run).unwrap();
    assert_eq!(
        record,
        json!({
            "activityName": "A", "activityType": "Task", "activityRunId": run.activity_run_id,
            "activityRunStart": "2026-03-01T08:00:00.0000000Z", "activityRunEnd": "2026-03-01T08:00:00.0000000Z",
            "durationInMs": 0, "input": {"x": 1}, "output": {}, "status": "Failed",
            "error": {"errorCode": "3204", "message": "no", "failureType": "SystemError", "target": "A"},
            "linkedServiceName": "", "pipelineName": "main", "pipelineRunId": after.outcome.run.run_id,
            "retryAttempt": null, "iterationHash": null, "userProperties": {}, "recoveryStatus": "None",
        })
    );
    assert_eq!(
        serde_json::from_value::<ActivityRunRecord>(record).unwrap(),
        run
    );
}

#[test]
fn a_queued_run_has_a_record_before_it_starts() {
    let mut factory = Snapshot::new("adf-test", Map::new());
    let id = adf_model::ResourceId::new(adf_model::Kind::Pipeline, "main");
    factory
        .insert(&id, json!({"name": "Main", "properties": pipeline([])}))
        .unwrap();
    let engine = Engine::new(ControlOnly, VirtualClock::new(START), (), factory);

    let queued = engine
        .queued(&RunRequest::manual("main", Map::new()))
        .unwrap();

    assert_eq!(
        (queued.status, queued.pipeline_name.as_str()),
        (RunStatus::Queued, "Main")
    );
    let record = serde_json::to_value(&queued).unwrap();
    assert_eq!(
        (&record["runStart"], &record["durationInMs"]),
        (&Value::Null, &Value::Null)
    );
    assert!(engine.check("other", &Map::new()).is_err());
    assert_eq!(engine.check("MAIN", &Map::new()), Ok(()));
}

#[tokio::test]
async fn a_run_can_be_spawned_on_the_system_clock() {
    let mut factory = Snapshot::new("adf-test", Map::new());
    let id = adf_model::ResourceId::new(adf_model::Kind::Pipeline, "main");
    let body = json!([activity("C", "Wait", "", json!({"waitTimeInSeconds": 0}))]);
    let each = activity(
        "E",
        "ForEach",
        "",
        json!({"items": [1, 2], "activities": body}),
    );
    factory
        .insert(&id, json!({"properties": pipeline([each])}))
        .unwrap();
    let engine = Engine::new(ControlOnly, adf_runtime::SystemClock, (), factory);

    let request = RunRequest::manual("main", Map::new());
    let run = tokio::spawn(async move { engine.run(request, Cancellation::new()).await });

    assert_eq!(run.await.unwrap().unwrap().run.status, RunStatus::Succeeded);
}
