//! Pipeline runs through our client, and what other people do to them.

use std::time::Duration;

use adf_client::FactoryClient;
use adf_client::models::{PipelineRunStatus, RunFilter};
use dataops_core::run::{RunOptions, Runs};
use futures::TryStreamExt;
use integration_tests::{Emulator, LIMIT, eventually, small};
use serde_json::{Map, Value, json};

const OPTIONS: RunOptions = RunOptions {
    timeout: LIMIT,
    cancel_on_timeout: false,
};

async fn status(factory: &FactoryClient, run_id: &str) -> PipelineRunStatus {
    let run = factory.runs().get(run_id, None).await.unwrap();
    run.into_model().unwrap().status.clone()
}

#[tokio::test]
async fn a_run_tells_what_each_activity_did() {
    let (_folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let runs = Runs::new(&emulator.connection(&solution)).unwrap();
    let given = [("who".to_owned(), "you".to_owned())];

    let arguments = runs.arguments("greet", &given).await.unwrap();
    let run_id = runs.start("greet", &arguments).await.unwrap();
    let ended = runs.watch(&run_id, OPTIONS, |_| {}).await.unwrap();

    assert_eq!(
        (ended.status.as_str(), ended.invoked_by.as_str()),
        ("Succeeded", "Manual")
    );
    assert_eq!(ended.parameters["who"], "you");
    let [say] = &ended.activities[..] else {
        panic!("{:?}", ended.activities)
    };
    assert_eq!(
        (say.name.as_str(), say.kind.as_str(), say.status.as_str()),
        ("say", "SetVariable", "Succeeded")
    );
    assert!(say.start.unwrap() >= ended.start.unwrap() && say.end.unwrap() <= ended.end.unwrap());
    assert!(
        say.output.to_string().contains("hello you"),
        "{}",
        say.output
    );
}

#[tokio::test]
async fn a_failed_run_carries_the_message_of_its_activity() {
    let (_folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let runs = Runs::new(&emulator.connection(&solution)).unwrap();

    let run_id = runs.start("broken", &Map::new()).await.unwrap();
    let ended = runs.watch(&run_id, OPTIONS, |_| {}).await.unwrap();

    assert_eq!(ended.status, "Failed");
    assert!(ended.message.contains("no luck"), "{}", ended.message);
    let error = ended.activities[0].error.clone().unwrap();
    assert_eq!(error.code, "E1");
    assert!(error.message.starts_with("no luck"), "{}", error.message);
}

#[tokio::test]
async fn a_run_that_somebody_else_cancels_ends_as_cancelled() {
    let (_folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let runs = Runs::new(&emulator.connection(&solution)).unwrap();
    let somebody_else = emulator.client("small");
    let run_id = runs.start("long", &Map::new()).await.unwrap();

    let cancel = async {
        eventually("the wait", || async {
            let run = runs.get(&run_id).await.unwrap();
            run.activities
                .iter()
                .any(|activity| activity.status == "InProgress")
                .then_some(())
        })
        .await;
        somebody_else.runs().cancel(&run_id, None).await.unwrap();
    };
    let (ended, ()) = tokio::join!(runs.watch(&run_id, OPTIONS, |_| {}), cancel);

    let ended = ended.unwrap();
    assert_eq!(ended.status, "Cancelled");
    assert_eq!(ended.activities[0].status, "Cancelled");
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled_only_when_asked_to() {
    let (_folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let runs = Runs::new(&emulator.connection(&solution)).unwrap();
    let client = emulator.client("small");
    let short = |cancel_on_timeout| RunOptions {
        timeout: Duration::from_millis(300),
        cancel_on_timeout,
    };

    let left = runs.start("long", &Map::new()).await.unwrap();
    let error = runs.watch(&left, short(false), |_| {}).await.unwrap_err();
    assert!(
        error.to_string().ends_with("it goes on by itself"),
        "{error}"
    );
    assert_eq!(status(&client, &left).await, PipelineRunStatus::InProgress);

    let ended = runs.start("long", &Map::new()).await.unwrap();
    let error = runs.watch(&ended, short(true), |_| {}).await.unwrap_err();
    assert!(error.to_string().ends_with("it was cancelled"), "{error}");
    eventually("the cancellation", || async {
        (status(&client, &ended).await == PipelineRunStatus::Cancelled).then_some(())
    })
    .await;
    client.runs().cancel(&left, None).await.unwrap();
}

#[tokio::test]
async fn a_dropped_file_starts_a_run_that_knows_it() {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let storage = emulator.connection(&solution).storage().unwrap();
    let client = emulator.client("small");
    integration_tests::write(folder.path(), "claims.csv", "id,target\n1,0\n");

    let file = folder.path().join("claims.csv");
    for (container, blob) in [
        ("input", "sub/claims.csv"),
        ("input", "sub/claims.txt"),
        ("training", "claims.csv"),
    ] {
        storage.upload(&file, container, blob).await.unwrap();
    }

    let filter = RunFilter::last(std::time::Duration::from_secs(3600));
    let query = || async {
        client
            .runs()
            .query(&filter, None)
            .unwrap()
            .try_collect::<Vec<_>>()
            .await
            .unwrap()
    };
    let run = eventually("the triggered run", || async {
        query()
            .await
            .into_iter()
            .find(|run| run.status == PipelineRunStatus::Succeeded)
    })
    .await;
    assert_eq!(run.parameters["who"], "claims.csv");
    assert_eq!(
        run.invoked_by.as_ref().unwrap().name.as_deref(),
        Some("OnDrop")
    );
    let trigger_runs: Vec<_> = client
        .trigger_runs()
        .query(&filter, None)
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        trigger_runs.len(),
        1,
        "only the CSV file in `input` is listened to"
    );
    assert_eq!(query().await.len(), 1);
    let started: Vec<_> = trigger_runs[0].json()["triggeredPipelines"]
        .as_object()
        .unwrap()
        .values()
        .cloned()
        .collect();
    assert_eq!(started, [Value::from(run.run_id.clone())]);
    assert_eq!(trigger_runs[0].json()["status"], json!("Succeeded"));
}
