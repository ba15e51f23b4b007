//! `dataops.yaml` and what it names.

use serde_json::json;
use test_support::{Reply, Service};

use crate::environment::{Program, TestEnvironment, shows};
use crate::factory::{RUN, activities, at, get_run, run, with_run};

const SETTINGS: &str = "\
name: s
pipeline: ingest
storage: { input: input, training: training, testing: testing }
environments:
  local: { emulator: true }
  qa:
    subscription: 00000000-0000-0000-0000-000000000000
    resourceGroup: rg
    dataFactory: adf
  bare: { resourceGroup: rg }
  variable: { extends: qa, resourceGroup: \"${GROUP}\" }
  self: { extends: self }
";

fn solution(environment: TestEnvironment) -> TestEnvironment {
    environment.file("dataops.yaml", SETTINGS)
}

#[tokio::test]
async fn the_pipeline_of_the_settings_runs_in_the_environment_that_is_named() {
    let service = with_run(&["Succeeded"]).await;
    let environment = solution(TestEnvironment::at(&service));

    let ended = environment.run(
        Program::Dataops,
        &["run", "--env", "qa", "--report", "report.html"],
    );

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says(&format!("ingest run {RUN}: Succeeded"));
    assert!(
        std::fs::read_to_string(environment.path("report.html"))
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
}

#[tokio::test]
async fn flags_go_before_variables_and_variables_before_the_settings() {
    let service = with_run(&["Succeeded"]).await;
    let environment = solution(TestEnvironment::at(&service))
        .with("DATAOPS_ENV", "qa")
        .with("DATAOPS_OUTPUT", "json");

    let ended = environment.run(Program::Dataops, &["run", "--output", "human"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(!ended.stdout.starts_with('{'), "{ended}");
}

#[test]
fn malformed_settings_are_shown_at_their_place() {
    let run = |text: &str| {
        let environment = TestEnvironment::new().file("dataops.yaml", text);
        environment.run(Program::Dataops, &["run"])
    };

    shows!(run("name: s\nadf:\n  rooot: adf\n").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: dataops.yaml:3:3: unknown field `rooot`, expected one of root
       |
     3 |   rooot: adf
       |   ^
    "#);
    shows!(run("name: s\nadf: { root: [1] }\n").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: dataops.yaml:2:14: expected string scalar
       |
     2 | adf: { root: [1] }
       |              ^
    "#);
    run("name: s\n  bad: [").refused(2).says("dataops.yaml:2:");
    run("").refused(2).says("dataops.yaml:");
    run("- a\n- b\n").refused(2).says("dataops.yaml:1:");
    run("\u{0}\u{1}").refused(2).says("dataops.yaml:");
    run("name: s\nenvironments: {qa: {subscription: \"\u{1b}[2J\"}}\nx: 1")
        .refused(2)
        .says("dataops.yaml:");
}

#[test]
fn a_chain_of_environments_that_leads_back_to_itself_is_refused() {
    let settings = "name: s\nenvironments:\n  qa: { emulator: true, after: prod }\n  prod: { emulator: true, after: qa }\n";
    for (settings, told) in [
        (
            settings,
            "environment `prod` comes after itself: prod → qa → prod",
        ),
        (
            "name: s\nenvironments:\n  prod: { emulator: true, after: prod }\n",
            "environment `prod` comes after itself: prod → prod",
        ),
        (
            "name: s\nenvironments:\n  prod: { emulator: true, after: [dev, qa] }\n",
            "`after` names one environment: the last one that a bundle has to pass",
        ),
    ] {
        let environment = TestEnvironment::new().file("dataops.yaml", settings);
        for args in [
            &["promote", "--env", "prod", "--check"][..],
            &["deploy", "--env", "prod", "--dry-run"],
            &["deploy", "--env", "prod"],
        ] {
            environment
                .run(Program::Dataops, args)
                .refused(2)
                .says(told);
        }
    }
}

#[test]
fn settings_that_are_not_text_are_refused() {
    let environment = TestEnvironment::new().file("dataops.yaml", [0xff, 0xfe, 0x00]);

    environment
        .run(Program::Dataops, &["run"])
        .refused(2)
        .says("error: dataops.yaml:1:1: the text is UTF-16, and UTF-8 is read")
        .says("hint: save the file as UTF-8");
}

#[test]
fn a_folder_without_settings_is_named() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["run", "--solution", "nowhere"]);

    shows!(ended.refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: no dataops.yaml in nowhere or a folder above it
    hint: name the solution's folder by --solution DIR
    hint: or write a new solution: `dataops init DIR`
    "#);
}

#[test]
fn who_has_no_solution_yet_is_told_what_there_is() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["validate"]);

    ended
        .refused(2)
        .says("error: no dataops.yaml in . or a folder above it")
        .says("hint: or write a new solution: `dataops init DIR`")
        .says("hint: or look at a folder of Data Factory documents alone: --adf DIR");
}

#[test]
fn who_names_no_environment_where_none_is_local_is_told_how() {
    let text = "name: s\nenvironments:\n  qa: {}\n  prod: { extends: qa }\n  after: {}\n";
    let environment = TestEnvironment::new().file("dataops.yaml", text);

    shows!(environment.run(Program::Dataops, &["plan"]).refused(2), @r"
    exit: 2
    ----- stdout
    ----- stderr
    error: there is no environment `local`; dataops.yaml has qa, prod, after
    hint: name the environment by --env ENV, or by DATAOPS_ENV; without them it is `local`
    hint: `local: { emulator: true }` below `environments` is one on this machine
    ");
}

#[test]
fn environments_that_cannot_be_used_say_what_to_do() {
    let run = |name: &str| {
        solution(TestEnvironment::new()).run(Program::Dataops, &["run", "--env", name])
    };

    shows!(run("local2").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: there is no environment `local2`; dataops.yaml has local, qa, bare, variable, self
    hint: did you mean `local`?
    "#);
    shows!(run("variable").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: environment `variable`: `resourceGroup` needs the variable `GROUP`, which is not set
    hint: set GROUP in the environment
    "#);
    run("self")
        .refused(2)
        .says("environment `self` extends itself");
}

#[tokio::test]
async fn an_environment_without_a_factory_is_a_matter_of_configuration() {
    let service = Service::start().await;

    let ended =
        solution(TestEnvironment::at(&service)).run(Program::Dataops, &["run", "--env", "bare"]);

    shows!(ended.refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: environment `bare` has no `subscription`
    hint: add `subscription` to `environments.bare` in dataops.yaml
    "#);
    assert!(service.requests().await.is_empty());
}

#[test]
fn a_way_to_sign_in_names_the_variables_that_it_lacks() {
    let environment = solution(TestEnvironment::new());

    let ended = environment.run(
        Program::Dataops,
        &["run", "--env", "qa", "--auth", "client-secret"],
    );

    ended.refused(2).says(
        "signing in by client-secret needs AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET",
    );
}

#[test]
fn a_solution_without_a_pipeline_wants_one_to_be_named() {
    let environment = TestEnvironment::new().file(
        "dataops.yaml",
        "name: s\nenvironments: {local: {emulator: true}}\n",
    );

    let ended = environment.run(Program::Dataops, &["run"]);

    ended
        .refused(2)
        .says("no pipeline is named")
        .says("hint: name one by --pipeline");
}

#[test]
fn a_malformed_document_is_shown_at_its_place_and_nothing_is_deployed() {
    let environment = TestEnvironment::new()
        .file(
            "dataops.yaml",
            "name: s\npipeline: p\nadf: { root: adf }\nenvironments: {local: {emulator: true}}\n",
        )
        .file(
            "adf/pipeline/p.json",
            "{\n  \"name\": \"p\",\n  \"properties\": oops\n}",
        );

    let ended = environment.run(Program::Dataops, &["run"]);

    ended.refused(2).says("p.json:3:");
}

#[tokio::test]
async fn a_run_that_is_not_there_is_named() {
    let service = Service::start().await;
    let none = Reply::refusal(404, "NotFound", "none");
    service.on("GET", &get_run()).reply(none).await;

    let ended = solution(TestEnvironment::at(&service))
        .run(Program::Dataops, &["test", "--env", "qa", "--run-id", RUN]);

    ended
        .refused(3)
        .says(&format!("there is no run `{RUN}` in factory `adf`"))
        .says("hint: runs are kept for 45 days");
}

#[tokio::test]
async fn a_pipeline_that_never_ran_cannot_be_tested() {
    let service = Service::start().await;
    service
        .on("POST", &at("queryPipelineRuns"))
        .reply(Reply::json(200, json!({"value": []})))
        .await;

    let ended =
        solution(TestEnvironment::at(&service)).run(Program::Dataops, &["test", "--env", "qa"]);

    ended
        .refused(2)
        .says("pipeline `ingest` has no run")
        .says("hint: start one by `dataops run`");
}

#[tokio::test]
async fn the_latest_run_is_tested() {
    let service = Service::start().await;
    service
        .on("POST", &at("queryPipelineRuns"))
        .reply(Reply::json(200, json!({"value": [run("Succeeded")]})))
        .await;
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, run("Succeeded")))
        .await;
    activities(&service, vec![vec![]]).await;
    let none = "<?xml version=\"1.0\"?><Error><Code>ContainerNotFound</Code><Message>none</Message></Error>";
    for container in ["training", "testing"] {
        let missing = Reply::bytes(404, "application/xml", none)
            .header("x-ms-error-code", "ContainerNotFound");
        service
            .on("GET", &format!("/devstoreaccount1/{container}"))
            .reply(missing)
            .await;
    }

    let ended =
        solution(TestEnvironment::at(&service)).run(Program::Dataops, &["test", "--env", "qa"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    ended
        .says("there is no container `training`")
        .says(&format!("run {RUN}: it does not hold"));
}
