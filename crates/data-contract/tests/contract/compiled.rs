//! What contracts are compiled to.

use data_contract::compile::Selection;
use data_contract::plan::{Measure, Severity};

use crate::made::{columns, plan, selected, shown};

const EVENTS: &str = "\
schema:
- name: events
  physicalType: file
  tags: [daily]
  quality:
  - {id: rows_between, metric: rowCount, mustBeBetween: [100, 1000]}
  - {id: balance, type: sql, query: 'SELECT AVG(label) FROM {object};', mustBeBetween: [0.2, 0.4], severity: warning}
  - {type: text, description: The events are complete.}
  - {type: custom, engine: soda, implementation: 'checks'}
  properties:
  - {name: id, logicalType: integer, required: true, unique: true, tags: [key]}
  - {name: customer_id, logicalType: string, logicalTypeOptions: {pattern: '^C[0-9]{8}$', minLength: 9}}
  - name: age
    logicalType: integer
    logicalTypeOptions: {minimum: 0, exclusiveMaximum: 121, multipleOf: 1, format: u8}
    quality: [{id: age_nulls, metric: nullValues, unit: percent, mustBeLessThan: 5, dimension: cp}]
  - name: email
    logicalType: string
    logicalTypeOptions: {format: email}
    quality:
    - {metric: missingValues, arguments: {missingValues: [null, '', N/A]}, unit: percent, mustBeLessThan: 2}
    - {metric: invalidValues, arguments: {validValues: [a, b], pattern: '^.'}, mustBe: 0}
    - {metric: duplicateValues, mustBeLessThan: 3}
slaProperties:
- {property: freshness, value: 3650, unit: d, element: events.at}
- {property: retention, value: P1Y, element: events.id}
- {property: availability, value: 99.9, unit: percent}
- {property: latency, value: 2, unit: h, element: events}
";

