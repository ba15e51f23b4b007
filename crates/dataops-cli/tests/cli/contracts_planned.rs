//! The checks that would be made, and the ways to ask for them.

use crate::environment::{Program, TestEnvironment};

const CONTRACT: &str = "\
apiVersion: v3.1.0
kind: DataContract
id: claims
version: 1.2.0
status: active
servers:
  - { server: here, type: local, path: 'data/${RUN_ID}.csv', format: csv }
  - { server: lake, type: databricks, catalog: main, schema: raw }
schema:
  - name: claims
    quality:
      - { id: rows, metric: rowCount, mustBeBetween: [1, 5000] }
      - { id: review, type: text, description: somebody has looked at it }
    properties:
      - { name: id, logicalType: integer, required: true }
";

fn environment() -> TestEnvironment {
    TestEnvironment::new().file("c.yaml", CONTRACT).file(
        "dataops.yaml",
        "name: s\ncontracts: [c.yaml]\nenvironments: { local: { emulator: true } }\n",
    )
}

#[test]
fn checks_are_listed_without_data() {
    let environment = environment();
    let args = ["--contract", "c.yaml", "--dry-run"];

    let ended = environment.run(Program::TestData, &args);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(ended.stdout, @"
    claims 1.2.0  c.yaml
    on the server here (local), measured here

    claims  data/RUN_ID.csv
         check                                         expected              id
    ─────────────────────────────────────────────────────────────────────────────────────────────
         `claims` has rows                             > 0                   claims.notEmpty
         `claims` has no column that is not declared   = 0                   claims.extraColumns
         `id` is there                                 present               claims.id.present
         `id` holds whole numbers                      = 0                   claims.id.type
         `id` is never null                            = 0                   claims.id.required
         rows between 1 and 5,000                      between 1 and 5,000   rows
     –   somebody has looked at it                                           review

    not executable: review, line 13
      a rule in words is for people to look at

    6 checks would be made, and 1 is not executable; no data were read
    ");
    // The other programs tell the same.
    for args in [
        &["contract", "test", "c.yaml", "--dry-run"][..],
        &["contract", "test", "--dry-run"],
        &["test", "--env", "local", "--dry-run"],
    ] {
        let other = environment.run(Program::Dataops, args);
        assert_eq!(other.stdout, ended.stdout, "{args:?}: {other}");
    }
}

#[test]
fn a_list_of_checks_is_a_document_too() {
    let environment = environment();
    let args = [
        "--contract",
        "c.yaml",
        "--dry-run",
        "--quality-id",
        "rows,review",
        "--output",
        "json",
    ];

    let here = environment.run(Program::TestData, &args).json();
    let contract = &here["contracts"][0];
    assert_eq!(contract["measured"], "here");
    assert_eq!(contract["objects"][0]["location"], "data/RUN_ID.csv");
    let checks = contract["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 2, "{here}");
    assert_eq!(
        (&checks[0]["id"], &checks[0]["expected"]),
        (&"rows".into(), &"between 1 and 5,000".into())
    );
    assert_eq!(
        checks[1]["notExecutable"],
        "a rule in words is for people to look at"
    );

    let lake = environment
        .run(
            Program::TestData,
            &[&args[..], &["--server", "lake"]].concat(),
        )
        .json();
    let contract = &lake["contracts"][0];
    assert_eq!(contract["measured"], "databricks");
    assert!(
        contract["note"]
            .as_str()
            .unwrap()
            .contains("statements are made when the columns are known")
    );
}

#[test]
fn what_is_wrong_is_told_without_data_too() {
    let of = |contract: &str, args: &[&str]| {
        let environment = TestEnvironment::new().file("c.yaml", contract);
        let first: &[&str] = &["--contract", "c.yaml", "--dry-run"];
        environment.run(Program::TestData, &[first, args].concat())
    };
    let misspelt = [
        ("rowCount", "rowCuont", "did you mean `rowCount`?"),
        (
            "type: local",
            "type: lokal",
            "c.yaml:7:27: `lokal` is no type of a server (DC501)",
        ),
        ("type: local", "type: lokal", "did you mean `local`?"),
    ];
    for (right, wrong, told) in misspelt {
        let ended = of(&CONTRACT.replace(right, wrong), &[]);
        assert_eq!(ended.code, Some(2), "{ended}");
        ended.says(told);
    }
    of(CONTRACT, &["--tag", "x"])
        .refused(2)
        .says("there is none at all");
    of(CONTRACT, &["--report", "r.html"])
        .refused(2)
        .says("--report");
    of(CONTRACT, &["--format", "junit"])
        .refused(2)
        .says("text and json");
    of(
        &CONTRACT.replace("type: local", "type: kafka, host: x"),
        &[],
    )
    .refused(2)
    .says("c.yaml:7:27: servers of the type `kafka` are not supported");
}

#[test]
fn contracts_are_tested_by_their_own_command_too() {
    let contract = CONTRACT.replace("${RUN_ID}", "claims");
    let environment = environment()
        .file("c.yaml", contract)
        .file("data/claims.csv", "id\n1\n");

    let named = environment.run(
        Program::Dataops,
        &["contract", "test", "c.yaml", "--report", "out/r.xml"],
    );
    assert_eq!(named.code, Some(0), "{named}");
    assert!(named.stdout.contains("1 not executable"), "{named}");
    assert!(environment.path("out/r.xml").exists());

    let of_solution = environment.run(Program::Dataops, &["contract", "test", "--output", "json"]);
    assert_eq!(of_solution.code, Some(0), "{of_solution}");
    let document = of_solution.json();
    assert_eq!(document["contracts"][0]["file"], "c.yaml");

    let nothing = TestEnvironment::new();
    for command in ["test", "lint"] {
        nothing
            .run(Program::Dataops, &["contract", command])
            .refused(2)
            .says("name the files of contracts");
    }
    environment
        .file("contracts/x.odcs.yaml", "")
        .run(Program::Dataops, &["contract", "lint", "contracts"])
        .refused(2)
        .says("contracts is a folder")
        .says("contracts/*.odcs.yaml");
}

#[test]
fn a_contract_without_an_id_is_called_by_its_file() {
    let contract = CONTRACT
        .replace("id: claims\n", "")
        .replace("${RUN_ID}", "claims");
    let environment = TestEnvironment::new()
        .file("deep/c.odcs.yaml", contract)
        .file("data/claims.csv", "id\n1\n");

    let ended = environment.run(Program::TestData, &["--contract", "deep/c.odcs.yaml"]);

    assert!(
        ended.stdout.starts_with("c 1.2.0  deep/c.odcs.yaml\n"),
        "{ended}"
    );
}

#[test]
fn rules_of_contracts_are_listed_and_explained() {
    let environment = TestEnvironment::new();
    let lint =
        |args: &[&str]| environment.run(Program::Dataops, &[&["contract", "lint"], args].concat());

    let rules = lint(&["--rules"]);
    assert!(rules.stdout.lines().count() >= 70, "{rules}");
    assert!(rules.stdout.contains("DC601  error    ml-rule"), "{rules}");

    let told = lint(&["--explain", "DC303"]);
    assert!(
        told.stdout.starts_with("DC303 no-operator (error)\n"),
        "{told}"
    );
    assert!(told.stdout.contains("Wrong:\n\n```yaml"), "{told}");
    let document = lint(&["--explain", "no-operator", "--output", "json"]).json();
    assert_eq!(
        (&document["id"], &document["level"]),
        (&"DC303".into(), &"error".into())
    );

    lint(&["--explain", "no-operater"])
        .refused(2)
        .says("did you mean `no-operator`?");
    lint(&["--explain", "ADF210"])
        .refused(2)
        .says("`dataops validate --explain ADF210`");
    environment
        .run(Program::Dataops, &["validate", "--explain", "DC601"])
        .refused(2)
        .says("`dataops contract lint --explain DC601`");
}
