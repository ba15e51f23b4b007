//! `test-data-ingestion` in place of `test-data-ingestion.py`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dataops_core::connection::Storage;
use hmac::{Hmac, Mac};
use integration_tests::{Emulator, Ended, Program, small};
use serde_json::Value;
use sha2::Sha256;

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

/// A signature of the emulator's account with these fields beside those of one that reads and lists.
fn signature(emulator: &Emulator, other: &[(&str, &str)]) -> String {
    let usual = [
        ("sp", "rl"),
        ("ss", "b"),
        ("srt", "sco"),
        ("st", ""),
        ("se", "2100-01-01T00:00:00Z"),
        ("sip", ""),
        ("spr", ""),
        ("sv", "2022-11-02"),
        ("ses", ""),
    ];
    let fields = usual.map(|(name, value)| {
        let given = other.iter().find(|(given, _)| *given == name);
        (name, given.map_or(value, |(_, value)| *value))
    });
    let values = fields.map(|(_, value)| value).join("\n");
    let key = STANDARD.decode(&emulator.ready.account_key).unwrap();
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let text = format!("{}\n{values}\n", emulator.ready.account);
    let signed = STANDARD.encode(mac.chain_update(text).finalize().into_bytes());
    let signed = signed
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let fields = fields.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<_> = fields
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{}&sig={signed}", query.join("&"))
}

#[tokio::test]
async fn a_signature_that_is_refused_is_told_by_what_it_says() {
    let data = data(&SPLIT).await;
    let contract = data.folder.path().join("claims.odcs.yaml");
    let location = format!(
        "https://{}.blob.core.windows.net/input/claims.csv",
        data.emulator.ready.account
    );
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nservers:\n\
         - {{server: s, type: azure, location: '{location}', format: csv}}\n\
         schema:\n- name: claims\n  properties: [{{name: id, logicalType: integer}}, {{name: target}}]\n"
    );
    std::fs::write(&contract, text).unwrap();
    let held = |other: &[(&str, &str)]| {
        let token = signature(&data.emulator, other);
        let signed = token.rsplit_once("sig=").unwrap().1.to_owned();
        let ended = Program::test_data_ingestion(["--contract".as_ref(), contract.as_os_str()])
            .at(&data.emulator)
            .env("AZURE_STORAGE_SAS_TOKEN", token)
            .run();
        assert!(!ended.to_string().contains(&signed[..12]), "{ended}");
        ended
    };

    let own = held(&[("spr", "https,http"), ("sip", "127.0.0.0-127.0.0.9")]);
    assert_eq!(own.code, Some(0), "{own}");
    for (other, told) in [
        (("spr", "https"), "is for https alone"),
        (("sip", "10.1.2.3"), "is for the addresses 10.1.2.3 alone"),
        (
            ("ss", "q"),
            "is not for the Blob service (b); its services are `q`",
        ),
        (("srt", "s"), "does not reach containers (c) and blobs (o)"),
        (
            ("sv", "2019-02-02"),
            "does not know the shared access signature",
        ),
    ] {
        let refused = held(&[other]);
        assert_ne!(refused.code, Some(0), "{refused}");
        assert!(refused.to_string().contains(told), "{told}: {refused}");
    }
}
