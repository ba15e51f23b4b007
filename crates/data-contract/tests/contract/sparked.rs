//! Measures as Spark SQL.

use data_contract::judge;
use data_contract::plan::{Literal, Measure, ObjectId, Plan, Value};
use data_contract::spark::{Answer, Prepared, Schema, Source, describe, full_types, prepare};
use data_contract::verdict::Status;

use crate::made::plan;

fn table(name: &str) -> Source {
    Source::Table(vec!["main".to_owned(), name.to_owned()])
}

fn csv(path: &str) -> Source {
    Source::Files {
        path: path.to_owned(),
        format: "csv".to_owned(),
        options: vec![
            ("delimiter".to_owned(), ";".to_owned()),
            ("x => 1, y".to_owned(), String::new()),
        ],
    }
}

fn schema(columns: &[(&str, &str)]) -> Schema {
    Schema::read(columns.iter().copied()).expect("the types are those of Spark")
}

fn prepared(plan: &Plan, places: &[(Source, Schema)]) -> Prepared {
    prepare(plan, ObjectId(0), places)
}

fn statements(prepared: &Prepared) -> String {
    let statements = prepared
        .statements
        .iter()
        .map(|statement| format!("{};\n", statement.sql));
    statements.collect()
}

const ORDERS: &str = "schema:
- name: orders
  properties:
  - {name: id, logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1, format: i32, multipleOf: 2}}
  - {name: price, logicalType: number, logicalTypeOptions: {exclusiveMaximum: 9.5, multipleOf: 0.5}}
  - {name: \"it's\", logicalType: string, logicalTypeOptions: {pattern: '^\\d+$', maxLength: 3, format: email}, quality: [{metric: missingValues, arguments: {missingValues: ['', N/A]}, mustBe: 0}]}
  - {name: at, logicalType: timestamp, logicalTypeOptions: {minimum: '1970-01-01T00:00:01Z'}}
  - {name: gone, required: true}
  - {name: tags, logicalType: array, logicalTypeOptions: {minItems: 1, uniqueItems: true}, items: {logicalType: string, required: true}}
  - {name: customer, logicalType: integer, relationships: [{to: customers.id}]}
  quality:
  - {metric: duplicateValues, arguments: {properties: [id, customer]}, mustBeLessThan: 2}
  - {type: sql, query: 'SELECT COUNT(*) FROM {object} JOIN customers c ON c.id = customer', mustBe: 0}
  - {type: custom, engine: dataops, implementation: {check: classBalance, column: \"it's\"}}
  - {type: custom, engine: dataops, implementation: {check: rowLeakage, with: customers, columns: [id]}}
  - {type: custom, engine: dataops, implementation: {check: conflictingLabels, column: price, columns: [id]}}
  - {type: custom, engine: dataops, implementation: {check: drift, column: price, reference: {object: customers}, bins: [1, 2], method: ks}}
- name: customers
  properties: [{name: id, logicalType: integer}, {name: price, logicalType: number}]
slaProperties: [{property: latency, value: 1, unit: d, element: orders.at}]
";

fn customers() -> (Source, Schema) {
    (
        table("customers"),
        schema(&[("id", "bigint"), ("price", "double")]),
    )
}

#[test]
fn a_table_is_measured_in_one_pass_and_some_statements() {
    let columns = [
        ("id", "int"),
        ("price", "double"),
        ("it's", "string"),
        ("at", "timestamp"),
        ("tags", "array<string>"),
        ("customer", "bigint"),
        ("more", "string"),
    ];
    let prepared = prepared(
        &plan(ORDERS),
        &[(table("orders"), schema(&columns)), customers()],
    );

    insta::assert_snapshot!(statements(&prepared), @r"
    SELECT COUNT(*),
      CAST(0 AS BIGINT),
      COUNT(*) - COUNT(`id`),
      COUNT(`id`) - COUNT(DISTINCT `id`),
      COUNT(CASE WHEN `id` < 1 THEN 1 END),
      COUNT(CASE WHEN `id` < -2147483648 OR `id` > 2147483647 THEN 1 END),
      COUNT(CASE WHEN `id` % 2 <> 0 THEN 1 END),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN `price` >= 9.5D OR isnan(`price`) THEN 1 END),
      COUNT(CASE WHEN `price` IS NOT NULL AND (isnan(CAST(`price` AS DOUBLE) / 5e-1D) OR NOT (ABS(CAST(`price` AS DOUBLE) / 5e-1D - ROUND(CAST(`price` AS DOUBLE) / 5e-1D)) <= greatest(1e-9D, ABS(CAST(`price` AS DOUBLE) / 5e-1D) * 4.440892098500626e-16D))) THEN 1 END),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN `it's` IS NOT NULL AND (NOT regexp_like(`it's`, '^[0-9]+\\z')) THEN 1 END),
      COUNT(CASE WHEN char_length(`it's`) > 3 THEN 1 END),
      COUNT(CASE WHEN NOT regexp_like(`it's`, '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\z') THEN 1 END),
      COUNT(CASE WHEN `it's` IS NULL OR `it's` IN ('', 'N/A') THEN 1 END),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN CAST(`at` AS TIMESTAMP) < timestamp_micros(1000000) THEN 1 END),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN `tags` IS NOT NULL AND cardinality(`tags`) < 1 THEN 1 END),
      COUNT(CASE WHEN cardinality(array_distinct(filter(`tags`, item -> item IS NOT NULL))) < cardinality(filter(`tags`, item -> item IS NOT NULL)) THEN 1 END),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN NOT isnan(`price`) AND `price` < 1D THEN 1 END), COUNT(CASE WHEN NOT isnan(`price`) AND `price` >= 1D AND `price` < 2D THEN 1 END), COUNT(CASE WHEN NOT isnan(`price`) AND `price` >= 2D THEN 1 END),
      unix_micros(MAX(CAST(`at` AS TIMESTAMP))) FROM `main`.`orders`;
    SELECT CAST(0 AS BIGINT),
      COUNT(*) - COUNT(`item`) FROM (SELECT explode(`tags`) AS `item` FROM `main`.`orders`);
    SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT `customer` AS k0 FROM `main`.`orders` WHERE `customer` IS NOT NULL) a WHERE NOT EXISTS (SELECT 1 FROM (SELECT `id` AS k0 FROM `main`.`customers`) b WHERE b.k0 = a.k0));
    SELECT COUNT(*) FROM (SELECT 1 FROM `main`.`orders` WHERE `id` IS NOT NULL AND `customer` IS NOT NULL GROUP BY `id`, `customer` HAVING COUNT(*) > 1);
    WITH `orders` AS (SELECT * FROM `main`.`orders`), `customers` AS (SELECT * FROM `main`.`customers`) SELECT * FROM (SELECT COUNT(*) FROM `orders` JOIN customers c ON c.id = customer
    );
    SELECT `it's`, COUNT(*), SUM(COUNT(*)) OVER () FROM `main`.`orders` WHERE `it's` IS NOT NULL GROUP BY `it's` ORDER BY 2 DESC, 1 LIMIT 10000;
    SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT `id` AS k0 FROM `main`.`orders`) a WHERE EXISTS (SELECT 1 FROM (SELECT `id` AS k0 FROM `main`.`customers`) b WHERE b.k0 IS NOT DISTINCT FROM a.k0));
    SELECT COALESCE(SUM(n), 0) FROM (SELECT COUNT(`price`) AS n FROM `main`.`orders` WHERE TRUE GROUP BY `id` HAVING COUNT(DISTINCT `price`) > 1);
    ");
}

