//! `smoke` of an environment: what is deployed runs once on input of its own, is tested, and leaves nothing behind.

mod contract;
mod limits;
mod refused;

use std::path::Path;

use dataops_solution::Solution;
use integration_tests::{Emulator, Ended, Program, edit, small, write};
use serde_json::{Value, json};

fn dataops(emulator: &Emulator, folder: &Path, args: &[&str]) -> Ended {
    Program::dataops(args).within(folder).at(emulator).run()
}

/// A solution whose pipeline `copy` brings a file from a folder of `input` to `archive`, or to `training` and `testing`.
fn solution(smoke: &str) -> tempfile::TempDir {
    let (folder, _solution) = small();
    let path = folder.path().join("dataops.yaml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let settings = settings
        .replace("containers: [input,", "containers: [archive, input,")
        .replace(
            "local: { emulator: true }",
            &format!("local: {{ emulator: true, smoke: {smoke} }}"),
        );
    std::fs::write(&path, settings).unwrap();
    write(folder.path(), "canary.txt", "id,target\n1,0\n2,1\n");
    write(folder.path(), "canary.csv", "id,target\n1,0\n2,1\n");
    let store = json!({"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://store.blob.core.windows.net/"}});
    document(folder.path(), "linkedService", "store", &store);
    let parameter = json!({"type": "String"});
    let dataset = json!({
        "type": "Binary", "linkedServiceName": {"referenceName": "store", "type": "LinkedServiceReference"},
        "parameters": {"container": parameter, "folder": parameter, "file": parameter},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "@dataset().container", "folderPath": "@dataset().folder", "fileName": "@dataset().file"}}});
    document(folder.path(), "dataset", "file", &dataset);
    copies(folder.path(), &["archive"]);
    folder
}

fn document(folder: &Path, kind: &str, name: &str, properties: &Value) {
    let document = json!({"name": name, "properties": properties});
    write(
        folder,
        &format!("adf/{kind}/{name}.json"),
        &document.to_string(),
    );
}

/// Makes `copy` bring its file to these containers, into the folder of the run.
fn copies(folder: &Path, containers: &[&str]) {
    let place = |container: &str, folder: &str| {
        json!({"referenceName": "file", "type": "DatasetReference", "parameters": {
            "container": container, "folder": folder, "file": "@pipeline().parameters.file"}})
    };
    let activities = containers.iter().map(|container| {
        json!({"name": format!("to-{container}"), "type": "Copy", "typeProperties": {
                "source": {"type": "BinarySource", "storeSettings": {"type": "AzureBlobStorageReadSettings"}},
                "sink": {"type": "BinarySink", "storeSettings": {"type": "AzureBlobStorageWriteSettings"}}},
            "inputs": [place("input", "@pipeline().parameters.folder")],
            "outputs": [place(container, "@pipeline().RunId")]})
    });
    let properties = json!({
        "parameters": {"folder": {"type": "String"}, "file": {"type": "String"}},
        "activities": activities.collect::<Vec<_>>()});
    document(folder, "pipeline", "copy", &properties);
}

const COPY: &str =
    "{ pipeline: copy, input: canary.txt, parameters: { folder: '{folder}', file: '{file}' } }";

/// All blobs of the containers of the solution.
async fn blobs(emulator: &Emulator, folder: &Path) -> Vec<String> {
    let solution = Solution::find(folder).unwrap();
    let storage = emulator.connection(&solution).storage().unwrap();
    let mut all = Vec::new();
    for container in ["archive", "input", "training", "testing"] {
        let listed = storage.list(container, "").await.unwrap();
        all.extend(
            listed
                .into_iter()
                .map(|blob| format!("{container}/{}", blob.name)),
        );
    }
    all
}

fn records(emulator: &Emulator, folder: &Path) -> Vec<Value> {
    let audited = dataops(emulator, folder, &["audit", "--format", "json"]);
    let audited: Value = serde_json::from_str(&audited.stdout).unwrap();
    audited["records"].as_array().unwrap().clone()
}

/// The smoke tests in the records: what came of each, and why.
fn smoked(emulator: &Emulator, folder: &Path) -> Vec<Value> {
    let records = records(emulator, folder);
    let tests = records
        .into_iter()
        .filter(|it| it.to_string().contains("\"smoke\""));
    tests.collect()
}

