use std::time::Duration;

use adf_client::models::{
    Operator, Order, PipelineRunStatus, RerunFrom, RunField, RunFilter, TriggerRunStatus,
};
use adf_client::{CancelRunOptions, CreateRunOptions, ServiceErrorExt};
use azure_core::time::OffsetDateTime;
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{at, client, ok, parameters, sent};

fn run(status: &str) -> Value {
    json!({"runId": "r", "pipelineName": "p q", "status": status, "message": "", "new": [null]})
}

fn day() -> RunFilter {
    let start = OffsetDateTime::UNIX_EPOCH;
    RunFilter::between(start, start + Duration::from_secs(86_400))
}

async fn pages(service: &Service, path: &str, items: [Value; 2]) {
    let [first, second] = items;
    let times = json!({"lastUpdatedAfter": "1970-01-01T00:00:00Z", "lastUpdatedBefore": "1970-01-02T00:00:00Z"});
    let mut continued = times.clone();
    continued["continuationToken"] = "t+1".into();
    service
        .on("POST", path)
        .body(&times)
        .times(1)
        .reply(ok(json!({"value": [first], "continuationToken": "t+1"})))
        .await;
    service
        .on("POST", path)
        .body(&continued)
        .times(1)
        .reply(ok(json!({"value": [second]})))
        .await;
}

#[tokio::test]
async fn a_run_is_started_with_parameters() {
    let service = Service::start().await;
    service
        .on("POST", &at("pipelines/p%20q/createRun"))
        .reply(ok(json!({"runId": "r"})))
        .await;
    let pipelines = client(&service).pipelines();

    let run = pipelines
        .create_run("p q", &parameters(json!({"n": 1, "names": ["a"]})), None)
        .await
        .unwrap();

    assert_eq!(run.into_model().unwrap().run_id, "r");
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~F/pipelines/p%20q/createRun
      {"n":1,"names":["a"]}
    "#);
}

#[tokio::test]
async fn a_run_is_started_with_every_option() {
    let service = Service::start().await;
    service
        .on("POST", &at("pipelines/p/createRun"))
        .reply(ok(json!({"runId": "r"})))
        .await;
    let options = CreateRunOptions {
        reference_pipeline_run_id: Some("r 0".to_owned()),
        is_recovery: Some(true),
        start_activity_name: Some("copy & go".to_owned()),
        start_from_failure: Some(false),
        ..CreateRunOptions::default()
    };

    client(&service)
        .pipelines()
        .create_run("p", &parameters(json!({})), Some(options))
        .await
        .unwrap();

    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/pipelines/p/createRun?referencePipelineRunId=r+0&isRecovery=true&startActivityName=copy+%26+go&startFromFailure=false
      {}
    ");
}

#[tokio::test]
async fn a_run_is_not_started_twice() {
    for reply in [
        Reply::refusal(500, "InternalServerError", "m"),
        Reply::refusal(503, "ServiceUnavailable", "m").header("retry-after", "0"),
        Reply::bytes(200, "application/json", "{\"runI"),
    ] {
        let service = Service::start().await;
        service
            .on("POST", &at("pipelines/p/createRun"))
            .times(1)
            .reply(reply)
            .await;

        let answer = client(&service)
            .pipelines()
            .create_run("p", &parameters(json!({})), None)
            .await;

        assert!(answer.is_err());
    }
}

#[tokio::test]
async fn a_throttled_start_is_sent_again() {
    let service = Service::start().await;
    service
        .on("POST", &at("pipelines/p/createRun"))
        .times(2)
        .replies([Reply::throttled(), ok(json!({"runId": "r"}))])
        .await;

    let answer = client(&service)
        .pipelines()
        .create_run("p", &parameters(json!({})), None)
        .await;

    assert!(answer.is_ok());
}

#[tokio::test]
async fn a_rerun_refers_to_the_earlier_run() {
    for from in [
        RerunFrom::Start,
        RerunFrom::Failure,
        RerunFrom::Activity("copy".to_owned()),
    ] {
        let service = Service::start().await;
        service
            .on("GET", &at("pipelineruns/r"))
            .reply(ok(run("Failed")))
            .await;
        service
            .on("POST", &at("pipelines/p%20q/createRun"))
            .times(1)
            .reply(ok(json!({"runId": "r2"})))
            .await;

        let again = client(&service).runs().rerun("r", from.clone(), None).await;

        assert_eq!(again.unwrap().into_model().unwrap().run_id, "r2");
        let log = sent(&service).await;
        let started = log.lines().nth(1).unwrap();
        let point = match from {
            RerunFrom::Start => "",
            RerunFrom::Failure => "&startFromFailure=true",
            RerunFrom::Activity(_) => "&startActivityName=copy",
        };
        let expected = format!(
            "POST ~F/pipelines/p%20q/createRun?referencePipelineRunId=r&isRecovery=true{point}"
        );
        assert_eq!(started, expected);
    }
}

#[tokio::test]
async fn runs_are_found_page_by_page() {
    let service = Service::start().await;
    let runs = [run("Succeeded"), run("Paused")];
    pages(&service, &at("queryPipelineRuns"), runs.clone()).await;

    let found = client(&service).runs().query(&day(), None).unwrap();
    let found: Vec<_> = found.try_collect().await.unwrap();

    let json: Vec<_> = found.iter().map(|run| run.json().clone()).collect();
    assert_eq!(json, runs);
    let paused = PipelineRunStatus::Unknown("Paused".to_owned());
    assert_eq!(found[1].status, paused);
}

