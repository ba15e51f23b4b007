//! Stored profiles as references.

use super::*;

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