#[tokio::test]
async fn a_deployment_is_tried_on_input_of_its_own_which_is_removed_again() {
    let emulator = Emulator::start();
    let folder = solution(COPY);
    let plain = dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]);
    write(folder.path(), "keep.txt", "data of others");
    let kept = dataops(
        &emulator,
        folder.path(),
        &[
            "drop",
            "keep.txt",
            "--as",
            "_smoke/keep.txt",
            "--timeout",
            "1s",
        ],
    );

    let deployed = dataops(&emulator, folder.path(), &["deploy"]);
    let alone = dataops(&emulator, folder.path(), &["smoke", "--output", "json"]);

    assert_eq!(plain.code, Some(0), "{plain}");
    assert!(!plain.stdout.contains("smoke test"), "{plain}");
    assert!(kept.stderr.contains("is uploaded"), "{kept}");
    assert_eq!(
        (deployed.code, alone.code),
        (Some(0), Some(0)),
        "{deployed}{alone}"
    );
    assert!(
        deployed
            .stdout
            .contains("smoke test of copy: it holds; 1 activity"),
        "{deployed}"
    );
    let said: Value = serde_json::from_str(&alone.stdout).unwrap();
    assert_eq!(said["cleaned"]["blobs"], 2, "{said}");
    assert!(
        said["folder"].as_str().unwrap().starts_with("_smoke/"),
        "{said}"
    );
    assert_eq!(
        blobs(&emulator, folder.path()).await,
        ["input/_smoke/keep.txt"]
    );
    let smoked = smoked(&emulator, folder.path());
    assert_eq!(smoked.len(), 2, "{smoked:?}");
    assert!(
        smoked
            .iter()
            .all(|it| it.to_string().contains("\"passed\"")),
        "{smoked:?}"
    );
}

#[tokio::test]
async fn what_a_run_has_written_is_tested_and_a_failure_goes_back() {
    let emulator = Emulator::start();
    let rolls_back = COPY.replace("pipeline: copy", "pipeline: copy, rollback: true");
    let folder = solution(&rolls_back.replace("canary.txt", "canary.csv"));
    // No trigger listens to the folder of the test.
    edit(folder.path(), "adf/trigger/OnDrop.json", |trigger| {
        trigger["typeProperties"]["blobPathBeginsWith"] = "/input/blobs/drops/".into();
    });
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    assert_eq!(call(&["build", "--out", "good"]).code, Some(0));
    // Training and testing data have all rows each, so that they do not add up to the input.
    copies(folder.path(), &["training", "testing"]);
    assert_eq!(call(&["build", "--out", "bad"]).code, Some(0));

    let good = call(&["deploy", "--bundle", "good"]);
    let bad = call(&["deploy", "--bundle", "bad"]);

    assert_eq!(good.code, Some(0), "{good}");
    assert_eq!(bad.code, Some(1), "{bad}");
    assert!(
        bad.stdout.contains("smoke test of copy: it does not hold"),
        "{bad}"
    );
    assert!(bad.stdout.contains("2 read, 4 written"), "{bad}");
    assert!(
        bad.stderr.contains("the smoke test failed: going back"),
        "{bad}"
    );
    let client = emulator.client("small");
    let copy = client
        .pipelines()
        .get("copy", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(copy.properties.activities.len(), 1);
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    let outcomes: Vec<_> = smoked(&emulator, folder.path())
        .iter()
        .map(|it| it.to_string().contains("\"passed\""))
        .collect();
    assert_eq!(outcomes.len(), 2);
    let again = call(&["deploy", "--bundle", "bad", "--output", "json"]);
    assert_eq!(again.code, Some(1), "{again}");
    let told: Value = serde_json::from_str(&again.stdout).unwrap();
    assert!(
        told["smoke"]["checks"]
            .to_string()
            .contains("2 read, 4 written"),
        "{told}"
    );
    assert!(told["rollback"]["factory"].is_object(), "{told}");
    let last = records(&emulator, folder.path()).pop().unwrap().to_string();
    assert!(last.contains("rollback"), "{last}");
}

#[tokio::test]
async fn a_trigger_that_a_failed_deployment_has_brought_is_stopped_on_the_way_back() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: greet, rollback: true }");
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    assert_eq!(call(&["build", "--out", "good"]).code, Some(0));
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["activities"] = json!([{"name": "stop", "type": "Fail", "typeProperties": {"message": "no", "errorCode": "E"}}]);
    });
    let minute = json!({
        "type": "ScheduleTrigger", "runtimeState": "Started",
        "typeProperties": {"recurrence": {"frequency": "Minute", "interval": 1, "startTime": "2099-01-01T00:00:00Z", "timeZone": "UTC"}},
        "pipelines": [{"pipelineReference": {"referenceName": "greet", "type": "PipelineReference"}}]});
    document(folder.path(), "trigger", "everyMinute", &minute);
    assert_eq!(call(&["build", "--out", "bad"]).code, Some(0));

    let good = call(&["deploy", "--bundle", "good", "--no-smoke"]);
    let bad = call(&["deploy", "--bundle", "bad"]);

    assert_eq!((good.code, bad.code), (Some(0), Some(1)), "{good}{bad}");
    let (_, back) = bad.stdout.split_once("went back:").unwrap();
    assert!(
        back.contains("and they stay:\n  trigger.everyMinute\n"),
        "{bad}"
    );
    let client = emulator.client("small");
    let trigger = client.triggers().get("everyMinute", None).await.unwrap();
    let trigger = trigger.into_model().unwrap().into_json();
    assert_eq!(trigger["properties"]["runtimeState"], "Stopped");
}

