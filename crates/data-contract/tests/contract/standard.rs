//! Contracts of the kinds that the standard's own examples have: what of them cannot be executed is listed, and the rest is measured.

use data_contract::compile::{Selection, Settings};
use data_contract::lint::{Level, faults, lint};
use data_contract::plan::Test;
use data_contract::{Contract, compile};

/// What of a contract is not executable, with why; nothing in it may be an error.
fn listed(version: &str, body: &str) -> String {
    let text = format!(
        "apiVersion: {version}\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n{body}"
    );
    let contract = Contract::read(&text, &Default::default()).expect("the contract is YAML");
    let errors = lint(&contract).into_iter();
    let errors: Vec<_> = errors
        .filter(|finding| finding.level == Level::Error)
        .collect();
    assert_eq!(errors, []);
    assert_eq!(faults(&contract, contract.server(None)), []);
    let plan = compile(&contract, &Selection::default(), &Settings::default());
    let plan = plan.expect("the contract compiles");
    let lines = plan.checks.iter().filter_map(|check| match &check.test {
        Test::NotExecutable { reason } => Some(format!("{}: {reason}\n", check.id)),
        _ => None,
    });
    lines.collect()
}

#[test]
fn rules_of_3_0_may_have_any_name() {
    insta::assert_snapshot!(listed("v3.0.2", "dataProduct: sales
slaDefaultElement: receipts.paid_at
schema:
- name: receipts
  properties:
  - name: amount
    logicalType: number
    quality:
    - {type: library, rule: between, customProperties: [{property: low, value: 0}, {property: high, value: 9}]}
    - {rule: minCheck, mustBeGreaterThan: 0}
    - {type: library, rule: nullCheck}
  - {name: paid_at, logicalType: date, physicalType: timestamp}
  quality:
  - {type: library, rule: countCheck, dimension: completeness}
  - {rule: freshness, description: New each day}
slaProperties:
- {property: latency, value: 4, unit: d}
- {property: generalAvailability, value: '2022-05-12T09:30:10-08:00'}
"), @r"
    receipts.amount.between: `between` is no metric of the standard
    receipts.amount.minCheck: `minCheck` is no metric of the standard
    receipts.countCheck: the rule has no operator, such as `mustBe`
    receipts.freshness: `freshness` is no metric of the standard
    receipts.paid_at.generalAvailability: `generalAvailability` does not show in data
    ");
}

#[test]
fn agreements_need_neither_an_element_nor_a_unit_that_is_known() {
    insta::assert_snapshot!(listed("v3.1.0", "schema: [{name: receipts, properties: [{name: seconds, logicalType: integer}, {name: paid, logicalType: boolean}]}]
slaProperties:
- {property: retention, value: 3, unit: y}
- {property: latency, value: 250, unit: ms, element: receipts.seconds}
- {property: latency, value: 2, unit: d, element: receipts.paid}
- {property: latency, value: 2, unit: d, element: refunds.paid_at}
- {property: Latency, value: 2, unit: d, element: receipts.seconds}
- {property: frequency, value: 1, unit: d, element: receipts.seconds}
"), @r"
    sla.retention: the agreement names no `element`
    receipts.seconds.latency: `ms` is no unit of time
    receipts.paid.latency: the element holds booleans, which have no age
    sla.latency: the element `refunds.paid_at` names no column
    receipts.seconds.frequency: a frequency shows in the history of data only
    ");
}

#[test]
fn relationships_may_lead_to_what_is_described_elsewhere() {
    insta::assert_snapshot!(listed("v3.1.0", "schema:
- name: receipts
  relationships: [{type: foreignKey, from: receipts.kind, to: kinds.code}]
  properties:
  - {name: kind, logicalType: string, relationships: [{to: kinds.code}, {to: receipts.sort}]}
"), @r"
    receipts.kind.relationship: `kinds.code` names no column
    receipts.kind.relationship-2: `receipts.sort` names no column
    receipts.relationship: `kinds.code` names no column
    ");
}

#[test]
fn rules_may_lack_arguments() {
    insta::assert_snapshot!(listed("v3.2.0", "schema:
- name: receipts
  properties:
  - name: kind
    logicalType: string
    quality:
    - {metric: invalidValues, mustBeLessThan: 5, tags: [a]}
    - {metric: missingValues, mustBe: 0}
  quality: [{metric: duplicateValues, mustBe: 0}]
"), @r"
    receipts.kind.invalidValues: the rule names neither `validValues` nor a `pattern`
    receipts.duplicateValues: the rule names no `properties`
    ");
}

#[test]
fn what_is_said_of_columns_and_not_looked_at_is_listed() {
    insta::assert_snapshot!(listed("v3.2.0", "schema:
- name: receipts
  properties:
  - {name: day, logicalType: date, partitioned: true, partitionKeyPosition: 1}
  - {name: at, logicalType: timestamp, logicalTypeOptions: {timezone: true, defaultTimezone: Europe/Berlin}}
  - {name: local, logicalType: time, logicalTypeOptions: {timezone: false}}
  - {name: amount, logicalType: number, logicalTypeOptions: {format: f32}}
  - {name: v, logicalType: vector, logicalTypeOptions: {dimensions: 3, elementType: f32, normalized: true, distanceMetric: cosine, embeddingModel: m}}
  - {name: total, semanticType: measure, required: true, unique: true, enum: [{value: 1}], logicalTypeOptions: {minimum: 1}, relationships: [{to: receipts.amount}]}
"), @r"
    receipts.day.partitioned: how data are laid out in folders is not looked at
    receipts.at.timezone: whether times name a zone is not looked at; those that do not are of `defaultTimezone`, or UTC
    receipts.local.timezone: whether times name a zone is not looked at; those that do not are of `defaultTimezone`, or UTC
    receipts.amount.format: with how many bits a number was computed does not show
    receipts.v.elementType: it says how vectors were made, which their numbers do not show
    receipts.v.normalized: it says how vectors were made, which their numbers do not show
    receipts.v.distanceMetric: it says how vectors were made, which their numbers do not show
    receipts.v.embeddingModel: it says how vectors were made, which their numbers do not show
    receipts.total.enum: a measure is computed by whoever reads the data, and no column of them
    receipts.total.relationships: a measure is computed by whoever reads the data, and no column of them
    receipts.total.required: a measure is computed by whoever reads the data, and no column of them
    receipts.total.unique: a measure is computed by whoever reads the data, and no column of them
    receipts.total.minimum: a measure is computed by whoever reads the data, and no column of them
    ");
}

#[test]
fn what_is_nested_too_deep_is_listed() {
    let deep = (0..17).fold("{name: leaf, required: true}".to_owned(), |inner, _| {
        format!("{{name: s, logicalType: object, properties: [{inner}]}}")
    });
    let body = format!("schema: [{{name: t, properties: [{deep}]}}]\n");

    let found = listed("v3.2.0", &body);

    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(
        found.ends_with(": it is nested deeper than 16 steps\n"),
        "{found}"
    );
}
