//! The CI/CD pipelines of the example, run from their own files.

mod agreement;
mod azure;
mod comment;
mod drill;
mod github;
mod initiated;
mod installation;
mod newcomer;
mod schemas;

use std::fs;
use std::path::Path;

use integration_tests::{Emulator, Origin, Python, folder_of_examples};

/// What the jobs install, and the programs that they call.
const PACKAGES: [&str; 5] = ["pandas", "sklearn", "joblib", "pytest", "ruff"];

fn python(test: &str) -> Option<Python> {
    Python::for_test(test, &PACKAGES)
}

/// An emulator whose notebooks and training leave the machine's other cores alone.
fn emulator(python: &Python) -> Emulator {
    let python = python.path().to_str().unwrap();
    Emulator::start_with(&["--python", python], &[("OMP_NUM_THREADS", "1")])
}

/// The example in a repository of its own.
fn example() -> Origin {
    Origin::of(&folder_of_examples().join("data-ingestion"))
}

/// Has the next deployment fail in the middle.
fn refuse_once(azure: &Emulator) {
    azure.order(&serde_json::json!({
        "pattern": "PUT */pipelines/data-ingestion-pipeline", "status": 400, "times": 1,
        "body": {"error": {"code": "BadRequest", "message": "as ordered"}}}));
}

/// Replaces a text in a file; it must be there.
fn replace(folder: &Path, path: &str, from: &str, to: &str) {
    let path = folder.join(path);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{}: no `{from}`", path.display());
    fs::write(&path, text.replace(from, to)).unwrap();
}

/// The variables of an environment.
const VARIABLES: [(&str, &str); 3] = [
    (
        "AZURE_SUBSCRIPTION_ID",
        "00000000-0000-0000-0000-000000000000",
    ),
    (
        "DATABRICKS_HOST",
        "https://adb-1000000000000001.1.azuredatabricks.net",
    ),
    ("DATABRICKS_CLUSTER_ID", "1101-090000-ingest01"),
];
