//! Which checks of which contracts are made, and what of the data is looked at for them.

use crate::environment::{Ended, Program, TestEnvironment};

/// Objects of files `a.csv` and `b.csv`; rules stand in `a`.
const TWO: &str = "\
apiVersion: v3.1.0
kind: DataContract
id: two
version: 1.0.0
status: active
servers:
  - { server: here, type: local, path: '{object}.csv', format: csv }
schema:
  - name: a
    quality:
      - { id: rows, metric: rowCount, mustBeGreaterThan: 0, tags: [fast] }
    properties:
      - { name: x, logicalType: integer, required: true }
  - name: b
    properties:
      - { name: x, logicalType: integer, unique: true }
";

/// Another one of the same data, without the tag.
fn other() -> String {
    TWO.replace("id: two", "id: other").replace("fast", "slow")
}

fn run(environment: &TestEnvironment, args: &[&str]) -> Ended {
    let first: &[&str] = &["--contract", "two.yaml"];
    environment.run(Program::TestData, &[first, args].concat())
}

fn of(two: &str) -> TestEnvironment {
    TestEnvironment::new()
        .file("two.yaml", two)
        .file("other.yaml", other())
        .file("a.csv", "x\n1\n")
        .file("b.csv", "x\n1\n")
}

/// The ids of the checks of each contract.
fn ids(ended: &Ended) -> Vec<Vec<String>> {
    let document = ended.json();
    let contracts = document["contracts"].as_array().unwrap().iter();
    let ids = contracts.map(|contract| {
        let checks = contract["checks"].as_array().unwrap().iter();
        let ids = checks.map(|check| check["id"].as_str().unwrap().to_owned());
        ids.collect()
    });
    ids.collect()
}

