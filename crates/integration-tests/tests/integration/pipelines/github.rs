//! The workflows of GitHub.

use integration_tests::{GitHubActions, Machine, Origin, Outcome, Report, Start};
use serde_json::{Value, json};

use super::azure::merge;
use super::{VARIABLES, emulator, example, python, refuse_once, replace};

pub(super) fn repository<'a>(machine: &'a Machine<'a>) -> GitHubActions<'a> {
    let names = [
        "qa",
        "qa-plan",
        "uat",
        "uat-plan",
        "prod",
        "prod-plan",
        "records",
    ];
    let more = [
        ("AZURE_TENANT_ID", "a-tenant"),
        ("AZURE_CLIENT_ID", "a-client"),
    ];
    let variables = [&VARIABLES[..], &more[..]].concat();
    names
        .into_iter()
        .fold(GitHubActions::new(machine), |system, name| {
            system.with(name, &variables)
        })
}

fn started(machine: &Machine<'_>, origin: &Origin, file: &str, inputs: &Value) -> Report {
    let file = format!(".github/workflows/{file}.yml");
    let run = repository(machine).run(&origin.work(), &file, &Start::Main, inputs);
    run.unwrap_or_else(|refused| panic!("{file}: {refused}"))
}

/// The bundle has gone through all environments, each after its plan and its checks.
fn passed_everywhere(first: &Report) {
    assert!(first.holds(), "{first}");
    assert_eq!(first.ran(), ["build", "prod", "qa", "uat"], "{first}");
    assert_eq!(
        first.events,
        [
            "the checks of environment records",
            "artifact bundle",
            "artifact sample",
            "the checks of environment qa-plan",
            "artifact plan-qa",
            "the checks of environment qa",
            "the checks of environment uat-plan",
            "artifact plan-uat",
            "the checks of environment uat",
            "the checks of environment prod-plan",
            "artifact plan-prod",
            "the checks of environment prod",
        ]
    );
    let tested = first.step("qa/deploy", "Test the data of the run");
    assert_eq!(tested.outcome, Outcome::Succeeded);
    let untested = first.step("prod/deploy", "Test the data of the run");
    assert_eq!(untested.outcome, Outcome::Skipped);
}

#[test]
fn what_has_failed_runs_again() {
    let Some(python) = python("what_has_failed_runs_again") else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let prepared = started(&machine, &origin, "prepare", &json!({"environment": "qa"}));
    assert!(prepared.holds(), "{prepared}");
    refuse_once(&azure);
    let file = ".github/workflows/release.yml";
    let jobs = ["build", "qa", "plan", "deploy"];
    let release = || repository(&machine).only(&jobs);
    let run = |system: GitHubActions<'_>| {
        system
            .run(&origin.work(), file, &Start::Main, &json!({}))
            .unwrap_or_else(|refused| panic!("{refused}"))
    };

    let first = run(release());
    let again = run(release().again());

    assert_eq!(first.failed(), [("qa/deploy", "dataops deploy")], "{first}");
    assert!(again.holds(), "{again}");
    let dropped = again.step(
        "qa/deploy",
        "Drop a file, and follow the run that it starts",
    );
    assert!(
        dropped.said.contains("release-42-2.csv"),
        "{}",
        dropped.said
    );
}

#[test]
fn a_push_goes_through_all_environments_and_comes_back() {
    let Some(python) = python("a_push_goes_through_all_environments_and_comes_back") else {
        return;
    };
    let (origin, azure) = (example(), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let start = |file: &str, inputs: &Value| started(&machine, &origin, file, inputs);

    let prepared = start("prepare", &json!({"environment": "qa"}));
    assert!(prepared.holds(), "{prepared}");
    let first = start("release", &json!({}));

    passed_everywhere(&first);

    // A test of the Python deploys nothing; a notebook does so everywhere.
    merge(&origin, "python", |work| {
        replace(
            work,
            "tests/test_columns.py",
            "import pytest",
            "import pytest  # noqa",
        );
    });
    assert_eq!(start("release", &json!({})).ran(), ["build"]);
    merge(&origin, "notebook", |work| {
        replace(
            work,
            "notebooks/mount-containers.py",
            "Mounts the storage containers of this solution, each once.",
            "Mounts each storage container of this solution once.",
        );
    });
    let of_notebook = start("release", &json!({}));
    assert_eq!(
        of_notebook.ran(),
        ["build", "prod", "qa", "uat"],
        "{of_notebook}"
    );

    // The notebooks of all environments are in the one workspace of the emulator.
    for environment in ["qa", "uat", "prod"] {
        let back = start("rollback", &json!({"environment": environment, "to": ""}));
        assert!(back.holds(), "{back}");
    }
    let drift = start("drift", &json!({}));
    assert!(drift.holds(), "{drift}");
    assert_eq!(drift.summaries.len(), 3, "{drift}");
}