#[tokio::test]
async fn a_query_sends_its_conditions_and_order() {
    let service = Service::start().await;
    service
        .on("POST", &at("queryPipelineRuns"))
        .reply(ok(json!({"value": []})))
        .await;
    let filter = day()
        .with(RunField::PipelineName, Operator::Equals, ["p"])
        .with(RunField::Status, Operator::In, ["Failed", "Cancelled"])
        .order_by(RunField::RunStart, Order::Descending)
        .order_by(RunField::RunEnd, Order::Ascending);

    let found = client(&service).runs().query(&filter, None).unwrap();
    let found: Vec<_> = found.try_collect().await.unwrap();

    assert!(found.is_empty());
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~F/queryPipelineRuns
      {"lastUpdatedAfter":"1970-01-01T00:00:00Z","lastUpdatedBefore":"1970-01-02T00:00:00Z","filters":[{"operand":"PipelineName","operator":"Equals","values":["p"]},{"operand":"Status","operator":"In","values":["Failed","Cancelled"]}],"orderBy":[{"orderBy":"RunStart","order":"DESC"},{"orderBy":"RunEnd","order":"ASC"}]}
    "#);
}

#[tokio::test]
async fn activities_of_a_run_are_found_page_by_page() {
    let service = Service::start().await;
    let copy = json!({"activityName": "copy", "activityType": "Copy", "status": "Succeeded",
        "output": {"rowsCopied": 3}, "error": {"errorCode": "", "message": ""}});
    let fail = json!({"activityName": "fail", "activityType": "Fail", "status": "Failed",
        "error": {"errorCode": "500", "message": "no", "failureType": "UserError", "target": "fail"}});
    let path = at("pipelineruns/r/queryActivityruns");
    pages(&service, &path, [copy, fail]).await;

    let found = client(&service).runs().activities("r", &day(), None);
    let found: Vec<_> = found.unwrap().try_collect().await.unwrap();

    assert_eq!(found[0].output["rowsCopied"], 3);
    assert_eq!(found[0].failure(), None);
    assert_eq!(found[1].failure().unwrap().message.as_deref(), Some("no"));
}

#[tokio::test]
async fn trigger_runs_are_found_page_by_page() {
    let service = Service::start().await;
    let fired = |status: &str| {
        json!({"triggerName": "t", "triggerRunId": "0858CU16", "triggerType": "BlobEventsTrigger", "status": status,
            "message": null, "properties": {"EventPayload": "{}"}, "triggeredPipelines": {"p": "r"}})
    };
    let path = at("queryTriggerRuns");
    pages(&service, &path, [fired("Inprogress"), fired("InProgress")]).await;

    let found = client(&service).trigger_runs().query(&day(), None).unwrap();
    let found: Vec<_> = found.try_collect().await.unwrap();

    assert_eq!(found[0].triggered_pipelines["p"], "r");
    for run in found {
        assert_eq!(run.status, TriggerRunStatus::InProgress);
    }
}

#[tokio::test]
async fn a_query_survives_an_outage() {
    let service = Service::start().await;
    let unavailable = Reply::refusal(503, "ServiceUnavailable", "later");
    service.fault("POST", 2, unavailable).await;
    service
        .on("POST", &at("queryPipelineRuns"))
        .times(1)
        .reply(ok(json!({"value": [run("Queued")]})))
        .await;

    let found = client(&service).runs().query(&day(), None).unwrap();
    let found: Vec<_> = found.try_collect().await.unwrap();

    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn runs_are_cancelled_alone_or_with_their_children() {
    let service = Service::start().await;
    service
        .on("POST", &at("pipelineruns/r/cancel"))
        .reply(Reply::empty(200))
        .await;
    let runs = client(&service).runs();

    runs.cancel("r", None).await.unwrap();
    for is_recursive in [true, false] {
        let options = CancelRunOptions {
            is_recursive: Some(is_recursive),
            ..CancelRunOptions::default()
        };
        runs.cancel("r", Some(options)).await.unwrap();
    }

    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/pipelineruns/r/cancel
    POST ~F/pipelineruns/r/cancel?isRecursive=true
    POST ~F/pipelineruns/r/cancel?isRecursive=false
    ");
}

#[tokio::test]
async fn trigger_runs_are_rerun_once_and_cancelled() {
    let service = Service::start().await;
    for action in ["rerun", "cancel"] {
        service
            .on(
                "POST",
                &at(&format!("triggers/t/triggerRuns/0858/{action}")),
            )
            .reply(Reply::empty(200))
            .await;
    }
    let runs = client(&service).trigger_runs();

    runs.rerun("t", "0858", None).await.unwrap();
    runs.cancel("t", "0858", None).await.unwrap();
    let log = sent(&service).await;
    service
        .fault("POST", 1, Reply::refusal(500, "Oops", "m"))
        .await;
    let error = runs.rerun("t", "0858", None).await.unwrap_err();

    assert_eq!(error.service_error().unwrap().attempts, 1);
    insta::assert_snapshot!(log, @r"
    POST ~F/triggers/t/triggerRuns/0858/rerun
    POST ~F/triggers/t/triggerRuns/0858/cancel
    ");
}
