//! What of a contract is measured, what is listed as not executable, and what of it ends the test before data are read.

use crate::environment::{Ended, Program, TestEnvironment};

const HEAD: &str =
    "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n";

/// A test of the object `o` in a file, with what follows its columns.
fn test((file, data): (&str, &str), columns: &str, further: &str) -> Ended {
    let (_, format) = file.rsplit_once('.').unwrap();
    let contract = format!(
        "{HEAD}servers: [{{server: l, type: local, path: {file}, format: {format}}}]\n\
         schema:\n- name: o\n  properties: {columns}\n{further}"
    );
    let environment = TestEnvironment::new()
        .file("c.yaml", contract)
        .file(file, data);
    environment.run(Program::TestData, &["--contract", "c.yaml"])
}

fn age(file: (&str, &str), column: &str, property: &str) -> Ended {
    let agreement =
        format!("slaProperties: [{{property: {property}, value: 1, unit: d, element: o.ts}}]\n");
    test(file, &format!("[{column}]"), &agreement)
}

#[test]
fn a_column_that_is_stale_breaks_its_agreement_whatever_its_type_is() {
    let old = ("o.csv", "ts\n2020-11-30T10:00:00Z\n");
    let day = ("o.csv", "ts\n2020-11-30\n");
    let json = ("o.json", "{\"ts\": \"2020-11-30T10:00:00Z\"}\n");
    let epoch = ("o.csv", "ts\n1606730400\n");
    for (file, column) in [
        (old, "{name: ts, logicalType: string}"),
        (old, "{name: ts}"),
        (old, "{name: ts, physicalType: TIMESTAMP}"),
        (old, "{name: ts, logicalType: timestamp}"),
        (day, "{name: ts}"),
        (json, "{name: ts}"),
        (json, "{name: ts, logicalType: string}"),
        (epoch, "{name: ts, logicalType: integer}"),
        (epoch, "{name: ts}"),
    ] {
        for property in ["latency", "Latency", "ly", "retention"] {
            let ended = age(file, column, property);
            assert_eq!(ended.code, Some(1), "{column} {property}\n{ended}");
            ended.says("< 1 d");
        }
    }
    let ended = age(("o.csv", "ts\nsoon\n"), "{name: ts}", "latency");
    assert_eq!(ended.code, Some(1), "{ended}");
    ended.says("`soon` is no point in time");
}

#[test]
fn an_agreement_that_cannot_be_measured_ends_nothing() {
    for (agreement, reason) in [
        (
            "{property: retention, value: 3, unit: y}",
            "names no `element`",
        ),
        (
            "{property: latency, value: 9, unit: ms, element: o.n}",
            "`ms` is no unit of time",
        ),
        (
            "{property: latency, value: 9, unit: d, element: p.at}",
            "names no column",
        ),
    ] {
        let ended = test(
            ("o.csv", "n\n1\n"),
            "[{name: n, logicalType: integer, relationships: [{to: elsewhere.id}]}]",
            &format!("slaProperties: [{agreement}]\n"),
        );
        assert_eq!(ended.code, Some(0), "{ended}");
        ended.says(reason).says("2 not executable");
    }
}

#[test]
fn a_rule_in_sql_reads_fields_of_structs() {
    let rule = "[{id: q, type: sql, query: 'SELECT COUNT(*) FROM {object} WHERE {property} > 1', mustBe: 2}]";
    let columns = format!(
        "[{{name: s, logicalType: object, properties: [{{name: Q, logicalType: integer, quality: {rule}}}]}}]"
    );
    let rows = "{\"s\":{\"Q\":5}}\n{\"s\":{\"Q\":1}}\n{\"s\":null}\n{\"s\":{\"Q\":2}}\n";

    let ended = test(("o.json", rows), &columns, "");

    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn contracts_that_can_be_read_are_looked_at_beside_others() {
    let environment = TestEnvironment::new()
        .file("a.yaml", format!("{HEAD}schma: []\n"))
        .file("bad.yaml", "a: [\n");
    let lint = |further: &[&str]| {
        let args = [
            &["contract", "lint", "a.yaml", "bad.yaml", "gone.yaml"],
            further,
        ]
        .concat();
        environment.run(Program::Dataops, &args)
    };

    let ended = lint(&[]);
    assert_eq!(ended.code, Some(2), "{ended}");
    ended
        .says("a contract has no key `schma`")
        .says("bad.yaml:1:4: the contract is no YAML")
        .says("the contract gone.yaml cannot be read")
        .says("in 1 contract; 2 cannot be read");
    let ended = lint(&["--output", "json"]);
    assert_eq!(ended.code, Some(2), "{ended}");
    let contracts = &ended.json()["contracts"];
    let findings = contracts[0]["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|it| it["rule"] == "DC101"),
        "{contracts}"
    );
    assert!(contracts[1]["error"].is_string(), "{contracts}");
}
