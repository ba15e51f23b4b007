//! Numbers: decimals, doubles, and those that are read from texts.

use super::*;

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