#[test]
fn cells_of_text_are_read_and_never_cast_with_an_error() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: i, logicalType: integer, logicalTypeOptions: {minimum: 1}}
  - {name: n, logicalType: number}
  - {name: d, logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy, maximum: 01.01.2026}}
  - {name: t, logicalType: timestamp, logicalTypeOptions: {defaultTimezone: Europe/Berlin}}
  - {name: b, logicalType: boolean}
slaProperties: [{property: latency, value: 1, unit: d, element: t}]
",
    );
    let columns = ["i", "n", "d", "t", "b"].map(|name| (name, "string"));
    let place = (csv("/mnt/a'b/*.csv"), schema(&columns));

    insta::assert_snapshot!(describe(&place.0), @r#"DESCRIBE QUERY SELECT * FROM read_files('/mnt/a\'b/*.csv', format => 'csv', header => 'true', inferColumnTypes => 'false', multiLine => 'true', escape => '"', nullValue => '<no cell is this>', delimiter => ';')"#);
    insta::assert_snapshot!(statements(&prepared(&plan, &[place])), @r#"
    SELECT COUNT(*),
      COUNT(CASE WHEN nullif(`i`, '') IS NOT NULL AND CASE WHEN regexp_like(`i`, '^\\s*[+-]?[0-9]+\\s*\\z') THEN try_cast(`i` AS BIGINT) END IS NULL THEN 1 END),
      COUNT(CASE WHEN CASE WHEN regexp_like(`i`, '^\\s*[+-]?[0-9]+\\s*\\z') THEN try_cast(`i` AS BIGINT) END < 1 THEN 1 END),
      COUNT(CASE WHEN nullif(`n`, '') IS NOT NULL AND CASE WHEN regexp_like(`n`, '(?i)^\\s*[+-]?(([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)\\s*\\z') THEN try_cast(`n` AS DOUBLE) END IS NULL THEN 1 END),
      COUNT(CASE WHEN nullif(`d`, '') IS NOT NULL AND CASE WHEN regexp_like(`d`, '^([0-9]{2})\\.([0-9]{2})\\.([0-9]{4})\\z') THEN CAST(try_to_timestamp(regexp_replace(`d`, '^([0-9]{2})\\.([0-9]{2})\\.([0-9]{4})\\z', '$1 $2 $3'), 'dd MM yyyy') AS DATE) END IS NULL THEN 1 END),
      COUNT(CASE WHEN CASE WHEN regexp_like(`d`, '^([0-9]{2})\\.([0-9]{2})\\.([0-9]{4})\\z') THEN CAST(try_to_timestamp(regexp_replace(`d`, '^([0-9]{2})\\.([0-9]{2})\\.([0-9]{4})\\z', '$1 $2 $3'), 'dd MM yyyy') AS DATE) END > date_from_unix_date(20454) THEN 1 END),
      COUNT(CASE WHEN nullif(`t`, '') IS NOT NULL AND CASE WHEN regexp_like(`t`, '(?i)^\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)? *(Z|[+-][0-9]{1,2}(:?[0-9]{2})?)?)?\\s*\\z') THEN CASE WHEN regexp_like(`t`, '(?i):[0-9.,]+ *(Z|[+-][0-9:]+)\\s*\\z') THEN try_cast(regexp_replace(upper(replace(`t`, ',', '.')), '([T ][0-9]{1,2}:[0-9]{2})( *[Z+-])', '$1:00$2') AS TIMESTAMP) ELSE to_utc_timestamp(try_cast(regexp_replace(upper(replace(`t`, ',', '.')), '([T ][0-9]{1,2}:[0-9]{2})( *[Z+-])', '$1:00$2') AS TIMESTAMP), 'Europe/Berlin') END END IS NULL THEN 1 END),
      COUNT(CASE WHEN nullif(`b`, '') IS NOT NULL AND try_cast(`b` AS BOOLEAN) IS NULL THEN 1 END),
      current_timezone() FROM read_files('/mnt/a\'b/*.csv', format => 'csv', header => 'true', inferColumnTypes => 'false', multiLine => 'true', escape => '"', nullValue => '<no cell is this>', delimiter => ';');
    SELECT unix_micros(MAX(_metadata.file_modification_time)) FROM read_files('/mnt/a\'b/*.csv', format => 'csv', header => 'true', inferColumnTypes => 'false', multiLine => 'true', escape => '"', nullValue => '<no cell is this>', delimiter => ';');
    "#);
}

const AMOUNTS: &str = "schema:
- name: t
  properties:
  - name: a
    logicalType: number
    logicalTypeOptions: {minimum: 0.1, exclusiveMaximum: 12345678901234567890.123456789, multipleOf: 0.05}
    quality: [{metric: invalidValues, arguments: {validValues: [0.30, 9007199254740993]}, mustBe: 0}]
";

fn amounts(source: Source, kind: &str) -> String {
    let plan = plan(AMOUNTS);
    statements(&prepared(&plan, &[(source, schema(&[("a", kind)]))]))
}

#[test]
fn decimals_are_compared_as_decimals_of_their_scale() {
    insta::assert_snapshot!(amounts(table("t"), "decimal(38,2)"), @r"
    SELECT COUNT(*),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN `a` < CAST('0.1' AS DECIMAL(2,2)) THEN 1 END),
      COUNT(CASE WHEN `a` > CAST('12345678901234567890.12' AS DECIMAL(22,2)) THEN 1 END),
      COUNT(CASE WHEN `a` % CAST('0.05' AS DECIMAL(2,2)) <> 0 THEN 1 END),
      COUNT(CASE WHEN `a` IS NOT NULL AND (NOT (`a` IN (CAST('0.3' AS DECIMAL(2,2)), CAST('9007199254740993' AS DECIMAL(18,2))))) THEN 1 END) FROM `main`.`t`;
    ");
    insta::assert_snapshot!(amounts(table("t"), "bigint"), @r"
    SELECT COUNT(*),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN `a` < 1 THEN 1 END),
      COUNT(CASE WHEN `a` > CAST('12345678901234567890' AS DECIMAL(38,0)) THEN 1 END),
      COUNT(CASE WHEN `a` % CAST('0.05' AS DECIMAL(2,2)) <> 0 THEN 1 END),
      COUNT(CASE WHEN `a` IS NOT NULL AND (NOT (`a` IN (9007199254740993))) THEN 1 END) FROM `main`.`t`;
    ");
}

#[test]
fn doubles_are_compared_as_the_numbers_that_they_stand_for() {
    insta::assert_snapshot!(amounts(table("t"), "double"), @r"
    SELECT COUNT(*),
      CAST(0 AS BIGINT),
      COUNT(CASE WHEN `a` < 1e-1D OR isnan(`a`) THEN 1 END),
      COUNT(CASE WHEN `a` > 1.2345678901234567e19D OR isnan(`a`) THEN 1 END),
      COUNT(CASE WHEN `a` IS NOT NULL AND (isnan(CAST(`a` AS DOUBLE) / 5e-2D) OR NOT (ABS(CAST(`a` AS DOUBLE) / 5e-2D - ROUND(CAST(`a` AS DOUBLE) / 5e-2D)) <= greatest(1e-9D, ABS(CAST(`a` AS DOUBLE) / 5e-2D) * 4.440892098500626e-16D))) THEN 1 END),
      COUNT(CASE WHEN `a` IS NOT NULL AND (NOT (`a` IN (3e-1D))) THEN 1 END) FROM `main`.`t`;
    ");
}

#[test]
fn numbers_in_texts_are_read_again_as_decimals_where_their_doubles_are_equal() {
    let number = "CASE WHEN regexp_like(`a`, '(?i)^\\\\s*[+-]?(([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)\\\\s*\\\\z') THEN try_cast(`a` AS DOUBLE) END";
    let shown = amounts(Source::Texts(vec!["t".to_owned()]), "string");

    insta::assert_snapshot!(shown.replace(number, "NUMBER"), @r"
    SELECT COUNT(*),
      COUNT(CASE WHEN nullif(`a`, '') IS NOT NULL AND NUMBER IS NULL THEN 1 END),
      COUNT(CASE WHEN NUMBER < 1e-1D OR (NUMBER = 1e-1D AND coalesce(try_cast(nullif(`a`, '') AS DECIMAL(38,37)) < CAST('0.1' AS DECIMAL(37,37)), FALSE)) OR isnan(NUMBER) THEN 1 END),
      COUNT(CASE WHEN NUMBER > 1.2345678901234567e19D OR (NUMBER = 1.2345678901234567e19D AND coalesce(try_cast(nullif(`a`, '') AS DECIMAL(38,17)) >= CAST('12345678901234567890.123456789' AS DECIMAL(37,17)), FALSE)) OR isnan(NUMBER) THEN 1 END),
      COUNT(CASE WHEN NUMBER IS NOT NULL AND (isnan(CAST(NUMBER AS DOUBLE) / 5e-2D) OR NOT (ABS(CAST(NUMBER AS DOUBLE) / 5e-2D - ROUND(CAST(NUMBER AS DOUBLE) / 5e-2D)) <= greatest(1e-9D, ABS(CAST(NUMBER AS DOUBLE) / 5e-2D) * 4.440892098500626e-16D)) OR coalesce(try_cast(nullif(`a`, '') AS DECIMAL(38,36)) % CAST('0.05' AS DECIMAL(2,2)) <> 0 OR (try_cast(nullif(`a`, '') AS DECIMAL(38,36)) = 0 AND NUMBER <> 0D), try_cast(nullif(`a`, '') AS DECIMAL(38,27)) % CAST('0.05' AS DECIMAL(2,2)) <> 0 OR (try_cast(nullif(`a`, '') AS DECIMAL(38,27)) = 0 AND NUMBER <> 0D), try_cast(nullif(`a`, '') AS DECIMAL(38,18)) % CAST('0.05' AS DECIMAL(2,2)) <> 0 OR (try_cast(nullif(`a`, '') AS DECIMAL(38,18)) = 0 AND NUMBER <> 0D), try_cast(nullif(`a`, '') AS DECIMAL(38,9)) % CAST('0.05' AS DECIMAL(2,2)) <> 0 OR (try_cast(nullif(`a`, '') AS DECIMAL(38,9)) = 0 AND NUMBER <> 0D), try_cast(nullif(`a`, '') AS DECIMAL(38,2)) % CAST('0.05' AS DECIMAL(2,2)) <> 0 OR (try_cast(nullif(`a`, '') AS DECIMAL(38,2)) = 0 AND NUMBER <> 0D), FALSE)) THEN 1 END),
      COUNT(CASE WHEN NUMBER IS NOT NULL AND (NOT ((NUMBER IN (3e-1D, 9.007199254740992e15D) AND coalesce(try_cast(nullif(`a`, '') AS DECIMAL(38,21)) IN (CAST('0.3' AS DECIMAL(21,21)), CAST('9007199254740993' AS DECIMAL(37,21))), TRUE)))) THEN 1 END) FROM `t`;
    ");
}

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
fn a_column_of_another_type_is_wrong_as_a_whole() {
    let plan = plan("schema:
- name: t
  properties: [{name: n, logicalType: integer, physicalType: BIGINT, logicalTypeOptions: {minimum: 1}}]
");
    let prepared = prepared(&plan, &[(table("t"), schema(&[("N", "double")]))]);

    insta::assert_snapshot!(statements(&prepared), @r"
    SELECT COUNT(*),
      COUNT(`n`) FROM `main`.`t`;
    ");
    let measured = prepared.measured(&[Ok(vec![vec![Some("3".into()), Some("3".into())]])]);
    let verdict = judge(
        &plan,
        &measured_of(&plan, measured),
        jiff::Timestamp::UNIX_EPOCH,
    );
    let failed: Vec<_> = verdict
        .checks
        .iter()
        .filter(|check| check.status == Status::Failed)
        .map(|check| {
            format!(
                "{}: {}",
                check.id,
                check.reason.as_deref().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        failed,
        [
            "t.n.type: the data are of type double",
            "t.n.physicalType: the data are of type double"
        ]
    );
}

#[test]
fn a_column_of_another_name_is_meant() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: boroug, logicalType: string}]
",
    );
    let prepared = prepared(
        &plan,
        &[(
            table("t"),
            schema(&[("Borough", "string"), ("zone", "string")]),
        )],
    );

    let verdict = judge(
        &plan,
        &measured_of(&plan, prepared.by_schema()),
        jiff::Timestamp::UNIX_EPOCH,
    );

    let present = &verdict
        .checks
        .iter()
        .find(|check| check.id == "t.boroug.present");
    let present = present.expect("the check is made");
    assert_eq!(
        (
            present.measured.as_deref(),
            present.expected.as_deref(),
            present.reason.as_deref()
        ),
        (
            Some("missing"),
            Some("present"),
            Some("did you mean `Borough`, which the data have?")
        )
    );
}

fn measured_of(
    _: &Plan,
    measured: Vec<data_contract::plan::Measured>,
) -> Vec<Vec<data_contract::plan::Measured>> {
    vec![measured]
}

#[test]
fn answers_are_read_by_what_was_asked() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: d, logicalType: date}, {name: l, logicalType: string}]
  quality:
  - {id: said, type: sql, query: 'SELECT AVG(x) FROM t', mustBeLessThan: 1}
  - {id: balance, type: custom, engine: dataops, implementation: {check: classBalance, column: l}}
slaProperties: [{id: age, property: latency, value: 2, unit: d, element: t.d}]
",
    );
    let prepared = prepared(
        &plan,
        &[(table("t"), schema(&[("d", "date"), ("l", "string")]))],
    );
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| Some((*text).to_owned()))
            .collect::<Vec<_>>()
    };
    let answers: Vec<Answer> = vec![
        Ok(vec![texts(&["10", "0", "0", "7"])]),
        Ok(vec![texts(&["0.25"])]),
        Ok(vec![
            texts(&["b", "2", "10"]),
            texts(&["a", "2", "10"]),
            texts(&["c", "5", "10"]),
        ]),
    ];

    let measured = prepared.measured(&answers);

    let values: Vec<_> = measured
        .into_iter()
        .map(|measured| measured.value.unwrap())
        .collect();
    assert!(
        values.contains(&Value::Count(10)) && values.contains(&Value::Scalar(Literal::Date(7)))
    );
    assert!(values.contains(&Value::Scalar(Literal::Number(0.25))));
    let frequencies = Value::Frequencies {
        values: vec![
            ("c".to_owned(), 5),
            ("a".to_owned(), 2),
            ("b".to_owned(), 2),
        ],
        rest: 1,
        more: 0,
    };
    assert!(values.contains(&frequencies), "{values:?}");
}

