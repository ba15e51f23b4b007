//! The main job: a dropped file starts the pipeline, a notebook prepares the data, a model is trained, the result is tested.

use std::path::Path;

use azure_core::time::{Duration, OffsetDateTime};
use dataops_core::ingestion::{IngestionTest, Input, only_csv};
use dataops_core::run::{RunOptions, RunReport, Runs};
use dataops_solution::Solution;
use integration_tests::{Emulator, LIMIT, Program, Python, eventually, example, write};

const PACKAGES: [&str; 3] = ["pandas", "sklearn", "joblib"];
const OPTIONS: RunOptions = RunOptions {
    timeout: LIMIT,
    cancel_on_timeout: false,
};
const PIPELINE: &str = "data-ingestion-pipeline";

fn generate(python: &Python, solution: &Solution, rows: u32) -> std::path::PathBuf {
    let file = solution.root.join("claims.csv");
    let script = solution.path(Path::new("data/generate.py"));
    let ended = Program::new(python.path())
        .args([
            script.as_os_str(),
            "--rows".as_ref(),
            rows.to_string().as_ref(),
            "--seed".as_ref(),
            "7".as_ref(),
            "--out".as_ref(),
            file.as_os_str(),
        ])
        .run();
    assert_eq!(ended.code, Some(0), "{ended}");
    file
}

/// The run that a file starts, at its end.
async fn dropped(emulator: &Emulator, solution: &Solution, file: &Path) -> RunReport {
    let connection = emulator.connection(solution);
    let since = OffsetDateTime::now_utc() - Duration::seconds(1);
    connection
        .storage()
        .unwrap()
        .upload(file, "input", "drivers/claims.csv")
        .await
        .unwrap();
    let runs = Runs::new(&connection).unwrap();
    let run_id = eventually("the triggered run", || async {
        runs.newest_since(PIPELINE, since).await.unwrap()
    })
    .await;
    runs.watch(&run_id, OPTIONS, |_| {}).await.unwrap()
}

