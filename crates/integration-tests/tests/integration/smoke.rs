//! `smoke` of an environment: what is deployed runs once on input of its own, is tested, and leaves nothing behind.

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

#[tokio::test]
async fn input_that_would_fire_a_trigger_is_refused_before_anything_is_done() {
    let emulator = Emulator::start();
    let folder = solution(&COPY.replace("canary.txt", "canary.csv"));
    assert_eq!(
        dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]).code,
        Some(0)
    );

    let refused = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(
        refused.stderr.contains("would fire the trigger `OnDrop`"),
        "{refused}"
    );
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_parameter_that_the_pipeline_does_not_have_is_refused_before_anything_is_done() {
    let emulator = Emulator::start();
    let folder = solution(&COPY.replace("file:", "fil:"));
    assert_eq!(
        dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]).code,
        Some(0)
    );

    let refused = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(refused.stderr.contains("no parameter `fil`"), "{refused}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    assert_eq!(smoked(&emulator, folder.path()), Vec::<Value>::new());
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: long, input: canary.txt, limits: { time: 2s } }");

    let late = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(late.code, Some(1), "{late}");
    assert!(
        late.stdout
            .contains("it took longer than 2s, and was cancelled"),
        "{late}"
    );
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn too_many_activities_end_the_run() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: long, limits: { activityRuns: 0 } }");

    let dear = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(dear.code, Some(1), "{dear}");
    assert!(
        dear.stdout.contains("few activities run   1 ran, 0 may"),
        "{dear}"
    );
    assert!(
        dear.stdout
            .contains("was cancelled, because it passed a limit of `smoke.limits`"),
        "{dear}"
    );
}

#[tokio::test]
async fn an_interrupted_test_cancels_its_run_and_removes_what_it_made() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: long, input: canary.txt }");
    assert_eq!(
        dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]).code,
        Some(0)
    );
    let program = Program::dataops(["smoke"])
        .within(folder.path())
        .at(&emulator)
        .start();
    program.until_stderr_has("linger");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(
        ended
            .stdout
            .contains("was cancelled, because the smoke test was interrupted"),
        "{ended}"
    );
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    let smoked = smoked(&emulator, folder.path());
    assert!(smoked[0].to_string().contains("\"error\""), "{smoked:?}");
    assert!(
        smoked[0].to_string().contains("\"interrupted\":true"),
        "{smoked:?}"
    );
    let runs = dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]);
    assert_eq!(runs.code, Some(0), "{runs}");
}

/// A contract of the data that `copy` writes into a container: `target` is one of `values`.
fn contract(folder: &Path, container: &str, values: &str) {
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: copied\nversion: 1.0.0\nstatus: active\n\
        servers:\n  - {{ server: storage, type: azure, location: 'az://{{object}}/${{RUN_ID}}/*.txt', format: csv }}\n\
        schema:\n  - name: {container}\n    logicalType: object\n    properties:\n\
        \x20     - {{ name: id, logicalType: integer, required: true, unique: true }}\n\
        \x20     - name: target\n        logicalType: integer\n        quality:\n\
        \x20         - {{ metric: invalidValues, arguments: {{ validValues: {values} }}, mustBe: 0 }}\n"
    );
    write(folder, "contracts/copied.odcs.yaml", &text);
}

const WITH_CONTRACT: &str = "{ pipeline: copy, input: canary.txt, contract: contracts/copied.odcs.yaml, parameters: { folder: '{folder}', file: '{file}' } }";

#[tokio::test]
async fn what_was_written_is_held_against_the_contract_and_removed() {
    let emulator = Emulator::start();
    let folder = solution(WITH_CONTRACT);
    contract(folder.path(), "archive", "[0, 1]");

    let deployed = dataops(&emulator, folder.path(), &["deploy"]);
    contract(folder.path(), "archive", "[0]");
    let broken = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert!(
        deployed.stdout.contains("the contract copied"),
        "{deployed}"
    );
    assert!(deployed.stdout.contains("checks hold"), "{deployed}");
    assert_eq!(broken.code, Some(1), "{broken}");
    assert!(broken.stdout.contains("copied 1.0.0: "), "{broken}");
    assert!(broken.stdout.contains("do not hold"), "{broken}");
    assert!(broken.stdout.contains("it does not hold"), "{broken}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    let recorded = smoked(&emulator, folder.path());
    assert_eq!(recorded.len(), 2, "{recorded:?}");
    assert!(
        recorded[1].to_string().contains("copied 1.0.0: "),
        "{recorded:?}"
    );
}

#[tokio::test]
async fn data_that_are_not_there_break_the_contract() {
    let emulator = Emulator::start();
    let folder = solution(WITH_CONTRACT);
    contract(folder.path(), "training", "[0, 1]");

    let smoked = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(smoked.code, Some(1), "{smoked}");
    assert!(smoked.stdout.contains("the contract copied"), "{smoked}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
}

#[test]
fn a_contract_in_a_bundle_is_held_without_its_folder() {
    let emulator = Emulator::start();
    let folder = solution(WITH_CONTRACT);
    contract(folder.path(), "archive", "[0, 1]");
    let bundle = tempfile::tempdir().unwrap();
    let bundle = bundle.path().join("bundle");
    let bundle = bundle.to_str().unwrap();
    let built = dataops(&emulator, folder.path(), &["build", "--out", bundle]);
    std::fs::remove_file(folder.path().join("contracts/copied.odcs.yaml")).unwrap();

    let deployed = dataops(&emulator, folder.path(), &["deploy", "--bundle", bundle]);

    assert_eq!(
        (built.code, deployed.code),
        (Some(0), Some(0)),
        "{built}{deployed}"
    );
    assert!(
        deployed.stdout.contains("the contract copied"),
        "{deployed}"
    );
}

#[test]
fn what_cannot_be_tested_is_refused_by_name() {
    let emulator = Emulator::start();
    let none = small().0;
    let unread = solution("{ pipeline: greet, contract: contracts/c.yaml }");
    write(unread.path(), "contracts/c.yaml", "kind: [DataContract\n");
    let absent = solution("{ pipeline: greet, contract: contracts/c.yaml }");

    let without = dataops(&emulator, none.path(), &["smoke"]);
    let unread = dataops(&emulator, unread.path(), &["smoke"]);
    let absent = dataops(&emulator, absent.path(), &["smoke"]);

    assert_eq!(
        (without.code, unread.code, absent.code),
        (Some(2), Some(2), Some(2)),
        "{without}{unread}{absent}"
    );
    assert!(
        without
            .stderr
            .contains("environment `local` has no `smoke`"),
        "{without}"
    );
    assert!(
        unread.stderr.contains("the contract is no YAML"),
        "{unread}"
    );
    assert!(absent.stderr.contains("c.yaml cannot be read"), "{absent}");
}

#[test]
fn input_that_is_not_there_is_wrong_usage_and_says_nothing_of_what_is_deployed() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: copy, input: nowhere.txt }");

    let missing = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(missing.code, Some(2), "{missing}");
    assert!(missing.stderr.contains("`smoke.input`: "), "{missing}");
    assert!(missing.stderr.contains("nowhere.txt"), "{missing}");
    assert_eq!(smoked(&emulator, folder.path()), Vec::<Value>::new());
}
