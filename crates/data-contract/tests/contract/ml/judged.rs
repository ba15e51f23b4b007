//! Verdicts.

use super::*;

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
