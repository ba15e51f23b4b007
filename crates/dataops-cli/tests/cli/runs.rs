//! Runs from their start to their end.

use serde_json::json;
use test_support::Reply;

use crate::environment::{Program, TestEnvironment, shows};
use crate::factory::{
    activities, activity, args, at, failed, get_run, invoke, received, run, started,
    with_activities, with_pipeline, with_run,
};

#[tokio::test]
async fn a_queued_run_is_waited_for_and_shown() {
    let prepare = |status| activity("prepare", "DatabricksNotebook", status);
    let looks = vec![
        vec![],
        vec![prepare("InProgress")],
        vec![
            prepare("Succeeded"),
            activity("train", "AzureMLExecutePipeline", "Succeeded"),
        ],
    ];
    let service = with_activities(&["Queued", "InProgress", "Succeeded"], looks).await;

    let ended = invoke(&service, &["-p", "rows=5"]);

    shows!(ended, @r#"
    exit: 0
    ----- stdout
     activity   type                     status      duration
    ──────────────────────────────────────────────────────────
     prepare    DatabricksNotebook       Succeeded   2.5s
     train      AzureMLExecutePipeline   Succeeded   2.5s

    ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Succeeded
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK] ingest  Queued
    [CLOCK] ingest  InProgress
    [CLOCK]   prepare  DatabricksNotebook  InProgress
    [CLOCK]   prepare  DatabricksNotebook  Succeeded  2.5s
    [CLOCK]   train  AzureMLExecutePipeline  Succeeded  2.5s
    [CLOCK] ingest  Succeeded  12.3s
    "#);
    assert!(
        service
            .log()
            .await
            .contains("createRun?api-version=2018-06-01\n  {\"rows\":5}\n")
    );
}

#[tokio::test]
async fn a_failed_run_says_why() {
    let looks = vec![vec![
        activity("archive", "Copy", "Succeeded"),
        failed(
            "prepare",
            "DatabricksNotebook",
            "ValueError: no column\n  at cell 4",
        ),
        activity("train", "AzureMLExecutePipeline", "Skipped"),
    ]];
    let service = with_activities(&["Failed"], looks).await;

    shows!(invoke(&service, &[]), @r#"
    exit: 1
    ----- stdout
     activity   type                     status      duration
    ──────────────────────────────────────────────────────────
     archive    Copy                     Succeeded   2.5s
     prepare    DatabricksNotebook       Failed      2.5s
     train      AzureMLExecutePipeline   Skipped     2.5s

    prepare failed (2011)
      ValueError: no column
        at cell 4

    ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK]   archive  Copy  Succeeded  2.5s
    [CLOCK]   prepare  DatabricksNotebook  Failed  2.5s
    [CLOCK]     ValueError: no column
    [CLOCK]       at cell 4
    [CLOCK]   train  AzureMLExecutePipeline  Skipped  2.5s
    [CLOCK] ingest  Failed  12.3s
    "#);
}

