//! `dataops validate` on a whole solution: settings, notebooks, and what parts say of each other.

use crate::environment::{Ended, Program, TestEnvironment, shows};

pub(crate) const SETTINGS: &str = "\
name: claims
adf: { root: adf }
notebooks: { root: notebooks, target: /Shared/claims }
environments:
  qa:
    subscription: ${SUBSCRIPTION}
    resourceGroup: rg-qa
    dataFactory: adf-qa
    databricks: { host: \"${HOST}\" }
    overrides:
      linkedService.Databricks.typeProperties.domian: ${HOST}
";

const NOTEBOOK: &str = "\
# Databricks notebook source
dbutils.widgets.text(\"day\", \"\")

# COMMAND ----------

# newest
%pip install pandas

# COMMAND ----------

print(dbutils.widgets.get(\"day\"), daya)
";

fn pipeline(path: &str) -> String {
    format!(
        r#"{{
  "name": "prepare",
  "properties": {{
    "activities": [
      {{
        "name": "prepare",
        "type": "DatabricksNotebook",
        "linkedServiceName": {{ "referenceName": "Databricks", "type": "LinkedServiceReference" }},
        "typeProperties": {{
          "notebookPath": "{path}",
          "baseParameters": {{ "dya": "@pipeline().RunId" }}
        }}
      }}
    ]
  }}
}}
"#
    )
}

/// A solution with a mistake in an override, and one between a pipeline and a notebook.
pub(crate) fn solution() -> TestEnvironment {
    TestEnvironment::new()
        .file("dataops.yaml", SETTINGS)
        .file("notebooks/prepare.py", NOTEBOOK)
        .file("adf/pipeline/prepare.json", pipeline("/Shared/claims/prepare"))
        .file(
            "adf/linkedService/Databricks.json",
            r#"{ "name": "Databricks", "properties": { "type": "AzureDatabricks",
              "typeProperties": { "domain": "https://adb.test", "existingClusterId": "1", "authentication": "MSI", "workspaceResourceId": "/w" } } }"#,
        )
}

pub(crate) fn validate(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["validate"], args].concat())
}

#[test]
fn settings_that_cannot_be_used_are_a_finding() {
    let environment = solution().file(
        "dataops.yaml",
        SETTINGS.replace("environments", "enviroments"),
    );

    shows!(validate(&environment, &[]), @"
    exit: 1
    ----- stdout
    error[ENV101 malformed-settings]: unknown field `enviroments`
     --> dataops.yaml:4:1
      |
    4 | enviroments:
      | ^^^^^^^^^^^
      = help: did you mean `environments`?

    error    ENV101  malformed-settings  1  dataops.yaml:4

    1 error in 1 of 1 file
    `dataops validate --explain ENV101` says why
    ----- stderr
    ");
}

#[test]
fn a_solution_of_notebooks_needs_no_factory() {
    let environment = TestEnvironment::new()
        .file(
            "dataops.yaml",
            "name: x\nnotebooks: { root: notebooks, target: Shared }\n",
        )
        .file(
            "notebooks/a.sql",
            "-- Databricks notebook source\nSELECT 1\n",
        );

    let ended = validate(&environment, &["--format", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert_eq!(ended.json()["findings"][0]["rule"], "ENV118", "{ended}");
    assert_eq!(ended.stderr, "");
}

#[test]
fn notebooks_are_mended() {
    let environment = solution()
        .file(
            "notebooks/prepare.py",
            NOTEBOOK.replace(
                "# Databricks notebook source",
                "#databricks notebook source",
            ),
        )
        .file(
            "notebooks/other.py",
            "# Databricks notebook source\nx = 1\n\n#COMMAND -----\n\ny = 2\n",
        );

    let ended = validate(
        &environment,
        &["--fix", "--select", "NB", "--no-python-lint"],
    );

    assert_eq!(ended.code, Some(0), "{ended}");
    let read = |name: &str| std::fs::read_to_string(environment.path(name)).unwrap();
    assert_eq!(read("notebooks/prepare.py"), NOTEBOOK);
    assert_eq!(
        read("notebooks/other.py"),
        "# Databricks notebook source\nx = 1\n\n# COMMAND ----------\n\ny = 2\n"
    );
}

#[test]
fn the_example_has_no_finding() {
    let example =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/data-ingestion");
    let environment = TestEnvironment::new();
    let args = [
        "validate",
        "--no-python-lint",
        "--fail-on",
        "note",
        "--format",
        "json",
    ];

    let output = environment
        .command(Program::Dataops, &args)
        .current_dir(example)
        .output()
        .unwrap();

    let ended = environment.ended(&output);
    assert_eq!(ended.json()["findings"], serde_json::json!([]), "{ended}");
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
}
