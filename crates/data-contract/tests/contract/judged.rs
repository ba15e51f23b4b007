//! What verdicts come of measured values.

use data_contract::judge;
use data_contract::plan::{Evidence, Gap, Literal, Measure, Measured, Plan, Sample, Value};
use data_contract::verdict::{Status, Verdict};

use crate::made::{columns, plan};

/// Gives each measure the value that `of` has for it; 0 otherwise.
fn judged(plan: &Plan, of: impl Fn(&Measure) -> Option<Result<Value, Gap>>) -> Verdict {
    let measured: Vec<Vec<_>> = plan
        .objects
        .iter()
        .map(|object| {
            let measures = object.measures.iter();
            measures
                .map(|measure| Measured {
                    value: of(measure).unwrap_or(Ok(Value::Count(0))),
                    evidence: Evidence::Scan,
                    samples: vec![Sample {
                        file: None,
                        row: Some(7),
                        value: Some("x".to_owned()),
                    }],
                    files: Vec::new(),
                })
                .collect()
        })
        .collect();
    judge(
        plan,
        &measured,
        jiff::Timestamp::from_second(1_000_000).expect("a time of this age"),
    )
}

fn count(count: u64) -> Option<Result<Value, Gap>> {
    Some(Ok(Value::Count(count)))
}

/// A line for each check of a rule, with what came of it.
fn lines(verdict: &Verdict) -> String {
    let checks = verdict.checks.iter().filter(|check| {
        !matches!(
            check.id.rsplit('.').next(),
            Some("notEmpty" | "extraColumns" | "present" | "type")
        )
    });
    let lines = checks.map(|check| {
        format!(
            "{} {:?}: {} {}{}\n",
            check.id,
            check.status,
            check.measured.as_deref().unwrap_or("-"),
            check.expected.as_deref().unwrap_or("-"),
            check
                .reason
                .as_ref()
                .map_or_else(String::new, |reason| format!(" ({reason})")),
        )
    });
    lines.collect()
}

