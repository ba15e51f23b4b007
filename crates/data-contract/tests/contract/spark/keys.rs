//! Keys, and how they are shown.

use super::*;

#[test]
fn keys_that_ought_to_be_classified_ones_are_not_shown() {
    for (said, is_shown) in [("", true), (", classification: restricted", false)] {
        let plan = plan(&format!(
            "schema:
- name: orders
  properties: [{{name: customer, logicalType: integer, relationships: [{{to: customers.id}}]}}]
- name: customers
  properties: [{{name: id, logicalType: integer{said}}}]
"
        ));
        let places = [
            (table("orders"), schema(&[("customer", "bigint")])),
            (table("customers"), schema(&[("id", "bigint")])),
        ];
        let prepared = prepared(&plan, &places);
        let mut measured = prepared.by_schema();
        for one in &mut measured {
            one.value = Ok(Value::Count(1));
        }

        let samples = prepared.samples(&measured, 3);

        let shows = samples.is_some_and(|samples| samples.sql.contains("NOT EXISTS"));
        assert_eq!(shows, is_shown, "{said}");
    }
}

#[test]
fn long_numbers_of_text_are_keys_to_their_last_digit() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: id, logicalType: number, relationships: [{to: u.id}], quality: [{type: custom, engine: dataops, implementation: {check: classBalance}}]}
  quality: [{type: custom, engine: dataops, implementation: {check: keyLeakage, with: u, columns: [id]}}]
- name: u
  properties: [{name: id, logicalType: number}]
",
    );
    let places = |there: &str| {
        [
            (csv("/t"), schema(&[("id", "string")])),
            (table("u"), schema(&[("id", there)])),
        ]
    };

    let asked = |there: &str| statements(&prepared(&plan, &places(there)));

    let sql = asked("decimal(20,0)");
    let (of_text, typed) = (
        "try_cast(nullif(`id`, '') AS DECIMAL(38,18))",
        "try_cast(`id` AS DECIMAL(38,18))",
    );
    let orphans = sql
        .split(';')
        .find(|it| it.contains("NOT EXISTS"))
        .expect("relationships are asked");
    assert!(
        orphans.contains(of_text) && orphans.contains(typed),
        "{orphans}"
    );
    let shared = sql
        .split(';')
        .find(|it| it.contains("INTERSECT"))
        .expect("leakage is asked");
    assert!(
        shared.contains(of_text) && shared.contains(typed),
        "{shared}"
    );
    let frequencies = sql
        .split(';')
        .find(|it| it.contains("OVER ()"))
        .expect("the balance is asked");
    assert!(
        frequencies.contains("CAST(try_cast(nullif(`id`, '') AS DECIMAL(38,0)) AS STRING)"),
        "{frequencies}"
    );
}

#[test]
fn keys_are_shown_as_the_scan_here_shows_them() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: i, logicalType: integer, unique: true, relationships: [{to: u.n}]}
  - {name: n, logicalType: number, relationships: [{to: u.n}]}
  quality:
  - {metric: duplicateValues, arguments: {properties: [i, n]}, mustBe: 0}
  - {type: custom, engine: dataops, implementation: {check: keyLeakage, with: u, columns: [i]}}
- name: u
  properties: [{name: i, logicalType: number}, {name: n, logicalType: number}]
",
    );
    let shown = |t: Source, kinds: [&str; 3]| {
        let [i, n, there] = kinds;
        let places = [
            (t, schema(&[("i", i), ("n", n)])),
            (table("u"), schema(&[("i", there), ("n", there)])),
        ];
        let prepared = prepared(&plan, &places);
        let mut measured = prepared.by_schema();
        for one in &mut measured {
            one.value = Ok(Value::Count(1));
        }
        prepared.samples(&measured, 5).expect("rows are shown").sql
    };

    let typed = shown(table("t"), ["bigint", "double", "decimal(9,2)"]);

    let double = |v: &str| {
        format!(
            "CASE WHEN ABS({v}) < 1e15D AND {v} % 1D = 0D THEN CAST(CAST({v} AS BIGINT) AS STRING)"
        )
    };
    let of_key = |key: &str| format!("left(CAST({key}");
    for part in [
        of_key("CAST(a.k0 AS STRING) AS STRING)"),
        of_key(&double("a.k0")),
        of_key("CAST(`i` AS STRING) AS STRING)"),
        of_key(&format!(
            "concat(CAST(`i` AS STRING), ', ', {}",
            double("`n`")
        )),
        // What both have is a decimal.
        of_key(r"regexp_replace(CAST(k0 AS STRING), '\\.?0+\\z', '') AS STRING)"),
    ] {
        assert!(typed.contains(&part), "{part}\n{typed}");
    }
    let read = shown(csv("/t"), ["string", "string", "double"]);
    for part in [
        of_key("CAST(a.k0 AS STRING) AS STRING)"),
        of_key(
            "CASE WHEN ABS(a.k0.col1) >= 1e-6D THEN coalesce(regexp_replace(CAST(a.k0.col2 AS STRING)",
        ),
        double("a.k0.col1"),
        of_key(&double("k0")),
    ] {
        assert!(read.contains(&part), "{part}\n{read}");
    }
}
