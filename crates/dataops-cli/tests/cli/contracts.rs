//! Data contracts that are held against local files: exit codes, forms of the report, and what is said of contracts and data that
//! cannot be used.

use crate::environment::{Ended, Program, TestEnvironment};

pub(crate) const CONTRACT: &str = "\
apiVersion: v3.1.0
kind: DataContract
id: claims
name: claims
version: 1.2.0
status: active
servers:
  - { server: here, type: local, path: claims.csv, format: csv }
schema:
  - name: claims
    quality:
      - { id: rows, metric: rowCount, mustBeGreaterThan: 0 }
      - { id: rate, type: sql, query: 'SELECT AVG(Target) FROM Claims', mustBeBetween: [0.2, 0.6], severity: warning }
      - { id: review, type: text, description: somebody has looked at it }
    properties:
      - { name: id, logicalType: integer, required: true, unique: true }
      - { name: target, logicalType: integer }
      - name: email
        logicalType: string
        classification: restricted
        logicalTypeOptions: { format: email }
";

const GOOD: &str = "id,target,email\n1,0,a@example.test\n2,1,b@example.test\n3,0,c@example.test\n";
const BAD: &str = "id,target,email\n1,0,a@example.test\n1,1,SECRETADDRESS\nx,1,c@example.test\n";

fn with(data: &str) -> TestEnvironment {
    TestEnvironment::new()
        .file("c.yaml", CONTRACT)
        .file("claims.csv", data)
}

fn test(environment: &TestEnvironment, further: &[&str]) -> Ended {
    environment.run(
        Program::TestData,
        &[&["--contract", "c.yaml"], further].concat(),
    )
}

/// The report without the time that it took.
fn timeless(text: &str) -> String {
    let without = |line: &str| match line
        .strip_suffix(" s)")
        .and_then(|line| line.rsplit_once(", "))
    {
        Some((line, seconds)) if seconds.parse::<f64>().is_ok() => format!("{line})"),
        _ => line.to_owned(),
    };
    let lines: Vec<_> = text.split('\n').map(without).collect();
    lines.join("\n")
}

