//! Measures as Spark SQL.

use data_contract::judge;
use data_contract::plan::{Literal, Measure, ObjectId, Plan, Value};
use data_contract::spark::{Answer, Prepared, Schema, Source, describe, prepare};
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
      COUNT(CASE WHEN cardinality(array_distinct(`tags`)) < cardinality(`tags`) THEN 1 END),
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
      COUNT(CASE WHEN nullif(`d`, '') IS NOT NULL AND CAST(try_to_timestamp(`d`, 'dd.MM.yyyy') AS DATE) IS NULL THEN 1 END),
      COUNT(CASE WHEN CAST(try_to_timestamp(`d`, 'dd.MM.yyyy') AS DATE) > date_from_unix_date(20454) THEN 1 END),
      COUNT(CASE WHEN nullif(`b`, '') IS NOT NULL AND try_cast(`b` AS BOOLEAN) IS NULL THEN 1 END) FROM read_files('/mnt/a\'b/*.csv', format => 'csv', header => 'true', inferColumnTypes => 'false', multiLine => 'true', escape => '"', nullValue => '<no cell is this>', delimiter => ';');
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
        let answers = prepared.statements.iter();
        let answers: Vec<Answer> = answers
            .map(|_| Ok(vec![vec![Some("1".to_owned()); 9]]))
            .collect();

        let samples = prepared.samples(&prepared.measured(&answers), 3);

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
      COUNT(`n`),
      CAST(0 AS BIGINT) FROM `main`.`t`;
    ");
    let measured = prepared.measured(&[Ok(vec![vec![
        Some("3".into()),
        Some("3".into()),
        Some("0".into()),
    ]])]);
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
fn formats_are_written_as_spark_takes_them_or_not_at_all() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: z, logicalType: timestamp, logicalTypeOptions: {format: \"uuuu-MM-dd'u'HH:mmXXX\"}}
  - {name: d, logicalType: date, logicalTypeOptions: {format: yyyy-MM-ddXXX}}
  - {name: w, logicalType: date, logicalTypeOptions: {format: 'EEE, d MMM yyyy'}}
",
    );
    let columns = ["z", "d", "w"].map(|name| (name, "string"));
    let prepared = prepared(&plan, &[(csv("t"), schema(&columns))]);

    let text = statements(&prepared);
    assert!(
        text.contains(r"try_to_timestamp(`z`, 'yyyy-MM-dd\'u\'HH:mmXXX')"),
        "{text}"
    );
    assert!(!text.contains("`d`") && !text.contains("`w`"), "{text}");
    let gaps: Vec<_> = prepared
        .by_schema()
        .into_iter()
        .filter_map(|measured| measured.value.err())
        .map(|gap| gap.to_string())
        .collect();
    for reason in [
        "days with an offset from UTC are not read by Spark",
        "names of weekdays are not read by Spark",
    ] {
        assert!(gaps.iter().any(|gap| gap.contains(reason)), "{gaps:?}");
    }
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