#[test]
fn counts_and_percentages_are_compared() {
    let plan = columns(
        "  - name: a
    required: true
    quality:
    - {id: few, metric: nullValues, unit: percent, mustBeLessThan: 0.2}
    - {id: fewer, metric: nullValues, unit: percent, mustBeLessThan: 0.1, severity: Warning}
    - {id: some, metric: nullValues, mustBeBetween: [1312, 2000]}
    - {id: not, metric: nullValues, mustNotBe: 1312}
    - {id: keys, metric: duplicateValues, unit: percent, mustBeLessOrEqualTo: 0.0001}",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Rows => count(1_000_000),
        Measure::Nulls(_) => count(1_312),
        Measure::RepeatedKeys(_) => count(1),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    t.a.required Failed: 1,312 of 1,000,000 rows = 0
    few Passed: 0.1312 % (1,312 of 1,000,000) < 0.2 %
    fewer Warning: 0.1312 % (1,312 of 1,000,000) < 0.1 %
    some Passed: 1,312 of 1,000,000 rows between 1,312 and 2,000
    not Failed: 1,312 of 1,000,000 rows ≠ 1,312
    keys Passed: 0.0001 % (1 of 1,000,000) ≤ 0.0001 %
    ");
    assert_eq!(
        (verdict.objects[0].rows, verdict.worst()),
        (Some(1_000_000), Status::Failed)
    );
}

#[test]
fn a_percentage_of_nothing_is_0_and_says_so() {
    let plan = columns(
        "  - {name: a, quality: [{id: few, metric: nullValues, unit: percent, mustBeLessThan: 5}]}",
    );

    let verdict = judged(&plan, |_| None);

    assert_eq!(
        lines(&verdict),
        "few Passed: 0 % (0 of 0) < 5 % (there are no rows)\n"
    );
    assert_eq!(
        (verdict.checks[0].id.as_str(), verdict.checks[0].status),
        ("t.notEmpty", Status::Warning)
    );
}

#[test]
fn items_of_arrays_are_a_percentage_of_items() {
    let plan = columns(
        "  - name: tags
    logicalType: array
    items:
      logicalType: string
      quality:
      - {id: few, metric: nullValues, unit: percent, mustBeLessThan: 50}
      - {id: twice, metric: duplicateValues, unit: percent, mustBeLessThan: 50}",
    );
    let values = |measure: &Measure| match measure {
        Measure::Rows => count(4),
        Measure::Places(_) => count(40),
        Measure::Nulls(_) => count(10),
        Measure::RepeatedKeys(_) => count(5),
        _ => None,
    };
    let few = "few Passed: 25 % (10 of 40) < 50 %\n";
    let twice = "twice Passed: 12.5 % (5 of 40) < 50 %\n";

    assert_eq!(lines(&judged(&plan, values)), format!("{few}{twice}"));

    // Whichever of them are asked for.
    for (id, line) in [("few", few), ("twice", twice)] {
        let mut plan = plan.clone();
        plan.keep(|check| check.id == id);
        assert_eq!(lines(&judged(&plan, values)), line);
    }
}

#[test]
fn a_gap_is_never_a_pass() {
    let plan = columns(
        "  - {name: a, required: true}
  - {name: b, required: true, customProperties: [{property: optional, value: true}]}
  - {name: c, required: true, unique: true}",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Nulls(id) if id.0 == 2 => Some(Err(Gap::Failed("disk full".to_owned()))),
        Measure::Nulls(_) => Some(Err(Gap::Absent)),
        Measure::Surplus(_) => Some(Err(Gap::NotMeasurable("maps have no order".to_owned()))),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    t.a.required Error: - = 0 (the column is not there)
    t.b.required NotExecutable: - = 0 (the column is not there, and need not be)
    t.c.required Error: - = 0 (disk full)
    t.c.unique NotExecutable: - = 0 (maps have no order)
    ");
}

#[test]
fn ages_are_counted_from_now() {
    let plan = plan(
        "schema:
- {name: t, properties: [{name: at, logicalType: timestamp}, {name: day, logicalType: date}]}
slaProperties:
- {id: fresh, property: freshness, value: 1, unit: h, element: t.at}
- {id: kept, property: retention, value: 11, unit: d, element: t.at}
- {id: day, property: latency, value: 12, unit: d, element: t.day}
- {id: file, property: latency, value: 1, unit: min, element: t}
",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Extreme(id, data_contract::plan::Side::High) if id.0 == 0 => {
            Some(Ok(Value::Scalar(Literal::Timestamp(998_000_000_000))))
        }
        Measure::Extreme(id, _) if id.0 == 0 => Some(Ok(Value::Scalar(Literal::Timestamp(10)))),
        Measure::Extreme(..) => Some(Ok(Value::Scalar(Literal::Date(3)))),
        Measure::NewestFile => Some(Ok(Value::Scalar(Literal::Null))),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    fresh Passed: 33 min 20 s (1970-01-12T13:13:20Z) < 1 h
    kept Failed: 11 d 13 h (1970-01-01T00:00:00.00001Z) < 11 d
    day Passed: 8 d 13 h (1970-01-04) < 12 d
    file Failed: no value < 1 min (there is no value that has an age)
    ");
}

#[test]
fn the_one_value_of_a_query_is_compared() {
    let plan = plan(
        "schema:
- name: t
  quality:
  - {id: yes, type: sql, query: 'SELECT true', mustBe: true}
  - {id: mean, type: sql, query: 'SELECT 0.31', mustBeBetween: [0.2, 0.4]}
  - {id: word, type: sql, query: 'SELECT a', mustBeGreaterThan: 1}
  - {id: none, type: sql, query: 'SELECT null', mustBeGreaterThan: 1}
  - {id: other, type: sql, query: 'SELECT null', mustNotBe: 1}
  - {id: nan, type: sql, query: 'SELECT nan', mustNotBe: 1}
  - {id: nothing, type: sql, query: 'SELECT null', mustBe: null}
",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Query(query) => Some(Ok(Value::Scalar(match query.as_str() {
            "SELECT true" => Literal::Boolean(true),
            "SELECT 0.31" => Literal::Number(0.31),
            "SELECT a" => Literal::Text("a".to_owned()),
            "SELECT nan" => Literal::Number(f64::NAN),
            _ => Literal::Null,
        }))),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    yes Passed: true = true
    mean Passed: 0.31 between 0.2 and 0.4
    word Error: - > 1 (`a` is no number to compare)
    none Failed: null > 1 (the value is null or NaN, which is compared with nothing)
    other Failed: null ≠ 1 (the value is null or NaN, which is compared with nothing)
    nan Failed: NaN ≠ 1 (the value is null or NaN, which is compared with nothing)
    nothing Passed: null = null
    ");
}

