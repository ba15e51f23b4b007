//! `test-data-ingestion` in place of `test-data-ingestion.py`.

use dataops_core::connection::Storage;
use integration_tests::{Emulator, Ended, Program, small};
use serde_json::Value;

struct Data {
    emulator: Emulator,
    storage: Storage,
    folder: tempfile::TempDir,
}

const SPLIT: [(&str, &str, &str); 3] = [
    ("input", "claims.csv", "id,target\n1,0\n2,\"a\nb\"\n3,0\n"),
    ("training", "r1/train.csv", "id,target\n1,0\n2,\"a\nb\"\n"),
    ("testing", "r1/test.csv", "id,target\n3,0\n"),
];

async fn data(blobs: &[(&str, &str, &str)]) -> Data {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    let storage = emulator.connection(&solution).storage().unwrap();
    for container in ["input", "training", "testing"] {
        storage.ensure_container(container).await.unwrap();
    }
    let data = Data {
        emulator,
        storage,
        folder,
    };
    for (container, blob, content) in blobs {
        data.put(container, blob, content).await;
    }
    data
}

impl Data {
    async fn put(&self, container: &str, blob: &str, content: &str) {
        let file = self.folder.path().join("upload");
        std::fs::write(&file, content).unwrap();
        self.storage.upload(&file, container, blob).await.unwrap();
    }

    fn test(&self, args: &[&str]) -> Ended {
        Program::test_data_ingestion(args).at(&self.emulator).run()
    }
}

const NOTEBOOK: [&str; 4] = [
    "training_mount_point_name=/mnt/training",
    "testing_mount_point_name=/mnt/testing",
    "run_id=r1",
    "--input=input/claims.csv",
];

#[tokio::test]
async fn data_that_add_up_hold() {
    let data = data(&SPLIT).await;

    let people = data.test(&NOTEBOOK);
    let machine = data.test(&[&NOTEBOOK[..], &["--output", "json"]].concat());

    assert_eq!(people.code, Some(0), "{people}");
    assert!(
        people.stdout.contains("it holds") && people.stdout.contains("3 read, 3 written"),
        "{people}"
    );
    let report: Value = serde_json::from_str(&machine.stdout).unwrap();
    assert_eq!(
        (
            &report["inputRows"],
            &report["trainingRows"],
            &report["testingRows"]
        ),
        (&3.into(), &2.into(), &1.into())
    );
    assert!(
        report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["outcome"] == "passed"),
        "{report}"
    );
}

#[tokio::test]
async fn rows_that_are_lost_do_not_hold() {
    let data = data(&SPLIT).await;
    data.put("testing", "r1/test.csv", "id,target\n").await;

    let ended = data.test(&NOTEBOOK);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stdout.contains("3 read, 2 written") && ended.stdout.contains("it does not hold"),
        "{ended}"
    );
}

#[tokio::test]
async fn the_data_of_another_run_do_not_count() {
    let data = data(&SPLIT).await;

    let ended = data.test(&[
        "training_mount_point_name=/mnt/training",
        "testing_mount_point_name=/mnt/testing",
        "run_id=r",
    ]);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stdout.contains("training/r/ has no data files"),
        "{ended}"
    );
}

#[tokio::test]
async fn data_that_are_no_csv_are_named() {
    let data = data(&SPLIT).await;
    data.put("training", "r1/train.csv", "id,target\n1,0\n2,0,3\n")
        .await;

    let ended = data.test(&NOTEBOOK);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("training/r1/train.csv"), "{ended}");
}

#[tokio::test]
async fn a_container_that_is_not_there_is_a_finding() {
    let data = data(&SPLIT).await;

    let ended = data.test(&[
        "--training-mount-point-name",
        "/mnt/none",
        "--testing-mount-point-name",
        "/mnt/testing",
        "--run-id",
        "r1",
    ]);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stdout.contains("there is no container `none`"),
        "{ended}"
    );
}

#[test]
fn an_account_that_is_not_named_is_a_matter_of_usage() {
    let ended = Program::test_data_ingestion(&NOTEBOOK[..3]).run();

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(
        ended.stderr.contains("the storage account is not known")
            && ended.stderr.contains("AZURE_STORAGE_ACCOUNT"),
        "{ended}"
    );
}
