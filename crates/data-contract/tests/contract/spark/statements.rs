//! The statements of an object.

use super::*;

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
