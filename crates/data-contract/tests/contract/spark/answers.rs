//! Answers of statements, and those that fail.

use super::*;

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
