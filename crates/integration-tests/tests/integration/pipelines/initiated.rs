//! What `dataops init` writes is run as the example is: it has other environments and another name, and is what teams begin with.

use std::path::{Path, PathBuf};

use integration_tests::{AzurePipelines, GitHubActions, Machine, Origin, Outcome, Program, Start};
use serde_json::json;

use super::{PACKAGES, Python, VARIABLES, emulator, replace, schemas};

/// The solution `claims` for both systems, in a folder that lasts as long as the first value.
fn initiated(environments: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let args = ["init", "claims", "--ci", "both", "--environments"];
    let ended = Program::dataops(args)
        .args([environments])
        .within(folder.path())
        .run();
    assert_eq!(ended.code, Some(0), "{ended}");
    let solution = folder.path().join("claims");
    (folder, solution)
}

#[test]
fn what_is_written_is_what_the_schemas_of_both_systems_ask_for() {
    let test = "what_is_written_is_what_the_schemas_of_both_systems_ask_for";
    let Some(python) = Python::for_test(test, &["check_jsonschema"]) else {
        return;
    };

    for environments in ["qa,prod", "prod"] {
        let (_folder, solution) = initiated(environments);
        schemas::fit(&python, &solution);
    }
}

fn project<'a>(machine: &'a Machine<'a>) -> AzurePipelines<'a> {
    AzurePipelines::new(machine)
        .with_connection("claims-records")
        .with_connection("claims-qa-plan")
        .with_connection("claims-prod-plan")
        .with("claims-qa", &VARIABLES)
        .with("claims-prod", &VARIABLES)
}

#[test]
fn a_new_solution_is_released_to_its_environments() {
    let test = "a_new_solution_is_released_to_its_environments";
    let Some(python) = Python::for_test(test, &PACKAGES) else {
        return;
    };
    let (_folder, solution) = initiated("qa,prod");
    let (origin, azure) = (Origin::of(&solution), emulator(&python));
    let machine = Machine::new(&azure, &origin, python.path());
    let start = |file: &str, parameters| {
        let file = format!(".azuredevops/{file}.yml");
        let run = project(&machine).run(&origin.work(), &file, &Start::Main, &parameters);
        run.unwrap_or_else(|refused| panic!("{file}: {refused}"))
    };

    let prepared = start("prepare", json!({"environment": "qa"}));
    assert!(prepared.holds(), "{prepared}");
    let released = start("release", json!({}));

    assert!(released.holds(), "{released}");
    let all = ["build", "plan_prod", "plan_qa", "prod", "qa"];
    assert_eq!(released.ran(), all, "{released}");
    let tested = released.step("qa/deploy", "Test the data of the run");
    assert_eq!(tested.outcome, Outcome::Succeeded, "{released}");
    // Real data are there: nothing generated comes in, and the smoke test is what is tried.
    let of_prod = |name: &str| {
        let mut steps = released.steps.iter();
        steps.any(|step| step.job == "prod/deploy" && step.name == name)
    };
    assert!(!of_prod("Test the data of the run"), "{released}");
    let deployed = released.step("prod/deploy", "dataops deploy");
    assert!(deployed.said.contains("smoke"), "{released}");
}

#[test]
fn a_pull_request_of_a_new_solution_is_checked_on_both_systems() {
    let (_folder, solution) = initiated("qa,prod");
    let (origin, azure) = (Origin::of(&solution), integration_tests::Emulator::start());
    let machine = Machine::new(&azure, &origin, Path::new("/usr/bin/python3"));
    origin.branch("retry", |work| {
        let pipeline = "adf/pipeline/data-ingestion-pipeline.json";
        replace(work, pipeline, "\"retry\": 0", "\"retry\": 2");
    });
    let start = Start::PullRequest(origin.pull_request(1, "retry").unwrap());
    let jobs = ["changes", "solution", "review"];

    let of_azure = project(&machine).only(&jobs).run(
        &origin.work(),
        ".azuredevops/pull-request.yml",
        &start,
        &json!({}),
    );
    let of_github = GitHubActions::new(&machine).only(&jobs).run(
        &origin.work(),
        ".github/workflows/pull-request.yml",
        &start,
        &json!({}),
    );

    for report in [of_azure, of_github] {
        let report = report.unwrap_or_else(|refused| panic!("{refused}"));
        assert!(report.holds(), "{report}");
        let said = &report.summaries[0];
        assert!(said.contains("deploys to `qa`, `prod`"), "{said}");
    }
}
