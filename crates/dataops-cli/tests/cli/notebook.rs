//! A notebook that is run in the workspace of an environment.

use std::io::{BufRead, BufReader, Read};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TestEnvironment, shows};

const SETTINGS: &str = "\
name: small
adf: { root: adf }
notebooks: { root: notes, target: /Shared/small }
environments:
  qa:
    subscription: s
    resourceGroup: g
    dataFactory: f
    databricks: { host: 'https://adb-1.2.azuredatabricks.net', cluster: { name: ingest } }
  bare: { subscription: s, resourceGroup: g, dataFactory: f, databricks: { host: 'https://adb-1.2.azuredatabricks.net' } }
";

const PAGE: &str = "https://adb-1.2.azuredatabricks.net/jobs/1/runs/5";

fn environment(service: &Service) -> TestEnvironment {
    TestEnvironment::at(service)
        .file("dataops.yaml", SETTINGS)
        .file(
            "notes/prepare.py",
            "# Databricks notebook source\nprint(1)\n",
        )
}

fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

/// A workspace with the notebook, and a cluster that stands still.
async fn workspace() -> Service {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.0/workspace/get-status")
        .query("path", "/Shared/small/prepare")
        .reply(ok(
            json!({"path": "/Shared/small/prepare", "object_type": "NOTEBOOK"}),
        ))
        .await;
    let cluster =
        |state: &str| json!({"cluster_id": "c-1", "cluster_name": "ingest", "state": state});
    service
        .on("GET", "/api/2.1/clusters/list")
        .reply(ok(json!({"clusters": [cluster("TERMINATED")]})))
        .await;
    let states = ["TERMINATED", "TERMINATED", "RUNNING"].map(|state| ok(cluster(state)));
    service
        .on("GET", "/api/2.1/clusters/get")
        .query("cluster_id", "c-1")
        .replies(states)
        .await;
    for at in ["/api/2.1/clusters/start", "/api/2.2/jobs/runs/cancel"] {
        service.on("POST", at).reply(ok(json!({}))).await;
    }
    service
        .on("POST", "/api/2.2/jobs/runs/submit")
        .reply(ok(json!({"run_id": 5})))
        .await;
    service
}

/// The same with a run that stands so, one after the other, and what it leaves.
async fn with_run(states: &[(&str, Option<&str>)], output: Value) -> Service {
    let service = workspace().await;
    let runs = states.iter().map(|(life_cycle, result)| {
        let state = json!({"life_cycle_state": life_cycle, "result_state": result});
        ok(
            json!({"run_id": 5, "run_page_url": PAGE, "run_duration": 1500, "state": state,
            "tasks": [{"run_id": 6, "task_key": "notebook", "state": state}]}),
        )
    });
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .query("run_id", "5")
        .replies(runs.collect::<Vec<_>>())
        .await;
    service
        .on("GET", "/api/2.2/jobs/runs/get-output")
        .query("run_id", "6")
        .reply(ok(output))
        .await;
    service
}

fn run(service: &Service, further: &[&str]) -> Ended {
    let args = [
        &["notebook", "run", "notes/prepare.py", "--env", "qa"],
        further,
    ]
    .concat();
    environment(service).run(Program::Dataops, &args)
}

/// The request that starts the run.
async fn submitted(service: &Service) -> Value {
    let requests = service.requests().await;
    let request = requests
        .iter()
        .find(|request| request.url.path().ends_with("/runs/submit"));
    serde_json::from_slice(&request.unwrap().body).unwrap()
}

