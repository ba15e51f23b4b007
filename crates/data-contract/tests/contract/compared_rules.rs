//! Rules of two versions of a contract: which say the same by another name, and what is otherwise in those for training data.

use crate::compared::{columns, read, shown};
use data_contract::compare::{Impact, compare};

fn rules(old: &str, new: &str) -> String {
    let body = |rule: &str| {
        format!(
            "schema:
- name: train
  properties: [{{name: label}}, {{name: price, logicalType: number}}, {{name: day, logicalType: date}}, {{name: id}}]
  quality:{rule}
- name: test
  properties: [{{name: label}}, {{name: price, logicalType: number}}, {{name: day, logicalType: date}}, {{name: id}}]
- name: other
  properties: [{{name: label}}, {{name: day, logicalType: date}}]
"
        )
    };
    shown(&compare(
        &read("1.0.0", &body(old)),
        &read("1.0.0", &body(new)),
    ))
}

fn rule(implementation: &str) -> String {
    format!("\n  - {{id: r, type: custom, engine: dataops, implementation: {{{implementation}}}}}")
}

/// Checks of training data, each with another argument.
const OTHERWISE: [(&str, &str); 17] = [
    (
        "check: drift, column: price, reference: {profile: p.json}",
        "check: drift, column: day, reference: {profile: p.json}",
    ),
    (
        "check: drift, column: price, reference: {profile: p.json}",
        "check: drift, column: price, reference: {profile: q.json}",
    ),
    (
        "check: drift, column: price, reference: {object: test}",
        "check: drift, column: price, reference: {object: test}, method: ks",
    ),
    (
        "check: drift, column: price, reference: {object: test}",
        "check: drift, column: price, reference: {object: test}, bins: [1, 2]",
    ),
    (
        "check: drift, column: label, reference: {object: test}",
        "check: drift, column: label, reference: {object: other}",
    ),
    (
        "check: stratification, column: label, with: test",
        "check: stratification, column: id, with: test",
    ),
    (
        "check: stratification, column: label, with: test",
        "check: stratification, column: label, with: other",
    ),
    (
        "check: newLabels, column: label, with: test",
        "check: newLabels, column: label, with: other",
    ),
    (
        "check: timeLeakage, column: day, with: test",
        "check: timeLeakage, column: day, with: other",
    ),
    (
        "check: classBalance, column: label",
        "check: classBalance, column: id",
    ),
    (
        "check: classBalance, column: label, classes: [a]",
        "check: classBalance, column: label, classes: [a, b]",
    ),
    (
        "check: splitShare, column: label, value: a",
        "check: splitShare, column: label, value: b",
    ),
    (
        "check: splitShare, column: label, value: a",
        "check: splitShare, column: id, value: a",
    ),
    (
        "check: splitShare, rest: [test]",
        "check: splitShare, rest: [test, other]",
    ),
    (
        "check: reconciliation, parts: [test]",
        "check: reconciliation, parts: [test, other]",
    ),
    (
        "check: keyLeakage, columns: [id], with: test",
        "check: keyLeakage, columns: [label], with: test",
    ),
    (
        "check: conflictingLabels, column: label",
        "check: conflictingLabels, column: label, except: [id]",
    ),
];

/// Each argument of each check of training data means something: another one is told, and breaks.
#[test]
fn another_argument_of_a_check_of_training_data_is_told() {
    for (old, new) in OTHERWISE {
        let told = rules(&rule(old), &rule(new));
        assert!(
            told.starts_with("Breaking r (New"),
            "{old} → {new}: {told:?}"
        );
        assert_eq!(rules(&rule(old), &rule(old)), "");
    }
    let names = |columns: &str| {
        rule(&format!(
            "check: rowLeakage, with: test, columns: [{columns}]"
        ))
    };
    assert_eq!(rules(&names("id, label"), &names("label, id")), "");
}