#[test]
fn a_statement_that_fails_is_a_gap_of_its_measures_only() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: a, required: true}]
  quality: [{id: q, type: sql, query: 'SELECT 1', mustBe: 1}]
",
    );
    let prepared = prepared(&plan, &[(table("t"), schema(&[("a", "int")]))]);

    let measured = prepared.measured(&[
        Ok(vec![vec![Some("5".into()), Some("0".into())]]),
        Err("no such function".to_owned()),
    ]);

    let verdict = judge(&plan, &[measured], jiff::Timestamp::UNIX_EPOCH);
    let reasons: Vec<_> = verdict
        .checks
        .iter()
        .filter_map(|check| Some((check.id.as_str(), check.reason.as_deref()?)))
        .collect();
    assert_eq!(reasons, [("q", "no such function")]);
}

#[test]
fn an_answer_of_another_form_is_an_error() {
    let plan = plan("schema: [{name: t}]");
    let prepared = prepared(&plan, &[(table("t"), schema(&[]))]);

    for rows in [
        vec![],
        vec![vec![]],
        vec![vec![None]],
        vec![vec![Some("x".to_owned())]],
        vec![vec![Some("1".to_owned())], vec![]],
    ] {
        assert!(prepared.measured(&[Ok(rows)])[0].value.is_err());
    }
}