#[test]
fn samples_stand_beside_what_is_broken_only() {
    let plan = columns("  - {name: a, required: true, unique: true}");

    let verdict = judged(&plan, |measure| {
        matches!(measure, Measure::Nulls(_)).then_some(Ok(Value::Count(1)))
    });

    let samples: Vec<_> = verdict
        .checks
        .iter()
        .map(|check| (check.status, check.samples.len()))
        .collect();
    assert!(
        samples
            .iter()
            .all(|(status, samples)| (*status == Status::Passed) == (*samples == 0)),
        "{samples:?}"
    );
}

#[test]
fn what_is_not_measured_is_an_error() {
    let plan = columns("  - {name: a, required: true}");

    let verdict = judge(&plan, &[], jiff::Timestamp::UNIX_EPOCH);

    assert!(
        verdict
            .checks
            .iter()
            .all(|check| check.status == Status::Error)
    );
}

#[test]
fn a_required_part_of_what_is_not_there_is_not_missed() {
    let plan = columns(
        "  - name: address
    logicalType: object
    properties: [{name: city, required: true}]",
    );
    let of = |city: u64| {
        judged(&plan, |measure| match measure {
            Measure::Nulls(column) if column.0 == 0 => count(5),
            Measure::Nulls(_) => count(city),
            _ => None,
        })
    };

    assert_eq!(lines(&of(5)), "t.address.city.required Passed: 0 = 0\n");
    assert_eq!(lines(&of(7)), "t.address.city.required Failed: 2 = 0\n");
}

#[test]
fn what_a_query_says_of_a_classified_column_is_not_shown() {
    let plan = columns(
        "  - {name: salary, classification: restricted}
  quality:
  - {id: most, type: sql, query: 'SELECT MAX(Salary) FROM t', mustBeLessThan: 10}
  - {id: word, type: sql, query: 'SELECT MIN(salary) FROM t', mustBeLessThan: 10}
  - {id: rows, type: sql, query: 'SELECT COUNT(*) FROM t WHERE salary < 0', mustBe: 0}",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Query(query) if query.contains("MIN") => {
            Some(Ok(Value::Scalar(Literal::Text("SECRET".to_owned()))))
        }
        Measure::Query(_) => Some(Ok(Value::Scalar(Literal::Integer(4711)))),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    most Failed: a value that is not shown < 10
    word Error: - < 10 (the value is no number to compare)
    rows Failed: 4,711 = 0
    ");
    let most = verdict.checks.iter().find(|check| check.id == "most");
    assert_eq!(most.and_then(|check| check.value), None);
}

#[test]
fn what_an_engine_says_of_a_classified_column_is_not_shown() {
    let plan = columns(
        "  - {name: salary, classification: restricted}
  quality:
  - {id: spark, type: sql, query: 'SELECT MAX(salary) FROM t', mustBeLessThan: 10}
  - {id: python, type: sql, query: 'SELECT MIN(salary) FROM t', mustBeLessThan: 10}
  - {id: slow, type: sql, query: 'SELECT AVG(salary) FROM t', mustBeLessThan: 10}",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Query(query) if query.contains("MAX") => Some(Err(Gap::Failed(
            "Job aborted: [CAST_INVALID_INPUT] The value '4711' cannot be cast".to_owned(),
        ))),
        Measure::Query(query) if query.contains("MIN") => Some(Err(Gap::Failed(
            "invalid literal for int() with base 10: '4711'".to_owned(),
        ))),
        Measure::Query(_) => Some(Err(Gap::GivenUp("given up after 5 s".to_owned()))),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    spark Error: - < 10 ([CAST_INVALID_INPUT] about a classified column)
    python Error: - < 10 (it fails on a value, which is not shown because there are classified columns)
    slow Error: - < 10 (given up after 5 s)
    ");
}

