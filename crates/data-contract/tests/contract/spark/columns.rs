//! Columns as Spark describes them.

use super::*;

#[test]
fn a_column_of_another_type_is_wrong_as_a_whole() {
    let plan = plan("schema:
- name: t
  properties: [{name: n, logicalType: integer, physicalType: BIGINT, logicalTypeOptions: {minimum: 1}}]
");
    let prepared = prepared(&plan, &[(table("t"), schema(&[("N", "double")]))]);

    insta::assert_snapshot!(statements(&prepared), @r"
    SELECT COUNT(*),
      COUNT(`n`) FROM `main`.`t`;
    ");
    let measured = prepared.measured(&[Ok(vec![vec![Some("3".into()), Some("3".into())]])]);
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
fn columns_that_differ_by_case_alone_are_told() {
    for names in [["id", "ID"], ["id0", "ID1"]] {
        let columns = names.map(|name| (name, "string"));
        let error = Schema::read(columns).expect_err("Spark does not tell them apart");
        assert!(
            error
                .to_string()
                .starts_with("two columns are called `id` and `ID`"),
            "{error}"
        );
    }
    assert!(Schema::read([("f0", "int"), ("f1", "int"), ("g2", "int")]).is_ok());
}

#[test]
fn a_type_that_is_cut_off_is_asked_for_in_full() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - name: w
    logicalType: object
    required: true
    properties: [{name: 'a:b', logicalType: integer, required: true}]
",
    );
    let mut columns = schema(&[("w", "struct<x:int,... 25 more fields>"), ("n", "int")]);
    let asked = full_types(&table("t"), &columns);
    assert_eq!(
        asked.as_deref(),
        Some("SELECT typeof(first(`w`)) FROM `main`.`t`")
    );
    let unknown = prepared(&plan, &[(table("t"), columns.clone())]);
    assert!(
        statements(&unknown).starts_with("SELECT COUNT(*),\n  COUNT(*) - COUNT(`w`)"),
        "{}",
        statements(&unknown)
    );

    columns.complete(&[Some("struct<x:int,a:b:int,c``d:array<string>>".to_owned())]);

    assert_eq!(full_types(&table("t"), &columns), None);
    let known = statements(&prepared(&plan, &[(table("t"), columns)]));
    assert!(known.contains("COUNT(`w`.`a:b`)"), "{known}");
}

#[test]
fn a_column_of_another_type_decides_nothing_about_its_values() {
    let plan = plan(
        "schema:
- name: t
  properties:
  - {name: n, logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1}}
  - {name: v, logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1}}
",
    );
    let columns = [("n", "boolean"), ("v", "void")];
    let prepared = prepared(&plan, &[(table("t"), schema(&columns))]);

    let gaps = prepared.by_schema().into_iter();
    let gaps: Vec<_> = gaps.filter_map(|measured| measured.value.err()).collect();
    let told = gaps
        .iter()
        .filter(|gap| gap.to_string() == "the column is of type boolean");
    assert_eq!(told.count(), 2);
    let text = statements(&prepared);
    assert!(
        text.contains("COUNT(`n`)") && text.contains("CAST(NULL AS BIGINT) < 1"),
        "{text}"
    );
}
