//! Drift, from files to a verdict.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_contract::compile::{Selection, Settings};
use data_contract::infer::Profile;
use data_contract::model::Variables;
use data_contract::verdict::{CheckResult, Status, judge};
use data_contract::{Contract, compile};
use data_scan::{Options, Progress, profile, scan};

use crate::support::{csv, folder, source};

/// Positive numbers whose logarithms lie about `middle`, in no order, and one that is far from all of them.
fn long_tailed(middle: f64, rows: u32) -> String {
    let mut cells = "x\n1000000\n".to_owned();
    for at in 0..rows {
        // Each place once, since the factor is coprime to the rows.
        let place = f64::from(at * 7 % rows) + 0.5;
        let share = place / f64::from(rows);
        let number = (middle + (share / (1.0 - share)).ln() / 1.8).exp();
        writeln!(cells, "{number:.2}").unwrap();
    }
    cells
}

const RULES: &str = "
  - {id: psi, type: custom, engine: dataops, implementation: {check: drift, column: x, method: psi, reference: {REFERENCE}}}
  - {id: ks, type: custom, engine: dataops, implementation: {check: drift, column: x, method: ks, reference: {REFERENCE}}}
  - {id: chi, type: custom, engine: dataops, implementation: {check: drift, column: x, method: chiSquare, reference: {REFERENCE}}}
";

/// The checks of data against reference data, as another object or as a stored profile.
fn checked(data: &str, reference: &str, stored: Option<Profile>) -> Vec<CheckResult> {
    let with = match stored {
        Some(_) => "profile: last",
        None => "object: r",
    };
    let rules = RULES.replace("REFERENCE", with);
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n- name: d\n  properties: [{{name: x, logicalType: number, logicalTypeOptions: {{minimum: 0, maximum: 1000000}}}}]\n  quality:{rules}- name: r\n  properties: [{{name: x, logicalType: number}}]\n"
    );
    let contract = Contract::read(&text, &Variables::default()).unwrap();
    let stored = stored.map(|profile| ("last".to_owned(), profile));
    let settings = Settings {
        profiles: BTreeMap::from_iter(stored),
        ..Settings::default()
    };
    let plan = compile(&contract, &Selection::default(), &settings).unwrap();
    let files = [("d.csv", data.as_bytes()), ("r.csv", reference.as_bytes())];
    let folder = folder(files);
    let sources = ["d.csv", "r.csv"].map(|file| source(folder.path(), file, csv()));
    let scans = scan(
        &plan.objects,
        &sources,
        &Options::default(),
        &Progress::new(),
    )
    .unwrap();
    let measured: Vec<_> = scans.into_iter().map(|scan| scan.measured).collect();
    let verdict = judge(&plan, &measured, jiff::Timestamp::UNIX_EPOCH);
    let of_rules = |id: &str| ["psi", "ks", "chi"].contains(&id);
    let checks = verdict.checks.into_iter();
    checks.filter(|check| of_rules(&check.id)).collect()
}

fn profiled(cells: &str) -> Profile {
    let folder = folder([("r.csv", cells.as_bytes())]);
    let source = source(folder.path(), "r.csv", csv());
    let found = profile("r", &source, &Options::default(), &Progress::new()).unwrap();
    serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap()
}

fn values(checks: &[CheckResult]) -> Vec<f64> {
    checks.iter().map(|it| it.value.unwrap()).collect()
}

fn statuses(checks: &[CheckResult]) -> Vec<Status> {
    checks.iter().map(|it| it.status).collect()
}

#[test]
fn one_number_far_from_all_hides_no_drift() {
    let (reference, data) = (long_tailed(3.0, 9_998), long_tailed(5.0, 9_998));

    let beside = checked(&data, &reference, None);
    let stored = checked(&data, &reference, Some(profiled(&reference)));

    assert_eq!(statuses(&beside), [Status::Failed; 3]);
    let [psi, ks, chi] = values(&beside)[..] else {
        panic!("{beside:?}");
    };
    assert!(
        psi > 2.0 && (0.6..0.8).contains(&ks) && chi < 1e-9,
        "{psi} {ks} {chi}"
    );
    assert_eq!(values(&stored), values(&beside));
    let told = beside[1].measured.as_deref().unwrap_or_default();
    let ends: Vec<f64> = told.split(" to ").map(|end| end.parse().unwrap()).collect();
    assert!((0.005..0.02).contains(&(ends[1] - ends[0])), "{told}");
}

#[test]
fn the_same_spread_is_no_drift() {
    let (reference, data) = (long_tailed(3.0, 9_998), long_tailed(3.0, 4_998));

    for stored in [None, Some(profiled(&reference))] {
        let checks = checked(&data, &reference, stored);

        assert_eq!(statuses(&checks), [Status::Passed; 3], "{checks:?}");
        assert!(values(&checks)[0] < 0.001, "{checks:?}");
    }
}

