use std::time::Duration;

use aml_client::pipelines::PipelineRunsClient;
use aml_client::{NodeStatus, PipelineRunStatus, ServiceErrorExt, TimedOut, Wait};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, client, log, v1};

async fn runs(service: &Service) -> PipelineRunsClient {
    client(service).pipeline_runs().await.unwrap()
}

fn run(status: impl Into<Value>) -> Reply {
    let status = status.into();
    Reply::json(200, json!({"Id": "r", "Status": {"StatusCode": status}}))
}

async fn states(service: &Service) -> (azure_core::Result<PipelineRunStatus>, Vec<String>) {
    let mut seen = Vec::new();
    let ended = runs(service)
        .await
        .wait_for_run("r", SOON, |run| seen.push(run.status.code.to_string()))
        .await;
    (ended.map(|run| run.status.code.clone()), seen)
}

#[tokio::test]
async fn gets_a_run() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .reply(run(json!(1)))
        .await;

    let run = runs(&service).await.get("r", None).await.unwrap();

    let run = run.into_model().unwrap();
    assert_eq!(run.status.code, PipelineRunStatus::Running);
}

#[tokio::test]
async fn lists_the_runs_of_a_pipeline() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/Pipeline/p"))
        .reply(Reply::json(200, json!([{"Id": "r1"}, {"Id": "r2"}])))
        .await;

    let list = runs(&service).await.list_by_pipeline("p", None).unwrap();
    let found: Vec<_> = list
        .map_ok(|run| run.id.clone())
        .try_collect()
        .await
        .unwrap();

    assert_eq!(found, ["r1", "r2"]);
}

#[tokio::test]
async fn a_run_is_cancelled_by_deleting_its_execution() {
    let service = Service::start().await;
    service
        .on("DELETE", &v1("PipelineRuns/r/Execution"))
        .times(2)
        .replies([Reply::refusal(503, "Busy", "m"), Reply::empty(200)])
        .await;

    runs(&service).await.cancel("r", None).await.unwrap();
}

#[tokio::test]
async fn step_states_are_read_and_may_be_asked_for_again() {
    let service = Service::start().await;
    service
        .on("POST", &v1("PipelineRuns/r/Graph/AllNodes/Status"))
        .times(2)
        .replies([
            Reply::refusal(503, "Busy", "m"),
            Reply::json(
                200,
                json!({
                    "n1": {"StatusCode": "Bypassed", "RunId": "c1"},
                    "n2": {"statusCode": 5, "statusDetail": "?"},
                    "n3": {"StatusCode": null},
                }),
            ),
        ])
        .await;

    let nodes = runs(&service).await.node_statuses("r", None).await.unwrap();
    let nodes = nodes.into_model().unwrap();

    assert_eq!(nodes["n1"].status, NodeStatus::Bypassed);
    assert_eq!(nodes["n1"].run_id.as_deref(), Some("c1"));
    assert_eq!(nodes["n2"].status, NodeStatus::Other("5".to_owned()));
    assert_eq!(nodes["n3"].status, NodeStatus::NotStarted);
    assert!(log(&service).await.ends_with("/AllNodes/Status\n  []\n"));
}

#[tokio::test]
async fn waiting_tells_each_change_once() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .replies(
            [
                json!(null),
                json!("Queued"),
                json!("Queued"),
                json!(1),
                json!("Running"),
                json!("Pondering"),
                json!(3),
            ]
            .map(run),
        )
        .await;

    let (ended, seen) = states(&service).await;

    assert!(ended.unwrap().is_success());
    assert_eq!(
        seen,
        ["NotStarted", "Queued", "Running", "Pondering", "Finished"]
    );
}

#[tokio::test]
async fn every_end_is_an_end() {
    for (status, end) in [
        ("Finished", PipelineRunStatus::Finished),
        ("Failed", PipelineRunStatus::Failed),
        ("Canceled", PipelineRunStatus::Canceled),
    ] {
        let service = Service::start().await;
        service
            .on("GET", &v1("PipelineRuns/r"))
            .times(1)
            .reply(run(json!(status)))
            .await;

        assert_eq!(states(&service).await.0.unwrap(), end);
    }
}

#[tokio::test]
async fn a_run_submitted_just_now_may_not_be_found_at_first() {
    let service = Service::start().await;
    let gone = Reply::refusal(404, "NotFound", "m");
    service
        .on("GET", &v1("PipelineRuns/r"))
        .replies([gone.clone(), gone, run(json!("Finished"))])
        .await;

    assert!(states(&service).await.0.is_ok());
}

#[tokio::test]
async fn a_run_that_is_never_found_is_an_error() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .times(6)
        .reply(Reply::refusal(404, "NotFound", "m"))
        .await;

    assert!(states(&service).await.0.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_run_that_vanishes_is_an_error_at_once() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .times(2)
        .replies([run(json!("Running")), Reply::refusal(404, "NotFound", "m")])
        .await;

    assert!(states(&service).await.0.unwrap_err().is_not_found());
}

#[tokio::test]
async fn waiting_survives_an_outage_and_ends_at_its_limit() {
    let service = Service::start().await;
    service.fault("GET", 2, Reply::throttled()).await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .reply(run(json!("Running")))
        .await;
    let wait = Wait {
        limit: Duration::from_millis(300),
        ..SOON
    };
    let mut seen = 0;

    let runs = runs(&service).await;
    let error = runs
        .wait_for_run("r", wait, |_| seen += 1)
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&error).unwrap().what, "pipeline run r");
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn the_pause_that_the_service_asks_for_is_kept() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .times(1)
        .reply(run(json!("Running")).header("retry-after", "3600"))
        .await;

    let (ended, _) = states(&service).await;

    assert!(TimedOut::of(&ended.unwrap_err()).is_some());
}

#[tokio::test]
async fn waiting_can_move_to_another_task() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineRuns/r"))
        .reply(run(json!("Finished")))
        .await;
    let runs = runs(&service).await;

    let ended = tokio::spawn(async move { runs.wait_for_run("r", SOON, |_| {}).await });

    assert!(ended.await.unwrap().unwrap().status.code.is_success());
}
