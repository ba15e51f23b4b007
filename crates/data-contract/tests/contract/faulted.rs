//! What a contract must not say wrongly, since its data would seem to be right.

use data_contract::lint::faults;

use crate::made::contract;

/// The rules that a contract of one server and one object breaks.
fn broken(object: &str) -> Vec<&'static str> {
    let contract = contract(&format!(
        "servers:\n- {{server: l, type: local, path: d.csv, format: csv}}\nschema:\n- name: t\n{object}"
    ));
    let found = faults(&contract, contract.server(None));
    found.iter().map(|finding| finding.rule).collect()
}

fn column(column: &str) -> Vec<&'static str> {
    broken(&format!("  properties:\n  - {column}\n"))
}

fn rule(rule: &str) -> Vec<&'static str> {
    broken(&format!(
        "  properties:\n  - {{name: a, logicalType: string}}\n  quality:\n  - {rule}\n"
    ))
}

fn agreement(agreement: &str) -> Vec<&'static str> {
    let columns = "[{name: a, logicalType: date}, {name: b, logicalType: boolean}]";
    broken(&format!(
        "  properties: {columns}\nslaProperties: [{agreement}]\n"
    ))
}

#[test]
fn a_check_that_would_not_be_made_is_a_fault() {
    for (found, wanted) in [
        (
            broken("  quality: {metric: rowCount, mustBe: 99}\n"),
            "DC103",
        ),
        (column("hello"), "DC103"),
        (column("{name: a, required: \"yes\"}"), "DC103"),
        (column("{name: a, requierd: true}"), "DC101"),
        (column("{name: a, logicalType: strin}"), "DC201"),
        (
            column("{name: a, logicalType: integer, logicalTypeOptions: [minimum]}"),
            "DC103",
        ),
        (
            column("{name: a, logicalType: integer, logicalTypeOptions: {minimum: abc}}"),
            "DC204",
        ),
        (
            column("{name: a, logicalType: string, logicalTypeOptions: {pattern: '('}}"),
            "DC208",
        ),
        (rule("{metric: rowCounts, mustBe: 1}"), "DC302"),
        (rule("{metric: rowCount}"), "DC303"),
        (rule("{metric: rowCount, mustBeBetween: [1]}"), "DC305"),
        (rule("{metric: rowCount, mustBeLessThan: many}"), "DC305"),
        (
            rule(
                "{metric: duplicateValues, mustBe: 0, unit: furlongs, arguments: {properties: [a]}}",
            ),
            "DC312",
        ),
        (
            rule("{type: custom, engine: dataops, implementation: {check: nothing}}"),
            "DC601",
        ),
    ] {
        assert!(found.contains(&wanted), "{wanted}: {found:?}");
    }
}

#[test]
fn what_the_report_lists_as_not_executable_is_no_fault() {
    for found in [
        column("{name: a, relationships: [{to: t.other}]}"),
        column("{name: a, relationships: [{to: []}, {from: t.a, to: t.a}, {type: x, to: t.a}]}"),
        column("{name: a, logicalType: map}"),
        column("{name: a, quality: [{metric: invalidValues, mustBe: 0}]}"),
        column("{name: a, quality: [{metric: missingValues, mustBe: 0}]}"),
        column("{name: a, synonyms: [{descripton: x}]}"),
        rule("{metric: duplicateValues, mustBe: 0}"),
        rule("{metric: duplicateValues, mustBe: 0, arguments: {properties: [other]}}"),
        rule("{type: custom, engine: soda}"),
        agreement("{property: retention, value: 3, unit: y}"),
        agreement("{property: latency, value: 3, unit: ms, element: t.a}"),
        agreement("{property: latency, value: 3, unit: d, element: other.a}"),
        agreement("{property: latency, value: 3, unit: d, element: t.b}"),
    ] {
        assert_eq!(found, [""; 0]);
    }
}

#[test]
fn a_key_of_a_server_that_is_misspelt_is_a_fault() {
    let read = contract(
        "servers:\n- {server: l, type: local, path: d.csv, format: csv, delimeter: ';'}\nschema: [{name: t}]\n",
    );
    let found = faults(&read, read.server(None));

    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].rule, "DC101");
    assert_eq!(found[0].hint.as_deref(), Some("did you mean `delimiter`?"));
}

#[test]
fn what_is_for_people_and_servers_of_others_are_no_faults() {
    let read = contract(
        "team: 7\nprice: {amount: 1}\nservers:\n\
         - {server: l, type: local, path: d.csv, format: csv}\n\
         - {server: other, type: local, path: d.csv, environment: [x]}\n\
         schema:\n- name: t\n  businessName: [x]\n  authoritativeDefinitions: [{type: x}]\n  \
         properties:\n  - {name: a, tags: x, customProperties: [{vaule: 1}]}\n",
    );

    assert_eq!(faults(&read, read.server(None)), []);
    let other = faults(&read, read.server(Some("other")));
    assert_eq!(other.len(), 1, "{other:?}");
}

#[test]
fn only_the_version_of_the_standard_is_needed_of_the_head() {
    let read = |head: &str| {
        let text = format!("{head}\nid: c\nschema: [{{name: t}}]\n");
        let contract = data_contract::Contract::read(&text, &Default::default()).unwrap();
        faults(&contract, None).len()
    };

    assert_eq!(read("apiVersion: v3.1.0\nkind: DataContract"), 0);
    for head in [
        "kind: DataContract",
        "apiVersion: v3.1.0",
        "apiVersion: v4.0.0\nkind: DataContract",
        "apiVersion: v2.2.2\nkind: DataContract",
        "apiVersion: v3.1.0\nkind: DataProduct",
    ] {
        assert_ne!(read(head), 0, "{head}");
    }
}
