//! Files that go into containers, and the test of those that come out.

use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TestEnvironment, shows};

const XML: &str = "application/xml";

/// The list of blobs in a container, and the blobs.
async fn listed(service: &Service, container: &str, blobs: &[(&str, &str)]) {
    let entries = blobs.iter().map(|(blob, content)| {
        format!(
            "<Blob><Name>{blob}</Name><Properties>\
             <Last-Modified>Fri, 02 Jan 2026 03:04:05 GMT</Last-Modified><Etag>\"1\"</Etag><Content-Length>{}</Content-Length>\
             <BlobType>BlockBlob</BlobType></Properties></Blob>",
            content.len()
        )
    });
    let list = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>{}</Blobs><NextMarker/></EnumerationResults>",
        entries.collect::<String>()
    );
    let path = format!("/devstoreaccount1/{container}");
    service
        .on("GET", &path)
        .query("comp", "list")
        .reply(Reply::bytes(200, XML, list))
        .await;
    for (blob, content) in blobs {
        stored(service, container, blob, content).await;
    }
}

async fn stored(service: &Service, container: &str, blob: &str, content: &str) {
    let length = content.len();
    let body = Reply::bytes(206, "text/csv", content)
        .header("etag", "\"1\"")
        .header(
            "content-range",
            &format!("bytes 0-{}/{length}", length.saturating_sub(1)),
        )
        .header("x-ms-blob-type", "BlockBlob");
    service
        .on(
            "GET",
            &format!("/devstoreaccount1/{container}/{}", blob.replace('/', "%2F")),
        )
        .reply(body)
        .await;
}

/// A run `r1` that wrote two rows for training and one for testing.
async fn written() -> Service {
    written_with(&[]).await
}

/// The same, with other files beside that for training.
async fn written_with(others: &[(&str, &str)]) -> Service {
    let service = Service::start().await;
    let training = [&[("r1/train.csv", "a,b\n1,2\n3,4\n")], others].concat();
    listed(&service, "training", &training).await;
    listed(&service, "testing", &[("r1/test.csv", "a,b\n5,6\n")]).await;
    service
}

fn test(service: &Service, further: &[&str]) -> Ended {
    let args = [
        "training_mount_point_name=/mnt/training",
        "testing_mount_point_name=/mnt/testing",
        "adf_run_id=r1",
    ];
    TestEnvironment::at(service).run(Program::TestData, &[&args, further].concat())
}

