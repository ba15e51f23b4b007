//! First contracts from what data are like.

use data_contract::Contract;
use data_contract::compile::{Selection, Settings};
use data_contract::infer::{About, ColumnProfile, Profile, infer};
use data_contract::lint::{Level, lint};
use data_contract::plan::{Format, Step, Test};
use data_contract::{compile, plan::Plan};
use proptest::prelude::*;

fn column(name: &str, kind: &str) -> ColumnProfile {
    ColumnProfile {
        name: name.to_owned(),
        logical_type: Some(kind.to_owned()),
        ..ColumnProfile::default()
    }
}

fn top(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    values
        .iter()
        .map(|(value, count)| ((*value).to_owned(), *count))
        .collect()
}

fn events() -> Profile {
    Profile {
        unreadable: Vec::new(),
        odd: Vec::new(),
        object: "events".to_owned(),
        rows: 1_000,
        columns: vec![
            ColumnProfile {
                distinct: Some(1_000),
                least: Some("1".to_owned()),
                greatest: Some("1000".to_owned()),
                ..column("id", "integer")
            },
            ColumnProfile {
                nulls: 12,
                least: Some("18".to_owned()),
                greatest: Some("97".to_owned()),
                ..column("age", "integer")
            },
            ColumnProfile {
                least: Some("0.01".to_owned()),
                greatest: Some("0.99".to_owned()),
                ..column("score", "number")
            },
            ColumnProfile {
                top: top(&[("DE", 700), ("NO", 300)]),
                top_is_all: true,
                shortest: Some(2),
                longest: Some(2),
                ..column("country", "string")
            },
            ColumnProfile {
                formats: vec![(Format::Email, 1_000)],
                ..column("mail address", "string")
            },
            ColumnProfile {
                time_format: Some("dd.MM.yyyy".to_owned()),
                ..column("day", "date")
            },
            column("address", "object"),
            ColumnProfile {
                shortest: Some(5),
                longest: Some(5),
                ..column("address.zip", "string")
            },
            ColumnProfile {
                shortest: Some(1),
                longest: Some(4),
                ..column("tags", "array")
            },
            column("tags[]", "string"),
        ],
    }
}

fn about() -> About {
    let field = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    About {
        id: "events".to_owned(),
        server: vec![
            field("server", "local"),
            field("type", "local"),
            field("path", "data/*.csv"),
            field("format", "csv"),
        ],
        ..About::default()
    }
}