#[test]
fn a_rule_with_a_stored_profile_is_told_without_the_profile() {
    let drift = |more: &str| {
        rule(&format!(
            "check: drift, column: price, reference: {{profile: p.json}}{more}"
        ))
    };

    insta::assert_snapshot!(rules(&drift(""), " []"), @r"
    Breaking r (Old 10): it is no longer asked that drift (column: price, reference: {profile: p.json}) holds
    ");
    insta::assert_snapshot!(rules(" []", &drift(", mustBeLessThan: 0.2")), @r"
    Breaking r (New 10): it is new that drift (column: price, reference: {profile: p.json}) is < 0.2
    ");
    insta::assert_snapshot!(rules(&drift(", mustBeLessThan: 0.2"), &drift(", mustBeLessThan: 0.9")), @r"
    Breaking r (New 10): it is asked less strictly that drift (column: price, reference: {profile: p.json}) is < 0.9; it was: drift (column: price, reference: {profile: p.json}) is < 0.2
    ");
    insta::assert_snapshot!(rules(&drift(""), &drift("").replace("id: r,", "id: r, severity: warning,")), @r"
    Breaking r (New 10): it is asked less strictly that drift (column: price, reference: {profile: p.json}) holds; a warning now
    ");
    insta::assert_snapshot!(rules(&drift(""), &drift("").replace("p.json", "q.json")), @r"
    Breaking r (New 10): it is asked otherwise that drift (column: price, reference: {profile: q.json}) holds; `reference` is {profile: q.json} instead of {profile: p.json}
    ");
}

#[test]
fn what_is_called_or_written_otherwise_and_asks_for_the_same_is_no_change() {
    let few = |id: &str| {
        format!("  - {{name: a, quality: [{{id: {id}, metric: nullValues, mustBeLessThan: 5}}]}}\n")
    };
    let set = "  - {name: a, enum: [{value: x}, {value: y}]}\n";
    let rule = "  - {name: a, quality: [{metric: invalidValues, arguments: {validValues: [y, x]}, mustBe: 0}]}\n";
    let renamed = |name: &str| {
        format!(
            "  - {{name: {name}, physicalName: c1, required: true, logicalType: integer, logicalTypeOptions: {{minimum: 0}}}}\n"
        )
    };
    let query = |text: &str| {
        format!("  - {{name: a, quality: [{{id: q, query: \"{text}\", mustBe: 0}}]}}\n")
    };

    assert_eq!(columns(&few("few"), &few("scarce")), "");
    assert_eq!(columns(set, rule), "");
    assert_eq!(columns(&renamed("a"), &renamed("b")), "");
    assert_eq!(
        columns(&query("SELECT 1  FROM t"), &query("SELECT 1 FROM\\n t")),
        ""
    );
    assert_ne!(
        columns(&query("SELECT ' a  b'"), &query("SELECT ' a b'")),
        ""
    );
}

#[test]
fn what_is_asked_for_by_another_name_is_weighed_by_what_it_asks() {
    let bound = |key: &str| {
        format!("  - {{name: a, logicalType: integer, logicalTypeOptions: {{{key}: 1}}}}\n")
    };
    let pattern = |pattern: &str| {
        format!(
            "  - {{name: a, quality: [{{id: p, metric: invalidValues, arguments: {{pattern: '{pattern}'}}, mustBe: 0}}]}}\n"
        )
    };
    let key = |more: &str| format!("  - {{name: a, unique: true{more}}}\n  - {{name: b{more}}}\n");

    insta::assert_snapshot!(columns(&bound("minimum"), &bound("exclusiveMinimum")), @r"
    Breaking t.a.exclusiveMinimum (New 9): it is asked more strictly that `a` is more than 1; it was: `a` is at least 1
    ");
    insta::assert_snapshot!(columns(&pattern("^a"), &pattern("^b")), @r"
    Breaking p (New 9): it is asked otherwise that invalid values of `a` = 0 (^b instead of ^a)
    ");
    insta::assert_snapshot!(columns(&key(", required: true"), &key(", required: true, primaryKey: true")), @r"
    Compatible t.primaryKey (New 9): it is new that no primary key repeats: `a`, `b`
    ");
}

#[test]
fn how_files_are_written_is_a_promise_and_where_they_lie_is_not() {
    let server = |fields: &str| {
        let body = format!("servers: [{{server: s, type: local, {fields}}}]\nschema: []\n");
        read("1.0.0", &body)
    };
    let old = server("path: a.csv, format: csv, delimiter: ';'");
    let told = |new: &str| shown(&compare(&old, &server(new)));

    insta::assert_snapshot!(told("path: a.csv, format: csv, delimiter: ','"), @r"
    Breaking server s (New 6): `delimiter` is `,` instead of `;`
    ");
    insta::assert_snapshot!(told("path: a.csv, format: parquet"), @r"
    Breaking server s (New 6): `format` is `parquet` instead of `csv`
    Breaking server s (New 6): `delimiter` is not said instead of `;`
    ");
    insta::assert_snapshot!(told("path: b.csv, format: csv, delimiter: ';'"), @r"
    Note server s (New 6): the data are elsewhere
    ");
    insta::assert_snapshot!(told("path: a.csv, format: csv, delimiter: ';', customProperties: [{property: header, value: false}]"), @r"
    Breaking server s (New 6): `header` is `false` instead of not said
    ");
    let gone = compare(&old, &read("1.0.0", "servers: []\n"));
    assert_eq!(gone.worst(), Some(Impact::Breaking));
}
