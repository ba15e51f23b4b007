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
    let error = CONTRACT.replace(
        "    properties",
        "    quality: [{ id: broken, type: sql, query: SELECT nope FROM a, mustBe: 1 }]\n    properties",
    );
    let nothing = CONTRACT.split("schema").next().unwrap();
    for (contract, args) in [
        (
            error.as_str(),
            &["--quality-id", "broken", "--fail-on", "never"][..],
        ),
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

#[test]
fn a_rule_in_sql_that_fails_on_a_classified_value_does_not_show_it() {
    let rule = "    quality: [{ id: sum, type: sql, query: SELECT SUM(CAST(x AS BIGINT)) FROM a, mustBe: 1 }]\n    properties";
    let contract = CONTRACT.replace("    properties", rule).replace(
        "logicalType: integer, unique: true, logicalTypeOptions: { minimum: 0 }",
        "logicalType: string, classification: restricted",
    );
    let environment = of(&contract).file("a.csv", "x\n[AB_123456]\n");

    let ended = run(
        &environment,
        &[
            "--quality-id",
            "sum",
            "--report",
            "r.json",
            "--report",
            "r.md",
        ],
    );

    assert_ne!(ended.code, Some(0), "{ended}");
    let reports =
        ["r.json", "r.md"].map(|file| fs::read_to_string(environment.path(file)).unwrap());
    assert!(reports[0].contains("it fails on a value"), "{ended}");
    for text in reports.iter().chain([&ended.stdout, &ended.stderr]) {
        assert!(!text.contains("AB_123456"), "{text}");
    }
}

#[test]
fn a_rule_in_sql_on_a_damaged_file_is_not_said_to_fail_on_a_value() {
    let rule = "    quality: [{ id: sum, type: sql, query: SELECT SUM(x) FROM a, mustBe: 1 }]\n    properties";
    let contract = CONTRACT
        .replace("    properties", rule)
        .replace("logicalType:", "classification: restricted, logicalType:")
        .replace("a.csv", "a.csv.gz");
    // A block that says that it has 16 bytes, and ends after six of them.
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let block = [&[1, 16, 0, 0xef, 0xff], b"x\n1\n2\n".as_slice()].concat();
    let environment = of(&contract).file("a.csv.gz", [&header[..], &block].concat());

    let ended = run(&environment, &["--quality-id", "sum"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(!ended.stdout.contains("fails on a value"), "{ended}");
    assert!(
        ended.stdout.contains("the data of a table cannot be read"),
        "{ended}"
    );
}

#[test]
fn a_classified_value_is_not_shown_under_a_name_that_a_query_gives_it() {
    let query = "SELECT MAX(y) FROM (SELECT * FROM a) AS t(y)";
    let rule = format!(
        "    quality: [{{ id: most, type: sql, query: '{query}', mustBe: 1 }}]\n    properties"
    );
    let contract = CONTRACT.replace("    properties", &rule).replace(
        "logicalType: integer, unique: true, logicalTypeOptions: { minimum: 0 }",
        "logicalType: string, classification: restricted",
    );
    let environment = of(&contract).file("a.csv", "x\nSECRET\n");

    let ended = run(
        &environment,
        &["--quality-id", "most", "--report", "r.json"],
    );

    assert_eq!(ended.code, Some(1), "{ended}");
    let report = fs::read_to_string(environment.path("r.json")).unwrap();
    for text in [&report, &ended.stdout, &ended.stderr] {
        assert!(!text.contains("SECRET"), "{text}");
    }
}