#[test]
fn everything_that_is_said_becomes_a_check() {
    insta::assert_snapshot!(shown(&plan(EVENTS)), @r#"
    events.notEmpty | `events` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    events.extraColumns | `events` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    events.id.present | `id` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    events.id.type | `id` holds whole numbers | WrongType(ColumnId(0)) Rows [MustBe(Integer(0))]
    events.id.required | `id` is never null | Nulls(ColumnId(0)) Rows [MustBe(Integer(0))]
    events.id.unique | no value of `id` repeats | Surplus([ColumnId(0)]) Rows [MustBe(Integer(0))]
    events.customer_id.present | `customer_id` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    events.customer_id.type | `customer_id` holds text | WrongType(ColumnId(1)) Rows [MustBe(Integer(0))]
    events.customer_id.pattern | `customer_id` matches ^C[0-9]{8}$ | Invalid { column: ColumnId(1), values: None, pattern: Some(Pattern("^C[0-9]{8}$")) } Rows [MustBe(Integer(0))]
    events.customer_id.minLength | `customer_id` has at least 9 characters | Length(ColumnId(1), Low, 9) Rows [MustBe(Integer(0))]
    events.age.present | `age` is there | Absent(ColumnId(2)) Rows [MustBe(Integer(0))]
    events.age.type | `age` holds whole numbers | WrongType(ColumnId(2)) Rows [MustBe(Integer(0))]
    events.age.minimum | `age` is at least 0 | Beyond(ColumnId(2), Low, Bound { value: Integer(0), exclusive: false }) Rows [MustBe(Integer(0))]
    events.age.exclusiveMaximum | `age` is less than 121 | Beyond(ColumnId(2), High, Bound { value: Integer(121), exclusive: true }) Rows [MustBe(Integer(0))]
    events.age.multipleOf | `age` is a multiple of 1 | NotMultiple(ColumnId(2), Integer(1)) Rows [MustBe(Integer(0))]
    events.age.format | `age` fits into u8 | Malformed(ColumnId(2), U8) Rows [MustBe(Integer(0))]
    age_nulls | null values of `age` < 5 % | Nulls(ColumnId(2)) Percent [MustBeLessThan(Integer(5))]
    events.email.present | `email` is there | Absent(ColumnId(3)) Rows [MustBe(Integer(0))]
    events.email.type | `email` holds text | WrongType(ColumnId(3)) Rows [MustBe(Integer(0))]
    events.email.format | `email` is an email address | Malformed(ColumnId(3), Email) Rows [MustBe(Integer(0))]
    events.email.missingValues | missing values of `email` < 2 % | Missing(ColumnId(3), [Text(""), Text("N/A")]) Percent [MustBeLessThan(Integer(2))]
    events.email.invalidValues | invalid values of `email` = 0 | Invalid { column: ColumnId(3), values: Some([Text("a"), Text("b")]), pattern: Some(Pattern("^.")) } Rows [MustBe(Integer(0))]
    events.email.duplicateValues | duplicate values of `email` < 3 | RepeatedKeys([ColumnId(3)]) Rows [MustBeLessThan(Integer(3))]
    rows_between | rows between 100 and 1,000 | Rows Rows [MustBeBetween(Integer(100), Integer(1000))]
    balance | `SELECT AVG(label) FROM events` between 0.2 and 0.4 | Query("SELECT AVG(label) FROM `events`") Rows [MustBeBetween(Number(0.2), Number(0.4))]
    events.text | The events are complete. | not executable: a rule in words is for people to look at
    events.custom | a rule of soda about `events` | not executable: a rule for the engine `soda`, which does not run here
    sla.freshness | freshness of `events.at` 3650 d | not executable: the element `events.at` names no column
    events.id.retention | the oldest value of `events.id` is younger than 365 d 6 h | Extreme(ColumnId(0), Low) younger than 31557600 s
    sla.availability | availability 99.9 percent | not executable: `availability` does not show in data
    events.latency | the newest value of `events` is younger than 2 h | NewestFile younger than 7200 s
    "#);
}

#[test]
fn a_measure_is_taken_once() {
    let plan = columns(
        "  - {name: a, required: true, quality: [{metric: nullValues, mustBe: 0}, {metric: nullValues, unit: percent, mustBe: 0}]}",
    );

    let measures = &plan.objects[0].measures;

    let nulls = measures
        .iter()
        .filter(|measure| matches!(measure, Measure::Nulls(_)));
    assert_eq!(nulls.count(), 1);
}

#[test]
fn times_are_of_the_column_s_format() {
    let plan = columns(
        "  - {name: d, logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy, minimum: 01.02.1970, maximum: '1970-03-01'}}
  - {name: t, logicalType: timestamp, logicalTypeOptions: {minimum: '1970-01-01T00:00:01', defaultTimezone: '+01:00'}}
  - {name: c, logicalType: time, logicalTypeOptions: {exclusiveMinimum: '08:00'}}
  - {name: x, logicalType: date, logicalTypeOptions: {format: 'yyyy-bb', minimum: soon}}",
    );

    insta::assert_snapshot!(shown(&plan), @r"
    t.notEmpty | `t` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    t.extraColumns | `t` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    t.d.present | `d` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.d.type | `d` holds dates written as dd.MM.yyyy | WrongType(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.d.minimum | `d` is at least 1970-02-01 | Beyond(ColumnId(0), Low, Bound { value: Date(31), exclusive: false }) Rows [MustBe(Integer(0))]
    t.d.maximum | `d` is at most 1970-03-01 | Beyond(ColumnId(0), High, Bound { value: Date(59), exclusive: false }) Rows [MustBe(Integer(0))]
    t.t.present | `t` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.t.type | `t` holds timestamps | WrongType(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.t.minimum | `t` is at least 1969-12-31T23:00:01Z | Beyond(ColumnId(1), Low, Bound { value: Timestamp(-3599000000), exclusive: false }) Rows [MustBe(Integer(0))]
    t.c.present | `c` is there | Absent(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.c.type | `c` holds times | WrongType(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.c.exclusiveMinimum | `c` is more than 08:00:00 | Beyond(ColumnId(2), Low, Bound { value: Time(28800000000), exclusive: true }) Rows [MustBe(Integer(0))]
    t.x.present | `x` is there | Absent(ColumnId(3)) Rows [MustBe(Integer(0))]
    t.x.type | `x` holds times of its format | not executable: the format is no pattern of a time: the letter `b` has no meaning in it
    t.x.format | `x`: format yyyy-bb | not executable: the format is no pattern of a time: the letter `b` has no meaning in it
    t.x.minimum | `x`: minimum soon | not executable: the format is no pattern of a time: the letter `b` has no meaning in it
    ");
}

#[test]
fn keys_cross_columns_and_objects() {
    let plan = plan(
        "schema:
- name: orders
  properties:
  - {name: line, primaryKey: true, primaryKeyPosition: 2}
  - {name: order, primaryKey: true, primaryKeyPosition: 1, required: true}
  - {name: customer, relationships: [{to: customers.id}, {to: other.yaml#/schema/x}, {to: customers.nothing}]}
  relationships:
  - {type: foreignKey, from: [orders.order, orders.line], to: [customers.id, customers.no]}
  - {from: orders.order, to: schema/c/properties/i}
  - {from: [orders.order], to: [customers.id, customers.no]}
- name: customers
  id: c
  properties:
  - {name: id, id: i, primaryKey: true, unique: true}
  - {name: no, physicalName: NUMBER}
",
    );

    insta::assert_snapshot!(shown(&plan), @r"
    orders.notEmpty | `orders` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    orders.extraColumns | `orders` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    orders.line.present | `line` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    orders.line.primaryKey | `line` is never null, since it is in the primary key | Nulls(ColumnId(0)) Rows [MustBe(Integer(0))]
    orders.order.present | `order` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    orders.order.required | `order` is never null | Nulls(ColumnId(1)) Rows [MustBe(Integer(0))]
    orders.customer.present | `customer` is there | Absent(ColumnId(2)) Rows [MustBe(Integer(0))]
    orders.customer.relationship | each `customer` is in `customers.id` | Orphans { columns: [ColumnId(2)], to: ObjectId(1), to_columns: [ColumnId(0)] } Rows [MustBe(Integer(0))]
    orders.customer.relationship-2 | each `customer` is in `other.yaml#/schema/x` | not executable: `other.yaml#/schema/x` is in another contract
    orders.customer.relationship-3 | each `customer` is in `customers.nothing` | not executable: `customers.nothing` names no column
    orders.primaryKey | no primary key repeats: `order`, `line` | Surplus([ColumnId(1), ColumnId(0)]) Rows [MustBe(Integer(0))]
    orders.relationship | each `orders.order`, `orders.line` is in `customers.id`, `customers.no` | Orphans { columns: [ColumnId(1), ColumnId(0)], to: ObjectId(1), to_columns: [ColumnId(0), ColumnId(1)] } Rows [MustBe(Integer(0))]
    orders.relationship-2 | each `orders.order` is in `schema/c/properties/i` | Orphans { columns: [ColumnId(1)], to: ObjectId(1), to_columns: [ColumnId(0)] } Rows [MustBe(Integer(0))]
    orders.relationship-3 | each `orders.order` is in `customers.id`, `customers.no` | not executable: `from` has 1 columns and `to` has 2
    customers.notEmpty | `customers` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    customers.extraColumns | `customers` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    customers.id.present | `id` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    customers.id.unique | no value of `id` repeats | Surplus([ColumnId(0)]) Rows [MustBe(Integer(0))]
    customers.id.primaryKey | `id` is never null, since it is in the primary key | Nulls(ColumnId(0)) Rows [MustBe(Integer(0))]
    customers.no.present | `no` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    ");
}

#[test]
fn nested_columns_have_paths() {
    let plan = columns(
        "  - name: address
    logicalType: object
    classification: pii
    logicalTypeOptions: {required: [city], maxProperties: 2}
    properties:
    - {name: city, physicalName: CITY, required: true, logicalType: string}
  - name: tags
    logicalType: array
    logicalTypeOptions: {minItems: 1, uniqueItems: true}
    items: {logicalType: string, logicalTypeOptions: {maxLength: 3}, quality: [{metric: nullValues, unit: percent, mustBeLessThan: 1}]}
  - {name: v, logicalType: vector, logicalTypeOptions: {dimensions: 3, elementType: float32}}
  - {name: total, semanticType: measure, quality: [{type: sql, query: x, mustBe: 1}]}",
    );

    let names = plan.objects[0].columns.iter().map(|column| {
        let masked = if column.masked { " masked" } else { "" };
        format!("{}{masked}", column.name())
    });
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            "address masked",
            "address.CITY masked",
            "tags",
            "tags[]",
            "v"
        ]
    );
    insta::assert_snapshot!(shown(&plan), @r#"
    t.notEmpty | `t` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    t.extraColumns | `t` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    t.address.present | `address` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.address.type | `address` holds objects | WrongType(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.address.required | `address` has `city` | LacksProperty(ColumnId(0), ["city"]) Rows [MustBe(Integer(0))]
    t.address.maxProperties | `address` has at most 2 properties | Items(ColumnId(0), High, 2) Rows [MustBe(Integer(0))]
    t.address.city.present | `address.city` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.address.city.type | `address.city` holds text | WrongType(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.address.city.required | `address.city` is never null | NullsWithin { nulls: Of { object: ObjectId(0), measure: MeasureId(8) }, parents: Of { object: ObjectId(0), measure: MeasureId(9) } } [MustBe(Integer(0))]
    t.tags.present | `tags` is there | Absent(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.tags.type | `tags` holds arrays | WrongType(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.tags.minItems | `tags` has at least 1 item | Items(ColumnId(2), Low, 1) Rows [MustBe(Integer(0))]
    t.tags.uniqueItems | no item repeats in `tags` | RepeatedItems(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.tags[].type | `tags[]` holds text | WrongType(ColumnId(3)) Rows [MustBe(Integer(0))]
    t.tags[].maxLength | `tags[]` has at most 3 characters | Length(ColumnId(3), High, 3) Rows [MustBe(Integer(0))]
    t.tags[].nullValues | null values of `tags[]` < 1 % | Nulls(ColumnId(3)) Percent [MustBeLessThan(Integer(1))]
    t.v.present | `v` is there | Absent(ColumnId(4)) Rows [MustBe(Integer(0))]
    t.v.type | `v` holds vectors | WrongType(ColumnId(4)) Rows [MustBe(Integer(0))]
    t.v.dimensions | `v` has 3 dimensions | Sum([Of { object: ObjectId(0), measure: MeasureId(20) }, Of { object: ObjectId(0), measure: MeasureId(21) }]) [MustBe(Integer(0))]
    t.v.elementType | `v`: elementType float32 | not executable: it says how vectors were made, which their numbers do not show
    t.total.quality | a rule about the measure `total` | not executable: a measure is computed by whoever reads the data, and no column of them
    "#);
}

#[test]
fn rules_of_3_0_are_understood() {
    let text = "apiVersion: v3.0.2\nkind: DataContract\nid: c\nversion: 1\nstatus: x
schema:
- name: t
  quality:
  - {type: library, rule: rowCount, mustBeGreaterThan: 5}
  properties:
  - {name: a, logicalType: number, logicalTypeOptions: {minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false}}
  - {name: b, quality: [{rule: duplicateCount, mustBeLessThan: 10, unit: rows}, {rule: validValues, validValues: [x, y]}, {rule: nullCheck}]}
  - {name: d, logicalType: date, physicalType: TIMESTAMP}
slaDefaultElement: t.d
slaProperties:
- {property: latency, value: 4, unit: d}
";
    let contract = data_contract::Contract::read(text, &Default::default()).unwrap();
    let plan =
        data_contract::compile(&contract, &Selection::default(), &Default::default()).unwrap();

    insta::assert_snapshot!(shown(&plan), @r#"
    t.notEmpty | `t` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    t.extraColumns | `t` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    t.a.present | `a` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.a.type | `a` holds numbers | WrongType(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.a.minimum | `a` is more than 1 | Beyond(ColumnId(0), Low, Bound { value: Integer(1), exclusive: true }) Rows [MustBe(Integer(0))]
    t.a.maximum | `a` is at most 2 | Beyond(ColumnId(0), High, Bound { value: Integer(2), exclusive: false }) Rows [MustBe(Integer(0))]
    t.b.present | `b` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.b.duplicateCount | duplicate values of `b` < 10 | RepeatedKeys([ColumnId(1)]) Rows [MustBeLessThan(Integer(10))]
    t.b.validValues | invalid values of `b` = 0 | Invalid { column: ColumnId(1), values: Some([Text("x"), Text("y")]), pattern: None } Rows [MustBe(Integer(0))]
    t.b.nullCheck | null values of `b` = 0 | Nulls(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.d.present | `d` is there | Absent(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.d.type | `d` holds timestamps | WrongType(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.d.physicalType | `d` has the type TIMESTAMP | WrongPhysicalType(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.rowCount | rows > 5 | Rows Rows [MustBeGreaterThan(Integer(5))]
    t.d.latency | the newest value of `t.d` is younger than 4 d | Extreme(ColumnId(2), High) younger than 345600 s
    "#);
}

#[test]
fn what_cannot_be_checked_says_why() {
    let plan = columns(
        "  - {name: a, logicalType: integer, logicalTypeOptions: {minLength: 3, minimum: few, multipleOf: 0, size: 1}}
  - {name: b, logicalType: text, logicalTypeOptions: {maxLength: -1}}
  - {name: c, quality: [{metric: nullValues}, {metric: nulls, mustBe: 0}, {metric: invalidValues, mustBe: 0}, {metric: nullValues, mustBeLessThan: few}, {metric: rowCount, mustBeBetween: [1]}, {type: sql, query: 'SELECT 1'}, {type: regex}]}",
    );

    insta::assert_snapshot!(shown(&plan), @r"
    t.notEmpty | `t` has rows | Rows Rows [MustBeGreaterThan(Integer(0))]
    t.extraColumns | `t` has no column that is not declared | ExtraColumns Rows [MustBe(Integer(0))]
    t.a.present | `a` is there | Absent(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.a.type | `a` holds whole numbers | WrongType(ColumnId(0)) Rows [MustBe(Integer(0))]
    t.a.minLength | `a`: minLength 3 | not executable: `minLength` says nothing about whole numbers
    t.a.minimum | `a`: minimum few | not executable: `few` is no bound of whole numbers
    t.a.multipleOf | `a`: multipleOf 0 | not executable: `multipleOf` needs a number that is more than 0
    t.a.size | `a`: size 1 | not executable: `size` is no option of the standard
    t.b.present | `b` is there | Absent(ColumnId(1)) Rows [MustBe(Integer(0))]
    t.b.type | `b` holds text | not executable: `text` is no logical type of the standard
    t.b.maxLength | `b`: maxLength -1 | not executable: `maxLength` needs a whole number that is not negative
    t.c.present | `c` is there | Absent(ColumnId(2)) Rows [MustBe(Integer(0))]
    t.c.nullValues | null values of `c` | not executable: the rule has no operator, such as `mustBe`
    t.c.nulls | nulls of `c` | not executable: `nulls` is no metric of the standard
    t.c.invalidValues | invalid values of `c` | not executable: the rule names neither `validValues` nor a `pattern`
    t.c.nullValues-2 | null values of `c` | not executable: `mustBeLessThan` needs a number
    t.c.rowCount | rows | not executable: `mustBeBetween` needs two numbers
    t.c.sql | `SELECT 1` | not executable: the rule has no operator, such as `mustBe`
    t.c.quality | a rule about `c` | not executable: `regex` is no type of a rule
    ");
}

#[test]
fn checks_are_selected_by_all_that_is_given() {
    let ids = |selection: Selection| {
        let plan = selected(EVENTS, &selection).unwrap();
        let measures = plan.objects[0].measures.len();
        let ids: Vec<_> = plan.checks.into_iter().map(|check| check.id).collect();
        (ids.join(" "), measures)
    };
    let list = |name: &str| vec![name.to_owned()];

    assert_eq!(
        ids(Selection {
            tags: list("key"),
            dimensions: list("completeness"),
            ..Selection::default()
        }),
        ("events.id.required".to_owned(), 2)
    );
    assert_eq!(
        ids(Selection {
            ids: list("age_nulls"),
            ..Selection::default()
        }),
        ("age_nulls".to_owned(), 2)
    );
    assert_eq!(
        ids(Selection {
            severities: vec![Severity::Warning],
            ..Selection::default()
        }),
        ("events.notEmpty events.extraColumns balance".to_owned(), 3)
    );
}

#[test]
fn what_is_selected_has_to_be_there() {
    let error = |selection: Selection| selected(EVENTS, &selection).unwrap_err().to_string();
    let list = |name: &str| vec![name.to_owned()];

    assert_eq!(
        error(Selection {
            objects: list("event"),
            ..Selection::default()
        }),
        "there is no object `event`; did you mean `events`?"
    );
    assert_eq!(
        error(Selection {
            tags: list("weekly"),
            ..Selection::default()
        }),
        "there is no check with the tag `weekly`; known are `daily`, `key`"
    );
    assert_eq!(
        error(Selection {
            ids: list("balance"),
            tags: list("key"),
            ..Selection::default()
        }),
        "no check is left: none has all that is selected"
    );
}

#[test]
fn a_variable_without_a_value_is_an_error_with_its_place() {
    let error = selected(
        "servers:\n- {server: a, type: local, path: '${RUN_ID}/x'}\n",
        &Selection::default(),
    )
    .unwrap_err();

    assert_eq!(
        error.to_string(),
        "7:34: the variable `RUN_ID` has no value; set it, or write `${RUN_ID:-default}`"
    );
}

#[test]
fn what_is_said_of_keys_and_values_of_maps_is_listed() {
    let columns = columns(
        "  - name: tags
    logicalType: map
    map:
      key: {logicalType: string, required: true, logicalTypeOptions: {maxLength: 5}}
      value:
        logicalType: object
        quality: [{metric: nullValues, mustBe: 0}]
        properties: [{name: n, logicalType: integer, unique: true, enum: [{value: 1}]}]",
    );
    let lines = shown(&columns);
    let of_map: Vec<_> = lines
        .lines()
        .filter(|line| line.contains("not executable"))
        .collect();
    insta::assert_snapshot!(of_map.join("\n"), @r"
    t.tags.key.logicalType | the keys of `tags`: logicalType string | not executable: the keys and values of a map are not looked into
    t.tags.key.required | the keys of `tags`: required true | not executable: the keys and values of a map are not looked into
    t.tags.key.maxLength | the keys of `tags`: maxLength 5 | not executable: the keys and values of a map are not looked into
    t.tags.value.logicalType | the values of `tags`: logicalType object | not executable: the keys and values of a map are not looked into
    t.tags.value.quality | a rule about the values of `tags` | not executable: the keys and values of a map are not looked into
    t.tags.value.n.logicalType | `n` in the values of `tags`: logicalType integer | not executable: the keys and values of a map are not looked into
    t.tags.value.n.enum | `n` in the values of `tags`: enum | not executable: the keys and values of a map are not looked into
    t.tags.value.n.unique | `n` in the values of `tags`: unique true | not executable: the keys and values of a map are not looked into
    ");
}

#[test]
fn a_query_of_several_statements_is_not_cut() {
    let plan = plan(
        "schema:
- name: t
  quality:
  - {id: one, type: sql, query: 'SELECT COUNT(*) FROM {object}; ;', mustBe: 0}
  - {id: two, type: sql, query: 'SELECT COUNT(*) FROM {object}; SELECT 0', mustBe: 0}
",
    );
    let lines = shown(&plan);
    let of_rules: Vec<_> = lines
        .lines()
        .filter(|line| line.starts_with("one") || line.starts_with("two"))
        .collect();
    insta::assert_snapshot!(of_rules.join("\n"), @r#"
    one | `SELECT COUNT(*) FROM t` = 0 | Query("SELECT COUNT(*) FROM `t`") Rows [MustBe(Integer(0))]
    two | value of a query about `t` | not executable: the query is more than one statement
    "#);
}

#[test]
fn whole_numbers_are_as_wide_whichever_checks_are_made() {
    let of = |format: &str| {
        let options = format!("logicalTypeOptions: {{format: {format}}}");
        columns(&format!(
            "  - {{name: a, logicalType: integer, unique: true, {options}}}"
        ))
    };
    for (format, wide) in [
        ("u64", true),
        ("i128", true),
        ("u128", true),
        ("i64", false),
    ] {
        let mut plan = of(format);
        plan.keep(|check| check.id == "t.a.unique");

        assert_eq!(plan.checks.len(), 1);
        assert_eq!(plan.objects[0].columns[0].wide, wide, "{format}");
    }
}