#[tokio::test]
async fn a_failure_without_an_activity_shows_the_message_of_the_run() {
    let service = with_run(&["Failed"]).await;

    let ended = invoke(&service, &["--quiet"]);

    shows!(ended, @r#"
    exit: 1
    ----- stdout
    ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed
    Operation on target prepare failed: ValueError
    ----- stderr
    "#);
}

#[tokio::test]
async fn a_run_that_somebody_else_cancels_ends_with_1() {
    let service = with_run(&["InProgress", "Canceling", "Cancelled"]).await;

    let ended = invoke(&service, &[]);

    assert_eq!(ended.code, Some(1), "{ended}");
    ended
        .says("ingest  Canceling")
        .says("ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Cancelled")
        .says("error: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f of pipeline ingest was cancelled by somebody else")
        .says("hint: start it again when whoever has cancelled it agrees");
}

#[tokio::test]
async fn a_document_of_a_run_that_somebody_else_cancels_stays_one() {
    let service = with_run(&["Cancelled"]).await;

    let ended = invoke(&service, &["--output", "json", "--quiet"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let run: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(run["status"], "Cancelled");
    assert!(ended.stderr.starts_with("error: run 7d3f2c1a"), "{ended}");
}

#[tokio::test]
async fn a_status_that_is_not_known_is_waited_out() {
    let service = with_run(&["Queued", "Rebalancing", "Succeeded"]).await;

    let ended = invoke(&service, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("ingest  Rebalancing");
}

#[tokio::test]
async fn a_run_that_is_not_yet_known_to_the_service_is_asked_for_again() {
    let service = with_pipeline().await;
    started(&service).await;
    let unknown = || Reply::refusal(404, "NotFound", "no such run");
    service
        .on("GET", &get_run())
        .replies([unknown(), unknown(), Reply::json(200, run("Succeeded"))])
        .await;
    activities(&service, vec![vec![]]).await;

    let ended = invoke(&service, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
}

#[tokio::test]
async fn iterations_of_one_activity_are_told_apart() {
    let iteration = |number: u32, status: &str| {
        let mut run = activity("copy", "Copy", status);
        run["activityRunId"] = json!(number.to_string());
        run
    };
    let looks = vec![
        vec![iteration(1, "InProgress"), iteration(2, "InProgress")],
        vec![iteration(1, "Succeeded"), iteration(2, "Succeeded")],
    ];
    let service = with_activities(&["InProgress", "Succeeded"], looks).await;

    let ended = invoke(&service, &[]);

    assert_eq!(
        ended.stderr.matches("copy  Copy  InProgress").count(),
        2,
        "{ended}"
    );
    assert_eq!(
        ended.stderr.matches("copy  Copy  Succeeded  2.5s").count(),
        2,
        "{ended}"
    );
}

#[tokio::test]
async fn a_repeated_activity_shows_its_attempt() {
    let mut second = activity("copy", "Copy", "Succeeded");
    second["retryAttempt"] = json!(1);
    second["activityRunId"] = json!("2");
    let looks = vec![vec![failed("copy", "Copy", "busy"), second]];
    let service = with_activities(&["Succeeded"], looks).await;

    let ended = invoke(&service, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("copy (attempt 2)  Copy  Succeeded");
}

#[tokio::test]
async fn parameters_are_typed_as_the_pipeline_declares_them() {
    let service = with_run(&["Succeeded"]).await;
    let given = [
        "-p",
        "ROWS=7",
        "-p",
        "file=1=2",
        "-p",
        "dry=True",
        "-p",
        "names=[\"a\"]",
    ];

    let ended = invoke(&service, &given);

    assert_eq!(ended.code, Some(0), "{ended}");
    let log = service.log().await;
    assert!(
        log.contains(r#"{"rows":7,"file":"1=2","dry":true,"names":["a"]}"#),
        "{log}"
    );
}

#[tokio::test]
async fn parameters_that_do_not_fit_start_nothing() {
    let service = with_pipeline().await;
    let environment = TestEnvironment::at(&service);
    let with = |parameter| environment.run(Program::Invoke, &args(&["-p", parameter]));

    shows!(with("rows=many").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: pipeline `ingest` was not started
      because parameter `rows` is an int, and `many` is not
    hint: give parameters by -p NAME=VALUE
    "#);
    shows!(with("lines=5").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: pipeline `ingest` was not started
      because the pipeline has no parameter `lines`; it has dry, file, names, rows
    hint: give parameters by -p NAME=VALUE
    "#);
    with("names={}")
        .refused(2)
        .says("parameter `names` is an array, and `{}` is not");
    with("dry=yes")
        .refused(2)
        .says("parameter `dry` is a bool, and `yes` is not");
    with("rows").refused(2).says("`rows` is not NAME=VALUE");
    assert_eq!(received(&service, "POST", "createRun").await, 0);
}

#[tokio::test]
async fn a_parameter_that_is_missing_is_named_when_the_start_is_refused() {
    let service = test_support::Service::start().await;
    let pipeline = json!({"name": "ingest", "properties": {"activities": [], "parameters": {"rows": {"type": "int"}}}});
    service
        .on("GET", &at("pipelines/ingest"))
        .reply(Reply::json(200, pipeline))
        .await;
    let refusal = Reply::refusal(400, "BadRequest", "The template validation failed");
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(refusal)
        .await;

    shows!(invoke(&service, &[]).refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: pipeline `ingest` was not started
      because parameter `rows` has no default and was not given
    hint: give parameters by -p NAME=VALUE
    "#);
}

#[tokio::test]
async fn a_run_is_started_where_the_pipeline_cannot_be_read() {
    let service = test_support::Service::start().await;
    let none = Reply::refusal(404, "NotFound", "no such route");
    service.on("GET", &at("pipelines/ingest")).reply(none).await;
    started(&service).await;
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, run("Succeeded")))
        .await;
    activities(&service, vec![vec![]]).await;

    let ended = invoke(&service, &["-p", "rows=5"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(service.log().await.contains(r#"{"rows":"5"}"#));
}

#[tokio::test]
async fn a_pipeline_that_is_not_there_is_refused_with_the_name_that_may_be_meant() {
    let service = with_pipeline().await;
    let none = Reply::refusal(404, "EntityNotFound", "The document could not be retrieved");
    service
        .on("POST", &at("pipelines/ingset/createRun"))
        .reply(none)
        .await;
    service
        .on("GET", crate::factory::FACTORY)
        .reply(Reply::json(200, json!({"name": "adf"})))
        .await;
    let names = ["archive", "ingest", "train"].map(|name| json!({"name": name, "properties": {}}));
    service
        .on("GET", &at("pipelines"))
        .reply(Reply::json(200, json!({"value": names})))
        .await;

    let ended = TestEnvironment::at(&service).run(
        Program::Invoke,
        &["-g", "rg", "-f", "adf", "--pipeline", "ingset"],
    );

    shows!(ended.refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    error: there is no pipeline `ingset` in factory `adf`
      because POST /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelines/ingset/createRun answered 404 EntityNotFound: The document could not be retrieved
    hint: did you mean `ingest`?
    hint: the factory has archive, ingest, train
    "#);
}

#[tokio::test]
async fn a_factory_that_is_not_there_is_named_with_its_group() {
    let service = test_support::Service::start().await;
    let none = || Reply::refusal(404, "ResourceNotFound", "The Resource was not found");
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(none())
        .await;
    service
        .on("GET", crate::factory::FACTORY)
        .reply(none())
        .await;

    shows!(invoke(&service, &[]).refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    error: there is no factory `adf` in resource group `rg`
      because POST /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelines/ingest/createRun answered 404 ResourceNotFound: The Resource was not found
    hint: check the names, the subscription, and that the caller may see the group
    "#);
}