#[tokio::test]
async fn a_dropped_file_is_prepared_trained_on_and_tested() {
    let Some(python) = Python::for_test(
        "a_dropped_file_is_prepared_trained_on_and_tested",
        &PACKAGES,
    ) else {
        return;
    };
    let (folder, solution) = example();
    let emulator = Emulator::start_with_python(python.path());
    let deployed = emulator.deploy(&solution).await;
    assert_eq!(deployed.triggers, ["OnDataDrop"]);
    let file = generate(&python, &solution, 4000);

    let run = dropped(&emulator, &solution, &file).await;

    assert_eq!(run.status, "Succeeded", "{run:#?}\n{}", emulator.so_far());
    assert_eq!(run.invoked_by, "OnDataDrop");
    let did: Vec<_> = run
        .activities
        .iter()
        .map(|activity| (activity.name.as_str(), activity.status.as_str()))
        .collect();
    assert_eq!(
        did,
        [
            ("set-data-file-name", "Succeeded"),
            ("data-prepare", "Succeeded"),
            ("train-model", "Succeeded"),
        ]
    );
    let test = IngestionTest {
        training: "training".to_owned(),
        testing: "testing".to_owned(),
        run_id: run.run_id.clone(),
        input: Input::Blob {
            container: "input".to_owned(),
            blob: "drivers/claims.csv".to_owned(),
        },
        counting: only_csv,
    };
    let report = test
        .run(&emulator.connection(&solution).storage().unwrap())
        .await
        .unwrap();
    assert!(report.holds(), "{report:#?}");
    assert_eq!(
        (report.input_rows, report.written_rows()),
        (Some(4000), Some(4000))
    );

    let tested = Program::dataops(["test", "--run-id", &run.run_id])
        .within(folder.path())
        .at(&emulator)
        .run();
    assert_eq!(tested.code, Some(0), "{tested}");
    assert!(
        tested.stdout.contains("4,000 read, 4,000 written"),
        "{tested}"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_prepared_fails_the_run_with_the_reason() {
    let Some(python) = Python::for_test(
        "a_file_that_cannot_be_prepared_fails_the_run_with_the_reason",
        &PACKAGES,
    ) else {
        return;
    };
    let (folder, solution) = example();
    let emulator = Emulator::start_with_python(python.path());
    emulator.deploy(&solution).await;
    write(folder.path(), "claims.csv", "id,age\n1,40\n2,50\n");

    let run = dropped(&emulator, &solution, &folder.path().join("claims.csv")).await;

    assert_eq!(run.status, "Failed");
    let of = |name: &str| {
        run.activities
            .iter()
            .find(|activity| activity.name == name)
            .unwrap()
    };
    let reason = of("data-prepare").error.clone().unwrap().message;
    assert!(reason.contains("target"), "{reason}");
    assert!(
        run.activities
            .iter()
            .all(|activity| activity.name != "train-model"),
        "a skipped activity has no run"
    );
    let reported = of("report-unprepared-data").error.clone().unwrap();
    assert_eq!(reported.code, "DataPreparationFailed");
    assert!(
        reported
            .message
            .contains("drivers/claims.csv could not be prepared"),
        "{}",
        reported.message
    );
}

#[tokio::test]
async fn a_file_is_archived_without_being_ingested() {
    let (folder, solution) = example();
    let emulator = Emulator::start();
    let connection = emulator.connection(&solution);
    emulator.deploy(&solution).await;
    write(folder.path(), "smoke.csv", "id,target\n1,0\n");
    connection
        .storage()
        .unwrap()
        .upload(&folder.path().join("smoke.csv"), "input", "smoke.csv")
        .await
        .unwrap();

    let ended = Program::dataops([
        "run",
        "--pipeline",
        "ingest-and-archive",
        "-p",
        "fileName=smoke.csv",
        "-p",
        "ingest=false",
        "--output",
        "json",
    ])
    .within(folder.path())
    .at(&emulator)
    .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let run: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let archived = connection
        .storage()
        .unwrap()
        .list("archive", run["runId"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(
        archived.iter().map(|blob| blob.bytes).collect::<Vec<_>>(),
        [14],
        "{archived:?}"
    );
}

#[test]
fn the_demo_shows_everything_and_leaves_a_report() {
    let Some(python) = Python::for_test("the_demo_shows_everything_and_leaves_a_report", &PACKAGES)
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();

    let ended = Program::dataops(["demo", "--rows", "3000"])
        .within(folder.path())
        .env("DATAOPS_PYTHON", python.path())
        .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    for text in [
        "OnDataDrop",
        "data-prepare",
        "train-model",
        "3,000 read, 3,000 written",
    ] {
        assert!(ended.stdout.contains(text), "no `{text}`\n{ended}");
    }
    let report = folder.path().join(".dataops/demo/report.html");
    assert!(ended.stdout.contains("report.html"), "{ended}");
    let page = std::fs::read_to_string(report).unwrap();
    assert!(
        page.contains("<svg") && page.contains("train-model"),
        "{page}"
    );
}

#[test]
fn the_demo_takes_a_file_of_the_user() {
    let Some(python) = Python::for_test("the_demo_takes_a_file_of_the_user", &PACKAGES) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..400)
        .map(|row| format!("{row},{},{}\n", row % 7, u8::from(row % 9 == 0)))
        .collect();
    write(
        folder.path(),
        "mine.csv",
        &format!("key,Some Number,Target\n{rows}"),
    );
    write(folder.path(), "other.csv", "key,number\n1,2\n");
    let demo = |file: &str| {
        let program = Program::dataops(["demo", "--input", file]).within(folder.path());
        program.env("DATAOPS_PYTHON", python.path()).run()
    };

    let mine = demo("mine.csv");
    let other = demo("other.csv");
    let none = demo("none.csv");

    assert_eq!(mine.code, Some(0), "{mine}");
    assert!(mine.stdout.contains("400 read, 400 written"), "{mine}");
    assert_eq!([other.code, none.code], [Some(2); 2], "{other}\n{none}");
    assert!(
        other.stderr.contains("there is no column `target`")
            && other.stderr.contains("key, number"),
        "{other}"
    );
    assert!(none.stderr.contains("none.csv"), "{none}");
}
