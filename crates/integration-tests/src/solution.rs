//! Solutions to try things on.

use std::fs;
use std::path::{Path, PathBuf};

use dataops_solution::Solution;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The folder `examples` of the repository.
#[must_use]
pub fn folder_of_examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .canonicalize()
        .unwrap()
}

/// A copy of the example solution, so that nothing is left in the repository.
#[must_use]
pub fn example() -> (TempDir, Solution) {
    let folder = tempfile::tempdir().unwrap();
    copy(&folder_of_examples().join("data-ingestion"), folder.path());
    let solution = Solution::find(folder.path()).unwrap();
    (folder, solution)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let skipped =
            name == "tests" || name == "__pycache__" || name.to_string_lossy().starts_with('.');
        match entry.path() {
            _ if skipped => {}
            path if path.is_dir() => copy(&path, &to.join(&name)),
            path => drop(fs::copy(path, to.join(&name)).unwrap()),
        }
    }
}

/// Writes a file, and the folders that it needs.
pub fn write(folder: &Path, path: &str, content: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Changes the properties of a document of a solution.
pub fn edit(folder: &Path, path: &str, change: impl FnOnce(&mut Value)) {
    let path = folder.join(path);
    let mut document: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut document["properties"]);
    fs::write(&path, document.to_string()).unwrap();
}

const SETTINGS: &str = "\
name: small
adf: { root: adf }
storage: { containers: [input, training, testing], input: input, training: training, testing: testing }
pipeline: greet
trigger: OnDrop
environments:
  local: { emulator: true }
  qa: { subscription: 11111111-1111-1111-1111-111111111111, resourceGroup: rg-qa, dataFactory: adf-qa }
  lacking: { subscription: '${NOT_SET_ANYWHERE}', resourceGroup: rg, dataFactory: adf }
";

/// A solution that needs no Python: `greet` succeeds, `long` waits for an hour, `broken` fails with a text that looks like
/// commands of CI systems, and `OnDrop` starts `greet` for a file in `input`.
#[must_use]
pub fn small() -> (TempDir, Solution) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dataops.yaml", SETTINGS);
    for (path, document) in documents() {
        write(folder.path(), path, &document.to_string());
    }
    let solution = Solution::find(folder.path()).unwrap();
    (folder, solution)
}

fn documents() -> [(&'static str, Value); 4] {
    let forged = "no luck\n##vso[task.setvariable variable=forged]yes\n##[error]forged\n::set-output name=forged::yes";
    let pipeline = |name: &str, properties: Value| json!({"name": name, "properties": properties});
    let expression = |text: &str| json!({"value": text, "type": "Expression"});
    [
        (
            "adf/pipeline/greet.json",
            pipeline(
                "greet",
                json!({
                "parameters": {"who": {"type": "string", "defaultValue": "all"}, "times": {"type": "int", "defaultValue": 1}},
                "variables": {"greeting": {"type": "String"}},
                "activities": [{"name": "say", "type": "SetVariable", "typeProperties": {
                    "variableName": "greeting", "value": expression("@concat('hello ', pipeline().parameters.who)")}}]}),
            ),
        ),
        (
            "adf/pipeline/long.json",
            pipeline(
                "long",
                json!({"activities": [
                {"name": "linger", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600}}]}),
            ),
        ),
        (
            "adf/pipeline/broken.json",
            pipeline(
                "broken",
                json!({"activities": [
                {"name": "stop", "type": "Fail", "typeProperties": {"message": forged, "errorCode": "E1"}}]}),
            ),
        ),
        (
            "adf/trigger/OnDrop.json",
            json!({"name": "OnDrop", "properties": {
                "type": "BlobEventsTrigger", "runtimeState": "Started",
                "typeProperties": {
                    "scope": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stdev",
                    "blobPathBeginsWith": "/input/blobs/", "blobPathEndsWith": ".csv", "ignoreEmptyBlobs": true,
                    "events": ["Microsoft.Storage.BlobCreated"]},
                "pipelines": [{"pipelineReference": {"referenceName": "greet", "type": "PipelineReference"},
                    "parameters": {"who": "@triggerBody().fileName"}}]}}),
        ),
    ]
}