#[test]
fn a_contract_that_checks_nothing_is_not_all_right() {
    let verdict = judged(&plan("name: x\n"), |_| None);

    insta::assert_snapshot!(lines(&verdict), @"c.checks Warning: - - (the contract describes no data, so that no check was made)");
}

#[test]
fn an_age_is_told_of_whatever_says_a_point_in_time() {
    let plan = plan(
        "schema: [{name: t, properties: [{name: at}]}]
slaProperties:
- {id: new, property: Latency, value: 11, unit: d, element: t.at}
- {id: old, property: RE, value: 11, unit: d, element: t.at}
",
    );
    // Now is 1970-01-12T13:46:40Z.
    let of = |value: Literal| {
        let verdict = judged(&plan, |measure| match measure {
            Measure::Extreme(..) => Some(Ok(Value::Scalar(value.clone()))),
            _ => None,
        });
        lines(&verdict)
    };
    let text = |text: &str| of(Literal::Text(text.to_owned()));

    insta::assert_snapshot!(text("1970-01-02T00:00:00Z"), @r"
    new Passed: 10 d 13 h (1970-01-02T00:00:00Z) < 11 d
    old Passed: 10 d 13 h (1970-01-02T00:00:00Z) < 11 d
    ");
    insta::assert_snapshot!(text("1970-01-01"), @r"
    new Failed: 11 d 13 h (1970-01-01) < 11 d
    old Failed: 11 d 13 h (1970-01-01) < 11 d
    ");
    insta::assert_snapshot!(text("1970-01-02T00:00:00+02:00"), @r"
    new Passed: 10 d 15 h (1970-01-02T00:00:00+02:00) < 11 d (texts are compared letter by letter, so that offsets other than Z count as if they were none)
    old Passed: 10 d 15 h (1970-01-02T00:00:00+02:00) < 11 d (texts are compared letter by letter, so that offsets other than Z count as if they were none)
    ");
    insta::assert_snapshot!(text("864000"), @r"
    new Passed: 1 d 13 h (864000) < 11 d
    old Passed: 1 d 13 h (864000) < 11 d
    ");
    insta::assert_snapshot!(of(Literal::Integer(864_000)), @r"
    new Passed: 1 d 13 h (864000) < 11 d
    old Passed: 1 d 13 h (864000) < 11 d
    ");
    // A day is as old as its first moment, at both ends.
    insta::assert_snapshot!(of(Literal::Date(1)), @r"
    new Passed: 10 d 13 h (1970-01-02) < 11 d
    old Passed: 10 d 13 h (1970-01-02) < 11 d
    ");
    insta::assert_snapshot!(of(Literal::Integer(1_796_000_000_000)), @r"
    new Error: - < 11 d (`1796000000000` is no point in time: known are times of ISO 8601 and seconds since 1970; other texts need a `logicalType` with a `format`)
    old Error: - < 11 d (`1796000000000` is no point in time: known are times of ISO 8601 and seconds since 1970; other texts need a `logicalType` with a `format`)
    ");
    insta::assert_snapshot!(text("soon"), @r"
    new Error: - < 11 d (`soon` is no point in time: known are times of ISO 8601 and seconds since 1970; other texts need a `logicalType` with a `format`)
    old Error: - < 11 d (`soon` is no point in time: known are times of ISO 8601 and seconds since 1970; other texts need a `logicalType` with a `format`)
    ");
}

#[test]
fn nothing_is_no_proof_that_data_are_kept() {
    let plan = plan(
        "schema:
- {name: t, properties: [{name: at, logicalType: timestamp}]}
slaProperties: [{id: kept, property: retention, value: 11, unit: d, element: t.at}]
",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Extreme(..) => Some(Ok(Value::Scalar(Literal::Null))),
        _ => None,
    });

    assert_eq!(
        lines(&verdict),
        "kept Failed: no value < 11 d (there is no value that has an age)\n"
    );
}

#[test]
fn columns_that_nobody_declared_are_named() {
    let plan = columns("  - {name: a}");

    let verdict = judged(&plan, |measure| {
        matches!(measure, Measure::ExtraColumns).then_some(Ok(Value::Count(1_204)))
    });

    let mut checks = verdict.checks.iter();
    let check = checks.find(|check| check.id.ends_with("extraColumns"));
    let check = check.expect("there is a check of it");
    assert_eq!(check.reason.as_deref(), Some("`x` and 1,203 more"));
    assert_eq!(check.samples, []);
}

#[test]
fn a_number_that_breaks_a_rule_does_not_look_like_the_one_that_is_asked_for() {
    let plan = plan(
        "schema:
- name: t
  quality:
  - {id: sum, type: sql, query: SELECT sum, mustBe: 0.3}
  - {id: far, type: sql, query: SELECT far, mustBe: 0.3}
",
    );

    let verdict = judged(&plan, |measure| match measure {
        Measure::Query(query) if query.contains("sum") => {
            Some(Ok(Value::Scalar(Literal::Number(0.1 + 0.2))))
        }
        Measure::Query(_) => Some(Ok(Value::Scalar(Literal::Number(1.0 / 3.0)))),
        _ => None,
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    sum Failed: 0.30000000000000004 = 0.3
    far Failed: 0.33333 = 0.3
    ");
}

#[test]
fn a_count_that_may_be_greater_decides_what_it_can() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: a, logicalType: integer, logicalTypeOptions: {maximum: 50}}]
  quality:
  - {id: some, metric: rowCount, mustBeGreaterThan: 2}
  - {id: few, metric: rowCount, mustBeLessThan: 3}
  - {id: three, metric: rowCount, mustBe: 3}
",
    );

    let verdict = judged(&plan, |measure| {
        let gap = || Gap::Failed("b.csv: it broke off".to_owned());
        match measure {
            Measure::Rows => Some(Ok(Value::AtLeast(3, gap()))),
            Measure::Beyond(..) => {
                let unread = "nobody looked".to_owned();
                Some(Ok(Value::AtLeast(1, Gap::NotMeasurable(unread))))
            }
            _ => None,
        }
    });

    insta::assert_snapshot!(lines(&verdict), @r"
    t.a.maximum Failed: at least 1 = 0
    some Passed: at least 3 > 2
    few Failed: at least 3 < 3
    three Error: - = 3 (b.csv: it broke off)
    ");
}

#[test]
fn a_time_far_in_the_future_is_told() {
    let plan = plan(
        "schema:
- name: t
  properties: [{name: at, logicalType: timestamp}]
slaProperties: [{property: freshness, value: 1, unit: d, element: t.at}, {property: retention, value: 1, unit: y, element: t.at}]
",
    );
    let at = |days: i64| {
        let micros = (1_000_000 + days * 86_400 + 3_600) * 1_000_000;
        judged(&plan, |measure| match measure {
            Measure::Extreme(..) => Some(Ok(Value::Scalar(Literal::Timestamp(micros)))),
            _ => None,
        })
    };

    insta::assert_snapshot!(lines(&at(3)), @r"
    t.at.freshness Passed: -3 d 1 h (1970-01-15T14:46:40Z) < 1 d (it is in the future)
    t.at.freshness.future Warning: 3 d 1 h ahead (1970-01-15T14:46:40Z) ≤ 1 d ahead (by such a value everything is new, so that the age proves nothing)
    t.at.retention Passed: -3 d 1 h (1970-01-15T14:46:40Z) < 365 d 6 h (it is in the future)
    ");
    let told = |verdict: &Verdict| verdict.checks.iter().any(|it| it.id.ends_with(".future"));
    assert!(told(&at(3)) && !told(&at(0)));
}
