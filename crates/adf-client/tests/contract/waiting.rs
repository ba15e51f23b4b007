use std::sync::{Arc, Mutex};
use std::time::Duration;

use adf_client::{ServiceErrorExt, TimedOut, Wait};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, at, client, ok};

fn run(status: &str) -> Value {
    json!({"runId": "r", "pipelineName": "p", "status": status, "message": "", "new": [null]})
}

#[tokio::test]
async fn waiting_ends_with_the_run_and_tells_each_change() {
    for last in ["Succeeded", "Failed", "Cancelled"] {
        let service = Service::start().await;
        let seen = [
            "Queued",
            "Queued",
            "InProgress",
            "Dreaming",
            "Canceling",
            "InProgress",
            last,
        ];
        let mut replies = seen.map(|status| ok(run(status))).to_vec();
        replies.insert(2, Reply::throttled());
        replies.insert(4, Reply::refusal(502, "BadGateway", "m"));
        service
            .on("GET", &at("pipelineruns/r"))
            .times(9)
            .replies(replies)
            .await;
        let changes = Arc::new(Mutex::new(Vec::new()));

        let noted = changes.clone();
        let ended = client(&service)
            .runs()
            .wait_for_run("r", SOON, |run| {
                noted.lock().unwrap().push(run.status.to_string());
            })
            .await
            .unwrap();

        assert_eq!(ended.json(), &run(last));
        let expected = [
            "Queued",
            "InProgress",
            "Dreaming",
            "Canceling",
            "InProgress",
            last,
        ];
        assert_eq!(*changes.lock().unwrap(), expected);
    }
}

#[tokio::test]
async fn waiting_can_be_a_task_of_its_own() {
    let service = Service::start().await;
    service
        .on("GET", &at("pipelineruns/r"))
        .reply(ok(run("Succeeded")))
        .await;
    let factory = client(&service);

    let task = tokio::spawn(async move {
        let runs = factory.runs();
        runs.wait_for_run("r", SOON, |_| {}).await
    });

    assert!(task.await.unwrap().is_ok());
}

#[tokio::test]
async fn waiting_ends_at_its_limit() {
    let service = Service::start().await;
    service
        .on("GET", &at("pipelineruns/r"))
        .reply(ok(run("InProgress")))
        .await;
    let wait = Wait {
        limit: Duration::from_millis(50),
        ..SOON
    };

    let error = client(&service)
        .runs()
        .wait_for_run("r", wait, |_| {})
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&error).unwrap().what, "pipeline run `r`");
}

#[tokio::test]
async fn a_run_that_does_not_exist_is_not_waited_for() {
    let service = Service::start().await;
    service
        .on("GET", &at("pipelineruns/r"))
        .times(1)
        .reply(Reply::refusal(404, "ResourceNotFound", "no such run"))
        .await;

    let error = client(&service)
        .runs()
        .wait_for_run("r", SOON, |_| {})
        .await
        .unwrap_err();

    assert!(error.is_not_found());
}
