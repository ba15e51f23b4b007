//! What rules are compiled to.

use super::*;

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