#[test]
fn bins_of_equal_width_that_hold_nearly_everything_decide_nothing() {
    let (reference, data) = (long_tailed(3.0, 9_998), long_tailed(5.0, 9_998));
    let mut older = profiled(&reference);
    older.columns[0].hundredths = None;

    let checks = checked(&data, &reference, Some(older.clone()));

    assert_eq!(statuses(&checks), [Status::NotExecutable; 3], "{checks:?}");
    let reason = checks[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("write the profile anew"), "{reason}");

    let histogram = older.columns[0].histogram.as_mut().unwrap();
    histogram.edges = vec![10.0, 30.0];
    histogram.counts = vec![2_400, 4_300, 3_299];
    let checks = checked(&data, &reference, Some(older));
    assert_eq!(statuses(&checks), [Status::Failed; 3], "{checks:?}");
    let reason = checks[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("equal width"), "{reason}");
}

#[test]
fn infinite_numbers_have_their_place_in_a_stored_profile() {
    let reference = long_tailed(3.0, 998) + &"inf\n-inf\n".repeat(200);
    let stored = profiled(&reference);
    let bounds = &stored.columns[0].hundredths.as_ref().unwrap().bounds;
    assert_eq!(bounds.first(), Some(&f64::NEG_INFINITY));
    assert_eq!(bounds.last(), Some(&f64::INFINITY));

    let same = checked(&reference, &reference, Some(stored.clone()));
    assert_eq!(values(&same), [0.0, 0.0, 1.0]);
    let other = checked(&long_tailed(3.0, 998), &reference, Some(stored));
    assert_eq!(statuses(&other), [Status::Failed; 3], "{other:?}");
}

#[test]
fn a_bound_that_is_no_number_costs_its_column_alone() {
    let cells = long_tailed(3.0, 998);
    let mut text = serde_json::to_value(profiled(&cells)).unwrap();
    text["columns"][0]["hundredths"]["bounds"][0] = serde_json::Value::Null;
    let stored: Profile = serde_json::from_value(text).unwrap();
    assert_eq!(stored.rows, 999);

    let checks = checked(&cells, &cells, Some(stored));

    assert_eq!(statuses(&checks), [Status::Error; 3], "{checks:?}");
    let reason = checks[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("write the profile anew"), "{reason}");
}

#[test]
fn a_constant_that_changes_is_drift() {
    let (reference, data) = ("x\n5\n5\n5\n5\n", "x\n7\n7\n7\n7\n");

    for stored in [None, Some(profiled(reference))] {
        assert_eq!(values(&checked(data, reference, stored.clone()))[1], 1.0);
        assert_eq!(values(&checked(reference, reference, stored))[1], 0.0);
    }
}

#[test]
fn more_numbers_than_are_told_apart_have_the_same_parts() {
    let count = 400_000_u32;
    let mut reference = "x\n".to_owned();
    let mut data = "x\n".to_owned();
    for at in 0..count {
        writeln!(reference, "{}", at * 7 % count).unwrap();
        if at % 2 == 0 {
            writeln!(data, "{}", at * 7 % count).unwrap();
        }
    }

    let checks = checked(&data, &reference, None);

    assert!(values(&checks)[0] < 1e-3, "{checks:?}");
    assert_eq!(statuses(&checks), [Status::Passed; 3]);
}

#[test]
fn a_number_that_many_share_stays_one_among_very_many_others() {
    let mut cells = "x\n".to_owned();
    for at in 0..263_000_u32 {
        let number = f64::from(at * 7 % 263_000) / 7_500.0 + 1e-7 / 3.0;
        writeln!(cells, "{number}").unwrap();
    }
    cells += &"19.99\n".repeat(60_000);
    let stored = profiled(&cells);
    let bounds = &stored.columns[0].hundredths.as_ref().unwrap().bounds;
    assert!(bounds.contains(&19.99), "{bounds:?}");

    let same = checked(&cells, &cells, Some(stored));
    assert_eq!(values(&same), [0.0, 0.0, 1.0]);
}

#[test]
fn what_moves_within_a_narrow_band_is_seen_beside_numbers_of_any_size() {
    let cells = |shift: f64| {
        let mut cells = "x\n".to_owned();
        for at in 0..132_000_u32 {
            let share = f64::from(at * 7 % 132_000) / 132_000.0;
            let sign = if at % 2 == 0 { 1.0 } else { -1.0 };
            let (narrow, wide) = (1e6 + shift + 2e-3 * share, sign * (60.0 * share).exp2());
            writeln!(cells, "{narrow}\n{wide}").unwrap();
        }
        cells
    };
    let (reference, data) = (cells(0.0), cells(8e-4));

    let beside = checked(&data, &reference, None);

    assert_eq!(statuses(&beside), [Status::Failed; 3], "{beside:?}");
    assert!((0.19..=0.21).contains(&values(&beside)[1]), "{beside:?}");
}
