//! Statements in a notebook on a cluster.

use std::time::Duration;

use dataops_contracts::CheckError;
use dataops_contracts::databricks::{Compute, Used};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::scripted::{Held, PEOPLE, shown};

async fn cluster(service: &Service) {
    let cluster = json!({"cluster_id": "c-1", "state": "TERMINATED"});
    let user = json!({"id": "1", "userName": "me@x.test"});
    for (verb, path, body) in [
        ("GET", "/api/2.1/clusters/get", cluster),
        ("GET", "/api/2.0/preview/scim/v2/Me", user),
        ("POST", "/api/2.0/workspace/mkdirs", json!({})),
        ("POST", "/api/2.0/workspace/import", json!({})),
        ("POST", "/api/2.0/workspace/delete", json!({})),
    ] {
        service.on(verb, path).reply(Reply::json(200, body)).await;
    }
}

/// Runs that end in this order, each with its result and its output.
async fn runs(service: &Service, ends: Vec<(&str, Value)>) {
    let started = (1..=ends.len()).map(|id| Reply::json(200, json!({"run_id": id})));
    let submit = "/api/2.2/jobs/runs/submit";
    service
        .on("POST", submit)
        .replies(started.collect::<Vec<_>>())
        .await;
    for (at, (result, output)) in ends.into_iter().enumerate() {
        let (id, task) = ((at + 1).to_string(), at + 101);
        let state = json!({"life_cycle_state": "TERMINATED", "result_state": result});
        let run = json!({"run_id": at + 1, "state": state, "run_page_url": "https://w.test/r", "tasks": [{"run_id": task, "task_key": "measure", "state": state}]});
        let get = service
            .on("GET", "/api/2.2/jobs/runs/get")
            .query("run_id", &id);
        get.reply(Reply::json(200, run)).await;
        let get = service
            .on("GET", "/api/2.2/jobs/runs/get-output")
            .query("run_id", &task.to_string());
        get.reply(Reply::json(200, output)).await;
    }
}

fn exit(answers: &Value) -> Value {
    json!({"notebook_output": {"result": answers.to_string(), "truncated": false}})
}

fn on_cluster() -> Held {
    Held {
        compute: Some(Compute::Cluster("c-1".to_owned())),
        ..Held::default()
    }
}

#[tokio::test]
async fn a_run_tells_the_columns_and_another_one_measures() {
    let service = Service::start().await;
    cluster(&service).await;
    let columns = json!([{"rows": [["id", "bigint", null], ["mail", "string", null]]}]);
    let measured = json!([{"rows": [["10", "0", "1", "4", "0", "2", "3"]]}]);
    runs(
        &service,
        vec![("SUCCESS", exit(&columns)), ("SUCCESS", exit(&measured))],
    )
    .await;

    let checked = on_cluster().against(&service, PEOPLE).await.unwrap();

    let shown = shown(&checked.verdict.checks);
    assert!(shown.contains("people.mail.required: Failed 2"), "{shown}");
    let used = Used::Cluster {
        id: "c-1".to_owned(),
        runs: 2,
    };
    assert_eq!(checked.took.unwrap().compute, used);
    let log = service.log().await;
    assert!(log.contains(r#""existing_cluster_id":"c-1""#), "{log}");
    assert_eq!(log.matches("/workspace/delete").count(), 2, "{log}");
}

#[tokio::test]
async fn a_statement_that_fails_in_a_notebook_is_an_error_of_its_checks() {
    let service = Service::start().await;
    cluster(&service).await;
    let columns = json!([{"error": "[TABLE_OR_VIEW_NOT_FOUND] no people"}]);
    runs(&service, vec![("SUCCESS", exit(&columns))]).await;

    let checked = on_cluster().against(&service, PEOPLE).await.unwrap();

    let shown = shown(&checked.verdict.checks);
    assert!(
        shown.starts_with("people.table: Failed nothing ([TABLE_OR_VIEW_NOT_FOUND] no people)"),
        "{shown}"
    );
}

#[tokio::test]
async fn an_output_that_was_cut_off_is_an_error_and_no_number() {
    let service = Service::start().await;
    cluster(&service).await;
    let cut = json!({"notebook_output": {"result": "[{\"rows\":[[\"id\"", "truncated": true}});
    runs(&service, vec![("SUCCESS", cut)]).await;

    let checked = on_cluster().against(&service, PEOPLE).await.unwrap();

    let reason = checked.verdict.checks[0].reason.clone().unwrap();
    assert_eq!(reason, "what the notebook handed over was cut off");
}

#[tokio::test]
async fn a_notebook_that_fails_says_why_and_where() {
    let service = Service::start().await;
    cluster(&service).await;
    let output = json!({"error": "NameError: name 'x' is not defined"});
    runs(&service, vec![("FAILED", output)]).await;

    let checked = on_cluster().against(&service, PEOPLE).await.unwrap();

    let reason = checked.verdict.checks[0].reason.clone().unwrap();
    assert_eq!(
        reason,
        "the notebook failed: NameError: name 'x' is not defined https://w.test/r"
    );
}

#[tokio::test]
async fn a_cluster_that_is_not_there_ends_the_test() {
    let service = Service::start().await;
    let refusal =
        json!({"error_code": "INVALID_PARAMETER_VALUE", "message": "Cluster c-1 does not exist"});
    service
        .on("GET", "/api/2.1/clusters/get")
        .reply(Reply::json(400, refusal))
        .await;

    let error = on_cluster().against(&service, PEOPLE).await.unwrap_err();

    assert!(matches!(error, CheckError::Databricks(_)), "{error:?}");
}

#[tokio::test]
async fn a_run_that_somebody_else_ends_says_how() {
    for (result, said) in [
        ("TIMEDOUT", "its run has reached its time limit (TIMEDOUT)"),
        (
            "CANCELED",
            "its run was cancelled in the workspace (CANCELED)",
        ),
    ] {
        let service = Service::start().await;
        cluster(&service).await;
        runs(&service, vec![(result, json!({}))]).await;

        let checked = on_cluster().against(&service, PEOPLE).await.unwrap();

        let reason = checked.verdict.checks[0].reason.clone().unwrap();
        assert_eq!(
            reason,
            format!("the notebook failed: {said} https://w.test/r")
        );
    }
}

#[tokio::test]
async fn an_interrupted_test_leaves_no_notebook() {
    let service = Service::start().await;
    cluster(&service).await;
    let submit = "/api/2.2/jobs/runs/submit";
    let started = Reply::json(200, json!({"run_id": 1}));
    service.on("POST", submit).reply(started).await;
    let going = json!({"run_id": 1, "state": {"life_cycle_state": "RUNNING"}});
    let get = service.on("GET", "/api/2.2/jobs/runs/get");
    get.reply(Reply::json(200, going)).await;
    let cancel = service.on("POST", "/api/2.2/jobs/runs/cancel");
    cancel.times(1).reply(Reply::empty(200)).await;
    let held = on_cluster();

    let left = tokio::time::timeout(Duration::from_secs(1), held.against(&service, PEOPLE)).await;
    let ended = held.going.end(Duration::from_secs(5)).await;

    assert!(left.is_err());
    assert_eq!((ended.cancelled, ended.left), (1, 0));
    let log = service.log().await;
    assert_eq!(log.matches("/workspace/delete").count(), 1, "{log}");
}