#[test]
fn columns_that_are_not_declared_are_named() {
    let plan = plan("schema:\n- name: t\n  properties: [{name: a}]\n");
    let columns = [("A", "int"), ("b", "int"), ("c", "string")];
    let at = plan.objects[0]
        .measures
        .iter()
        .position(|measure| *measure == Measure::ExtraColumns);

    let measured = &prepared(&plan, &[(table("t"), schema(&columns))]).measured(&[])
        [at.expect("extra columns are counted")];

    assert_eq!(measured.value, Ok(Value::Count(2)));
    let named: Vec<_> = measured
        .samples
        .iter()
        .map(|sample| sample.value.as_deref())
        .collect();
    assert_eq!(named, [Some("b"), Some("c")]);
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
fn formats_are_read_field_by_field() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: z, logicalType: timestamp, logicalTypeOptions: {format: \"uuuu-MM-dd'u'HH:mmXXX\"}}
  - {name: d, logicalType: date, logicalTypeOptions: {format: yyyy-MM-ddXXX}}
  - {name: w, logicalType: date, logicalTypeOptions: {format: 'EEE, d MMM yyyy'}}
  - {name: b, logicalType: timestamp, logicalTypeOptions: {format: 'yyyyMMddHHmmssSSS', defaultTimezone: Europe/Berlin}}
  - {name: o, logicalType: time, required: true, logicalTypeOptions: {format: 'HH:mm[:ss]'}}
",
    );
    let columns = ["z", "d", "w", "b", "o"].map(|name| (name, "string"));
    let prepared = prepared(&plan, &[(csv("t"), schema(&columns))]);

    let text = statements(&prepared);
    for part in [
        "'$1 $2 $3 $4 $5 $6'), 'yyyy MM dd HH mm XXX')",
        "'$1 $2 $3'), 'yyyy MM dd') AS DATE)",
        "'$2 $3 $4'), 'd MMM yyyy'), 'EEE'))",
        r"to_utc_timestamp(try_to_timestamp(regexp_replace(`b`, '^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{3})\\z', '$1 $2 $3 $4 $5 $6 $7'), 'yyyy MM dd HH mm ss SSS'), 'Europe/Berlin')",
        r"coalesce(CASE WHEN regexp_like(`o`, '^([0-9]{2}):([0-9]{2}):([0-9]{2})\\z') THEN unix_micros(",
        "COUNT(*) - COUNT(nullif(`o`, ''))",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn what_cannot_be_read_is_no_reason_not_to_count_what_is_missing() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: d, logicalType: date, required: true, unique: true, logicalTypeOptions: {format: '[y][M][d][D][E]'}}
",
    );
    let prepared = prepared(&plan, &[(csv("t"), schema(&[("d", "string")]))]);

    let text = statements(&prepared);
    assert!(
        text.starts_with("SELECT COUNT(*),\n  COUNT(*) - COUNT(nullif(`d`, '')) FROM"),
        "{text}"
    );
    let gaps = prepared.by_schema();
    let gaps = gaps.into_iter().filter_map(|measured| measured.value.err());
    let told = gaps.filter(|gap| gap.to_string().contains("too many optional sections"));
    assert_eq!(told.count(), 2, "the type, and whether it is unique");
}

