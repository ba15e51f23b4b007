//! Days and times.

use super::*;

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
