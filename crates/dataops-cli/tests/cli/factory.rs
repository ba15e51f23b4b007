//! A scripted factory `adf` with the pipeline `ingest` and one run of it.

use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TestEnvironment};

/// The factory's path.
pub(crate) const FACTORY: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf";
/// The run's id.
pub(crate) const RUN: &str = "7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f";

/// The path of `below` in the factory.
pub(crate) fn at(below: &str) -> String {
    format!("{FACTORY}/{below}")
}

pub(crate) fn get_run() -> String {
    at(&format!("pipelineruns/{RUN}"))
}

/// The run as the service tells it.
pub(crate) fn run(status: &str) -> Value {
    let ended = matches!(status, "Succeeded" | "Failed" | "Cancelled");
    let started = status != "Queued";
    json!({
        "runId": RUN, "pipelineName": "ingest", "status": status, "parameters": {"rows": "5"},
        "invokedBy": {"id": "1", "name": "Manual", "invokedByType": "Manual"},
        "runStart": started.then_some("2026-01-02T03:04:05.0000000Z"),
        "runEnd": ended.then_some("2026-01-02T03:04:17.3000000Z"),
        "message": if status == "Failed" { "Operation on target prepare failed: ValueError" } else { "" },
    })
}

/// An activity run as the service tells it.
pub(crate) fn activity(name: &str, kind: &str, status: &str) -> Value {
    let ended = status != "InProgress";
    json!({
        "activityRunId": format!("id of {name}"), "activityName": name, "activityType": kind, "status": status,
        "activityRunStart": "2026-01-02T03:04:06Z", "activityRunEnd": ended.then_some("2026-01-02T03:04:08.500Z"),
        "input": {}, "output": {}, "retryAttempt": null,
        "error": {"errorCode": "", "message": "", "failureType": "", "target": name},
    })
}

/// An activity run that failed.
pub(crate) fn failed(name: &str, kind: &str, message: &str) -> Value {
    let mut run = activity(name, kind, "Failed");
    run["error"] = json!({"errorCode": "2011", "message": message, "failureType": "UserError", "target": name});
    run
}

/// The pipeline and the start of the run.
pub(crate) async fn with_pipeline() -> Service {
    let service = Service::start().await;
    let pipeline = json!({"name": "ingest", "properties": {"activities": [], "parameters": {
        "rows": {"type": "int", "defaultValue": 1}, "file": {"type": "string", "defaultValue": "a.csv"},
        "dry": {"type": "bool", "defaultValue": false}, "names": {"type": "array", "defaultValue": []},
    }}});
    service
        .on("GET", &at("pipelines/ingest"))
        .reply(Reply::json(200, pipeline))
        .await;
    service
}

/// A factory whose run goes through `statuses`.
pub(crate) async fn with_run(statuses: &[&str]) -> Service {
    with_activities(statuses, vec![vec![]]).await
}

/// A factory whose run goes through `statuses`, and whose activity runs are those of each look.
pub(crate) async fn with_activities(statuses: &[&str], looks: Vec<Vec<Value>>) -> Service {
    let service = with_pipeline().await;
    started(&service).await;
    service
        .on("GET", &get_run())
        .replies(statuses.iter().map(|status| Reply::json(200, run(status))))
        .await;
    activities(&service, looks).await;
    service
}

pub(crate) async fn started(service: &Service) {
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .times(1)
        .reply(Reply::json(200, json!({"runId": RUN})))
        .await;
}

pub(crate) async fn activities(service: &Service, looks: Vec<Vec<Value>>) {
    service
        .on(
            "POST",
            &at(&format!("pipelineruns/{RUN}/queryActivityruns")),
        )
        .replies(
            looks
                .into_iter()
                .map(|runs| Reply::json(200, json!({"value": runs}))),
        )
        .await;
}

/// The arguments of `invoke-adf-pipeline` for the run, and further ones.
pub(crate) fn args<'a>(further: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "-ResourceGroupName",
        "rg",
        "-DataFactoryName",
        "adf",
        "-PipelineName",
        "ingest",
    ];
    args.extend(further);
    args
}

/// Runs `invoke-adf-pipeline` against the factory.
pub(crate) fn invoke(service: &Service, further: &[&str]) -> Ended {
    TestEnvironment::at(service).run(Program::Invoke, &args(further))
}

/// How often a request was received.
pub(crate) async fn received(service: &Service, verb: &str, end: &str) -> usize {
    let requests = service.requests().await;
    requests
        .iter()
        .filter(|request| request.method.as_str() == verb && request.url.path().ends_with(end))
        .count()
}