#[test]
fn days_and_times_of_json_are_read_from_text() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: d, logicalType: date, required: true, logicalTypeOptions: {minimum: '2026-01-01'}}
  - {name: n, logicalType: integer}
  - {name: s, logicalType: array, items: {logicalType: date}}
",
    );
    let json = Source::Files {
        path: "/t".to_owned(),
        format: "json".to_owned(),
        options: Vec::new(),
    };
    let columns = [("d", "string"), ("n", "string"), ("s", "array<string>")];
    let prepared = prepared(&plan, &[(json, schema(&columns))]);

    let text = statements(&prepared);
    for part in [
        r"COUNT(CASE WHEN `d` IS NOT NULL AND CASE WHEN regexp_like(`d`, '^\\s*[0-9]{4}-",
        "THEN try_cast(`d` AS DATE) END < date_from_unix_date(20454)",
        "COUNT(`n`)",
        "THEN try_cast(`item` AS DATE) END IS NULL",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn queries_have_the_columns_of_text_as_what_they_are() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: id, logicalType: integer}
  - {name: label, logicalType: string}
  - {name: at, logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy}}
  quality:
  - {type: sql, query: 'SELECT MAX(id) FROM {object}', mustBe: 1}
  - {type: sql, query: 'SELECT 1) UNION SELECT (2', mustBe: 1}
