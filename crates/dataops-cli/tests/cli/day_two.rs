//! `dataops runs`: what is sent for it, and how odd answers are taken.

use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TestEnvironment, shows};
use crate::factory::{
    RUN, activities, activity, at, failed, get_run, received, run, with_pipeline,
};

const SETTINGS: &str = "\
name: s
environments:
  qa: { subscription: 00000000-0000-0000-0000-000000000000, resourceGroup: rg, dataFactory: adf }
";

fn runs(service: &Service, args: &[&str]) -> Ended {
    let environment = TestEnvironment::at(service).file("dataops.yaml", SETTINGS);
    let args = [&["runs"], args, &["--env", "qa"]].concat();
    environment.run(Program::Dataops, &args)
}

fn cancel() -> String {
    at(&format!("pipelineruns/{RUN}/cancel"))
}

#[tokio::test]
async fn runs_are_asked_for_page_by_page_until_there_are_enough() {
    let service = Service::start().await;
    let numbered = |number: u32, at: &str| {
        let mut run = run("Succeeded");
        run["runId"] = format!("run-{number}").into();
        run["runStart"] = at.into();
        run
    };
    let pages = [
        json!({"value": [numbered(4, "2026-01-02T03:04:08Z"), numbered(3, "2026-01-02T03:04:07.5Z")], "continuationToken": "next"}),
        json!({"value": [numbered(2, "2026-01-02T03:04:06Z"), numbered(1, "2026-01-02T03:04:05Z")], "continuationToken": "more"}),
    ];
    service
        .on("POST", &at("queryPipelineRuns"))
        .replies(pages.map(|page| Reply::json(200, page)))
        .await;

    let ended = runs(
        &service,
        &[
            "list",
            "--pipeline",
            "ingest",
            "--status",
            "succeeded",
            "--limit",
            "3",
        ],
    );

    shows!(ended, @"
    exit: 0
    ----- stdout
     run     pipeline   status      started (UTC)    took    by
    ────────────────────────────────────────────────────────────────
     run-4   ingest     Succeeded   01-02 03:04:08   9.3s    Manual
     run-3   ingest     Succeeded   01-02 03:04:07   9.8s    Manual
     run-2   ingest     Succeeded   01-02 03:04:06   11.3s   Manual

    there are more: --before 2026-01-02T03:04:06Z, or a higher --limit
    ----- stderr
    ");
    let requests = service.requests().await;
    let bodies = requests
        .iter()
        .map(|request| request.body_json::<Value>().unwrap());
    let bodies: Vec<_> = bodies.collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(
        bodies[0]["filters"],
        json!([
            {"operand": "PipelineName", "operator": "Equals", "values": ["ingest"]},
            {"operand": "Status", "operator": "In", "values": ["Succeeded"]},
        ])
    );
    assert_eq!(
        bodies[0]["orderBy"],
        json!([{"orderBy": "RunStart", "order": "DESC"}])
    );
    assert_eq!(bodies[1]["continuationToken"], "next");
}

#[tokio::test]
async fn a_run_that_goes_on_is_shown_as_it_stands() {
    let service = Service::start().await;
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, run("Failed")))
        .await;
    let looks = vec![vec![
        activity("archive", "Copy", "Succeeded"),
        failed(
            "prepare",
            "DatabricksNotebook",
            "no answer of https://a.test/?sig=CANARYCANARY",
        ),
    ]];
    activities(&service, looks).await;

    let ended = runs(&service, &["show", RUN]);

    shows!(ended, @"
    exit: 0
    ----- stdout
     activity   type                 status      duration
    ──────────────────────────────────────────────────────
     archive    Copy                 Succeeded   2.5s
     prepare    DatabricksNotebook   Failed      2.5s

    prepare failed (2011)
      no answer of https://a.test/?sig=***

    ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed
      began at 2026-01-02T03:04:05Z, took 12.3s
      started by Manual
      rows = 5
    ----- stderr
    ");
}

#[tokio::test]
async fn a_run_is_cancelled_with_those_that_it_has_started() {
    let service = Service::start().await;
    service
        .on("GET", &get_run())
        .replies(
            ["InProgress", "Canceling", "Cancelled"].map(|status| Reply::json(200, run(status))),
        )
        .await;
    service.on("POST", &cancel()).reply(Reply::empty(200)).await;

    let ended = runs(&service, &["cancel", RUN]);

    shows!(ended, @"
    exit: 0
    ----- stdout
    run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f of pipeline ingest is cancelled
    ----- stderr
    cancelling run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    ");
    assert!(
        service
            .log()
            .await
            .contains("cancel?api-version=2018-06-01&isRecursive=true")
    );
}

#[tokio::test]
async fn a_run_that_ends_before_it_is_cancelled_is_told_as_such() {
    let service = Service::start().await;
    service
        .on("GET", &get_run())
        .replies(["InProgress", "Succeeded"].map(|status| Reply::json(200, run(status))))
        .await;
    let refusal = Reply::refusal(400, "BadRequest", "the run has ended");
    service.on("POST", &cancel()).reply(refusal).await;

    let ended = runs(&service, &["cancel", RUN]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("ended by itself before it could be cancelled: Succeeded");
}

#[tokio::test]
async fn a_rerun_is_started_once_in_the_group_of_the_earlier_run() {
    let service = with_pipeline().await;
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, run("Failed")))
        .await;
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(Reply::json(200, json!({"runId": "another"})))
        .await;

    let ended = runs(&service, &["rerun", RUN, "--from-failed", "--no-wait"]);

    shows!(ended, @"
    exit: 0
    ----- stdout
    ingest run another: started
    ----- stderr
    ");
    let query = format!(
        "createRun?api-version=2018-06-01&referencePipelineRunId={RUN}&isRecovery=true&startFromFailure=true"
    );
    assert!(
        service.log().await.contains(&query),
        "{}",
        service.log().await
    );
}

#[tokio::test]
async fn a_rerun_whose_answer_is_lost_is_not_repeated() {
    let service = with_pipeline().await;
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, run("Failed")))
        .await;
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(Reply::refusal(500, "InternalServerError", "who knows"))
        .await;

    let ended = runs(&service, &["rerun", RUN]);

    ended
        .refused(3)
        .says("pipeline `ingest` may have been started: the answer to the start was lost")
        .says("hint: a start is never repeated by itself");
    assert_eq!(received(&service, "POST", "/createRun").await, 1);
}

#[tokio::test]
async fn a_factory_that_is_not_there_is_named() {
    let service = Service::start().await;
    let refusal = Reply::refusal(404, "ResourceNotFound", "no such factory");
    service
        .on("POST", &at("queryPipelineRuns"))
        .reply(refusal)
        .await;

    runs(&service, &["list"])
        .refused(3)
        .says("there is no factory `adf` in resource group `rg`");
}
