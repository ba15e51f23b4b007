//! What is found in contracts that are wrong.

use std::collections::BTreeSet;

use data_contract::Contract;
use data_contract::lint::{RULES, lint};

/// The head of a contract, in seven lines, of which the last two are about the schema.
const HEAD: &str = "kind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nservers: [{server: s, type: local, path: ., format: csv}]\n";

fn found(text: &str) -> Vec<String> {
    let contract = Contract::read(text, &Default::default()).expect("the contract is YAML");
    let found = lint(&contract).into_iter().map(|finding| {
        let hint = finding
            .hint
            .map_or_else(String::new, |hint| format!(" ({hint})"));
        format!(
            "{} {:?} {}:{} {}{hint}",
            finding.rule, finding.level, finding.line, finding.column, finding.message
        )
    });
    found.collect()
}

fn of_version(version: &str, body: &str) -> String {
    found(&format!("apiVersion: {version}\n{HEAD}{body}")).join("\n")
}

fn v31(body: &str) -> String {
    of_version("v3.1.0", body)
}

/// Columns of the object `t`, from line 10 on.
fn columns(version: &str, columns: &str) -> String {
    of_version(
        version,
        &format!("schema:\n- name: t\n  properties:\n{columns}"),
    )
}

/// Rules of the column `t.a`, which is text, from line 13 on.
fn rules(rules: &str) -> String {
    columns(
        "v3.1.0",
        &format!("  - name: a\n    logicalType: string\n    quality:\n{rules}"),
    )
}

/// Rules of the object `t`, from line 10 on.
fn object_rules(rules: &str) -> String {
    v31(&format!(
        "schema:\n- name: t\n  quality:\n{rules}\n  properties: [{{name: a}}]\n"
    ))
}

#[test]
fn nothing_is_found_in_what_is_right() {
    let text = "apiVersion: v3.2.0
kind: DataContract
id: orders
version: 1.0.0
status: active
description: {purpose: Orders of a day}
servers:
- {server: lake, type: azure, location: 'abfss://raw@lake.dfs.core.windows.net/${RUN_ID:-latest}/*.parquet', format: parquet}
schema:
- name: orders
  tags: [daily]
  properties:
  - {name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1, required: true}
  - {name: country, logicalType: string, enum: [{value: NO, label: Norway}, {value: SE}]}
  - {name: at, logicalType: timestamp, required: true, logicalTypeOptions: {minimum: '2020-01-01T00:00:00Z'}}
  - {name: customer, logicalType: integer, relationships: [{type: foreignKey, to: customers.id}]}
  quality:
  - {id: rows, metric: rowCount, mustBeGreaterThan: 10}
  - {id: share, type: sql, query: 'SELECT AVG(id) FROM {object}', mustBeLessThan: 4, dimension: ac}
  - {id: split, type: custom, engine: dataops, implementation: {check: runFolder, within: 6 h}}
- name: customers
  properties: [{name: id, logicalType: integer, unique: true}]
slaProperties:
- {property: latency, value: 4, unit: h, element: orders.at}
";
    assert_eq!(found(text), [""; 0]);
}