",
    );
    let columns = ["ID", "label", "at", "other"].map(|name| (name, "string"));
    let query = |source: Source, kinds: &[(&str, &str)]| {
        let prepared = prepared(&plan, &[(source, schema(kinds))]);
        let last = prepared.statements.last().expect("the query is asked");
        (last.sql.clone(), prepared.by_schema())
    };

    let (text, measured) = query(csv("/t"), &columns);

    assert!(
        text.starts_with(r"WITH `t` AS (SELECT CASE WHEN regexp_like(`id`, '^\\s*[+-]?[0-9]+\\s*\\z') THEN try_cast(`id` AS BIGINT) END AS `ID`, `label`, CASE WHEN"),
        "{text}"
    );
    assert!(
        text.contains("AS DATE) END AS `at`, `other` FROM read_files(")
            && text.ends_with(")) SELECT * FROM (SELECT MAX(id) FROM `t`\n)"),
        "{text}"
    );
    let gaps = measured
        .into_iter()
        .filter_map(|measured| measured.value.err());
    let left = gaps.filter(|gap| gap.to_string().contains("brackets"));
    assert_eq!(left.count(), 1);
    let typed = [("id", "bigint"), ("label", "string"), ("at", "date")];
    let (text, _) = query(table("x"), &typed);
    assert!(
        text.starts_with("WITH `t` AS (SELECT * FROM `main`.`x`)"),
        "{text}"
    );
}

