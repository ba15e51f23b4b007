//! Azure Pipelines and GitHub: commands of ours, and none of anybody else.

use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TestEnvironment, shows};
use crate::factory::{
    RUN, activities, activity, args, at, failed, get_run, run, with_activities, with_pipeline,
    with_run,
};

/// What somebody would write who wants to be taken for us.
const FORGED: &str = "x ##vso[task.setvariable variable=PATH]/evil\n##[error]y\n  ::error::z\r::set-output name=a::b\n###vso[task.complete result=Succeeded;]\u{1b}[2K\u{1b}]0;title\u{7}\u{9b}2J\u{202e}";

fn azure(service: &Service) -> TestEnvironment {
    TestEnvironment::at(service).with("TF_BUILD", "True")
}

fn github(service: &Service) -> TestEnvironment {
    TestEnvironment::at(service).with("GITHUB_ACTIONS", "true")
}

async fn failing() -> Service {
    let looks = vec![vec![failed(
        "prepare",
        "DatabricksNotebook",
        "ValueError: no column\n  cell 4",
    )]];
    with_activities(&["Failed"], looks).await
}

/// The lines of both outputs that a CI system would take for a command.
fn commands(ended: &Ended) -> Vec<&str> {
    let lines = ended
        .stdout
        .split(['\n', '\r'])
        .chain(ended.stderr.split(['\n', '\r']));
    lines
        .filter(|line| {
            let lower = line.to_ascii_lowercase();
            lower.contains("##vso[")
                || lower.contains("##[")
                || lower.trim_start().starts_with("::")
        })
        .collect()
}

#[tokio::test]
async fn azure_pipelines_gets_the_run_a_group_and_the_error() {
    let service = failing().await;

    shows!(azure(&service).run(Program::Invoke, &args(&[])), @r#"
    exit: 1
    ----- stdout
    ##vso[task.setvariable variable=AdfPipeline.RunId]7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
     activity   type                 status   duration
    ───────────────────────────────────────────────────
     prepare    DatabricksNotebook   Failed   2.5s

    prepare failed (2011)
      ValueError: no column
        cell 4

    ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed
    ##vso[task.logissue type=error]invoke-adf-pipeline: pipeline ingest, run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed: prepare: ValueError: no column
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    ##[group]run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK]   prepare  DatabricksNotebook  Failed  2.5s
    [CLOCK]     ValueError: no column
    [CLOCK]       cell 4
    [CLOCK] ingest  Failed  12.3s
    ##[endgroup]
    "#);
}

#[tokio::test]
async fn github_gets_the_run_a_group_and_the_error() {
    let service = failing().await;
    let environment = github(&service);
    let outputs = environment.path("outputs");
    let environment = environment.with("GITHUB_OUTPUT", outputs.to_str().unwrap());

    shows!(environment.run(Program::Invoke, &args(&[])), @r#"
    exit: 1
    ----- stdout
     activity   type                 status   duration
    ───────────────────────────────────────────────────
     prepare    DatabricksNotebook   Failed   2.5s

    prepare failed (2011)
      ValueError: no column
        cell 4

    ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed
    ::error::invoke-adf-pipeline: pipeline ingest, run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Failed: prepare: ValueError: no column
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    ::group::run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK]   prepare  DatabricksNotebook  Failed  2.5s
    [CLOCK]     ValueError: no column
    [CLOCK]       cell 4
    [CLOCK] ingest  Failed  12.3s
    ::endgroup::
    "#);
    assert_eq!(
        std::fs::read_to_string(outputs).unwrap(),
        format!("AdfPipeline-RunId={RUN}\n")
    );
}

#[tokio::test]
async fn a_run_that_succeeds_lists_no_error() {
    let service = with_run(&["Succeeded"]).await;

    let ended = azure(&service).run(Program::Invoke, &args(&["--quiet"]));

    assert_eq!(
        commands(&ended),
        [format!(
            "##vso[task.setvariable variable=AdfPipeline.RunId]{RUN}"
        )],
        "{ended}"
    );
}

#[tokio::test]
async fn json_on_stdout_stays_json_in_ci() {
    for environment in [azure, github] {
        let service = failing().await;

        let ended = environment(&service).run(Program::Invoke, &args(&["--output", "json"]));

        assert_eq!(ended.json()["status"], "Failed", "{ended}");
        assert!(
            ended.stderr.contains("type=error]") || ended.stderr.contains("::error::"),
            "{ended}"
        );
    }
}

#[tokio::test]
async fn an_error_in_a_file_is_listed_with_its_place() {
    let service = Service::start().await;
    let files = |environment: TestEnvironment| {
        environment.file("dataops.yaml", "name: s\nenviroments: {}\n")
    };

    let azure = files(azure(&service)).run(Program::Dataops, &["run"]);
    let github = files(github(&service)).run(Program::Dataops, &["run"]);

    azure.says("##vso[task.logissue type=error;sourcepath=dataops.yaml;linenumber=2;columnnumber=1]dataops: ");
    github.says("::error file=dataops.yaml,line=2,col=1::dataops: ");
}

/// Every text of a service is forged.
async fn forging(status: &str) -> Service {
    let service = with_pipeline().await;
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(Reply::json(200, json!({"runId": RUN})))
        .await;
    let mut whole = run(status);
    for field in ["pipelineName", "message", "runId"] {
        whole[field] = json!(FORGED);
    }
    whole["invokedBy"]["name"] = json!(FORGED);
    whole["parameters"] = json!({FORGED: FORGED});
    let mut one = failed(FORGED, FORGED, FORGED);
    one["error"]["errorCode"] = json!(FORGED);
    one["output"] = json!({"runError": FORGED, FORGED: [FORGED]});
    let two = activity("two", "Copy", FORGED);
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, whole))
        .await;
    activities(&service, vec![vec![one, two]]).await;
    service
}

