//! The pipelines of Azure DevOps.

use integration_tests::{AzurePipelines, Emulator, Machine, Origin, Outcome, Report, Start};
use serde_json::{Value, json};

use super::{VARIABLES, emulator, example, python, refuse_once, replace};

pub(super) fn project<'a>(machine: &'a Machine<'a>) -> AzurePipelines<'a> {
    AzurePipelines::new(machine)
        .with_connection("data-ingestion-records")
        .with_connection("data-ingestion-qa-plan")
        .with_connection("data-ingestion-uat-plan")
        .with_connection("data-ingestion-prod-plan")
        .with("data-ingestion-qa", &VARIABLES)
        .with("data-ingestion-uat", &VARIABLES)
        .with("data-ingestion-prod", &VARIABLES)
}

/// Runs a pipeline on `main` as it is on the server.
fn started(machine: &Machine<'_>, origin: &Origin, file: &str, parameters: &Value) -> Report {
    let run = project(machine).run(&origin.work(), file, &Start::Main, parameters);
    run.unwrap_or_else(|refused| panic!("{file}: {refused}"))
}

/// Merges a change into `main`.
pub(super) fn merge(origin: &Origin, name: &str, change: impl FnOnce(&std::path::Path)) {
    origin.branch(name, change);
    origin.merge(name);
}

/// The bundle has gone through all environments, each after its plan and its checks.
fn passed_everywhere(first: &Report) {
    assert!(first.holds(), "{first}");
    let all = [
        "build",
        "plan_prod",
        "plan_qa",
        "plan_uat",
        "prod",
        "qa",
        "uat",
    ];
    assert_eq!(first.ran(), all, "{first}");
    assert_eq!(
        first.events,
        [
            "artifact bundle-1-1",
            "artifact sample-1-1",
            "artifact plan-qa-1-1",
            "the checks of environment data-ingestion-qa",
            "artifact plan-uat-1-1",
            "the checks of environment data-ingestion-uat",
            "artifact plan-prod-1-1",
            "the checks of environment data-ingestion-prod",
        ]
    );
    let tested = first.step("qa/deploy", "Test the data of the run");
    assert!(
        tested.said.contains("2,000 read, 2,000 written"),
        "{}",
        tested.said
    );
    let dropped = first.step(
        "qa/deploy",
        "Drop a file, and follow the run that it starts",
    );
    assert!(dropped.said.contains("train-model"), "{}", dropped.said);
    assert!(
        first
            .step("prod/deploy", "dataops deploy")
            .said
            .contains("smoke"),
        "{first}"
    );
    assert_eq!(first.results.len(), 2, "data of qa and uat");
}

#[test]
fn a_merge_goes_through_all_environments_and_only_what_is_touched_follows_it() {
    let test = "a_merge_goes_through_all_environments_and_only_what_is_touched_follows_it";
    let Some(python) = python(test) else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let release = || started(&machine, &origin, ".azuredevops/release.yml", &json!({}));

    let prepare = json!({"environment": "qa"});
    let prepared = started(&machine, &origin, ".azuredevops/prepare.yml", &prepare);
    assert!(prepared.holds(), "{prepared}");
    let first = release();

    passed_everywhere(&first);

    // Nothing has changed, and then only text has.
    assert_eq!(release().ran(), ["build"]);
    merge(&origin, "readme", |work| {
        replace(work, "README.md", "## The data", "## Data");
    });
    assert_eq!(release().ran(), ["build"]);

    // What is uat's own has to pass qa, where nothing is written, and does not go on to prod.
    merge(&origin, "uat", |work| {
        replace(
            work,
            "dataops.yaml",
            "https://stingestuat.blob",
            "https://stingestuat2.blob",
        );
    });
    let of_uat = release();
    assert!(of_uat.holds(), "{of_uat}");
    assert_eq!(
        of_uat.ran(),
        ["build", "plan_qa", "plan_uat", "qa", "uat"],
        "{of_uat}"
    );
    assert!(of_uat.step("build/build", "Compare with what is deployed").said.contains(
        "dataops.yaml: environments.uat.overrides.linkedService.InputStorage.typeProperties.serviceEndpoint"
    ));
}

#[test]
fn what_was_there_before_comes_back_and_what_somebody_changes_is_told() {
    let test = "what_was_there_before_comes_back_and_what_somebody_changes_is_told";
    let Some(python) = python(test) else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let one = json!({"environments": [{"name": "qa", "after": "build", "testRun": false}]});
    let of_qa = json!({"environment": "qa"});
    let nightly = json!({"environments": ["qa"]});
    let start = |file: &str, parameters: &Value| {
        started(
            &machine,
            &origin,
            &format!(".azuredevops/{file}.yml"),
            parameters,
        )
    };

    let prepared = start("prepare", &of_qa);
    assert!(prepared.holds(), "{prepared}");
    let first = start("release", &one);
    assert!(first.holds(), "{first}");
    merge(&origin, "retry", |work| {
        replace(
            work,
            "adf/pipeline/data-ingestion-pipeline.json",
            "\"retry\": 0",
            "\"retry\": 2",
        );
    });
    assert!(start("release", &one).holds());
    let back = start("rollback", &of_qa);
    assert!(back.holds(), "{back}");
    assert!(start("drift", &nightly).holds());

    let stop = "dataops triggers stop OnDataDrop --env qa";
    let stopped = integration_tests::Program::dataops(stop.split(' ').skip(1))
        .within(&origin.work())
        .at(&azure);
    let stopped = VARIABLES
        .into_iter()
        .fold(stopped, |program, (name, value)| program.env(name, value))
        .run();
    assert_eq!(stopped.code, Some(0), "{stopped}");
    let drifted = start("drift", &nightly);

    assert_eq!(drifted.jobs["qa/drift"], Outcome::Failed, "{drifted}");
    assert!(
        drifted.summaries[0].contains("OnDataDrop"),
        "{}",
        drifted.summaries[0]
    );
}