#[test]
fn a_query_of_two_columns_has_no_value() {
    let plan = plan(
        "schema:
- name: t
  quality: [{id: q, type: sql, query: 'SELECT COUNT(*), 2 FROM t', mustBe: 1}]
",
    );
    let prepared = prepared(&plan, &[(table("t"), schema(&[]))]);
    let row = |texts: &[&str]| {
        Ok(vec![
            texts.iter().map(|it| Some((*it).to_owned())).collect(),
        ])
    };

    let measured = prepared.measured(&[row(&["3"]), row(&["1", "2"])]);

    let verdict = judge(&plan, &[measured], jiff::Timestamp::UNIX_EPOCH);
    let check = verdict.checks.iter().find(|check| check.id == "q");
    assert_eq!(
        check.and_then(|check| check.reason.as_deref()),
        Some("the query brings 1 rows of 2 columns; a rule compares one value")
    );
}

#[test]
fn a_statement_is_asked_in_halves_down_to_one_measure() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: a, required: true, unique: true}, {name: b, required: true}]
",
    );
    let columns = [("a", "int"), ("b", "int")];
    let prepared = prepared(&plan, &[(table("t"), schema(&columns))]);
    let whole = &prepared.statements[0];

    let [first, second] = whole.halves().expect("it has several parts");

    assert_eq!(
        whole.bare().as_deref(),
        Some("SELECT COUNT(*) FROM `main`.`t`")
    );
    assert_eq!(
        first.sql,
        "SELECT COUNT(*),\n  COUNT(*) - COUNT(`a`) FROM `main`.`t`"
    );
    assert_eq!(
        second.sql,
        "SELECT COUNT(`a`) - COUNT(DISTINCT `a`),\n  COUNT(*) - COUNT(`b`) FROM `main`.`t`"
    );
    let [one, _] = second.halves().expect("it has two");
    assert_eq!((one.halves(), one.bare()), (None, None));
}

#[test]
fn many_distinct_values_are_counted_in_several_statements() {
    let columns: Vec<_> = (0..20).map(|at| format!("c{at}")).collect();
    let properties = columns
        .iter()
        .map(|name| format!("  - {{name: {name}, unique: true}}\n"));
    let plan = plan(&format!(
        "schema:\n- name: t\n  properties:\n{}",
        properties.collect::<String>()
    ));
    let columns: Vec<_> = columns.iter().map(|name| (name.as_str(), "int")).collect();

    let prepared = prepared(&plan, &[(table("t"), schema(&columns))]);

    let distinct = prepared.statements.iter();
    let distinct = distinct.map(|statement| statement.sql.matches("DISTINCT").count());
    assert_eq!(distinct.collect::<Vec<_>>(), [8, 8, 4]);
}

#[test]
fn columns_that_differ_by_case_alone_are_told() {
    for names in [["id", "ID"], ["id0", "ID1"]] {
        let columns = names.map(|name| (name, "string"));
        let error = Schema::read(columns).expect_err("Spark does not tell them apart");
        assert!(
            error
                .to_string()
                .starts_with("two columns are called `id` and `ID`"),
            "{error}"
        );
    }
    assert!(Schema::read([("f0", "int"), ("f1", "int"), ("g2", "int")]).is_ok());
}

#[test]
fn a_type_that_is_cut_off_is_asked_for_in_full() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - name: w
    logicalType: object
    required: true
    properties: [{name: 'a:b', logicalType: integer, required: true}]
",
    );
    let mut columns = schema(&[("w", "struct<x:int,... 25 more fields>"), ("n", "int")]);
    let asked = full_types(&table("t"), &columns);
    assert_eq!(
        asked.as_deref(),
        Some("SELECT typeof(first(`w`)) FROM `main`.`t`")
    );
    let unknown = prepared(&plan, &[(table("t"), columns.clone())]);
    assert!(
        statements(&unknown).starts_with("SELECT COUNT(*),\n  COUNT(*) - COUNT(`w`)"),
        "{}",
        statements(&unknown)
    );

    columns.complete(&[Some("struct<x:int,a:b:int,c``d:array<string>>".to_owned())]);

    assert_eq!(full_types(&table("t"), &columns), None);
    let known = statements(&prepared(&plan, &[(table("t"), columns)]));
    assert!(known.contains("COUNT(`w`.`a:b`)"), "{known}");
}

#[test]
fn a_column_of_another_type_decides_nothing_about_its_values() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: n, logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1}}
  - {name: v, logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1}}