/// Only commands that start as ours do, and nothing that drives a terminal.
fn harmless(ended: &Ended) {
    let ours = [
        "##vso[task.setvariable variable=AdfPipeline.RunId]",
        "##vso[task.logissue type=error]invoke-adf-pipeline: ",
        "##[group]run ",
        "##[endgroup]",
        "::group::run ",
        "::endgroup::",
        "::error::invoke-adf-pipeline: ",
    ];
    for command in commands(ended) {
        assert!(
            ours.iter().any(|ours| command.starts_with(ours)),
            "forged: {command}\n{ended}"
        );
        assert_eq!(
            command
                .to_ascii_lowercase()
                .matches("##vso[")
                .count()
                .max(1),
            1,
            "nested: {command}\n{ended}"
        );
    }
    let driving = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{202e}';
    assert!(
        !ended.to_string().contains(driving),
        "{:?}",
        ended.to_string()
    );
}

#[tokio::test]
async fn text_of_a_service_forges_no_command() {
    for environment in [azure, github, TestEnvironment::at] {
        for output in ["human", "json"] {
            let service = forging("Failed").await;

            let ended = environment(&service).run(Program::Invoke, &args(&["--output", output]));

            assert_eq!(ended.code, Some(1), "{ended}");
            harmless(&ended);
            if output == "json" {
                assert_eq!(ended.json()["message"], FORGED);
            }
        }
    }
}

#[tokio::test]
async fn a_forged_run_id_is_one_line() {
    let service = with_pipeline().await;
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(Reply::json(200, json!({"runId": FORGED})))
        .await;

    for environment in [azure, github] {
        let environment = environment(&service);
        let outputs = environment.path("outputs");
        let environment = environment.with("GITHUB_OUTPUT", outputs.to_str().unwrap());

        let ended = environment.run(Program::Invoke, &args(&[]));

        harmless(&ended);
        let written = std::fs::read_to_string(outputs).unwrap_or_default();
        assert!(written.lines().count() <= 1, "{written}");
    }
}

#[tokio::test]
async fn refusals_and_lists_forge_no_command() {
    let list = |names: &[Value]| Reply::json(200, json!({"value": names}));
    for environment in [azure, github] {
        let service = Service::start().await;
        let none = Reply::json(404, json!({"error": {"code": FORGED, "message": FORGED, "details": [{"code": FORGED, "message": FORGED}]}}))
            .header("x-ms-request-id", "##vso[task.complete result=Succeeded]");
        service.on("GET", &at("pipelines/ingest")).reply(none).await;
        service
            .on("GET", crate::factory::FACTORY)
            .reply(Reply::json(200, json!({"name": "adf"})))
            .await;
        service
            .on("GET", &at("pipelines"))
            .reply(list(&[json!({"name": FORGED, "properties": {}})]))
            .await;

        let ended = environment(&service).run(Program::Invoke, &args(&[]));

        assert_eq!(ended.code, Some(3), "{ended}");
        harmless(&ended);
    }
}