#[test]
fn a_first_contract_has_its_evidence_beside_it() {
    insta::assert_snapshot!(infer(&about(), &[events()]), @r"
    # A first contract, from data as they were found. Comments say what was seen; widen what is only by chance so.
    apiVersion: v3.1.0
    kind: DataContract
    id: events
    name: events
    version: 0.1.0
    status: draft
    servers:
      - server: local
        type: local
        path: 'data/*.csv'
        format: csv
    schema:
      - name: events
        logicalType: object
        quality:
          - metric: rowCount
            mustBeGreaterOrEqualTo: 100  # 1,000 rows were seen
        properties:
          - name: id
            logicalType: integer
            primaryKey: true  # it looks like one: never null, never twice, and called so
            required: true  # none of 1,000 is null
            unique: true  # 1,000 different values
            logicalTypeOptions:
              minimum: 0  # from 1 to 1,000
          - name: age
            logicalType: integer
            logicalTypeOptions:
              minimum: 0  # from 18 to 97
            quality:
              - metric: nullValues
                unit: percent
                mustBeLessThan: 2  # 12 of 1,000 are null, 1.2 %
          - name: score
            logicalType: number
            required: true  # none of 1,000 is null
            logicalTypeOptions:
              minimum: 0  # from 0.01 to 0.99
              maximum: 1  # from 0.01 to 0.99
          - name: country
            logicalType: string
            required: true  # none of 1,000 is null
            quality:
              - metric: invalidValues
                arguments: { validValues: [DE, 'NO'] }  # DE 70 %, NO 30 %
                mustBe: 0
          - name: mail address
            logicalType: string
            required: true  # none of 1,000 is null
            logicalTypeOptions:
              format: email  # all 1,000 are of it
          - name: day
            logicalType: date
            required: true  # none of 1,000 is null
            logicalTypeOptions:
              format: dd.MM.yyyy  # all are written so
          - name: address
            logicalType: object
            required: true  # none of 1,000 is null
            properties:
              - name: zip
                logicalType: string
                required: true  # none of 1,000 is null
                logicalTypeOptions:
                  minLength: 5  # each of 1,000 has so many
                  maxLength: 5  # each of 1,000 has so many
          - name: tags
            logicalType: array
            required: true  # none of 1,000 is null
            logicalTypeOptions:
              minItems: 1  # from 1 to 4 items
            items:
              logicalType: string
    ");
}

fn compiled(text: &str) -> Plan {
    let contract = Contract::read(text, &Default::default()).expect("what is written is YAML");
    let errors: Vec<_> = lint(&contract)
        .into_iter()
        .filter(|finding| finding.level != Level::Note)
        .collect();
    assert_eq!(errors, [], "{text}");
    compile(&contract, &Selection::default(), &Settings::default())
        .expect("what is written compiles")
}

#[test]
fn a_first_contract_compiles_to_checks_that_can_be_made() {
    let plan = compiled(&infer(&about(), &[events()]));

    let idle: Vec<_> = plan
        .checks
        .iter()
        .filter(|check| matches!(check.test, Test::NotExecutable { .. }))
        .map(|check| &check.id)
        .collect();
    assert!(
        idle.is_empty() && plan.checks.len() > 25,
        "{idle:?} {}",
        plan.checks.len()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_profile_makes_a_contract_without_errors(
        names in prop::collection::btree_set("[a-zA-Z_ äé'\":#0-9-]{1,8}", 1..6),
        rows in 0..5_000_u64,
        kinds in prop::collection::vec(prop::sample::select(vec!["string", "integer", "number", "boolean", "date", "timestamp"]), 6),
        nulls in prop::collection::vec(0..5_000_u64, 6),
        values in prop::collection::btree_set("[a-z'\", \n#0-9]{0,6}", 1..4),
    ) {
        let values: Vec<_> = values.into_iter().map(|value| (value, rows / 4)).collect();
        let columns = names.iter().zip(kinds).zip(nulls).map(|((name, kind), nulls)| ColumnProfile {
            nulls: nulls.min(rows),
            distinct: Some(rows.saturating_sub(nulls)),
            least: Some("0".to_owned()),
            greatest: Some("1".to_owned()),
            shortest: Some(2),
            longest: Some(2),
            top: if kind == "string" { values.clone() } else { Vec::new() },
            top_is_all: true,
            ..column(name, kind)
        });
        let profile = Profile { object: "an object".to_owned(), unreadable: Vec::new(), odd: Vec::new(), rows, columns: columns.collect() };

        let plan = compiled(&infer(&about(), &[profile]));

        prop_assert_eq!(plan.objects[0].columns.len(), names.len());
    }
}

#[test]
fn days_that_are_open_are_no_list_of_what_is_valid() {
    let open = Profile {
        object: "t".to_owned(),
        rows: 100,
        columns: vec![ColumnProfile {
            possible_formats: vec!["MM/dd/yyyy".to_owned(), "dd/MM/yyyy".to_owned()],
            top: top(&[("01/02/2025", 50), ("03/04/2025", 50)]),
            top_is_all: true,
            shortest: Some(10),
            longest: Some(10),
            ..column("day", "string")
        }],
        ..Profile::default()
    };

    let text = infer(&about(), &[open]);

    assert!(
        text.contains("days, as it seems, written as MM/dd/yyyy or dd/MM/yyyy"),
        "{text}"
    );
    for none in ["validValues", "minLength"] {
        assert!(!text.contains(none), "{text}");
    }
}

#[test]
fn what_is_within_arrays_has_the_evidence_of_items() {
    let within = |name: &str, kind: &str, nulls: u64| ColumnProfile {
        places: Some(250),
        nulls,
        ..column(name, kind)
    };
    let lines = Profile {
        object: "orders".to_owned(),
        rows: 100,
        columns: vec![
            ColumnProfile {
                nulls: 10,
                ..column("lines", "array")
            },
            within("lines[]", "object", 5),
            within("lines[].sku", "string", 5),
            ColumnProfile {
                top: top(&[("kg", 190), ("m", 50)]),
                top_is_all: true,
                ..within("lines[].unit", "string", 10)
            },
            ColumnProfile {
                empty: 3,
                ..column("marks", "array")
            },
            within("marks[]", "integer", 0),
        ],
        ..Profile::default()
    };

    let text = infer(&about(), &[lines]);

    let (_, properties) = text.split_once("    properties:\n").unwrap();
    insta::assert_snapshot!(properties, @r"
    - name: lines
      logicalType: array
      logicalTypeOptions:
        minItems: 1  # none of 90 is empty
      quality:
        - metric: nullValues
          unit: percent
          mustBeLessThan: 20  # 10 of 100 are null, 10 %
      items:
        logicalType: object
        properties:
          - name: sku
            logicalType: string
            required: true  # none of 245 is null
          - name: unit
            logicalType: string
            quality:
              - metric: invalidValues
                arguments: { validValues: [kg, m] }  # kg 76 %, m 20 %
                mustBe: 0
    - name: marks
      logicalType: array
      required: true  # none of 100 is null
      items:
        logicalType: integer
        required: true  # none of 250 is null
    ");
    compiled(&text);
}

#[test]
fn a_dot_in_the_name_of_a_column_nests_nothing() {
    let path = vec![Step::Field("net.price".to_owned())];
    let dotted = Profile {
        object: "t".to_owned(),
        rows: 3,
        columns: vec![ColumnProfile {
            path: path.clone(),
            ..column("net.price", "number")
        }],
        ..Profile::default()
    };

    let text = infer(&about(), &[dotted]);

    assert!(text.contains("- name: net.price\n"), "{text}");
    assert_eq!(compiled(&text).objects[0].columns[0].path, path);
}

#[test]
fn what_only_nearly_holds_is_a_comment_and_no_rule() {
    let column = |name: &str, kind: &str| ColumnProfile {
        least: Some("1".to_owned()),
        greatest: Some("9".to_owned()),
        ..column(name, kind)
    };
    let profile = Profile {
        object: "t".to_owned(),
        rows: 1_000,
        columns: vec![
            ColumnProfile {
                nans: 3,
                ..column("a", "number")
            },
            ColumnProfile {
                nearly: Some(("integer".to_owned(), 1)),
                ..column("b", "string")
            },
            ColumnProfile {
                formats: vec![(Format::Email, 999)],
                ..column("c", "string")
            },
        ],
        ..Profile::default()
    };

    let text = infer(&about(), &[profile]);
    for line in [
        "logicalType: number  # 3 of 1,000 are NaN, which is beyond any bound",
        "logicalType: string  # all but 1 of 1,000 are integer",
        "logicalType: string  # all but 1 of 1,000 are of the format email",
    ] {
        assert!(text.contains(line), "no `{line}`:\n{text}");
    }
    assert!(!text.contains("minimum"), "{text}");
}