#[test]
fn keys_are_those_of_the_standard() {
    insta::assert_snapshot!(of_version("v4.0.0", "dataProduct: x\nschema:\n- nam: a\n  physcalName: b\n"), @r"
    DC106 Error 1:13 `v4.0.0` is no version of the standard that is known (known are v3.0.x, v3.1.x and v3.2.x)
    DC101 Error 9:3 an object has no key `nam` (did you mean `name`?)
    DC102 Error 9:3 an object has no `name`
    DC101 Error 10:3 an object has no key `physcalName` (did you mean `physicalName`?)
    ");
    insta::assert_snapshot!(found("kind: Contract\nschema: {name: x}\nversion:\n").join("\n"), @r"
    DC102 Error 1:1 a contract has no `apiVersion`
    DC102 Error 1:1 a contract has no `id`
    DC109 Warning 1:1 the contract has no `schema`, so that nothing is checked
    DC505 Note 1:1 the contract has no `servers`, so that nobody knows where the data are (add servers: [{server: local, type: local, path: data/*.csv, format: csv}])
    DC107 Error 1:7 `kind` of a contract is `DataContract`
    DC103 Error 2:9 `schema` needs a list (begin it with `- `)
    DC110 Warning 3:1 `version` has no value
    ");
    insta::assert_snapshot!(columns("v3.0.2", "  - {name: a, required: 'yes', mine: 1, enum: [{value: 1}], tags: x}\n"), @r"
    DC220 Note 10:15 `required: true` means never null here, as all tools have it; the text of 3.0 says the opposite
    DC103 Error 10:25 `required` needs `true` or `false` (write `true`)
    DC101 Warning 10:32 a column has no key `mine` (what the standard does not know goes into `customProperties`)
    DC105 Warning 10:41 `enum` came with version 3.2 of the standard (set `apiVersion: v3.2.0`)
    DC103 Error 10:67 `tags` needs a list (put it into brackets: `[…]`)
    ");
    assert_eq!(
        found("- a\n"),
        [
            "DC107 Error 1:1 a contract is a mapping of keys to values",
            "DC505 Note 1:1 the contract has no `servers`, so that nobody knows where the data are (add servers: [{server: local, type: local, path: data/*.csv, format: csv}])"
        ]
    );
}

#[test]
fn a_variable_without_a_default_is_noted() {
    insta::assert_snapshot!(v31("schema: [{name: t}]\nname: ${NAME}\n"), @"");
    insta::assert_snapshot!(of_version("v3.2.0", "schema: [{name: t}]\nname: ${NAME}\n"), @"DC108 Note 8:7 the variable `NAME` has to be set when data are checked (or give it a default: `${NAME:-default}`)");
}

#[test]
fn names_are_there_once() {
    insta::assert_snapshot!(v31("schema:
- name: t
  id: x
  quality: [{id: q, metric: rowCount, mustBeGreaterThan: 1}]
  properties:
  - {name: a, id: y}
  - {name: a, id: y}
  - {name: b, physicalName: a}
- name: t
  id: x
slaProperties: [{id: q, property: latency, value: 1, unit: d, element: t}]
servers: []
".replace("servers: []\n", "").as_str()), @r"
    DC122 Error 13:6 another column has the name `a`, in line 12
    DC123 Error 13:15 another column has the id `y`, in line 12
    DC122 Error 14:15 `b` and `a` are both the column `a` of the data
    DC121 Error 15:3 another object has the name `t`, in line 8
    DC123 Error 16:3 another object has the id `x`, in line 9
    DC123 Error 17:18 another check has the id `q`, in line 10
    ");
}

#[test]
fn types_are_those_of_the_standard() {
    insta::assert_snapshot!(columns("v3.1.0", "  - {name: a, logicalType: text}
  - {name: b, logicalType: interger}
  - {name: c, logicalType: map}
  - {name: d, logicalType: string, items: {logicalType: float}}
  - {name: e, logicalType: integer, logicalTypeOptions: {minLength: 1, maxmum: 3, format: i33}}
"), @r"
    DC201 Error 10:28 `text` is no logical type (did you mean `string`?)
    DC201 Error 11:28 `interger` is no logical type (did you mean `integer`?)
    DC214 Error 12:15 the logical type `map` has no `map`
    DC105 Warning 12:28 the logical type `map` came with version 3.2 of the standard (set `apiVersion: v3.2.0`)
    DC213 Warning 13:36 `items` belongs to the logical type `array`, not to `string`
    DC201 Error 13:57 `float` is no logical type (did you mean `number`?)
    DC202 Error 14:58 `minLength` says nothing about `integer` (it is an option of string)
    DC203 Error 14:72 there is no option `maxmum` (did you mean `maximum`?)
    DC210 Warning 14:91 `i33` is no format of whole numbers, and is not checked (known are i8, i16, i32, i64, i128, u8, u16, u32, u64, u128)
    ");
    insta::assert_snapshot!(columns("v3.0.1", "  - {name: a, logicalType: timestamp, required: true}\n"), @r"
    DC105 Warning 10:28 the logical type `timestamp` came with version 3.1 of the standard (set `apiVersion: v3.1.0`)
    DC220 Note 10:39 `required: true` means never null here, as all tools have it; the text of 3.0 says the opposite
    ");
}

#[test]
fn options_have_values_of_their_type() {
    insta::assert_snapshot!(columns("v3.1.0", "  - {name: a, logicalType: string, logicalTypeOptions: {minLength: -1, pattern: '[', format: emial}}
  - {name: b, logicalType: integer, logicalTypeOptions: {minimum: ten, multipleOf: 0, format: u8}}
  - {name: c, logicalType: date, logicalTypeOptions: {format: yyyy-mm-ddT, minimum: '2026-02-30'}}
  - {name: d, logicalType: date, logicalTypeOptions: {minimum: '2026-02-30'}}
  - {name: e, logicalType: timestamp, logicalTypeOptions: {timezone: 'yes', defaultTimezone: Mars/Base}}
  - {name: f, logicalType: array, logicalTypeOptions: {uniqueItems: 1}}
  - {name: g, logicalType: object, logicalTypeOptions: {required: x}}
"), @r"
    DC204 Error 10:68 `minLength` needs a whole number that is not negative
    DC208 Error 10:81 the pattern is not valid: the class has no `]` at character 2
    DC210 Warning 10:94 `emial` is no format of texts, and is not checked (did you mean `email`?)
    DC204 Error 11:67 `ten` is no bound of whole numbers
    DC204 Error 11:84 `multipleOf` needs a number that is more than 0
    DC211 Error 12:63 `yyyy-mm-ddT` is no pattern of times: the letter `T` has no meaning in it (such as `yyyy-MM-dd HH:mm:ss`, with other letters in single quotes)
    DC204 Error 13:64 `2026-02-30` is no bound of dates
    DC204 Error 14:70 `timezone` needs `true` or `false`
    DC212 Error 14:94 `Mars/Base` is no time zone (use a name such as `Europe/Berlin`, or an offset)
    DC204 Error 15:69 `uniqueItems` needs `true` or `false`
    DC204 Error 16:67 `required` of an object is a list of its properties
    ");
}

#[test]
fn bounds_leave_something_between_them() {
    insta::assert_snapshot!(columns("v3.1.0", "  - {name: a, logicalType: integer, logicalTypeOptions: {minimum: 5, maximum: 4}}
  - {name: b, logicalType: number, logicalTypeOptions: {exclusiveMinimum: 5, maximum: 5.0}}
  - {name: c, logicalType: date, logicalTypeOptions: {minimum: '2026-02-01', maximum: '2026-01-01'}}
  - {name: d, logicalType: string, logicalTypeOptions: {minLength: 3, maxLength: 2}}
  - {name: e, logicalType: integer, logicalTypeOptions: {minimum: 5, maximum: 5}}
"), @r"
    DC207 Error 10:58 no value is both within `minimum` 5 and `maximum` 4
    DC207 Error 11:57 no value is both within `exclusiveMinimum` 5 and `maximum` 5
    DC207 Error 12:55 no value is both within `minimum` 2026-02-01 and `maximum` 2026-01-01
    DC207 Error 13:57 `minLength` 3 is more than `maxLength` 2
    ");
}

#[test]
fn exclusive_bounds_are_those_of_the_version() {
    insta::assert_snapshot!(columns("v3.1.0", "  - {name: a, logicalType: integer, logicalTypeOptions: {minimum: 5, exclusiveMinimum: true}}\n"), @"DC205 Error 10:88 `exclusiveMinimum` is the bound itself from 3.1 on, not a flag (write `exclusiveMinimum: 5` in place of `minimum`)");
    insta::assert_snapshot!(columns("v3.0.2", "  - {name: a, logicalType: integer, logicalTypeOptions: {exclusiveMinimum: 5, exclusiveMaximum: true}}\n"), @r"
    DC206 Warning 10:76 `exclusiveMinimum` is a flag in 3.0; the bound is taken all the same (set `apiVersion: v3.1.0`)
    DC204 Error 10:79 `exclusiveMaximum` says how `maximum` is meant, which is not there
    ");
}

#[test]
fn patterns_can_be_searched_for() {
    insta::assert_snapshot!(columns("v3.1.0", "  - {name: a, logicalType: string, logicalTypeOptions: {pattern: '^(?=.*[0-9]).+$'}}
  - {name: b, logicalType: string, logicalTypeOptions: {pattern: '(.)\\1'}}
  - {name: c, logicalType: string, logicalTypeOptions: {pattern: '(?i)abc'}}
"), @r"
    DC209 Warning 10:66 the pattern cannot be searched for in linear time: it looks ahead or behind (on Databricks it works, and here it takes a slower search; a plain pattern is better)
    DC209 Warning 11:66 the pattern cannot be searched for in linear time: it refers back to a group (on Databricks it works, and here it takes a slower search; a plain pattern is better)
    DC208 Error 12:66 the pattern is not valid: `(?i)` is not in ECMA-262; write `(?i:…)` at character 2
    ");
}

#[test]
fn primary_keys_have_an_order() {
    insta::assert_snapshot!(columns("v3.1.0", "  - {name: a, primaryKey: true, primaryKeyPosition: 1}
  - {name: b, primaryKey: true, primaryKeyPosition: 1, required: false}
  - {name: c, primaryKey: true}
  - {name: d, primaryKeyPosition: 2}
"), @r"
    DC215 Warning 11:33 another column has the place 1 in the primary key
    DC219 Note 11:56 `b` is in the primary key, so that it is never null
    DC215 Note 12:15 `c` has no place in a primary key of 3 columns (give each a `primaryKeyPosition`, from 1)
    DC215 Warning 13:15 `d` has a place in the primary key, but is not in it (add `primaryKey: true`)
    ");
}

#[test]
fn value_sets_have_values() {
    insta::assert_snapshot!(columns("v3.2.0", "  - {name: a, logicalType: integer, enum: [{value: 1}, {value: x}, {value: 1}]}
  - {name: b, logicalType: string, enum: []}
  - {name: c, logicalType: string, enum: [{value: true}]}
"), @r"
    DC216 Error 10:64 `x` is in the value set of whole numbers
    DC216 Error 10:76 `1` is in the value set twice
    DC216 Error 11:36 the value set is empty, so that every value is wrong
    DC216 Error 12:51 `true` is a boolean, and the column holds text (put it into quotes)
    ");
}

#[test]
fn rules_say_what_must_hold() {
    insta::assert_snapshot!(rules("    - {metric: nullValues}
    - {metric: nullValues, mustBeGreaterThan: 1, mustBeLessThan: 3}
    - {metric: nullValues, mustBe: [1]}
    - {metric: nullValues, mustBeBetween: [3, 1]}
    - {metric: nullValues, mustBeBetween: [1, 3]}
    - {metric: nullValues, mustBeLessThan: 0}
    - {metric: nullValues, mustBeLessOrEqualTo: 100, unit: percent}
    - {metric: nullValues, mustBeGreaterThan: 100, unit: percent}
    - {metric: nullValues, mustBeLessThan: few}
    - {metric: nullValues, mustBeGreaterOrEqualTo: 0}
    - {metric: nullValues, mustBe: many}
    - {metric: nullValues, mustNotBe: true}
    - {metric: nullValues, mustBe: '5'}
"), @r"
    DC303 Error 13:7 the rule does not say what must hold (such as `mustBe: 0`)
    DC304 Warning 14:50 the rule has 2 operators, all of which must hold (the standard has one to a rule; write two rules)
    DC305 Error 15:36 `mustBe` needs a value
    DC306 Error 16:43 the first number of a range is its lower end
    DC307 Note 17:43 the ends belong to the range here, as in other tools; the text of the standard says that they do not
    DC321 Warning 18:44 a count is never so
    DC322 Warning 19:49 a percentage is always so
    DC321 Warning 20:47 a percentage is never so
    DC305 Error 21:44 `mustBeLessThan` needs a number
    DC322 Warning 22:52 a count is always so
    DC305 Error 23:36 `mustBe` needs a number, since a count is compared with it
    DC305 Error 24:39 `mustNotBe` needs a number, since a count is compared with it
    ");
}

#[test]
fn rules_use_words_of_the_standard() {
    insta::assert_snapshot!(rules("    - {metric: nullCount, mustBe: 0}
    - {metric: missing, mustBe: 0}
    - {mustBe: 0}
    - {type: regex, mustBe: 0}
    - {metric: nullValues, mustBe: 0, unit: percents, dimension: compleetness, severity: yikes}
    - {rule: nullCheck, mustBe: 0}
    - {type: text, description: All is well}
    - {type: custom, engine: soda, implementation: x}
    - {type: custom, implementation: x}
"), @r"
    DC302 Error 13:16 `nullCount` is no metric (did you mean `nullValues`?)
    DC302 Error 14:16 `missing` is no metric (did you mean `missingValues`?)
    DC302 Error 15:7 a rule of type `library` names its `metric`
    DC301 Error 16:14 `regex` is no type of a rule
    DC312 Error 17:45 `percents` is no unit of a metric (did you mean `percent`?)
    DC313 Warning 17:66 `compleetness` is no dimension of quality (did you mean `completeness`?)
    DC314 Note 17:90 the severity `yikes` is taken as an error (use `info`, `warning` or `error`)
    DC104 Warning 18:8 `rule` is deprecated (write `metric`)
    DC315 Note 19:7 a rule in words cannot be executed (it is listed in reports, and never as passed)
    DC316 Note 20:30 a rule of the engine `soda` is not executed
    DC309 Error 21:7 a custom rule names its `engine`
    ");
}

#[test]
fn metrics_have_their_arguments() {
    insta::assert_snapshot!(rules("    - {metric: invalidValues, mustBe: 0}
    - {metric: invalidValues, arguments: {validValues: [a, a, true]}, pattern: '^[', mustBe: 0}
    - {metric: missingValues, arguments: {missing: [x]}, mustBe: 0}
    - {metric: rowCount, mustBeGreaterThan: 0}
    - {metric: invalidValues, arguments: {validValues: []}, mustBe: 0}
"), @r"
    DC309 Warning 13:7 the metric has no `validValues` or `pattern` in `arguments`, and is not executed
    DC216 Error 14:60 `a` is in the list of valid values twice
    DC216 Error 14:63 `true` is a boolean, and the column holds text (put it into quotes)
    DC310 Warning 14:71 `pattern` stands beside `arguments`, and belongs into it (indent it below `arguments`)
    DC208 Error 14:80 the pattern is not valid: the class has no `]` at character 3
    DC309 Warning 15:7 the metric has no `missingValues` in `arguments`, so that only NULL is missing
    DC311 Warning 15:43 the metric has no argument `missing` (did you mean `missingValues`?)
    DC308 Error 16:7 `rowCount` is a metric of objects; the rows of the whole object are counted
    DC309 Warning 17:56 `validValues` is a list with values in it
    ");
    insta::assert_snapshot!(object_rules("  - {metric: nullValues, mustBe: 0}
  - {metric: duplicateValues, mustBe: 0}
  - {metric: duplicateValues, arguments: {properties: [a, b]}, mustBe: 0}
  - {metric: rowCount, unit: percent, mustBeGreaterThan: 1}
"), @r"
    DC308 Error 10:5 the metric is one of columns, and the rule stands in an object (move it into `quality` of the column)
    DC309 Warning 11:5 the metric has no `properties` in `arguments`, and is not executed
    DC401 Warning 12:59 `t` has no column `b`
    DC312 Error 13:30 rows are counted in rows, not in percent of themselves
    ");
}

#[test]
fn queries_ask_for_a_value() {
    insta::assert_snapshot!(object_rules("  - {type: sql, mustBe: 0}
  - {type: sql, query: 'DELETE FROM {object}', mustBe: 0}
  - {type: sql, query: 'SELECT COUNT({column}) FROM {tabel} WHERE a ~ ''x{2}''', mustBe: 0}
  - {type: sql, query: 'WITH x AS (SELECT 1) SELECT 1'}
"), @r"
    DC319 Error 10:5 a rule of type `sql` has a `query`
    DC319 Error 11:24 the query does not begin with SELECT or WITH
    DC318 Warning 12:24 `{column}` stands for a column, and the rule stands in an object (`{object}` and `{property}` stand for names)
    DC318 Warning 12:24 `{tabel}` stands for nothing (`{object}` and `{property}` stand for names)
    DC303 Error 13:5 the rule does not say what must hold (such as `mustBe: 0`)
    ");
}

#[test]
fn relationships_lead_somewhere() {
    insta::assert_snapshot!(v31("schema:
- name: orders
  relationships:
  - {type: foreignKey, to: customers.id}
  - {type: references, from: orders.customer, to: customers.id}
  - {from: [orders.customer, orders.id], to: [customers.id]}
  - {from: customers.id, to: customers.id}
  - {from: orders.custmer, to: customers.id}
  properties:
  - {name: id, logicalType: integer, unique: true}
  - {name: customer, logicalType: string, relationships: [{from: orders.id, to: customers.id}, {to: custmers.id}, {to: id}, {to: other.yaml#/schema/x/properties/y}]}
- name: customers
  properties:
  - {name: id, logicalType: integer, relationships: [{to: orders.id}]}
"), @r"
    DC403 Error 10:5 a relationship of an object says in `from` which of its columns refer
    DC404 Warning 10:5 relationships lead back: `orders` to `customers` to `orders`
    DC408 Note 10:5 `id` need not be unique, so that several rows may be meant
    DC407 Warning 11:5 `customer` is of type string, and `id` of type integer
    DC408 Note 11:5 `id` need not be unique, so that several rows may be meant
    DC406 Error 11:12 `references` is no type of a relationship (the standard has `foreignKey`)
    DC402 Error 12:5 `from` has 2 columns and `to` has 1
    DC407 Warning 12:5 `customer` is of type string, and `id` of type integer
    DC408 Note 12:5 `id` need not be unique, so that several rows may be meant
    DC408 Note 13:5 `id` need not be unique, so that several rows may be meant
    DC403 Error 13:12 `customers.id` is no column of `orders`
    DC408 Note 14:5 `id` need not be unique, so that several rows may be meant
    DC401 Warning 14:12 `orders.custmer` names no column of the contract (did you mean `orders.customer`?)
    DC407 Warning 17:59 `customer` is of type string, and `id` of type integer
    DC408 Note 17:59 `id` need not be unique, so that several rows may be meant
    DC403 Error 17:60 a relationship in a column has no `from`: the column itself refers
    DC401 Warning 17:101 `custmers.id` names no column of the contract (did you mean `customers.id`?)
    DC401 Warning 17:120 `id` names no column of the contract (write `object.column`)
    DC405 Note 17:130 `other.yaml#/schema/x/properties/y` is in another contract, and is not checked
    ");
}

#[test]
fn servers_have_what_their_type_needs() {
    let text = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema: [{name: t}]\nservers:
- {server: a, type: azure, location: x}
- {server: a, type: azur, location: x}
- {server: b, type: local, path: x, format: orc}
- {server: c, type: snowflake, account: a, database: b}
- {server: d, type: blob}
- {server: e, type: local, path: x, format: tsv}
- {server: f, type: local, path: x, format: jsonl}
- {server: g, type: local, path: x, format: NDJSON}
";
    insta::assert_snapshot!(found(text).join("\n"), @r"
    DC503 Error 8:3 a server of type `azure` needs `format`
    DC124 Error 9:4 another server has the name `a`, in line 8
    DC501 Error 9:21 `azur` is no type of a server (did you mean `azure`?)
    DC506 Warning 10:45 data of the format `orc` are not read here (read are csv, delta, json, jsonl, ndjson, parquet, tsv)
    DC503 Error 11:3 a server of type `snowflake` needs `schema`
    DC502 Note 11:21 data on a server of type `snowflake` are not read here (data are read from servers of type local, azure, databricks)
    DC501 Error 12:21 `blob` is no type of a server (did you mean `azure`?)
    ");
    insta::assert_snapshot!(found("apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema: [{name: t}]\n").join("\n"), @"DC505 Note 1:1 the contract has no `servers`, so that nobody knows where the data are (add servers: [{server: local, type: local, path: data/*.csv, format: csv}])");
}

#[test]
fn a_secret_is_told_and_never_shown() {
    let signed = "https://a.blob.core.windows.net/c/x.csv?sv=2022-11-02&sr=b&sig=abcdefghijklmnopqrstuvwxyz0123456789ABCDE%3D";
    let key =
        "bm90IGEga2V5IG9mIGFueWJvZHksIGp1c3QgNjQgYnl0ZXMgdGhhdCBsb29rIGFzIGlmIHRoZXkgd2VyZSBvbmUh";
    let text = format!("apiVersion: v3.1.0
kind: DataContract
id: c
version: 1.0.0
status: active
servers:
- {{server: a, type: azure, format: csv, location: '{signed}'}}
- {{server: b, type: azure, format: csv, location: 'abfss://c@a.dfs.core.windows.net/x', description: 'AccountName=a;AccountKey={key};'}}
- {{server: d, type: azure, format: csv, location: 'https://a.blob.core.windows.net/c/x.csv?sig=${{SAS:-}}'}}
- {{server: e, type: azure, format: csv, location: 'https://a.blob.core.windows.net/c/x.csv?sv=2022-11-02&sig=<signature>'}}
description: {{usage: 'see https://u:hunter2hunter2@wiki.test/claims'}}
schema: [{{name: t, quality: [{{type: sql, query: \"SELECT COUNT(*) FROM t WHERE password='hunter2hunter2'\", mustBe: 0}}]}}]
");

    let found = found(&text).join("\n");

    insta::assert_snapshot!(found, @r"
    DC507 Warning 7:51 the text has the signature of a shared access (SAS) in it (take it out and have it renewed: data are read by whoever signs in, or by AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY of the environment)
    DC507 Warning 8:102 the text has the value of `AccountKey` in it (take it out and have it renewed: data are read by whoever signs in, or by AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY of the environment)
    DC507 Warning 11:22 the text has the password of a user in it (take it out and have it renewed: data are read by whoever signs in, or by AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY of the environment)
    ");
    for secret in ["abcdefghij", &key[..10], "hunter2"] {
        assert!(!found.contains(secret), "{found}");
    }
}

#[test]
fn agreements_have_a_value_and_an_element() {
    insta::assert_snapshot!(v31("schema: [{name: t, properties: [{name: at, logicalType: timestamp}, {name: n, logicalType: boolean}]}]
slaProperties:
- {property: latency, value: 3, unit: m, element: t.at}
- {property: latency, value: 3, element: t.at}
- {property: latency, value: soon, unit: d, element: t.att}
- {property: retention, value: 3, unit: moons, element: t.n}
- {property: latency, value: P1D}
- {property: availability, value: 99.9, unit: percent}
- {property: fresness, value: 1, unit: d, column: at}
slaDefaultElement: t.at
".replace("slaDefaultElement: t.at\n", "").as_str()), @r"
    DC511 Warning 9:39 `m` means minutes to some and months to others (write `min` or `mo`)
    DC511 Warning 10:30 the number has no unit (add `unit: d`, or write the value as `PT6H`)
    DC511 Warning 11:30 `soon` is no duration (write a number with a unit, or a duration such as `PT6H`)
    DC512 Warning 11:54 `t.att` names no column of the contract (did you mean `t.at`?)
    DC511 Warning 12:41 `moons` is no unit of time (known are s, min, h, d, w, mo, y)
    DC514 Warning 12:57 `t.n` holds booleans, which have no age
    DC512 Warning 13:3 `latency` says in `element` which column has the time
    DC513 Note 14:14 `availability` does not show in data, and is not measured
    DC513 Note 15:14 `fresness` does not show in data, and is not measured (did you mean `freshness`?)
    DC104 Warning 15:43 `column` is deprecated (write `element`)
    ");
}

#[test]
fn checks_of_machine_learning_are_told_what_they_need() {
    insta::assert_snapshot!(object_rules("  - {type: custom, engine: dataops, implementation: {check: splitShare}}
  - {type: custom, engine: dataops, implementation: {check: drift, column: a, reference: {profile: last}}}
  - {type: custom, engine: dataops, implementation: 'check: keyLeakage'}
  - {type: custom, engine: dataops}
"), @r"
    DC601 Error 10:5 `splitShare` needs `rest` or `value`
    DC601 Error 12:5 `keyLeakage` needs `columns`
    DC601 Error 13:5 the rule has no `implementation`
    ");
}

#[test]
fn types_have_what_describes_them() {
    insta::assert_snapshot!(columns("v3.2.0", "  - {name: a, logicalType: map}
  - {name: b, logicalType: vector}
  - {name: c, semanticType: mesure}
  - {name: d, logicalType: object, logicalTypeOptions: {required: []}}
  - {name: e, logicalType: object, logicalTypeOptions: {required: [1]}}
  - {name: f, relationships: [{to: []}, {to: null}, {to: {}}]}
  - {name: g, synonyms: [{descripton: x}], customProperties: [{property: x}]}
  - {name: h, quality: [{type: custom, engine: soda}]}
"), @r"
    DC214 Error 10:15 the logical type `map` has no `map`
    DC214 Error 11:15 the logical type `vector` has no `dimensions` in `logicalTypeOptions`
    DC217 Warning 12:29 `mesure` is no semantic type, so that it is taken for a column (did you mean `measure`?)
    DC204 Error 13:67 `required` of an object is a list of its properties
    DC204 Error 14:67 `required` of an object is a list of its properties
    DC403 Error 15:32 `to` says which column is meant
    DC403 Error 15:42 `to` says which column is meant
    DC403 Error 15:54 `to` says which column is meant
    DC102 Error 16:26 a synonym has no `synonym`
    DC101 Error 16:27 a synonym has no key `descripton` (did you mean `description`?)
    DC102 Error 16:63 a custom property has no `value`
    DC309 Error 17:25 a custom rule has an `implementation`
    ");
    let deep = (0..17).fold("{name: x}".to_owned(), |inner, _| {
        format!("{{name: s, logicalType: object, properties: [{inner}]}}")
    });
    let found = columns("v3.2.0", &format!("  - {deep}\n"));
    assert!(found.starts_with("DC218 Warning 10:"), "{found}");
}

#[test]
fn what_is_for_people_has_keys_of_the_standard_too() {
    insta::assert_snapshot!(of_version("v3.2.0", "team: {nme: x}
description: {purpos: x, audience: y}
context: {instuctions: x}
schema: [{name: t, logicalType: zzz}]
"), @r"
    DC101 Error 7:8 the team has no key `nme` (did you mean `name`?)
    DC101 Warning 8:15 the description has no key `purpos` (did you mean `purpose`?)
    DC101 Error 9:11 the context has no key `instuctions` (did you mean `instructions`?)
    DC201 Warning 10:33 the logical type of an object is `object`, not `zzz`
    ");
    insta::assert_snapshot!(v31("team: 7\nschema: [{name: t}]\n"), @r"
    DC103 Error 7:7 `team` needs a mapping, or a list of them
    ");
    insta::assert_snapshot!(of_version("v3.0.2", "team: {name: x}\nslaDefaultElement: t.a\nschema: [{name: t, customProperties: [{property: x}]}]\n"), @r"
    DC105 Warning 7:1 `team` as a mapping came with version 3.1 of the standard (set `apiVersion: v3.1.0`)
    ");
}

#[test]
fn servers_have_the_keys_of_their_type() {
    let text = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema: [{name: t}]\nservers:
- {server: a, type: local, path: x, format: csv, delimeter: ';'}
- {server: b, type: databricks, catalog: c, schema: s, hosts: x}
- {server: c, type: btrieve, host: h, database: d, port: 1, colour: red}
";
    insta::assert_snapshot!(found(text).join("\n"), @r"
    DC101 Error 8:50 a server of type `local` has no key `delimeter` (did you mean `delimiter`?)
    DC101 Error 9:56 a server of type `databricks` has no key `hosts` (did you mean `host`?)
    DC502 Note 10:21 data on a server of type `btrieve` are not read here (data are read from servers of type local, azure, databricks)
    DC101 Warning 10:61 a server of type `btrieve` has no key `colour` (what the standard does not know goes into `customProperties`)
    ");
}

#[test]
fn operators_of_checks_of_machine_learning_can_hold_and_can_be_broken() {
    let with = |check: &str, operators: &str| {
        format!("  - {{type: custom, engine: dataops, implementation: {{{check}, {operators}}}}}\n")
    };
    let share = "check: splitShare, rest: [other]";
    let rules = [
        with(share, "mustBeBetween: [0.9, 0.1]"),
        with(share, "mustBeBetween: [78, 82]"),
        with(share, "mustBe: a"),
        with(share, "mustBeLessThan: 0.1, mustBeGreaterThan: 0.5"),
        with(share, "mustBeLessOrEqualTo: 1"),
        with("check: conflictingLabels, column: x", "mustBeLessOrEqualTo: 101"),
        with("check: drift, column: n, reference: {object: other}", "mustBeLessThan: 0"),
        with("check: drift, column: n, reference: {object: other}, method: ks", "mustBeLessThan: 2"),
        "  - {type: custom, engine: dataops, mustBeLessThan: 0, implementation: 'check: constant'}\n".to_owned(),
        with("check: reconciliation, parts: [other]", "mustBeGreaterThan: -5"),
    ];
    let columns = "properties: [{name: x}, {name: n, logicalType: number}]";
    let text = v31(&format!(
        "schema:\n- name: t\n  {columns}\n  quality:\n{}- {{name: other, {columns}}}\n",
        rules.concat()
    ));

    insta::assert_snapshot!(text, @r"
    DC306 Error 11:103 the first number of a range is its lower end
    DC321 Warning 12:103 what `splitShare` measures is never so: it is between 0 and 1
    DC305 Error 13:96 `mustBe` needs a number, since one is compared with it
    DC321 Warning 14:128 no number is as all of the operators say
    DC322 Warning 15:109 what `splitShare` measures is always so: it is between 0 and 1
    DC322 Warning 16:112 what `conflictingLabels` measures is always so: it is between 0 and 100
    DC321 Warning 17:123 what `drift` measures is never so
    DC322 Warning 18:135 what `drift` measures is always so: it is between 0 and 1
    DC321 Warning 19:53 what `constant` measures is never so
    ");
}

#[test]
fn a_column_without_a_name_is_told() {
    let found = columns(
        "v3.1.0",
        "  - {name: '', required: true}
  - {name: a, physicalName: ''}
  - {name: o, logicalType: object, properties: [{name: ''}, {name: b}]}
",
    );
    insta::assert_snapshot!(found, @r"
    DC102 Error 10:6 `name` has no text: the column is none of the data
    DC102 Error 11:15 `physicalName` has no text: the column is none of the data
    DC102 Error 12:50 `name` has no text: the column is none of the data
    ");
}

/// Each rule is broken somewhere above, so that none can rot unseen.
#[test]
fn each_rule_has_a_contract_that_breaks_it() {
    let here = include_str!("linted.rs");
    let untested: BTreeSet<_> = RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !here.contains(&format!("{id} ")))
        .collect();

    assert_eq!(untested, BTreeSet::new());
}

#[test]
fn ids_of_rules_are_there_once_and_in_order() {
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();

    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
}

#[test]
fn a_query_is_one_statement() {
    let found = object_rules(
        "  - {type: sql, query: 'SELECT COUNT(*) FROM {object};', mustBe: 0}
  - {type: sql, query: 'SELECT COUNT(*) FROM {object}; SELECT 0', mustBe: 0}
",
    );
    insta::assert_snapshot!(found, @"DC319 Error 11:24 the query is more than one statement (a rule asks for one value; write a rule for each query)");
}

#[test]
fn rules_about_keys_and_values_of_maps_are_looked_at() {
    let found = columns(
        "v3.2.0",
        "  - {name: a, logicalType: map, map: {key: {logicalType: string, quality: [{metric: nulValues, mustBe: 0}]}}}\n",
    );
    assert!(found.contains("DC302"), "{found}");
}

#[test]
fn what_a_rule_of_this_engine_may_mean_is_told_at_its_place() {
    let rule = |implementation: &str| {
        let rule =
            format!("  - {{type: custom, engine: dataops, implementation: {implementation}}}");
        object_rules(&rule)
    };

    insta::assert_snapshot!(
        [
            rule("{check: leakage, columns: [a]}"),
            rule("{check: splitshare, rest: [t]}"),
            rule("{check: keyLeakage, columns: [b], with: t}"),
            rule("{check: keyLeakage, columns: [a], with: tt}"),
            rule("{check: keyLeakage, colums: [a], with: t}"),
            rule("{columns: [a]}"),
        ]
        .join("\n"), @r"
    DC601 Error 10:61 there is no check `leakage` (did you mean `keyLeakage`, `groupLeakage`, `rowLeakage` or `timeLeakage`?)
    DC601 Error 10:61 there is no check `splitshare` (did you mean `splitShare`?)
    DC601 Error 10:83 `t` has no column `b` (known are `a`)
    DC601 Error 10:93 there is no object `tt` (did you mean `t`?)
    DC601 Error 10:73 `keyLeakage` has no key `colums` (did you mean `columns`?)
    DC601 Error 10:53 the implementation names no `check` (known are `splitShare`, `stratification`, `keyLeakage`, `groupLeakage`, `rowLeakage`, `conflictingLabels`, `timeLeakage`, `classBalance`, `newLabels`, `reconciliation`, `drift`, `volume`, `identifier`, `constant`, `nearConstant`, `runFolder`)
    ");
}

#[test]
fn a_format_that_the_ending_says_is_told_and_no_error() {
    let server = |path: &str| {
        let text = format!(
            "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n\
             servers: [{{server: s, type: local, path: {path}}}]\nschema: [{{name: t}}]\n"
        );
        found(&text).join("\n")
    };
    assert_eq!(
        server("data/x.csv.gz"),
        "DC503 Warning 6:11 a server of type `local` needs `format` (write `format: csv`, which the ending alone says here)"
    );
    assert_eq!(
        server("data"),
        "DC503 Error 6:11 a server of type `local` needs `format`"
    );
}

#[test]
fn a_brace_that_is_not_quoted_is_told() {
    let text = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n\
                servers: [{server: s, type: local, path: {object}, format: csv}]\nschema: [{name: t}]\n";
    let found = found(text).join("\n");
    assert!(
        found.contains("`path` needs a text (YAML reads what begins with `{` as a mapping: quote it, as in `'{object}'`)"),
        "{found}"
    );
}
