//! What machines read of a contract that was held against data.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contracts::CONTRACT;
use crate::environment::{Program, TestEnvironment};
use crate::reference::root;

const DATA: &str = "id,target,email\n1,0,a@example.test\n1,1,b\nx,1,c@example.test\n";

fn report(args: &[&str]) -> String {
    let environment = TestEnvironment::new()
        .file("claims.yaml", CONTRACT)
        .file("claims.csv", DATA);
    let args = [&["--contract", "claims.yaml"], args].concat();
    environment.run(Program::TestData, &args).stdout
}

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn each_field_of_the_json_is_documented() {
    let document: Value =
        serde_json::from_str(&report(&["--format", "json", "--samples", "2"])).unwrap();
    let path = root().join("docs/src/reference/contract-checks.md");
    let page = std::fs::read_to_string(path).unwrap();
    let section = page.split("## The report as JSON").nth(1).unwrap();

    let mut found = BTreeSet::new();
    keys(&document, &mut found);
    let told = |key: &&String| {
        let forms = [
            format!("`{key}`"),
            format!("`{key}[]`"),
            format!(".{key}[]`"),
        ];
        forms.iter().any(|form| section.contains(form))
    };
    let untold: Vec<_> = found.iter().filter(|key| !told(key)).collect();
    assert!(untold.is_empty(), "{untold:?}");
    assert_eq!(document["outcome"], "fails");
    let failed = document["checks"]["failed"].as_u64().unwrap();
    assert!(failed >= 2, "{document}");
}

#[test]
fn tests_of_an_object_stand_together_and_are_told_apart() {
    let report = report(&["--format", "junit"]);
    let cases: Vec<_> = report
        .lines()
        .filter(|line| line.contains("<testcase "))
        .collect();
    let names: BTreeSet<_> = cases
        .iter()
        .filter_map(|case| case.split("name=\"").nth(1)?.split('"').next())
        .collect();

    assert!(!cases.is_empty());
    assert_eq!(names.len(), cases.len(), "{report}");
    for case in &cases {
        assert!(case.contains("classname=\"claims.claims\""), "{case}");
    }
    assert!(report.contains("timestamp=\""), "{report}");
}

#[test]
fn many_rows_that_break_a_check_leave_a_comment_short() {
    let rows = "1,0,x\n".repeat(3_000);
    let environment = TestEnvironment::new()
        .file("claims.yaml", CONTRACT)
        .file("claims.csv", format!("id,target,email\n{rows}"));
    let args = [
        "--contract",
        "claims.yaml",
        "--format",
        "markdown",
        "--samples",
        "1000",
    ];
    let ended = environment.run(Program::TestData, &args);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.len() < 65_536, "{}", ended.stdout.len());
    assert!(ended.stdout.contains("<br>and 988 more"), "{ended}");
}
