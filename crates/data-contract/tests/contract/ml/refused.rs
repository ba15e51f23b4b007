//! Rules that could never tell anything.

use super::*;

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