#[test]
fn a_failure_goes_back_where_the_emulator_is_one_of_this_process_too() {
    let folder = solution("{ pipeline: greet, rollback: true }");
    let call = |args: &[&str]| Program::dataops(args).within(folder.path()).run();
    assert_eq!(call(&["build", "--out", "good"]).code, Some(0));
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["activities"] = json!([{"name": "stop", "type": "Fail", "typeProperties": {"message": "no", "errorCode": "E"}}]);
    });
    assert_eq!(call(&["build", "--out", "bad"]).code, Some(0));

    let good = call(&["deploy", "--bundle", "good", "--no-smoke"]);
    let bad = call(&["deploy", "--bundle", "bad"]);
    let plan = call(&["plan", "--bundle", "good", "--exit-code"]);

    assert_eq!((good.code, bad.code), (Some(0), Some(1)), "{good}{bad}");
    assert!(bad.stdout.contains("went back:"), "{bad}");
    assert_eq!(plan.code, Some(0), "{plan}");
}

#[tokio::test]
async fn what_a_killed_test_has_left_is_removed_by_the_next_deployment() {
    let emulator = Emulator::start();
    let folder = solution(&COPY.replace("pipeline: copy", "pipeline: slow"));
    let copies = std::fs::read(folder.path().join("adf/pipeline/copy.json")).unwrap();
    let mut slow: Value = serde_json::from_slice(&copies).unwrap();
    let activities = slow["properties"]["activities"].as_array_mut().unwrap();
    activities.push(
        json!({"name": "linger", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600},
        "dependsOn": [{"activity": "to-archive", "dependencyConditions": ["Succeeded"]}]}),
    );
    document(folder.path(), "pipeline", "slow", &slow["properties"]);
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    assert_eq!(call(&["deploy", "--no-smoke"]).code, Some(0));
    let smoking = Program::dataops(["smoke"])
        .within(folder.path())
        .at(&emulator)
        .start();
    smoking.until_stderr_has("linger");
    smoking.kill();
    assert_eq!(blobs(&emulator, folder.path()).await.len(), 2);

    let next = call(&["deploy", "--no-smoke"]);
    let after = call(&["deploy", "--no-smoke"]);

    assert_eq!((next.code, after.code), (Some(0), Some(0)), "{next}{after}");
    assert!(
        next.stderr.contains("warning: a smoke test was killed"),
        "{next}"
    );
    assert!(next.stderr.contains("2 blobs of it are removed"), "{next}");
    assert!(!after.stderr.contains("was killed"), "{after}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    assert_eq!(emulator.state()["pipelineRuns"], json!({"Cancelled": 1}));
}

#[tokio::test]
async fn a_first_deployment_that_fails_has_nothing_to_go_back_to() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: broken, rollback: true }");

    let deployed = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(deployed.code, Some(1), "{deployed}");
    assert!(
        deployed
            .stderr
            .contains("there is nothing to go back to: `local` was deployed to from a folder"),
        "{deployed}"
    );
    assert!(
        deployed
            .stdout
            .contains("smoke test of broken: it does not hold"),
        "{deployed}"
    );
    assert!(
        deployed
            .stderr
            .contains("the smoke test failed: going back"),
        "{deployed}"
    );
}
