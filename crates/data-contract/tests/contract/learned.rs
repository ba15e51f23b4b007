//! Checks of machine learning.

use std::collections::BTreeMap;

use data_contract::compile::{Selection, Settings};
use data_contract::infer::{ColumnProfile, Histogram, Profile};
use data_contract::plan::{Evidence, Literal, Measure, Measured, Plan, Value};
use data_contract::{compile, judge};

use crate::made::{contract, shown};

/// Two parts of data, with rules in the first one.
fn parts(rules: &str) -> String {
    let columns = "\n  properties:
  - {name: id, logicalType: integer}
  - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 100}}
  - {name: label, logicalType: string}
  - {name: split, logicalType: string}
  - {name: at, logicalType: timestamp}
";
    format!("schema:\n- name: train{columns}  quality:\n{rules}\n- name: test{columns}")
}

fn rule(implementation: &str) -> String {
    format!("  - {{type: custom, engine: dataops, implementation: {{{implementation}}}}}\n")
}

fn compiled(rules: &[&str], settings: &Settings) -> Plan {
    let rules: String = rules
        .iter()
        .map(|implementation| rule(implementation))
        .collect();
    let mut plan = compile(&contract(&parts(&rules)), &Selection::default(), settings)
        .expect("the contract compiles");
    plan.keep(|check| check.category == data_contract::plan::Category::Ml);
    plan
}

/// The lines of a verdict where each measure is as `of` says, of the first object and of the second.
fn lines(plan: &Plan, of: impl Fn(usize, &Measure) -> Value) -> String {
    let objects = plan.objects.iter().enumerate();
    let measured: Vec<Vec<_>> = objects
        .map(|(at, object)| {
            let measures = object.measures.iter();
            measures
                .map(|measure| Measured {
                    value: Ok(of(at, measure)),
                    evidence: Evidence::Scan,
                    samples: Vec::new(),
                    files: Vec::new(),
                })
                .collect()
        })
        .collect();
    let verdict = judge(plan, &measured, jiff::Timestamp::UNIX_EPOCH);
    let lines = verdict.checks.iter().map(|check| {
        let measured = check.measured.as_deref().unwrap_or("-");
        let expected = check.expected.as_deref().unwrap_or("-");
        format!(
            "{} | {:?}: {measured} {expected}\n",
            check.title, check.status
        )
    });
    lines.collect()
}

fn frequencies(values: &[(&str, u64)]) -> Value {
    Value::Frequencies {
        values: values
            .iter()
            .map(|(value, count)| ((*value).to_owned(), *count))
            .collect(),
        rest: 0,
        more: 0,
    }
}