#[tokio::test]
async fn data_that_add_up_hold() {
    let service = written().await;
    stored(&service, "input", "in.csv", "a,b\n1,2\n3,4\n5,6\n").await;

    shows!(test(&service, &["--input", "input/in.csv"]), @"
    exit: 0
    ----- stdout
         check                                             found
    ─────────────────────────────────────────────────────────────────────────
     ✔   training folder exists                            1 file, 12 bytes
     ✔   training data are readable                        2 columns
     ✔   training data are not empty                       2 rows
     ✔   testing folder exists                             1 file, 8 bytes
     ✔   testing data are readable                         2 columns
     ✔   testing data are not empty                        1 row
     ✔   training and testing data have the same columns   2 columns
     ✔   training and testing rows add up to the input     3 read, 3 written
    run r1: it holds
    ----- stderr
    A data contract would also check columns and their types, required and unique values, ranges and value sets, leakage between training and testing data, and drift: `dataops contract init FILE` writes a first one, `--contract FILE` checks it.
    ");
}

#[tokio::test]
async fn the_parameters_of_the_notebook_are_enough() {
    let service = written().await;

    let ended = test(&service, &[]);

    shows!(ended, @"
    exit: 0
    ----- stdout
         check                                             found
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     ✔   training folder exists                            1 file, 12 bytes
     ✔   training data are readable                        2 columns
     ✔   training data are not empty                       2 rows
     ✔   testing folder exists                             1 file, 8 bytes
     ✔   testing data are readable                         2 columns
     ✔   testing data are not empty                        1 row
     ✔   training and testing data have the same columns   2 columns
     –   training and testing rows add up to the input     the input is not known; name it by --input CONTAINER/BLOB
    run r1: it holds
    ----- stderr
    A data contract would also check columns and their types, required and unique values, ranges and value sets, leakage between training and testing data, and drift: `dataops contract init FILE` writes a first one, `--contract FILE` checks it.
    ");
}

#[test]
fn a_run_that_nobody_names_can_be_named_in_three_ways() {
    let ended = TestEnvironment::new().run(
        Program::TestData,
        &[
            "training_mount_point_name=/mnt/a",
            "testing_mount_point_name=/mnt/b",
        ],
    );

    let ended = ended.refused(2);
    for text in [
        "nobody says which run is tested",
        "--run-id",
        "ADFPIPELINE_RUNID",
    ] {
        ended.says(text);
    }
}

#[tokio::test]
async fn rows_that_are_lost_are_found() {
    let service = written().await;
    stored(&service, "input", "in.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n").await;

    let ended = test(&service, &["--input", "input/in.csv", "--output", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let report = ended.json();
    assert_eq!(
        (
            &report["inputRows"],
            &report["trainingRows"],
            &report["testingRows"]
        ),
        (&4.into(), &2.into(), &1.into())
    );
    let last = report["checks"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["outcome"], &last["found"]),
        (&"failed".into(), &"4 read, 3 written".into())
    );
}

#[tokio::test]
async fn a_file_with_other_columns_than_the_first_is_found() {
    let service = written_with(&[("r1/unlike.csv", "x,b\n1,2\n")]).await;

    let ended = test(&service, &[]);

    assert_eq!(ended.code, Some(1), "{ended}");
    ended.says("training files have the same columns");
    ended.says("training/r1/unlike.csv has [x] and lacks [a], beside the first file");
}

#[tokio::test]
async fn rows_beside_a_file_that_nobody_knows_do_not_add_up() {
    let service = written_with(&[("r1/x.bin", "\u{1}\u{2}")]).await;
    stored(&service, "input", "in.csv", "a,b\n1,2\n3,4\n5,6\n").await;

    let asked = test(&service, &["--input", "input/in.csv"]);
    let plain = test(&service, &[]);

    assert_eq!(asked.code, Some(1), "{asked}");
    asked.says("nobody knows the format of training/r1/x.bin");
    assert_eq!(plain.code, Some(0), "{plain}");
    plain.says("–   training data are readable");
}

#[tokio::test]
async fn a_failed_check_is_listed_in_ci() {
    let service = written().await;
    stored(&service, "input", "in.csv", "a,b\n").await;
    let environment = TestEnvironment::at(&service)
        .with("TF_BUILD", "True")
        .with("ADFPIPELINE_RUNID", "r1");

    let ended = environment.run(
        Program::TestData,
        &[
            "--training-mount-point-name",
            "/mnt/training",
            "--testing-mount-point-name",
            "/mnt/testing",
            "--input",
            "input/in.csv",
        ],
    );

    assert_eq!(ended.code, Some(1), "{ended}");
    ended.says("##vso[task.logissue type=error]test-data-ingestion: run r1: does not hold: training and testing rows add up to the input (0 read, 3 written)");
}

#[tokio::test]
async fn a_file_is_put_into_the_input_container() {
    let service = Service::start().await;
    let created = Reply::empty(201)
        .header("etag", "\"1\"")
        .header("last-modified", "Fri, 02 Jan 2026 03:04:05 GMT");
    service
        .on("PUT", "/devstoreaccount1/input/claims.csv")
        .times(1)
        .reply(created)
        .await;
    let environment = TestEnvironment::at(&service)
        .file("claims.csv", "a\n1\n")
        .file("dataops.yaml", SETTINGS);

    let ended = environment.run(Program::Dataops, &["drop", "claims.csv", "--env", "qa"]);

    shows!(ended, @r#"
    exit: 0
    ----- stdout
    input/claims.csv: 4 bytes
    ----- stderr
    a trigger may start a run for it; --wait follows that run
    "#);
    assert!(service.log().await.contains("a\n1\n"));
}

const SETTINGS: &str =
    "name: s\nstorage: { input: input }\nenvironments: { qa: { dataFactory: adf } }\n";

#[tokio::test]
async fn what_cannot_be_dropped_is_named_before_anything_is_sent() {
    let service = Service::start().await;
    let environment = TestEnvironment::at(&service)
        .file("dataops.yaml", SETTINGS)
        .file("folder/x", "");
    let drop = |file: &str| environment.run(Program::Dataops, &["drop", file, "--env", "qa"]);

    shows!(drop("claims.csv").refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: claims.csv: No such file or directory (os error 2)
    hint: name a file of this machine, which is put into the input container
    "#);
    drop("folder").refused(2).says("folder is no file");
    assert!(service.requests().await.is_empty());
}

#[tokio::test]
async fn a_container_that_is_not_there_is_named() {
    let service = Service::start().await;
    let none = "<?xml version=\"1.0\"?><Error><Code>ContainerNotFound</Code><Message>none</Message></Error>";
    let missing = Reply::bytes(404, XML, none).header("x-ms-error-code", "ContainerNotFound");
    service
        .on("PUT", "/devstoreaccount1/nowhere/claims.csv")
        .reply(missing)
        .await;
    let environment = TestEnvironment::at(&service)
        .file("dataops.yaml", SETTINGS)
        .file("claims.csv", "a\n1\n");

    let ended = environment.run(
        Program::Dataops,
        &[
            "drop",
            "claims.csv",
            "--env",
            "qa",
            "--container",
            "nowhere",
        ],
    );

    shows!(ended.refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    error: container `nowhere` does not exist in the storage account
    hint: check the storage account, and the names of container and blob
    "#);
}

#[test]
fn a_mount_point_and_an_account_are_needed() {
    let run = |args: &[&str]| TestEnvironment::new().run(Program::TestData, args);
    let mounts = [
        "training_mount_point_name=/mnt/training",
        "testing_mount_point_name=/mnt/testing",
        "run_id=r1",
    ];

    run(&mounts)
        .refused(2)
        .says("the storage account is not known")
        .says("AZURE_STORAGE_ACCOUNT");
    run(&mounts[..1])
        .refused(2)
        .says("--testing-mount-point-name");
    run(&[&mounts[..], &["--input", "x"]].concat())
        .refused(2)
        .says("`x` is not CONTAINER/BLOB");
}

#[tokio::test]
async fn an_empty_run_id_is_wrong_usage_and_no_failed_test() {
    let service = Service::start().await;
    let environment = TestEnvironment::at(&service);

    let ended = environment.run(
        Program::TestData,
        &[
            "training_mount_point_name=/mnt/training",
            "testing_mount_point_name=/mnt/testing",
            "run_id=",
        ],
    );

    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("--run-id"), "{}", ended.stderr);
    assert_eq!(service.log().await, "");
}

#[tokio::test]
async fn a_python_that_does_not_work_is_named_before_anything_is_started() {
    let service = Service::start().await;
    let environment = TestEnvironment::at(&service);

    let ended = environment.run(
        Program::Dataops,
        &["emulator", "--python", "/nowhere/python"],
    );

    ended.refused(2).says("/nowhere/python");
}

#[tokio::test]
async fn the_report_of_folders_alone_has_every_form_too() {
    let service = written().await;
    let environment = TestEnvironment::at(&service);
    let args = [
        "training_mount_point_name=/mnt/training",
        "testing_mount_point_name=/mnt/testing",
        "adf_run_id=r1",
        "--report",
        "out/r.xml",
    ];

    let ended = environment.run(Program::TestData, &args);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("run r1: it holds"), "{ended}");
    let report = std::fs::read_to_string(environment.path("out/r.xml")).unwrap();
    assert!(report.contains("training folder exists"), "{report}");

    let junit = environment.run(
        Program::TestData,
        &[&args[..], &["--format", "junit"]].concat(),
    );
    assert!(junit.stdout.starts_with("<?xml"), "{junit}");
}

#[tokio::test]
async fn what_is_about_contracts_alone_is_refused_without_one() {
    let service = Service::start().await;
    for option in [
        &["--tag", "fast"][..],
        &["--object", "a"],
        &["--samples", "3"],
        &["--metadata-only"],
        &["--server", "x"],
        &["--backend", "here"],
        &["--variable", "A=b"],
    ] {
        test(&service, option)
            .refused(2)
            .says(&format!(
                "{} is about contracts, and there is none",
                option[0]
            ))
            .says("name one by --contract FILE");
    }
    assert!(service.requests().await.is_empty());
}
