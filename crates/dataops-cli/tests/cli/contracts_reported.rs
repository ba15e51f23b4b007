//! What becomes of the report of contracts: that it is written, and never says more than was decided.

use std::fs;

use crate::environment::{Ended, Program, TestEnvironment};

const CONTRACT: &str = "\
apiVersion: v3.1.0
kind: DataContract
id: c
version: 1.0.0
status: active
servers:
  - { server: here, type: local, path: a.csv, format: csv }
schema:
  - name: a
    properties:
      - { name: x, logicalType: integer, unique: true, logicalTypeOptions: { minimum: 0 } }
";

fn run(environment: &TestEnvironment, args: &[&str]) -> Ended {
    let first: &[&str] = &["--contract", "c.yaml"];
    environment.run(Program::TestData, &[first, args].concat())
}

fn of(contract: &str) -> TestEnvironment {
    TestEnvironment::new()
        .file("c.yaml", contract)
        .file("a.csv", "x\n1\n2\n")
}

#[test]
fn folders_of_reports_are_made() {
    let environment = of(CONTRACT);

    let ended = run(&environment, &["--report", "out/deep/r.json"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let text = fs::read_to_string(environment.path("out/deep/r.json")).unwrap();
    assert!(text.contains("a.x.unique"), "{text}");
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_is_measured() {
    let environment = of(CONTRACT).file("taken", "").file("there.html/x", "");
    for report in ["taken/r.html", "there.html"] {
        let ended = run(&environment, &["--report", "ok.json", "--report", report]);
        ended
            .refused(2)
            .says(&format!("the report {report} cannot be written"))
            .says("nothing was measured");
        assert!(!environment.path("ok.json").exists());
    }
}

#[test]
fn nothing_that_is_undecided_is_said_to_hold() {
    let only_metadata = ["--metadata-only", "--dimension", "uniqueness"];
    let words = CONTRACT.replace(
        "    properties",
        "    quality: [{ type: text, description: It is new }]\n    properties",
    );
    let words = words.replace(", unique: true, logicalTypeOptions: { minimum: 0 }", "");
    let nothing = CONTRACT.split("schema").next().unwrap();
    for (contract, args) in [
        (CONTRACT, &only_metadata[..]),
        (words.as_str(), &["--quality-id", "a.text"]),
        (nothing, &[]),
    ] {
        let environment = of(contract);
        let reports = [
            "--report", "r.html", "--report", "r.md", "--report", "r.xml",
        ];
        let ended = run(&environment, &[args, &reports].concat());
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(
            ended.stdout.contains("; nothing was decided of c"),
            "{ended}"
        );
        let page = fs::read_to_string(environment.path("r.html")).unwrap();
        assert!(page.contains(">Not decided<"), "{page}");
        let comment = fs::read_to_string(environment.path("r.md")).unwrap();
        assert!(comment.starts_with("### ⚠️"), "{comment}");
    }
}

#[test]
fn what_is_not_executable_fails_where_it_is_to() {
    let environment = of(CONTRACT);
    let args = ["--metadata-only", "--report", "r.xml"];

    let ended = run(
        &environment,
        &[&args[..], &["--fail-on", "not-executable"]].concat(),
    );

    assert_eq!(ended.code, Some(1), "{ended}");
    let report = fs::read_to_string(environment.path("r.xml")).unwrap();
    assert!(
        report.contains("<failure") && !report.contains("<skipped"),
        "{report}"
    );
    assert_eq!(run(&environment, &args).code, Some(0));
}

#[test]
fn a_check_of_no_object_is_in_every_form() {
    let environment = of(CONTRACT.split("schema").next().unwrap());
    let reports = ["r.html", "r.md", "r.xml"];
    let args: Vec<_> = reports.iter().flat_map(|file| ["--report", file]).collect();

    let ended = run(&environment, &args);

    let told = "the contract says what is checked";
    assert!(ended.stdout.contains(told), "{ended}");
    for report in reports {
        let text = fs::read_to_string(environment.path(report)).unwrap();
        assert!(text.contains(told), "{report}: {text}");
    }
}

#[test]
fn what_nobody_has_read_is_not_nothing() {
    let environment = of(CONTRACT);
    let unread = run(
        &environment,
        &[
            "--metadata-only",
            "--report",
            "r.html",
            "--report",
            "r.json",
        ],
    );
    assert!(!unread.stdout.contains("0 rows"), "{unread}");
    let page = fs::read_to_string(environment.path("r.html")).unwrap();
    assert!(!page.contains("0 of 0"), "{page}");
    let document: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(environment.path("r.json")).unwrap()).unwrap();
    assert!(document["contracts"][0]["objects"][0]["rows"].is_null());

    let broken = run(
        &of(&CONTRACT.replace("format: csv", "format: parquet")),
        &[],
    );
    assert!(!broken.stdout.contains("0 rows"), "{broken}");
}