#[test]
fn each_check_becomes_measures() {
    let plan = compiled(
        &[
            "check: splitShare, rest: [test]",
            "check: splitShare, column: split, value: train, mustBeGreaterThan: 0.5",
            "check: stratification, with: test, column: label",
            "check: keyLeakage, columns: [id], with: test",
            "check: groupLeakage, columns: id, split: split",
            "check: rowLeakage, with: test, except: [id, label]",
            "check: conflictingLabels, column: label, except: [id]",
            "check: timeLeakage, with: test, column: at",
            "check: classBalance, column: label, classes: [a, b]",
            "check: newLabels, with: test, column: label",
            "check: reconciliation, parts: [test]",
            "check: reconciliation, parts: [test], column: age",
            "check: drift, column: age, reference: {object: test}",
            "check: drift, column: label, reference: {object: test}, method: chiSquare",
            "check: drift, column: age, reference: {object: test}, method: ks, bins: [10, 20]",
            "check: constant, columns: [age, label]",
            "check: nearConstant, column: label",
            "check: nearConstant, except: [id, age, at], mustBeLessThan: 0.9",
            "check: runFolder, within: 6 h",
            "check: volume, reference: {object: test}",
            "check: identifier, except: [id]",
            "check: drift, column: age, reference: {object: test}, method: jensenShannon",
            "check: drift, column: age, reference: {object: test}, method: unseen",
        ],
        &Settings::default(),
    );

    insta::assert_snapshot!(shown(&plan), @r#"
    train.splitShare | share of `train` in all rows between 0.78 and 0.82 | Share { part: Of { object: ObjectId(0), measure: MeasureId(0) }, rest: [Of { object: ObjectId(1), measure: MeasureId(0) }] } [MustBeBetween(Number(0.78), Number(0.82))]
    train.splitShare-2 | share of rows where `split` is train > 0.5 | LabelShare { label: "train", part: Of { object: ObjectId(0), measure: MeasureId(1) }, whole: Of { object: ObjectId(0), measure: MeasureId(0) } } [MustBeGreaterThan(Number(0.5))]
    train.stratification | shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | UnlikelyShift(Of { object: ObjectId(0), measure: MeasureId(2) }, Of { object: ObjectId(1), measure: MeasureId(1) }) [MustBeLessOrEqualTo(Number(0.02))]
    train.keyLeakage | keys by `id` that `test` has too = 0 | Shared { rows: false, columns: [ColumnId(0)], with: ObjectId(1), with_columns: [ColumnId(0)] } Rows [MustBe(Integer(0))]
    train.groupLeakage | groups by `id` with several values of `split` = 0 | Divided { rows: false, columns: [ColumnId(0)], by: ColumnId(3) } Rows [MustBe(Integer(0))]
    train.rowLeakage | rows by `age`, `split`, `at` that `train` and `test` both have = 0 | Sum([Of { object: ObjectId(0), measure: MeasureId(5) }, Of { object: ObjectId(1), measure: MeasureId(2) }]) [MustBe(Integer(0))]
    train.conflictingLabels | equal rows with several values of `label` ≤ 0.1 % | Divided { rows: true, columns: [ColumnId(1), ColumnId(3), ColumnId(4)], by: ColumnId(2) } Percent [MustBeLessOrEqualTo(Number(0.1))]
    train.timeLeakage | seconds from the newest `at` to the oldest one of `test` > 0 | Ahead { earlier: Of { object: ObjectId(0), measure: MeasureId(7) }, later: Of { object: ObjectId(1), measure: MeasureId(3) } } [MustBeGreaterThan(Integer(0))]
    train.classBalance | least share of a value of `label` ≥ 0.01 | LeastShare { of: Of { object: ObjectId(0), measure: MeasureId(2) }, expected: ["a", "b"] } [MustBeGreaterOrEqualTo(Number(0.01))]
    train.newLabels | values of `label` in `test` only = 0 | NewLabels(Of { object: ObjectId(0), measure: MeasureId(2) }, Of { object: ObjectId(1), measure: MeasureId(1) }) [MustBe(Integer(0))]
    train.reconciliation | rows in `train` less `test` = 0 | Difference { whole: Of { object: ObjectId(0), measure: MeasureId(0) }, parts: [Of { object: ObjectId(1), measure: MeasureId(0) }] } [MustBe(Integer(0))]
    train.reconciliation-2 | sum of `age` in `train` less `test` = 0 | Difference { whole: Of { object: ObjectId(0), measure: MeasureId(8) }, parts: [Of { object: ObjectId(1), measure: MeasureId(4) }] } [MustBe(Integer(0))]
    train.drift | population stability index of `age` < 0.25 | Psi(Of { object: ObjectId(0), measure: MeasureId(9) }, Measured(Of { object: ObjectId(1), measure: MeasureId(5) })) [MustBeLessThan(Number(0.25))]
    train.drift.notice | population stability index of `age` < 0.1 | Psi(Of { object: ObjectId(0), measure: MeasureId(9) }, Measured(Of { object: ObjectId(1), measure: MeasureId(5) })) [MustBeLessThan(Number(0.1))]
    train.drift-2 | likelihood (chi-square) of the spread of `label` ≥ 0.01 | ChiSquare(Of { object: ObjectId(0), measure: MeasureId(2) }, Measured(Of { object: ObjectId(1), measure: MeasureId(1) })) [MustBeGreaterOrEqualTo(Number(0.01))]
    train.drift-3 | Kolmogorov-Smirnov distance of `age` < 0.1 | Ks(Of { object: ObjectId(0), measure: MeasureId(10) }, Measured(Of { object: ObjectId(1), measure: MeasureId(6) })) [MustBeLessThan(Number(0.1))]
    train.constant.age | different values of `age` > 1 | Distinct([ColumnId(1)]) Rows [MustBeGreaterThan(Integer(1))]
    train.constant.label | different values of `label` > 1 | Distinct([ColumnId(2)]) Rows [MustBeGreaterThan(Integer(1))]
    train.nearConstant | share of the most frequent value of `label` < 0.99 | GreatestShare(Of { object: ObjectId(0), measure: MeasureId(2) }) [MustBeLessThan(Number(0.99))]
    train.nearConstant.label | share of the most frequent value of `label` < 0.9 | GreatestShare(Of { object: ObjectId(0), measure: MeasureId(2) }) [MustBeLessThan(Number(0.9))]
    train.nearConstant.split | share of the most frequent value of `split` < 0.9 | GreatestShare(Of { object: ObjectId(0), measure: MeasureId(13) }) [MustBeLessThan(Number(0.9))]
    train.runFolder | age of the newest file of `train` < 6 h | NewestFile younger than 21600 s
    train.volume | rows of `train` per row of `test` between 0.5 and 1.5 | Volume { here: Of { object: ObjectId(0), measure: MeasureId(0) }, reference: Measured(Of { object: ObjectId(1), measure: MeasureId(0) }) } [MustBeBetween(Number(0.5), Number(1.5))]
    train.identifier.age | different values per value of `age` < 1 | Variety { distinct: Of { object: ObjectId(0), measure: MeasureId(11) }, rows: Of { object: ObjectId(0), measure: MeasureId(0) }, nulls: Of { object: ObjectId(0), measure: MeasureId(15) } } [MustBeLessThan(Integer(1))]
    train.identifier.label | different values per value of `label` < 1 | Variety { distinct: Of { object: ObjectId(0), measure: MeasureId(12) }, rows: Of { object: ObjectId(0), measure: MeasureId(0) }, nulls: Of { object: ObjectId(0), measure: MeasureId(16) } } [MustBeLessThan(Integer(1))]
    train.identifier.split | different values per value of `split` < 1 | Variety { distinct: Of { object: ObjectId(0), measure: MeasureId(17) }, rows: Of { object: ObjectId(0), measure: MeasureId(0) }, nulls: Of { object: ObjectId(0), measure: MeasureId(18) } } [MustBeLessThan(Integer(1))]
    train.drift-4 | Jensen-Shannon distance of `age` < 0.1 | JensenShannon(Of { object: ObjectId(0), measure: MeasureId(9) }, Measured(Of { object: ObjectId(1), measure: MeasureId(5) })) [MustBeLessThan(Number(0.1))]
    train.drift-5 | share of values that the reference lacks of `age` < 0.1 | Unseen(Of { object: ObjectId(0), measure: MeasureId(19) }, Measured(Of { object: ObjectId(1), measure: MeasureId(7) })) [MustBeLessThan(Number(0.1))]
    "#);
}

#[test]
fn what_a_check_lacks_is_told() {
    let plan = compiled(
        &[
            "check: splitshare",
            "rest: [test]",
            "check: splitShare",
            "check: splitShare, rest: [tset]",
            "check: keyLeakage, columns: [uid], with: test",
            "check: keyLeakage, columns: [id]",
            "check: keyLeakage, columns: [id], except: [at], with: test",
            "check: drift, column: age, reference: {profile: last}",
            "check: drift, column: label, reference: {object: test}, method: ks",
            "check: drift, column: age, reference: {object: test}, bins: [2, 1]",
            "check: runFolder, within: soon",
            "check: runFolder, within: 1 h, per: day",
            "check: constant, except: [id, age, label, split, at]",
            "check: nearConstant, except: [id, age, label, split, at]",
        ],
        &Settings::default(),
    );

    let reasons: Vec<_> = shown(&plan)
        .lines()
        .map(|line| line.rsplit(" | ").next().unwrap().to_owned())
        .collect();
    insta::assert_snapshot!(reasons.join("\n"), @r"
    not executable: there is no check `splitshare`
    not executable: the implementation names no `check`
    not executable: `splitShare` needs `rest` or `value`
    not executable: there is no object `tset`
    not executable: `train` has no column `uid`
    not executable: `keyLeakage` needs `with` or `split`
    not executable: `keyLeakage` has no key `except`
    undecided: there is no stored profile `last`
    not executable: `ks` compares numbers, and the column declares none
    not executable: `bins` needs numbers in ascending order
    not executable: `within`: `soon` is no duration
    not executable: `runFolder` has no key `per`
    not executable: no column is left to look at
    not executable: no column is left to look at
    ");
}

#[test]
fn splits_are_judged() {
    let plan = compiled(
        &[
            "check: splitShare, rest: [test]",
            "check: splitShare, column: split, value: train",
            "check: stratification, with: test, column: label",
            "check: classBalance, column: label, classes: [yes, maybe]",
            "check: newLabels, with: test, column: label",
            "check: nearConstant, column: label",
            "check: reconciliation, parts: [test]",
            "check: timeLeakage, with: test, column: at",
            "check: keyLeakage, columns: [id], with: test",
        ],
        &Settings::default(),
    );

    let lines = lines(&plan, |at, measure| match (at, measure) {
        (0, Measure::Rows) => Value::Count(800),
        (_, Measure::Rows) => Value::Count(200),
        (_, Measure::Labelled(..)) => Value::Count(600),
        (0, Measure::Frequencies(..)) => frequencies(&[("no", 790), ("yes", 10)]),
        (_, Measure::Frequencies(..)) => frequencies(&[("no", 180), ("yes", 19), ("odd", 1)]),
        (0, Measure::Extreme(..)) => Value::Scalar(Literal::Timestamp(90_000_000)),
        (_, Measure::Extreme(..)) => Value::Scalar(Literal::Timestamp(30_000_000)),
        _ => Value::Count(3),
    });

    insta::assert_snapshot!(lines, @r"
    share of `train` in all rows between 0.78 and 0.82 | Passed: 0.8 (800 of 1,000) between 0.78 and 0.82
    share of rows where `split` is train between 0.78 and 0.82 | Failed: 0.75 (600 of 800) between 0.78 and 0.82
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Failed: 0.0875 (`no`: 0.9875 and 0.9) ≤ 0.04046 (3 sigma of a random split)
    least share of a value of `label` ≥ 0.01 | Failed: 0 (`maybe`) ≥ 0.01
    values of `label` in `test` only = 0 | Failed: 1 (`odd`) = 0
    share of the most frequent value of `label` < 0.99 | Passed: 0.9875 (`no`) < 0.99
    rows in `train` less `test` = 0 | Failed: 600 (800 − 200) = 0
    seconds from the newest `at` to the oldest one of `test` > 0 | Failed: 1 min overlap > 0
    keys by `id` that `test` has too = 0 | Failed: 3 = 0
    ");
}

#[test]
fn a_stored_profile_is_a_reference() {
    let last = Profile {
        object: "train".to_owned(),
        rows: 100,
        unreadable: Vec::new(),
        odd: Vec::new(),
        columns: vec![
            ColumnProfile {
                name: "age".to_owned(),
                histogram: Some(Histogram {
                    edges: vec![20.0, 40.0],
                    counts: vec![30, 40, 30],
                }),
                ..ColumnProfile::default()
            },
            ColumnProfile {
                name: "label".to_owned(),
                top: vec![("a".to_owned(), 60), ("b".to_owned(), 40)],
                top_is_all: true,
                ..ColumnProfile::default()
            },
        ],
    };
    let stored: Profile = serde_json::from_str(&serde_json::to_string(&last).unwrap()).unwrap();
    let settings = Settings {
        profiles: BTreeMap::from([("last".to_owned(), stored)]),
        ..Settings::default()
    };
    let plan = compiled(
        &[
            "check: drift, column: age, reference: {profile: last}",
            "check: drift, column: age, reference: {profile: last}, method: ks",
            "check: drift, column: label, reference: {profile: last}, method: chiSquare",
        ],
        &settings,
    );

    // It is as old as profiles were whose bins had equal width.
    let lines = lines(&plan, |_, measure| match measure {
        Measure::Histogram(..) => Value::Bins(vec![45, 35, 20]),
        _ => frequencies(&[("a", 61), ("b", 39)]),
    });

    insta::assert_snapshot!(lines, @r"
    population stability index of `age` < 0.25 | Passed: 0.10804 < 0.25
    population stability index of `age` < 0.1 | Warning: 0.10804 < 0.1
    Kolmogorov-Smirnov distance of `age` < 0.1 | Failed: 0.15 to 0.5 < 0.1
    likelihood (chi-square) of the spread of `label` ≥ 0.01 | Passed: p = 0.88499 (χ² = 0.02092, 1 degrees of freedom) ≥ 0.01
    ");
}

/// A rule that compares a column with a stored profile of it, which has a value alone.
fn days(column: &str, (kind, format): (&str, Option<&str>), value: &str) -> Plan {
    let last = Profile {
        columns: vec![ColumnProfile {
            name: "label".to_owned(),
            logical_type: Some(kind.to_owned()),
            time_format: format.map(str::to_owned),
            top: vec![(value.to_owned(), 60)],
            top_is_all: true,
            ..ColumnProfile::default()
        }],
        ..Profile::default()
    };
    let settings = Settings {
        profiles: BTreeMap::from([("last".to_owned(), last)]),
        ..Settings::default()
    };
    let drift = "check: drift, column: label, reference: {profile: last}, method: psi";
    let text = parts(&rule(drift)).replace(
        "{name: label, logicalType: string}",
        &format!("{{name: label{column}}}"),
    );
    let mut plan =
        compile(&contract(&text), &Selection::default(), &settings).expect("the contract compiles");
    plan.keep(|check| check.category == data_contract::plan::Category::Ml);
    plan
}

const TEXT: &str = ", logicalType: string";
const DATE: &str = ", logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy}";

#[test]
fn days_of_a_profile_are_compared_as_the_column_has_them() {
    let [text, iso] = ["31.12.2025", "2025-12-31"];
    let written = ("date", Some("dd.MM.yyyy"));
    let short = DATE.replace("dd.MM", "d.M");

    for (column, profile, [known, found]) in [
        (TEXT, written, [iso, text]),
        ("", written, [iso, text]),
        (DATE, written, [iso, iso]),
        (&short, ("string", None), [text, iso]),
        (TEXT, ("string", None), [text, text]),
        (TEXT, ("date", None), [iso, iso]),
    ] {
        let plan = days(column, profile, known);
        let lines = lines(&plan, |_, _| frequencies(&[(found, 50)]));
        assert!(
            lines.contains("| Passed: 0 < 0.25"),
            "{column} {profile:?}: {lines}"
        );
    }
}

#[test]
fn what_a_profile_has_otherwise_than_the_column_is_not_measured() {
    for (column, profile, value) in [
        (TEXT, ("date", Some("d.M.yyyy")), "2025-12-31"),
        (TEXT, ("timestamp", None), "2025-12-31T00:00:00Z"),
        (DATE, ("timestamp", None), "2025-12-31T00:00:00Z"),
        (DATE, ("string", None), "Monday"),
    ] {
        let plan = shown(&days(column, profile, value));
        let reason = format!(
            "undecided: the profile has values of the type {}, and the column holds ",
            profile.0
        );
        assert!(plan.contains(&reason), "{column} {profile:?}: {plan}");
    }
}

#[test]
fn values_of_a_classified_column_are_in_no_line() {
    let rules = [
        "check: stratification, with: test, column: label",
        "check: classBalance, column: label",
        "check: newLabels, with: test, column: label",
        "check: nearConstant, column: label",
    ];
    let text = parts(&rules.map(rule).concat()).replace(
        "{name: label, logicalType: string}",
        "{name: label, logicalType: string, classification: restricted}",
    );
    let mut plan = compile(
        &contract(&text),
        &Selection::default(),
        &Settings::default(),
    )
    .expect("the contract compiles");
    plan.keep(|check| check.category == data_contract::plan::Category::Ml);

    let lines = lines(&plan, |at, _| match at {
        0 => frequencies(&[("SECRETLABEL", 9), ("other", 1)]),
        _ => frequencies(&[("SECRETLABEL", 5), ("SECRETNEW", 5)]),
    });

    assert_eq!(lines.lines().count(), rules.len(), "{lines}");
    assert!(!lines.contains("SECRET"), "{lines}");
}

#[test]
fn sums_are_the_same_but_for_how_they_are_rounded() {
    let plan = compiled(
        &["check: reconciliation, parts: [test], column: age"],
        &Settings::default(),
    );
    let lines = |whole: Literal, part: Literal| {
        lines(&plan, |at, _| {
            Value::Scalar(if at == 0 { whole.clone() } else { part.clone() })
        })
    };

    let wide = 1_i128 << 60;
    let lost = lines(Literal::Integer(wide + 1), Literal::Integer(wide));
    assert!(lost.contains("Failed: 1 ("), "{lost}");
    let rounded = lines(Literal::Number(0.1 + 0.2), Literal::Number(0.3));
    assert!(rounded.contains("Passed: 0 ("), "{rounded}");
    let other = lines(Literal::Number(0.31), Literal::Number(0.3));
    assert!(other.contains("Failed"), "{other}");
}

#[test]
fn labels_that_were_not_told_apart_are_neither_new_nor_old() {
    let plan = compiled(
        &[
            "check: newLabels, with: test, column: label",
            "check: drift, column: label, reference: {object: test}",
            "check: classBalance, column: label",
        ],
        &Settings::default(),
    );

    let lines = lines(&plan, |_, _| Value::Frequencies {
        values: vec![("a".to_owned(), 3)],
        rest: 1,
        more: 0,
    });

    assert!(
        !lines.contains("Passed") && !lines.contains("Failed"),
        "{lines}"
    );
    assert_eq!(
        lines.matches("Error").count(),
        lines.lines().count(),
        "{lines}"
    );
}

#[test]
fn the_most_frequent_value_is_told_where_it_can_be_known() {
    let plan = compiled(
        &[
            "check: nearConstant, column: label",
            "check: nearConstant, column: label, mustBeLessThan: 0.5",
            "check: nearConstant, column: label, mustBeLessThan: 0.7",
        ],
        &Settings::default(),
    );

    let lines = lines(&plan, |_, _| Value::Frequencies {
        values: vec![("a".to_owned(), 600), ("b".to_owned(), 10)],
        rest: 390,
        more: 150,
    });

    insta::assert_snapshot!(lines, @r"
    share of the most frequent value of `label` < 0.99 | Passed: 0.6 to 0.75 < 0.99
    share of the most frequent value of `label` < 0.5 | Warning: 0.6 to 0.75 < 0.5
    share of the most frequent value of `label` < 0.7 | Error: - < 0.7
    ");
}

#[test]
fn a_random_split_shifts_no_label() {
    let rules = [
        "check: stratification, with: test, column: label",
        "check: stratification, with: test, column: label, mustBeLessOrEqualTo: 0.02",
    ];
    let plan = compiled(&rules, &Settings::default());
    let judged = |here: &[(&str, u64)], there: &[(&str, u64)]| {
        lines(&plan, |at, _| match at {
            0 => frequencies(here),
            _ => frequencies(there),
        })
    };

    // Of 200 rows a tenth is 20 give or take 13; of 20,000 it is much nearer.
    insta::assert_snapshot!(judged(&[("a", 720), ("b", 80)], &[("a", 172), ("b", 28)]), @r"
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Passed: 0.04 (`a`: 0.9 and 0.86) ≤ 0.07361 (3 sigma of a random split)
    greatest difference of a share of `label` from `test` ≤ 0.02 | Failed: 0.04 (`a`: 0.9 and 0.86) ≤ 0.02
    ");
    insta::assert_snapshot!(judged(&[("a", 72_000), ("b", 8_000)], &[("a", 17_200), ("b", 2_800)]), @r"
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Failed: 0.04 (`a`: 0.9 and 0.86) ≤ 0.02
    greatest difference of a share of `label` from `test` ≤ 0.02 | Failed: 0.04 (`a`: 0.9 and 0.86) ≤ 0.02
    ");
    // Nobody of the second part has the rare label, and a large one may differ by as much.
    insta::assert_snapshot!(judged(&[("a", 78_500), ("b", 1_500)], &[("a", 20_000)]), @r"
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Failed: 0.01875 (`b`: 0.01875 and 0) ≤ 0.003 (a fifth of so small a share)
    greatest difference of a share of `label` from `test` ≤ 0.02 | Passed: 0.01875 (`a`: 0.98125 and 1) ≤ 0.02
    ");
    insta::assert_snapshot!(judged(&[("a", 39_500), ("b", 40_500)], &[("a", 10_200), ("b", 9_800)]), @r"
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Passed: 0.01625 (`b`: 0.50625 and 0.49) ≤ 0.02
    greatest difference of a share of `label` from `test` ≤ 0.02 | Passed: 0.01625 (`b`: 0.50625 and 0.49) ≤ 0.02
    ");
    insta::assert_snapshot!(judged(&[("a", 78_500), ("b", 1_500)], &[("a", 19_580), ("b", 420)]), @r"
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Passed: 0.00225 (`b`: 0.01875 and 0.021) ≤ 0.00384 (a fifth of so small a share)
    greatest difference of a share of `label` from `test` ≤ 0.02 | Passed: 0.00225 (`b`: 0.01875 and 0.021) ≤ 0.02
    ");
    // The rare label is none of chance, the frequent ones are.
    insta::assert_snapshot!(judged(&[("a", 430), ("b", 400), ("c", 0)], &[("a", 96), ("b", 98), ("c", 6)]), @r"
    shares of `label` are those of `test`, to 0.02 (small ones to a fifth) or by chance | Failed: 0.03 (`c`: 0 and 0.03) ≤ 0.01798 (3 sigma of a random split)
    greatest difference of a share of `label` from `test` ≤ 0.02 | Failed: 0.03807 (`a`: 0.51807 and 0.48) ≤ 0.02
    ");
}

fn reasons(plan: &Plan) -> String {
    let shown = shown(plan);
    let reasons = shown.lines().filter_map(|line| line.rsplit(" | ").next());
    reasons.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_would_be_told_in_vain_is_refused() {
    let plan = compiled(
        &[
            "check: stratification, with: train, column: label",
            "check: newLabels, with: train, column: label",
            "check: drift, column: age, reference: {object: train}",
            "check: reconciliation, parts: [train]",
            "check: keyLeakage, columns: [id], with: train",
            "check: keyLeakage, columns: [id, split], split: split",
            "check: keyLeakage, columns: [], with: test",
            "check: keyLeakage, columns: [id, id], with: test",
            "check: splitShare, rest: []",
            "check: splitShare, rest: [train]",
            "check: splitShare, rest: [test, test]",
            "check: splitShare, rest: [test], column: split, value: train",
            "check: drift, column: label, reference: {object: test}, bins: [1, 2]",
            "check: drift, column: age, reference: {object: test}, bins: [1, 2], method: labelShift",
            "check: drift, column: age, reference: {object: test, prof: a}",
            "check: classBalance, column: label, classes: a",
            "check: classBalance, column: label, classes: []",
            "check: classBalance, column: age, classes: [young]",
            "check: timeLeakage, with: test, column: label",
            "check: reconciliation, parts: [test], column: label",
        ],
        &Settings::default(),
    );

    insta::assert_snapshot!(reasons(&plan), @r"
    not executable: `stratification` would compare `train` with itself
    not executable: `newLabels` would compare `train` with itself
    not executable: `drift` would compare `train` with itself
    not executable: `reconciliation` would compare `train` with itself
    not executable: `keyLeakage` would compare `train` with itself
    not executable: `split` tells the parts apart, so that it is no part of the key
    not executable: `columns` needs names of columns
    not executable: `id` is named twice
    not executable: `rest` needs names of objects
    not executable: `splitShare` would compare `train` with itself
    not executable: `test` is named twice
    not executable: `column` means nothing beside `rest`
    not executable: `bins` are of numbers, and `label` holds texts
    not executable: the method compares values one by one, and takes no `bins`
    not executable: `reference` needs `{ object: … }` or `{ profile: … }`
    not executable: `classes` needs a list of values
    not executable: `classes` needs a list of values
    not executable: `young` is no number
    not executable: points in time are compared, and `label` holds texts
    not executable: numbers are added up, and `label` holds texts
    ");
}

#[test]
fn keys_of_other_kinds_and_columns_with_parts_are_refused() {
    let columns = "properties: [{name: id, logicalType: KIND}, {name: ok, logicalType: boolean}, {name: home, logicalType: object, properties: [{name: city}]}]";
    let rules = [
        "check: keyLeakage, columns: [id], with: test",
        "check: rowLeakage, with: test",
        "check: rowLeakage, with: test, except: [id, home]",
        "check: conflictingLabels, column: ok",
        "check: classBalance, column: ok, classes: ['True', 'FALSE']",
        "check: classBalance, column: ok, classes: ['yes']",
    ];
    let rules: String = rules.iter().map(|it| rule(it)).collect();
    let text = format!(
        "schema:\n- name: train\n  {}\n  quality:\n{rules}- name: test\n  {}",
        columns.replace("KIND", "string"),
        columns.replace("KIND", "integer")
    );
    let mut plan = compile(
        &contract(&text),
        &Selection::default(),
        &Settings::default(),
    )
    .unwrap();
    plan.keep(|check| check.category == data_contract::plan::Category::Ml);

    insta::assert_snapshot!(reasons(&plan), @r#"
    not executable: `id` holds texts, and in `test` it holds whole numbers, so that none is equal to another
    not executable: `home` holds objects, which are not compared: put it in `except`, or name in `columns` what is compared
    Sum([Of { object: ObjectId(0), measure: MeasureId(1) }, Of { object: ObjectId(1), measure: MeasureId(1) }]) [MustBe(Integer(0))]
    not executable: `home` holds objects, which are not compared: put it in `except`, or name in `columns` what is compared
    LeastShare { of: Of { object: ObjectId(0), measure: MeasureId(2) }, expected: ["true", "false"] } [MustBeGreaterOrEqualTo(Number(0.01))]
    not executable: `yes` is neither true nor false
    "#);
}

#[test]
fn operators_stand_beside_the_implementation_or_in_it() {
    let rules = "
  - {id: r, type: custom, engine: dataops, mustBeBetween: [0.99, 1], implementation: {check: splitShare, rest: [test]}}
  - {id: s, type: custom, engine: dataops, mustBe: 7, implementation: {check: splitShare, rest: [test], mustBe: 7}}
  - {id: t, type: custom, engine: dataops, unit: percent, implementation: {check: splitShare, rest: [test]}}
  - {id: u, type: custom, engine: dataops, arguments: {rest: [test]}, implementation: {check: splitShare, rest: [test]}}
  - {id: v, type: custom, engine: dataops, implementation: {check: runFolder, within: 6 h, mustBeLessThan: 7}}
  - {id: w, type: custom, engine: dataops, mustBeLessThan: 0.5, implementation: {check: drift, column: age, reference: {object: test}}}
";
    let mut plan = compile(
        &contract(&parts(rules)),
        &Selection::default(),
        &Settings::default(),
    )
    .unwrap();
    plan.keep(|check| check.category == data_contract::plan::Category::Ml);

    insta::assert_snapshot!(shown(&plan), @r"
    r | share of `train` in all rows between 0.99 and 1 | Share { part: Of { object: ObjectId(0), measure: MeasureId(0) }, rest: [Of { object: ObjectId(1), measure: MeasureId(0) }] } [MustBeBetween(Number(0.99), Integer(1))]
    s | splitShare of `train` | not executable: there are operators in `implementation` and beside it; leave some out
    t | splitShare of `train` | not executable: `unit` says nothing to a check of `dataops`; what it needs stands in `implementation`
    u | splitShare of `train` | not executable: `arguments` says nothing to a check of `dataops`; what it needs stands in `implementation`
    v | runFolder of `train` | not executable: `runFolder` says by `within` what must hold, and takes no operator
    w | population stability index of `age` < 0.5 | Psi(Of { object: ObjectId(0), measure: MeasureId(1) }, Measured(Of { object: ObjectId(1), measure: MeasureId(1) })) [MustBeLessThan(Number(0.5))]
    ");
}

/// A plan of drift of `label` against a stored profile of it.
fn against(label: ColumnProfile, method: &str) -> Plan {
    let last = Profile {
        rows: 90,
        columns: vec![label],
        ..Profile::default()
    };
    let settings = Settings {
        profiles: BTreeMap::from([("last".to_owned(), last)]),
        ..Settings::default()
    };
    let drift =
        format!("check: drift, column: label, reference: {{profile: last}}, method: {method}");
    compiled(&[&drift], &settings)
}

#[test]
fn categories_of_a_profile_are_compared_as_far_as_it_has_them() {
    let named = |at: u32| (format!("r{at}"), 3);
    let all = ColumnProfile {
        name: "label".to_owned(),
        logical_type: Some("string".to_owned()),
        distinct: Some(30),
        top: (0..20).map(named).collect(),
        values: (0..30).map(named).collect(),
        ..ColumnProfile::default()
    };
    let found = |first: u32| Value::Frequencies {
        values: (first..first + 30).map(named).collect(),
        rest: 0,
        more: 0,
    };

    let plan = against(all.clone(), "psi");

    assert!(lines(&plan, |_, _| found(0)).contains("| Passed: 0 < 0.25"));
    assert!(lines(&plan, |_, _| found(20)).contains("| Failed: "));
    let some = ColumnProfile {
        values: Vec::new(),
        ..all
    };
    insta::assert_snapshot!(reasons(&against(some, "psi")), @r"
    undecided: the profile has not each of the 30 different values of `label`: it keeps up to 10,000, where each comes twice on average; compare with `{ object: … }`
    ");
}

#[test]
fn a_column_that_had_no_value_has_drifted_where_it_has_some() {
    let empty = ColumnProfile {
        name: "label".to_owned(),
        nulls: 90,
        distinct: Some(0),
        ..ColumnProfile::default()
    };
    let plan = against(empty, "psi");

    let lines = |values: &[(&str, u64)]| lines(&plan, |_, _| frequencies(values));

    insta::assert_snapshot!(lines(&[("a", 61), ("b", 39)]), @r"
    population stability index of `label` < 0.25 | Failed: infinite < 0.25
    population stability index of `label` < 0.1 | Warning: infinite < 0.1
    ");
    insta::assert_snapshot!(lines(&[]), @r"
    population stability index of `label` < 0.25 | Passed: 0 < 0.25
    population stability index of `label` < 0.1 | Passed: 0 < 0.1
    ");
}

#[test]
fn a_distance_that_may_be_on_either_side_of_its_limit_decides_nothing() {
    let ks = "check: drift, column: age, reference: {object: test}, method: ks, bins: [10, 20]";
    let psi = "check: drift, column: age, reference: {object: test}, bins: [10, 20]";
    let plan = compiled(&[ks, psi], &Settings::default());
    let judged = |here: [u64; 3], there: [u64; 3]| {
        let lines = lines(&plan, |at, _| {
            Value::Bins(if at == 0 { here } else { there }.to_vec())
        });
        let first = lines.lines().next().unwrap();
        first.rsplit(" | ").next().unwrap().to_owned()
    };

    let all = [
        judged([30, 40, 30], [10, 50, 40]),
        judged([500, 1, 499], [500, 1, 499]),
        judged([1, 998, 1], [1, 998, 1]),
        judged([0, 0, 0], [0, 0, 0]),
        judged([0, 0, 0], [1, 2, 3]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    Failed: 0.2 to 0.6 < 0.1
    Error: - < 0.1
    Error: - < 0.1
    Passed: 0 < 0.1
    Failed: 1 < 0.1
    ");
    let verdict = {
        let measured = plan.objects.iter().enumerate().map(|(at, object)| {
            let bins = if at == 0 {
                vec![3, 9, 8]
            } else {
                vec![21, 32, 27]
            };
            let measured = |_: &Measure| Measured {
                value: Ok(Value::Bins(bins.clone())),
                evidence: Evidence::Scan,
                samples: Vec::new(),
                files: Vec::new(),
            };
            object.measures.iter().map(measured).collect()
        });
        judge(
            &plan,
            &measured.collect::<Vec<Vec<_>>>(),
            jiff::Timestamp::UNIX_EPOCH,
        )
    };
    let told = verdict.checks.iter().map(|check| {
        format!(
            "{:?} {}",
            check.status,
            check.reason.as_deref().unwrap_or("-")
        )
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    Failed two samples of so few rows of one distribution may be 0.4875 apart
    Passed -
    Passed -
    ");
}

#[test]
fn sizes_and_ids_are_judged() {
    let rules = [
        "check: volume, reference: {object: test}",
        "check: volume, reference: {profile: last}",
        "check: volume, reference: {profile: last}, mustBeGreaterThan: 5",
        "check: identifier, columns: [id, label]",
        "check: drift, column: label, reference: {object: test}, method: unseen",
        "check: drift, column: label, reference: {object: test}, method: jensenShannon",
    ];
    let last = Profile {
        rows: 1_000,
        ..Profile::default()
    };
    let settings = Settings {
        profiles: BTreeMap::from([("last".to_owned(), last)]),
        ..Settings::default()
    };
    let plan = compiled(&rules, &settings);
    let judged = |rows: [u64; 2]| {
        lines(&plan, |at, measure| match measure {
            Measure::Rows => Value::Count(rows[at]),
            Measure::Nulls(_) => Value::Count(rows[at] / 10),
            Measure::Distinct(columns) if columns[0].0 == 0 => {
                Value::Count(rows[at] - rows[at] / 10)
            }
            Measure::Distinct(_) => Value::Count(rows[at].min(2)),
            _ => frequencies(if at == 0 {
                &[("a", 90), ("c", 10)]
            } else {
                &[("a", 70), ("b", 30)]
            }),
        })
    };

    insta::assert_snapshot!(judged([400, 800]), @r"
    rows of `train` per row of `test` between 0.5 and 1.5 | Passed: 0.5 (400 of 800) between 0.5 and 1.5
    rows of `train` per row of `last` between 0.5 and 1.5 | Warning: 0.4 (400 of 1,000) between 0.5 and 1.5
    rows of `train` per row of `last` > 5 | Warning: 0.4 (400 of 1,000) > 5
    different values per value of `id` < 1 | Warning: 1 (360 of 360) < 1
    different values per value of `label` < 1 | Passed: 0.00556 (2 of 360) < 1
    share of values that the reference lacks of `label` < 0.1 | Failed: 0.1 < 0.1
    Jensen-Shannon distance of `label` < 0.1 | Failed: 0.45721 < 0.1
    ");
    insta::assert_snapshot!(judged([1, 0]), @r"
    rows of `train` per row of `test` between 0.5 and 1.5 | Warning: infinite between 0.5 and 1.5
    rows of `train` per row of `last` between 0.5 and 1.5 | Warning: 0.001 (1 of 1,000) between 0.5 and 1.5
    rows of `train` per row of `last` > 5 | Warning: 0.001 (1 of 1,000) > 5
    different values per value of `id` < 1 | Passed: 0 < 1
    different values per value of `label` < 1 | Passed: 0 < 1
    share of values that the reference lacks of `label` < 0.1 | Failed: 0.1 < 0.1
    Jensen-Shannon distance of `label` < 0.1 | Failed: 0.45721 < 0.1
    ");
    let none = compiled(&rules, &Settings::default());
    assert!(reasons(&none).contains("undecided: there is no stored profile `last`"));
}