#[test]
fn data_that_keep_the_contract_hold() {
    let ended = test(&with(GOOD), &[]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(timeless(&ended.stdout), @"
    claims 1.2.0  c.yaml

    claims  claims.csv (3 rows, 73 B in 1 file)
         check                                                  measured   expected
    ───────────────────────────────────────────────────────────────────────────────────────────
     ✔   there are files, and all can be read                   1 file
     ✔   rows > 0                                               3          > 0
     ✔   `SELECT AVG(Target) FROM Claims` between 0.2 and 0.6   0.33333    between 0.2 and 0.6
     –   somebody has looked at it
     ✔   11 checks of the schema                                all hold

    not executable: review, line 14
      a rule in words is for people to look at

    15 checks: 14 passed, 1 not executable
    ");
}

#[test]
fn data_that_break_it_fail_with_what_and_where() {
    let ended = test(&with(BAD), &["--samples", "2"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    insta::assert_snapshot!(timeless(&ended.stdout), @"
    claims 1.2.0  c.yaml

    claims  claims.csv (3 rows, 72 B in 1 file)
         check                                                  measured      expected
    ──────────────────────────────────────────────────────────────────────────────────────────────
     ✔   there are files, and all can be read                   1 file
     ✘   `id` holds whole numbers                               1 of 3 rows   = 0
     ✘   no value of `id` repeats                               1 of 3 rows   = 0
     ✘   `email` is an email address                            1 of 3 rows   = 0
     ✔   rows > 0                                               3             > 0
     !   `SELECT AVG(Target) FROM Claims` between 0.2 and 0.6   0.66667       between 0.2 and 0.6
     –   somebody has looked at it
     ✔   8 checks of the schema                                 all hold

    failed: claims.id.type, line 16
      claims.csv, row 3: x

    failed: claims.id.unique, line 16
      claims.csv, row 2: 1

    failed: claims.email.format, line 21
      claims.csv, row 2

    warning: rate, line 13
      sql: SELECT AVG(Target) FROM Claims

    not executable: review, line 14
      a rule in words is for people to look at

    15 checks: 10 passed, 1 warning, 3 failed, 1 not executable
    ");
    assert!(!ended.to_string().contains("SECRETADDRESS"), "{ended}");
}

#[test]
fn what_is_selected_is_all_that_is_made() {
    let made = |further: &[&str]| {
        let ended = test(&with(BAD), &[&["--output", "json"], further].concat());
        let document: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        let checks = document["contracts"][0]["checks"]
            .as_array()
            .unwrap()
            .clone();
        let ids = checks
            .iter()
            .map(|check| check["id"].as_str().unwrap().to_owned());
        let ids: Vec<_> = ids.filter(|id| !id.starts_with("claims.files")).collect();
        (ended.code, ids)
    };

    assert_eq!(
        made(&["--quality-id", "rows"]),
        (Some(0), vec!["rows".to_owned()])
    );
    assert_eq!(made(&["--severity", "warning"]).0, Some(0));
    let uniqueness = made(&["--dimension", "uniqueness"]);
    assert_eq!(uniqueness, (Some(1), vec!["claims.id.unique".to_owned()]));
    let none = test(&with(GOOD), &["--quality-id", "row"]);
    assert_eq!(none.code, Some(2), "{none}");
    none.says("did you mean `rows`?");
}

#[test]
fn a_warning_fails_only_where_it_is_to() {
    let data = GOOD.replace(",0,", ",1,");
    let codes = ["error", "warning", "never"]
        .map(|fail_on| test(&with(&data), &["--fail-on", fail_on]).code);
    assert_eq!(codes, [Some(0), Some(1), Some(0)]);

    let never = test(&with(BAD), &["--fail-on", "never"]);
    assert_eq!(never.code, Some(0), "{never}");
}

#[test]
fn every_form_is_written_to_files_beside_the_report() {
    let environment = with(BAD);
    let reports = ["r.html", "r.xml", "r.md", "r.json", "r.txt"];
    let args: Vec<&str> = reports.iter().flat_map(|file| ["--report", file]).collect();

    let ended = test(&environment, &args);

    assert_eq!(ended.code, Some(1), "{ended}");
    for report in reports {
        let text = std::fs::read_to_string(environment.path(report)).unwrap();
        assert!(text.contains("claims.id.unique"), "{report}: {text}");
        assert!(!text.contains("SECRETADDRESS"), "{report}: {text}");
        assert!(!text.contains('\u{1b}'), "{report}: {text}");
    }
    assert!(
        std::fs::read_to_string(environment.path("r.xml"))
            .unwrap()
            .contains("<testsuite name=\"claims 1.2.0: claims\"")
    );
    assert!(
        std::fs::read_to_string(environment.path("r.html"))
            .unwrap()
            .contains("Does not hold")
    );
    let other = test(&environment, &["--report", "r.pdf"]);
    assert_eq!(other.code, Some(2), "{other}");
}

#[test]
fn people_are_told_which_contract_was_tested_and_on_what() {
    let contract = CONTRACT
        .replace(
            "name: claims\nversion",
            "name: Claims of drivers\ndomain: motor\ndescription: { purpose: To foresee claims }\nversion",
        )
        .replace("type: local, path", "type: local, environment: lab, path");
    let environment = TestEnvironment::new()
        .file("c.yaml", &contract)
        .file("claims.csv", BAD.replace(",email", ",mail"))
        .with("BUILD_SOURCEVERSION", "0123456789abcdef0123");
    let args = [
        "--run-id", "run-7", "--report", "r.html", "--report", "r.md",
    ];

    let ended = test(&environment, &args);

    assert_eq!(ended.code, Some(1), "{ended}");
    for (report, hidden) in [("r.html", true), ("r.md", false)] {
        let text = std::fs::read_to_string(environment.path(report)).unwrap();
        for fact in [
            "Claims of drivers",
            "1.2.0",
            "To foresee claims",
            "motor",
            "lab",
            "here (local)",
            "run-7",
            "0123456789ab",
            "1 of 3 rows",
        ] {
            assert!(text.contains(fact), "no `{fact}` in {report}: {text}");
        }
        let reason = "the contract does not declare the column";
        assert_eq!(text.contains(reason), hidden, "{report}: {text}");
        // As a title, and as what was asked.
        assert_eq!(text.matches("SELECT AVG(Target)").count(), 2, "{report}");
    }
}

#[test]
fn contracts_that_cannot_be_used_say_where_and_what_to_do() {
    let of = |contract: &str| {
        let environment = TestEnvironment::new()
            .file("c.yaml", contract)
            .file("claims.csv", GOOD);
        let ended = test(&environment, &[]);
        assert_eq!(ended.code, Some(2), "{ended}");
        ended.stderr
    };

    insta::assert_snapshot!(of("apiVersion: [v3"), @"
    error: c.yaml:1:13: the contract is no YAML: unclosed bracket '['
       |
     1 | apiVersion: [v3
       |             ^
    ");
    insta::assert_snapshot!(of(&CONTRACT.replace("claims.csv", "\"${PLACE}/claims.csv\"")), @r#"
    error: c.yaml:8:40: the variable `PLACE` has no value
       |
     8 |   - { server: here, type: local, path: "${PLACE}/claims.csv", format: csv }
       |                                        ^
    hint: set it, or give --variable PLACE=VALUE, or write a default: ${PLACE:-value}
    "#);
    insta::assert_snapshot!(of(&CONTRACT.replace("type: local", "type: kafka")), @"
    error: c.yaml:8:27: servers of the type `kafka` are not supported
       |
     8 |   - { server: here, type: kafka, path: claims.csv, format: csv }
       |                           ^
    hint: servers of the types local, azure and databricks are
    ");
    insta::assert_snapshot!(of(&CONTRACT.replace("format: csv", "format: xlsx")), @"
    error: c.yaml:8:60: files of the format `xlsx` are not read
       |
     8 |   - { server: here, type: local, path: claims.csv, format: xlsx }
       |                                                            ^
    hint: csv, parquet, json and delta are read
    ");
    let absent = TestEnvironment::new();
    let ended = absent.run(Program::TestData, &["--contract", "none.yaml"]);
    assert_eq!(ended.code, Some(2), "{ended}");
}

#[test]
fn data_that_are_not_there_or_broken_are_findings() {
    let nothing = TestEnvironment::new().file("c.yaml", CONTRACT);
    let ended = test(&nothing, &[]);
    assert_eq!(ended.code, Some(1), "{ended}");
    insta::assert_snapshot!(timeless(&ended.stdout), @"
    claims 1.2.0  c.yaml

    claims  claims.csv
         check                                  measured   expected
    ────────────────────────────────────────────────────────────────
     ✘   there are files, and all can be read   no file
     –   somebody has looked at it

    failed: claims.files
      there is no file at claims.csv, looked for from the folder [HOME]

    not executable: review, line 14
      a rule in words is for people to look at

    error: 13 checks were not made: there is no file at claims.csv

    15 checks: 1 failed, 13 errors, 1 not executable
    ");

    let ragged = test(&with("id,target,email\n1,0\n2,1,b@example.test\n"), &[]);
    assert_eq!(ragged.code, Some(1), "{ragged}");
    assert!(ragged.stdout.contains("claims.files.cells"), "{ragged}");
}

#[test]
fn mistakes_of_a_contract_are_found_without_data() {
    let contract = CONTRACT
        .replace("rowCount", "rowCuont")
        .replace("required: true", "requierd: true");
    let environment = TestEnvironment::new().file("c.yaml", contract);

    let ended = environment.run(Program::Dataops, &["contract", "lint", "c.yaml"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    insta::assert_snapshot!(ended.stdout, @"
    error[DC302]: `rowCuont` is no metric
      --> c.yaml:12:29
        |
     12 |       - { id: rows, metric: rowCuont, mustBeGreaterThan: 0 }
        |                             ^
    hint: did you mean `rowCount`?

    note[DC307]: the ends belong to the range here, as in other tools; the text of the standard says that they do not
      --> c.yaml:13:88
        |
     13 | …ql, query: 'SELECT AVG(Target) FROM Claims', mustBeBetween: [0.2, 0.6], severity: warning }
        |                                                              ^

    note[DC315]: a rule in words cannot be executed
      --> c.yaml:14:9
        |
     14 |       - { id: review, type: text, description: somebody has looked at it }
        |         ^
    hint: it is listed in reports, and never as passed

    error[DC101]: a column has no key `requierd`
      --> c.yaml:16:43
        |
     16 |       - { name: id, logicalType: integer, requierd: true, unique: true }
        |                                           ^
    hint: did you mean `required`?

    2 errors, 2 notes in 1 contract
    ");
}

#[test]
fn a_classified_value_is_shown_by_no_other_column_that_is_written_like_its_own() {
    let contract = "apiVersion: v3.1.0
kind: DataContract
id: d
version: 1.0.0
status: active
servers: [{ server: l, type: local, path: t.jsonl, format: json }]
schema:
  - name: t
    properties:
      - { name: a.b, logicalType: string }
      - { name: a, logicalType: object, properties: [{ name: b, logicalType: string, classification: restricted }] }
      - { name: 'c[]', logicalType: string }
      - { name: c, logicalType: array, items: { logicalType: string, classification: restricted } }
";
    let row = r#"{"a.b": "pub0", "a": {"b": "SECRET0"}, "c[]": "pub1", "c": ["SECRET1"]}"#;
    let environment = TestEnvironment::new()
        .file("c.yaml", contract)
        .file("t.jsonl", format!("{row}\n{row}\n"));

    let ended = test(&environment, &["--report", "r.html"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let page = std::fs::read_to_string(environment.path("r.html")).unwrap();
    assert!(!page.contains("SECRET"), "{page}");
    assert!(page.contains("pub0") && page.contains("pub1"), "{page}");
    let reason = "the column is classified";
    assert_eq!(page.matches(reason).count(), 2, "{page}");
}

#[test]
fn a_first_contract_of_files_with_several_delimiters_says_none() {
    let environment = TestEnvironment::new()
        .file("data/a.csv", "id;ort\n1;Ulm\n2;Ulm\n")
        .file("data/b.csv", "id,ort\n3,K\n");

    let begun = environment.run(
        Program::Dataops,
        &["contract", "init", "data", "--out", "c.yaml"],
    );

    assert_eq!(begun.code, Some(0), "{begun}");
    begun.says("data/a.csv and data/b.csv have different delimiters");
    let contract = std::fs::read_to_string(environment.path("c.yaml")).unwrap();
    assert!(!contract.contains("delimiter"), "{contract}");
    assert!(contract.contains("name: ort"), "{contract}");
    assert!(contract.contains("3 different values"), "{contract}");
    let held = test(&environment, &[]);
    assert_eq!(held.code, Some(0), "{held}");
}

#[test]
fn a_first_contract_of_tabs_is_one_that_is_read_here() {
    let environment = TestEnvironment::new().file("t.tsv", "id\tort\n1\tUlm\n2\tK\n");

    let begun = environment.run(
        Program::Dataops,
        &["contract", "init", "t.tsv", "--out", "c.yaml"],
    );

    assert_eq!(begun.code, Some(0), "{begun}");
    let linted = environment.run(
        Program::Dataops,
        &["contract", "lint", "c.yaml", "--fail-on", "warning"],
    );
    assert_eq!(linted.code, Some(0), "{linted}");
    let held = test(&environment, &["--fail-on", "warning"]);
    assert_eq!(held.code, Some(0), "{held}");
}

#[test]
fn a_first_contract_holds_of_the_data_that_it_was_made_from() {
    let environment = TestEnvironment::new().file("claims.csv", GOOD);

    let begun = environment.run(
        Program::Dataops,
        &["contract", "init", "claims.csv", "--out", "c.yaml"],
    );

    assert_eq!(begun.code, Some(0), "{begun}");
    let linted = environment.run(
        Program::Dataops,
        &["contract", "lint", "c.yaml", "--fail-on", "warning"],
    );
    assert_eq!(linted.code, Some(0), "{linted}");
    let held = test(&environment, &[]);
    assert_eq!(held.code, Some(0), "{held}");
    let again = environment.run(
        Program::Dataops,
        &["contract", "init", "claims.csv", "--out", "c.yaml"],
    );
    assert_eq!(again.code, Some(2), "{again}");
    again.says("c.yaml is there already");
}

#[test]
fn a_first_contract_describes_what_is_nested_and_holds_of_it() {
    let first = r#"{"id": 1, "who": {"name": "x", "at": {"zip": "10115"}}, "lines": [{"sku": "a", "n": 1}, {"sku": "b"}], "a.b": 1}
{"id": 2, "who": {"name": null}, "lines": [{"sku": "c", "n": 2}], "tags": ["p"]}
"#;
    let second =
        r#"[{"id": 3, "lines": []}, {"id": 4, "who": null, "lines": [], "note": {"text": "x"}}]"#;
    let environment = TestEnvironment::new()
        .file("data/one.json", first)
        .file("data/two.json", second);

    let begun = environment.run(
        Program::Dataops,
        &["contract", "init", "data/*.json", "--out", "c.yaml"],
    );

    assert_eq!(begun.code, Some(0), "{begun}");
    let contract = std::fs::read_to_string(environment.path("c.yaml")).unwrap();
    let (_, properties) = contract.split_once("    properties:\n").unwrap();
    insta::assert_snapshot!(properties, @r"
    - name: id
      logicalType: integer
      primaryKey: true  # it looks like one: never null, never twice, and called so
      required: true  # none of 4 is null
      unique: true  # 4 different values
      logicalTypeOptions:
        minimum: 0  # from 1 to 4
    - name: who
      logicalType: object
      quality:
        - metric: nullValues
          unit: percent
          mustBeLessThan: 90  # 2 of 4 are null, 50 %
      properties:
        - name: name
          logicalType: string
        - name: at
          logicalType: object
          properties:
            - name: zip
              logicalType: string
              required: true  # none of 1 is null
    - name: lines
      logicalType: array
      required: true  # none of 4 is null
      items:
        logicalType: object
        required: true  # none of 3 is null
        properties:
          - name: sku
            logicalType: string
            required: true  # none of 3 is null
          - name: 'n'
            logicalType: integer
            logicalTypeOptions:
              minimum: 0  # from 1 to 2
    - name: a.b
      logicalType: integer
      unique: true  # 1 different values
      logicalTypeOptions:
        minimum: 0  # from 1 to 1
    - name: tags
      logicalType: array
      logicalTypeOptions:
        minItems: 1  # none of 1 is empty
      items:
        logicalType: string
        required: true  # none of 1 is null
    - name: note
      logicalType: object
      properties:
        - name: text
          logicalType: string
          required: true  # none of 1 is null
    ");
    let linted = environment.run(
        Program::Dataops,
        &["contract", "lint", "c.yaml", "--fail-on", "warning"],
    );
    assert_eq!(linted.code, Some(0), "{linted}");
    let held = test(&environment, &["--fail-on", "warning"]);
    assert_eq!(held.code, Some(0), "{held}");
}

#[test]
fn a_first_contract_says_how_files_are_written() {
    let text = "id;ort;größe\n1;Köln;'5; 6'\n2;Ulm;'7'\n";
    let western: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let order: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    let [wide, other] = order.map(|order| text.encode_utf16().flat_map(order).collect::<Vec<_>>());
    let marked = [b"\xFF\xFE", wide.as_slice()].concat();
    for (data, encoding, told) in [
        (western, "windows-1252  # a guess", "which is a guess"),
        (wide, "UTF-16LE", ""),
        (other, "UTF-16BE", ""),
        (marked, "UTF-16LE", ""),
    ] {
        let environment = TestEnvironment::new().file("claims.csv", data);
        let begun = environment.run(
            Program::Dataops,
            &["contract", "init", "claims.csv", "--out", "c.yaml"],
        );

        assert_eq!(begun.code, Some(0), "{begun}");
        assert!(begun.stderr.contains(told), "{begun}");
        assert_eq!(begun.stderr.is_empty(), told.is_empty(), "{begun}");
        let contract = std::fs::read_to_string(environment.path("c.yaml")).unwrap();
        for part in [
            "apiVersion: v3.2.0",
            &format!("    encoding: {encoding}"),
            "    delimiter: ';'",
            "      - property: quote\n        value: ''''",
            "- name: 'größe'",
        ] {
            assert!(contract.contains(part), "{part}: {contract}");
        }
        let linted = environment.run(
            Program::Dataops,
            &["contract", "lint", "c.yaml", "--fail-on", "warning"],
        );
        assert_eq!(linted.code, Some(0), "{linted}");
        let held = test(&environment, &["--fail-on", "warning"]);
        assert_eq!(held.code, Some(0), "{held}");
    }
}

#[test]
fn an_encoding_that_cannot_be_known_is_asked_for() {
    let data = b"id,t\n1,\xCF\xF0\xE8\xE2\xE5\xF2\n";
    let environment = TestEnvironment::new().file("claims.csv", data);
    let init = ["contract", "init", "claims.csv", "--out", "c.yaml"];

    let refused = environment.run(Program::Dataops, &init);

    refused.refused(2);
    refused.says("the encoding of claims.csv cannot be known");
    refused.says("--encoding, such as windows-1251");
    assert!(!environment.path("c.yaml").exists());
    let said = ["--encoding", "windows-1251"];
    let begun = environment.run(Program::Dataops, &[&init[..], &said].concat());
    assert_eq!(begun.code, Some(0), "{begun}");
    let held = test(&environment, &["--fail-on", "warning"]);
    assert_eq!(held.code, Some(0), "{held}");
    let misspelt = environment.run(
        Program::Dataops,
        &["contract", "profile", "claims.csv", "--encoding", "cp-1"],
    );
    misspelt.refused(2).says("nobody knows the encoding `cp-1`");
}

#[test]
fn a_profile_shows_what_data_are_like() {
    let environment = TestEnvironment::new().file("claims.csv", GOOD);

    let ended = environment.run(Program::Dataops, &["contract", "profile", "claims.csv"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("3 rows, 3 columns"), "{ended}");
    let missing = environment.run(Program::Dataops, &["contract", "profile", "none.csv"]);
    assert_eq!(missing.code, Some(2), "{missing}");
}

#[test]
fn a_rule_that_is_not_understood_ends_it_before_data_are_read() {
    let broken = CONTRACT
        .replace("metric: rowCount", "metric: rowCounts")
        .replace("required: true", "requierd: true");
    let environment = TestEnvironment::new().file("c.yaml", &broken);

    for further in [&[][..], &["--quality-id", "rate"]] {
        let ended = test(&environment, further);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(2), ""),
            "{ended}"
        );
        ended
            .says("`rowCounts` is no metric (DC302)")
            .says("did you mean `rowCount`?")
            .says("a column has no key `requierd` (DC101)")
            .says("c.yaml has 2 errors; no data were read");
    }
}

#[test]
fn a_stored_profile_is_what_drift_is_measured_from() {
    let rule = "{ id: drift, type: custom, engine: dataops, implementation: { check: drift, column: target, \
                method: chiSquare, reference: { profile: last.json } } }";
    let contract = CONTRACT.replace("logicalType: integer }", "logicalType: string }");
    let contract = contract.replace("    quality:\n", &format!("    quality:\n      - {rule}\n"));
    let environment = with(GOOD).file("c.yaml", &contract);
    let only = ["--quality-id", "drift", "--output", "json"];

    let ended = test(&environment, &only);
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended
            .stdout
            .contains("there is no stored profile `last.json`"),
        "{ended}"
    );

    let last = "{\"object\": \"claims\", \"rows\": 300, \"columns\": [{\"name\": \"target\", \
                \"top\": [[\"0\", 200], [\"1\", 100]], \"topIsAll\": true}]}";
    let ended = test(&environment.file("last.json", last), &only);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("p = 1"), "{ended}");
}

#[test]
fn only_metadata_are_no_values() {
    let ended = test(&with(BAD), &["--metadata-only", "--output", "json"]);

    assert!(ended.stdout.contains("a query reads values"), "{ended}");
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn the_format_of_a_folder_is_that_of_its_files() {
    let environment = TestEnvironment::new()
        .file("plain/a.csv", GOOD)
        .file("mixed/a.csv", GOOD)
        .file("mixed/b.json", "{}")
        .file("bare/part-0", GOOD)
        .file("delta/_delta_log/x", "")
        .file("delta/a.parquet", "");
    let init = |data: &str| environment.run(Program::Dataops, &["contract", "init", data]);

    let plain = init("plain");
    assert!(plain.stdout.contains("format: csv"), "{plain}");
    for unknown in ["mixed", "bare", "."] {
        init(unknown)
            .refused(2)
            .says("nobody says how")
            .says("say it by --format: csv");
    }
    init("delta").refused(2).says("Delta");
    init("az://data/x")
        .refused(2)
        .says("`az://data/x` is not on this machine");
    init("none").refused(2).says("there is no file at none");
}

#[test]
fn a_delimiter_that_the_contract_does_not_say_is_told() {
    let ended = test(&with(&GOOD.replace(',', ";")), &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("which nobody has said"), "{ended}");

    let environment = with(&GOOD.replace(',', ";"));
    let begun = environment.run(Program::Dataops, &["contract", "init", "claims.csv"]);
    assert!(begun.stdout.contains("delimiter: ';'"), "{begun}");
    let cut = TestEnvironment::new().file("t.parquet", "PAR1");
    for command in ["init", "profile"] {
        cut.run(Program::Dataops, &["contract", command, "t.parquet"])
            .refused(2)
            .says("t.parquet");
    }
}

#[test]
fn a_contract_that_has_no_end_is_refused_before_it_is_read() {
    let environment = with(GOOD);
    environment
        .run(Program::TestData, &["--contract", "/dev/zero"])
        .refused(2)
        .says("/dev/zero cannot be read: it is a device or a pipe, and no file");
    environment
        .run(Program::Dataops, &["contract", "lint", "/dev/zero"])
        .refused(2)
        .says("it is a device or a pipe");
}

#[test]
fn a_page_that_is_printed_gives_no_orders() {
    let order = "##vso[task.setvariable variable=x]pwned";
    let contract = CONTRACT.replace("classification: restricted", "classification: public");
    let environment =
        with(&format!("id,target,email\n1,0,\"\n{order}\"\n")).file("c.yaml", &contract);

    let ended = test(&environment, &["--format", "html"]);

    assert!(
        ended.stdout.contains("&#35;&#35;vso[task.setvariable"),
        "{ended}"
    );
    assert!(!ended.stdout.contains("##vso"), "{ended}");
}

#[test]
fn nothing_begins_with_data_without_a_column() {
    let environment = TestEnvironment::new().file("deep.json", "[".repeat(200));
    environment
        .run(Program::Dataops, &["contract", "init", "deep.json"])
        .refused(2)
        .says("deep.json");
}
