//! The answers of `examples/answers`: each script shows what it claims, and ends with an error where it does not.

use std::fs;
use std::path::PathBuf;

use integration_tests::{Program, Python, folder_of_examples, programs};

/// The scripts that answer a question; what they share is none.
fn answers() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder_of_examples().join("answers")).unwrap();
    let mut scripts: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "sh"))
        .filter(|path| !path.ends_with("solution.sh"))
        .collect();
    scripts.sort();
    scripts
}

/// Runs an answer with what its packages are in.
fn holds(name: &str) {
    let Some(python) = Python::for_test(name, &["pandas", "sklearn", "pytest"]) else {
        return;
    };
    let path = std::env::var("PATH").unwrap_or_default();
    let script = folder_of_examples().join("answers").join(name);
    let ended = Program::new("bash")
        .args([script])
        .env("PATH", format!("{}:{path}", programs().display()))
        .env("DATAOPS_PYTHON", python.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .run();
    assert_eq!(ended.code, Some(0), "{name}: {ended}");
}

#[test]
fn one_bundle_goes_through_a_chain_of_environments() {
    holds("chain-of-environments.sh");
}

#[test]
fn a_test_run_in_prod_touches_nothing_but_its_own_files() {
    holds("test-run-in-prod.sh");
}

#[test]
fn the_id_of_an_ml_pipeline_is_looked_up_by_its_name() {
    holds("ml-pipeline-id.sh");
}

#[test]
fn what_is_there_already_is_not_deployed_again() {
    holds("speed.sh");
}

#[test]
fn data_preparation_is_tested_without_a_cluster() {
    holds("unit-tests.sh");
}

#[test]
fn a_change_triggers_what_it_touches() {
    holds("triggers.sh");
}

#[test]
fn every_answer_is_run_here_and_stands_in_the_readme() {
    let here = include_str!("answers.rs");
    let readme = fs::read_to_string(folder_of_examples().join("answers/README.md")).unwrap();
    let scripts = answers();
    for script in &scripts {
        let name = script.file_name().unwrap().to_str().unwrap();
        assert!(here.contains(&format!("holds(\"{name}\")")), "{name}");
        assert!(readme.contains(&format!("({name})")), "{name}");
    }
    assert_eq!(scripts.len(), 6);
}