",
    );
    let columns = [("n", "boolean"), ("v", "void")];
    let prepared = prepared(&plan, &[(table("t"), schema(&columns))]);

    let gaps = prepared.by_schema().into_iter();
    let gaps: Vec<_> = gaps.filter_map(|measured| measured.value.err()).collect();
    let told = gaps
        .iter()
        .filter(|gap| gap.to_string() == "the column is of type boolean");
    assert_eq!(told.count(), 2);
    let text = statements(&prepared);
    assert!(
        text.contains("COUNT(`n`)") && text.contains("CAST(NULL AS BIGINT) < 1"),
        "{text}"
    );
}

#[test]
fn an_error_shows_no_value_of_a_classified_column() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: ssn, logicalType: string, classification: secret}, {name: n}]
  quality: [{id: q, type: sql, query: 'SELECT COUNT(*) FROM {object} WHERE ssn > 5', mustBe: 0}]
- name: u
  quality: [{id: r, type: sql, query: 'SELECT COUNT(*) FROM {object}', mustBe: 0}]
",
    );
    let said = "[CAST_INVALID_INPUT] The value '123-45-6789' of the type \"STRING\" cannot be cast. SQLSTATE: 22018";
    let reasons = |object: usize, source: Source| {
        let columns = schema(&[("ssn", "string"), ("n", "int")]);
        let places = [(source.clone(), columns.clone()), (source, columns)];
        let prepared = prepare(&plan, ObjectId(object), &places);
        let answers: Vec<Answer> = prepared
            .statements
            .iter()
            .map(|_| Err(said.to_owned()))
            .collect();
        let mut measured = vec![Vec::new(), Vec::new()];
        measured[object] = prepared.measured(&answers);
        let verdict = judge(&plan, &measured, jiff::Timestamp::UNIX_EPOCH);
        let checks = verdict.checks.into_iter();
        let reasons = checks.filter(|check| check.id == "q" || check.id == "r");
        reasons.filter_map(|check| check.reason).collect::<Vec<_>>()
    };

    assert!(
        reasons(0, table("t"))
            .contains(&"[CAST_INVALID_INPUT] about a classified column".to_owned())
    );
    assert!(reasons(1, table("u")).contains(&said.to_owned()));
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

const DRIFT: &str = "schema:
- name: orders
  properties: [{name: price, logicalType: number}]
  quality:
  - {type: custom, engine: dataops, implementation: {check: drift, column: price, reference: {object: customers}}}
- name: customers
  properties: [{name: id, logicalType: integer}, {name: price, logicalType: number}]
";

#[test]
fn numbers_lie_between_the_parts_of_a_reference() {
    let plan = plan(DRIFT);
    let place = (table("orders"), schema(&[("price", "int")]));
    let prepared = prepared(&plan, &[place, customers()]);
    let parts = &prepared.statements[1];
    for part in [
        "SELECT MAX(b0), MAX(b1)",
        "COUNT(CASE WHEN v < b9 THEN 1 END), COUNT(CASE WHEN v = b9 THEN 1 END), COUNT(v) FROM (SELECT CAST(`price` AS DOUBLE) AS v FROM `main`.`orders` WHERE CAST(`price` AS DOUBLE) IS NOT NULL) a LEFT JOIN",
        "MIN(CASE WHEN upto * 10 > total * 9 THEN v END) AS b9",
        "FROM `main`.`customers` WHERE CAST(`price` AS DOUBLE) IS NOT NULL AND NOT isnan(CAST(`price` AS DOUBLE))) GROUP BY v))) b ON TRUE",
    ] {
        assert!(parts.sql.contains(part), "{}", parts.sql);
    }
    let measure = |answer: Vec<Option<&str>>| {
        let answer = answer.into_iter().map(|it| it.map(str::to_owned));
        let answers: [Answer; 2] = [Err("not asked".to_owned()), Ok(vec![answer.collect()])];
        let position = plan.objects[0].measures.iter();
        let mut position = position.enumerate();
        let of = position.find(|(_, measure)| matches!(measure, Measure::Parts { .. }));
        prepared.measured(&answers)[of.unwrap().0].value.clone()
    };

    let mut answer: Vec<Option<&str>> = vec![Some("1.5"); 9];
    answer.push(Some("1.0E7"));
    answer.extend([Some("2"), Some("3")].repeat(9));
    answer.extend([Some("6"), Some("0"), Some("7")]);
    let Ok(Value::Spread(spread)) = measure(answer) else {
        panic!("it is a spread");
    };
    assert_eq!(spread.bounds, [1.5, 1e7]);
    assert_eq!(spread.cells, [2, 3, 1, 0, 1]);

    let mut nothing = vec![None; 10];
    nothing.extend(vec![Some("0"); 21]);
    let Ok(Value::Spread(spread)) = measure(nothing) else {
        panic!("it is a spread");
    };
    assert_eq!((spread.bounds.len(), spread.cells), (0, vec![0]));
    assert!(measure(vec![Some("1"); 3]).is_err());
}