#[test]
fn what_has_failed_runs_again() {
    let Some(python) = python("what_has_failed_runs_again") else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let one = json!({"environments": [{"name": "qa", "after": "build", "testRun": false}]});
    let file = ".azuredevops/release.yml";
    let prepared = started(
        &machine,
        &origin,
        ".azuredevops/prepare.yml",
        &json!({"environment": "qa"}),
    );
    assert!(prepared.holds(), "{prepared}");
    refuse_once(&azure);

    let first = started(&machine, &origin, file, &one);
    let again = project(&machine)
        .again()
        .run(&origin.work(), file, &Start::Main, &one)
        .unwrap_or_else(|refused| panic!("{refused}"));

    assert_eq!(first.failed(), [("qa/deploy", "dataops deploy")], "{first}");
    assert!(again.holds(), "{again}");
    assert_eq!(again.ran(), ["build", "plan_qa", "qa"], "{again}");
    assert!(
        again.events.contains(&"artifact plan-qa-2-2".to_owned()),
        "{again}"
    );
}

#[test]
fn an_environment_that_nothing_was_deployed_to_has_not_drifted() {
    let test = "an_environment_that_nothing_was_deployed_to_has_not_drifted";
    let Some(python) = python(test) else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());

    let drift = started(
        &machine,
        &origin,
        ".azuredevops/drift.yml",
        &json!({"environments": ["qa"]}),
    );

    assert!(drift.holds(), "{drift}");
    assert_eq!(drift.summaries, ["nothing was deployed to `qa` yet\n"]);
}

#[test]
fn a_pull_request_is_checked_by_what_it_touches() {
    let Some(python) = python("a_pull_request_is_checked_by_what_it_touches") else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let check = |number: u32, branch: &str| {
        let start = Start::PullRequest(origin.pull_request(number, branch).unwrap());
        let file = ".azuredevops/pull-request.yml";
        let run = project(&machine).run(&origin.work(), file, &start, &json!({}));
        run.unwrap_or_else(|refused| panic!("{refused}"))
    };
    origin.branch("text", |work| {
        replace(work, "README.md", "## The data", "## Data");
    });
    origin.branch("notebook", |work| {
        let file = "notebooks/data_preparation/columns.py";
        replace(work, file, "lower-case words", "words in lower case");
    });
    origin.branch("fault", |work| {
        let file = "notebooks/data_preparation/columns.py";
        replace(work, file, "casefold()", "upper()");
        replace(work, file, "import re\n", "import os\nimport re\n");
    });

    let text = check(1, "text");
    let notebook = check(2, "notebook");
    let fault = check(3, "fault");

    let ran = |report: &Report| {
        let jobs = report.jobs.iter();
        let ran = jobs.filter(|(_, outcome)| **outcome != Outcome::Skipped);
        let names = ran.map(|(name, _)| name.trim_start_matches("__default/").to_owned());
        names.collect::<Vec<_>>()
    };
    assert!(text.holds() && notebook.holds(), "{text}\n{notebook}");
    assert_eq!(ran(&text), ["changes", "review"]);
    let all = ["changes", "offline", "python", "review", "solution"];
    assert_eq!(ran(&notebook), all);
    assert!(notebook.results.len() >= 3, "unit tests, findings, data");
    let failed = fault.failed();
    assert!(failed.contains(&("__default/python", "Lint")), "{fault}");
    assert!(
        failed.contains(&("__default/python", "Unit tests")),
        "{fault}"
    );
}

#[test]
fn what_the_runner_does_not_know_is_refused_by_name() {
    let azure = Emulator::start();
    let origin = example();
    let machine = Machine::new(&azure, &origin, std::path::Path::new("/usr/bin/python3"));
    let refused = |text: &str| {
        integration_tests::write(&origin.work(), "odd.yml", text);
        let run = project(&machine).run(&origin.work(), "odd.yml", &Start::Main, &json!({}));
        run.unwrap_err()
    };

    for (text, name) in [
        (
            "jobs: [{job: a, steps: [{task: 'Docker@2'}]}]",
            "the task Docker@2",
        ),
        (
            "jobs: [{job: a, strategy: {parallel: 2}, steps: []}]",
            "`strategy`",
        ),
        (
            "jobs: [{job: a, steps: [{pwsh: exit}]}]",
            "no kind of step with pwsh",
        ),
        (
            "jobs: [{job: a, condition: \"gt(1, 2)\", steps: []}]",
            "`gt` with 2 arguments",
        ),
        (
            "stages: [{stage: a, dependsOn: b, jobs: []}]",
            "`b` does not stand before it",
        ),
        (
            "jobs: [{job: a, steps: [{bash: 'echo \"##vso[build.addbuildtag]x\"'}]}]",
            "build.addbuildtag",
        ),
        (
            "variables: [{group: other}]\njobs: [{job: a, steps: []}]",
            "no variable group `other`",
        ),
    ] {
        let said = refused(text);
        assert!(said.contains(name), "{name}: {said}");
    }
}