#[test]
fn what_one_contract_has_is_made_where_others_lack_it() {
    let environment = of(TWO);
    let both = |further: &[&str]| {
        let args: &[&str] = &["--contract", "other.yaml", "--output", "json"];
        run(&environment, &[args, further].concat())
    };

    let ended = both(&["--tag", "fast"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ids(&ended), [["a.files", "rows"]]);
    ended.says("other.yaml has no check as it is selected, and is left out");

    // Each has one of the two.
    let ended = both(&["--tag", "fast,slow"]);
    assert_eq!(ids(&ended), [["a.files", "rows"], ["a.files", "rows"]]);

    both(&["--tag", "fats"])
        .refused(2)
        .says("two.yaml, other.yaml: there is no check with the tag `fats`; did you mean `fast`?");
}

#[test]
fn what_is_not_there_names_what_is() {
    let environment = of(TWO);
    for (args, told) in [
        (["--tag", "nightly"], "known are `fast`"),
        (
            ["--dimension", "coverage"],
            "known are `completeness`, `conformity`, `uniqueness`",
        ),
        (["--object", "zones"], "known are `a`, `b`"),
    ] {
        run(&environment, &args).refused(2).says(told);
    }
    let none = of(&TWO.replace(", tags: [fast]", ""));
    run(&none, &["--tag", "nightly"])
        .refused(2)
        .says("there is no check with the tag `nightly`; there is none at all");
}

#[test]
fn a_dimension_has_a_short_name_too() {
    let ended = run(&of(TWO), &["--dimension", "uq", "--output", "json"]);
    assert_eq!(ids(&ended), [["b.files", "b.x.unique"]]);
}

#[test]
fn files_of_objects_that_are_not_selected_are_left_alone() {
    let environment = TestEnvironment::new()
        .file("two.yaml", TWO)
        .file("a.csv", "x\n1\n");
    for args in [["--object", "a"], ["--quality-id", "rows"]] {
        let ended = run(&environment, &[&args[..], &["--output", "json"]].concat());
        assert_eq!(ended.code, Some(0), "{ended}");
        let document = ended.json();
        let objects = document["contracts"][0]["objects"].as_array().unwrap();
        assert_eq!(objects.len(), 1, "{ended}");
        assert!(ids(&ended)[0].iter().all(|id| !id.starts_with("b.")));
    }
    assert_eq!(run(&environment, &[]).code, Some(1));
}

#[test]
fn a_query_reads_what_it_names_although_nothing_else_of_it_is_asked() {
    let query =
        "{ id: sum, type: sql, query: 'SELECT a.x + b.x FROM a JOIN b ON a.x = b.x', mustBe: 2 }";
    let two = TWO.replace(
        "    quality:\n",
        &format!("    quality:\n      - {query}\n"),
    );

    let ended = run(&of(&two), &["--quality-id", "sum", "--output", "json"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ids(&ended), [["a.files", "sum"]]);
}

/// A rule about drift from a profile, beside the one about rows.
fn drifting() -> String {
    let rule = "{ id: drift, type: custom, engine: dataops, implementation: { check: drift, column: x, reference: { profile: last.json } } }";
    TWO.replace("    quality:\n", &format!("    quality:\n      - {rule}\n"))
}

#[test]
fn a_profile_that_is_missing_or_damaged_is_an_error_of_its_rule_alone() {
    let environment = of(&drifting());
    let rows = run(&environment, &["--quality-id", "rows"]);
    assert_eq!(rows.code, Some(0), "{rows}");

    let whole = run(&environment, &["--contract", "other.yaml"]);
    assert_eq!(whole.code, Some(1), "{whole}");
    for told in ["there is no stored profile `last.json`", "other 1.0.0"] {
        assert!(whole.stdout.contains(told), "{whole}");
    }

    for (profile, told) in [
        ("{", "the stored profile last.json cannot be used"),
        (
            "{\"object\": \"a\", \"rows\": 1, \"columns\": []}",
            "has no column `x`",
        ),
    ] {
        let ended = run(&of(&drifting()).file("last.json", profile), &[]);
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.stdout.contains(told), "{ended}");
    }
}

#[test]
fn a_profile_is_found_beside_its_contract_or_where_paths_begin() {
    let profile = "{\"object\": \"a\", \"rows\": 1, \"columns\": [{\"name\": \"x\", \"top\": [[\"1\", 1]], \"topIsAll\": true}]}";
    let rule = drifting().replace("column: x", "column: x, method: chiSquare");
    let rule = rule.replace("logicalType: integer", "logicalType: string");
    for place in ["deep/last.json", "last.json"] {
        let environment = of(TWO).file("deep/c.yaml", &rule).file(place, profile);
        let args = ["--contract", "deep/c.yaml", "--quality-id", "drift"];
        let ended = environment.run(Program::TestData, &args);
        assert_eq!(ended.code, Some(0), "{place}: {ended}");
    }
}

#[test]
fn data_beside_the_contract_are_told_where_paths_do_not_begin() {
    let environment = TestEnvironment::new()
        .file("deep/two.yaml", TWO)
        .file("deep/a.csv", "x\n1\n")
        .file("deep/b.csv", "x\n1\n");
    let run = |args: &[&str]| environment.run(Program::TestData, args);

    let ended = run(&["--contract", "deep/two.yaml"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let told = "it is beside the contract, but paths begin in the working directory";
    assert_eq!(ended.stdout.matches(told).count(), 2, "{ended}");
}

#[test]
fn what_a_selected_check_compares_with_is_looked_at_too() {
    let leakage = "{ id: leak, type: custom, engine: dataops, implementation: { check: keyLeakage, columns: [x], with: b } }";
    let two = TWO.replace(
        "    quality:\n",
        &format!("    quality:\n      - {leakage}\n"),
    );
    let two = two.replace(
        "required: true }",
        "required: true, relationships: [{ to: b.x }] }",
    );
    for (id, code) in [("leak", 1), ("a.x.relationship", 0)] {
        let args = ["--quality-id", id, "--samples", "1", "--output", "json"];
        let ended = run(&of(&two), &args);
        assert_eq!(ended.code, Some(code), "{ended}");
        assert_eq!(ids(&ended), [["a.files", "b.files", id]], "{ended}");
    }
}