#[tokio::test]
async fn the_cluster_is_started_and_the_exit_value_is_the_result() {
    let states = [
        ("PENDING", None),
        ("RUNNING", None),
        ("TERMINATED", Some("SUCCESS")),
    ];
    let service = with_run(&states, json!({"notebook_output": {"result": "80 20"}})).await;

    let ended = run(&service, &["-p", "file=claims.csv", "--timeout", "10m"]);

    shows!(ended, @"
    exit: 0
    ----- stdout
    80 20
    ----- stderr
    cluster `ingest` is TERMINATED
    cluster `ingest` is RUNNING
    /Shared/small/prepare: run 5
    https://adb-1.2.azuredatabricks.net/jobs/1/runs/5
    /Shared/small/prepare is waiting
    /Shared/small/prepare is running
    /Shared/small/prepare succeeded
    ");
    let mut sent = submitted(&service).await;
    let token = sent["idempotency_token"].take();
    assert!(token.as_str().is_some_and(|token| token.len() == 36));
    let limit = sent["timeout_seconds"].take();
    assert!(
        limit
            .as_u64()
            .is_some_and(|limit| (1..=600).contains(&limit))
    );
    assert_eq!(
        sent,
        json!({"idempotency_token": null, "run_name": "dataops: /Shared/small/prepare", "timeout_seconds": null, "tasks": [{
            "task_key": "notebook", "existing_cluster_id": "c-1",
            "notebook_task": {"notebook_path": "/Shared/small/prepare", "base_parameters": {"file": "claims.csv"}}}]})
    );
    assert!(!service.log().await.contains("/runs/cancel"));
}

#[tokio::test]
async fn a_notebook_that_fails_shows_its_traceback_and_is_a_document_all_the_same() {
    let states = [("INTERNAL_ERROR", Some("FAILED"))];
    let output = json!({"error": "KeyError: 'target'", "error_trace": "Traceback:\n  in prepare\nKeyError: 'target'"});
    let service = with_run(&states, output).await;

    shows!(run(&service, &["--quiet"]), @"
    exit: 1
    ----- stdout
    ----- stderr
    Traceback:
      in prepare
    KeyError: 'target'
    ");
    let ended = run(&service, &["--quiet", "--output", "json"]);
    assert_eq!(ended.code, Some(1), "{ended}");
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        said,
        json!({"status": "failed", "runId": 5, "url": PAGE, "exitValue": null, "error": "KeyError: 'target'",
            "trace": "Traceback:\n  in prepare\nKeyError: 'target'", "seconds": 1.5})
    );
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled() {
    let service = with_run(&[("RUNNING", None)], json!({})).await;

    let ended = run(
        &service,
        &["--quiet", "--timeout", "1s", "--cluster", "c-1"],
    );

    ended
        .refused(4)
        .says("run 5 of notebook `/Shared/small/prepare` took longer than 1 s; it was cancelled")
        .says("hint: --timeout sets the limit");
    let log = service.log().await;
    assert!(log.contains("/runs/cancel\n  {\"run_id\":5}"), "{log}");
    assert!(!log.contains("/clusters/list"), "{log}");
}

#[tokio::test]
async fn what_the_workspace_has_ended_for_its_time_is_a_timeout_too() {
    let service = with_run(&[("TERMINATED", Some("TIMEDOUT"))], json!({})).await;

    let ended = run(&service, &["--quiet", "--output", "json"]);

    assert_eq!(ended.code, Some(4), "{ended}");
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(said["status"], "timedOut");
    ended.says("the workspace has ended it");
}

#[tokio::test]
async fn a_notebook_that_is_missing_starts_no_cluster() {
    let service = Service::start().await;
    let refusal = json!({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Path (/Shared/x) doesn't exist."});
    service
        .on("GET", "/api/2.0/workspace/get-status")
        .reply(Reply::json(404, refusal))
        .await;

    let ended = environment(&service).run(
        Program::Dataops,
        &["notebook", "run", "/Shared/x", "--env", "qa"],
    );

    ended
        .refused(3)
        .says("there is no notebook `/Shared/x` in the workspace")
        .says("`dataops deploy --env qa` brings those of the solution");
    assert_eq!(service.requests().await.len(), 1);
}

#[tokio::test]
async fn a_cluster_is_one_that_is_there_and_another_one_only_of_a_workspace() {
    let service = workspace().await;
    let bare = ["notebook", "run", "/Shared/small/prepare", "--env", "bare"];

    environment(&service)
        .run(Program::Dataops, &bare)
        .refused(3)
        .says("there is no cluster `local` in the workspace")
        .says("`dataops env prepare --env bare` makes it");

    let local = ["notebook", "run", "notes/prepare.py", "--cluster", "c-1"];
    environment(&service)
        .run(Program::Dataops, &local)
        .refused(2)
        .says("--env <ENV>");
}

#[tokio::test]
async fn a_run_that_somebody_cancels_has_failed() {
    let service = with_run(&[("TERMINATED", Some("CANCELED"))], json!({})).await;

    let ended = run(&service, &["--quiet", "--output", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(said["status"], "cancelled");
    assert_eq!(said["error"], "the run was cancelled CANCELED");
}

#[tokio::test]
async fn an_interrupted_run_is_cancelled() {
    let service = with_run(&[("RUNNING", None)], json!({})).await;
    let environment = environment(&service);
    let args = ["notebook", "run", "notes/prepare.py", "--env", "qa"];
    let mut child = environment.start(Program::Dataops, &args);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("is running") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }

    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    stderr.read_to_string(&mut said).unwrap();

    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(
        said.contains("error: interrupted: what ran in Databricks was cancelled"),
        "{said}"
    );
    assert!(
        service
            .log()
            .await
            .contains("/runs/cancel\n  {\"run_id\":5}")
    );
}
