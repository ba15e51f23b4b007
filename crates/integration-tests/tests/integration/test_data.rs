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
async fn rows_are_counted_in_every_format_that_contracts_read() {
    let lines = "{\"id\":1,\"target\":0}\n{\"id\":2}\n";
    let data = data(&[
        ("input", "claims.tsv", "id\ttarget\n1\t0\n2\t1\n3\t0\n"),
        ("training", "r1/_SUCCESS", ""),
        ("training", "r1/part/train.jsonl", lines),
        ("testing", "r1/test.json", "[{\"id\":3,\"target\":0}]"),
    ])
    .await;

    let whole = data.test(&[&NOTEBOOK[..3], &["--input=input/claims.tsv"]].concat());
    data.put("testing", "r1/test.json", "[]").await;
    let lost = data.test(&[&NOTEBOOK[..3], &["--input=input/claims.tsv"]].concat());
    data.put("training", "r1/part/train.parquet", "PAR1").await;
    let broken = data.test(&NOTEBOOK[..3]);

    assert_eq!(whole.code, Some(0), "{whole}");
    assert!(whole.stdout.contains("3 read, 3 written"), "{whole}");
    assert_eq!(lost.code, Some(1), "{lost}");
    assert!(lost.stdout.contains("3 read, 2 written"), "{lost}");
    assert_eq!(broken.code, Some(1), "{broken}");
    assert!(
        broken.stdout.contains("training/r1/part/train.parquet:"),
        "{broken}"
    );
}

#[tokio::test]
async fn files_that_nobody_can_count_are_looked_at_all_the_same() {
    let blobs = [
        SPLIT[0],
        ("training", "r1/train", "some bytes"),
        ("testing", "r1/test.avro", "some more"),
    ];
    let data = data(&blobs).await;

    let some = data.test(&NOTEBOOK);
    let machine = data.test(&[&NOTEBOOK[..], &["--output", "json"]].concat());
    data.put("testing", "r1/test.avro", "").await;
    let none = data.test(&NOTEBOOK);

    assert_eq!(some.code, Some(0), "{some}");
    for text in [
        "10 bytes; rows not counted",
        "training/r1/train is of a format that is not known here",
        "3 read; rows written not counted",
        "it holds",
    ] {
        assert!(some.stdout.contains(text), "no `{text}`\n{some}");
    }
    let report: Value = serde_json::from_str(&machine.stdout).unwrap();
    assert_eq!(report["trainingRows"], Value::Null);
    let sum = report["checks"].as_array().unwrap().last().unwrap();
    assert_eq!(sum["outcome"], "skipped");
    assert_eq!(none.code, Some(1), "{none}");
    assert!(none.stdout.contains("0 bytes; rows not counted"), "{none}");
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
