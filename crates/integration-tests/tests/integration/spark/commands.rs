//! `test-data-ingestion` and `dataops test` on contracts whose data are measured in Databricks.

use integration_tests::{Ended, Program};
use serde_json::Value;

use super::Spark;

const CONTRACT: &str = "apiVersion: v3.1.0
kind: DataContract
id: claims
version: 1.0.0
status: active
servers:
- {server: lake, type: azure, location: 'abfss://training@ACCOUNT.dfs.core.windows.net/${RUN_ID}/*.csv', format: csv}
- {server: dwh, type: databricks, catalog: main, schema: default}
schema:
- name: claims
  properties:
  - {name: id, logicalType: integer, required: true, unique: true}
  - {name: mail, logicalType: string, classification: pii, logicalTypeOptions: {format: email}}
  - {name: amount, logicalType: number, logicalTypeOptions: {minimum: 0}}
  quality:
  - {id: sum, type: sql, query: 'SELECT SUM(amount) FROM {object}', mustBeGreaterThan: 1000}
";

const ROWS: &str = "id,mail,amount\n1,a@b.de,1.5\n2,nobody,2\n2,c@d.de,-1\nx,,\n";

/// A contract in a folder, and data in a container.
fn prepared(spark: &Spark) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let contract = CONTRACT.replace("ACCOUNT", &spark.emulator.ready.account);
    std::fs::write(folder.path().join("claims.odcs.yaml"), contract).unwrap();
    let run = spark.container("training").join("r1");
    std::fs::create_dir_all(&run).unwrap();
    std::fs::write(run.join("part-1.csv"), ROWS).unwrap();
    folder
}

fn test(spark: &Spark, folder: &tempfile::TempDir, args: &[&str]) -> Ended {
    let usual = ["--contract", "claims.odcs.yaml", "--run-id", "r1"];
    Program::test_data_ingestion([&usual[..], args].concat())
        .within(folder.path())
        .at(&spark.emulator)
        .run()
}

fn checks(ended: &Ended) -> Vec<(String, String, Value)> {
    let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{ended}"));
    let checks = report["contracts"][0]["checks"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    checks
        .iter()
        .filter(|check| check["line"] != 0)
        .map(|check| {
            (
                text(&check["id"]),
                text(&check["status"]),
                check["value"].clone(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_have_the_same_verdict_wherever_they_are_measured() {
    let Some(spark) = Spark::for_test("files_have_the_same_verdict").await else {
        return;
    };
    let folder = prepared(&spark);

    let here = test(&spark, &folder, &["--output", "json"]);
    let there = test(
        &spark,
        &folder,
        &["--output", "json", "--backend", "databricks"],
    );
    let people = test(
        &spark,
        &folder,
        &["--backend", "databricks", "--samples", "3"],
    );

    assert_eq!(checks(&here), checks(&there), "{here}\n{there}");
    assert_eq!((here.code, there.code), (Some(1), Some(1)));
    assert!(
        people
            .stdout
            .contains("on SQL warehouse `ingest` (2X-Small)"),
        "{people}"
    );
    assert!(people.stdout.contains("part-1.csv: x"), "{people}");
    assert!(!people.stdout.contains("nobody"), "{people}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_measured_on_the_warehouse_and_by_a_notebook() {
    let Some(spark) = Spark::for_test("a_table_is_measured").await else {
        return;
    };
    let folder = prepared(&spark);
    let files = spark.address("training", "r1");
    let made = format!(
        "CREATE TABLE main.default.claims AS SELECT try_cast(id AS BIGINT) AS id, mail, CAST(amount AS DOUBLE) AS amount FROM read_files('{files}', format => 'csv', header => true, inferColumnTypes => false)"
    );
    spark.ask(vec![made]).await.remove(0).unwrap();

    let table = test(&spark, &folder, &["--output", "json", "--server", "dwh"]);

    let failed: Vec<_> = checks(&table)
        .into_iter()
        .filter(|(_, status, _)| status != "passed")
        .map(|(id, ..)| id)
        .collect();
    assert_eq!(
        failed,
        [
            "claims.id.required",
            "claims.id.unique",
            "claims.mail.format",
            "claims.amount.minimum",
            "sum"
        ],
        "{table}"
    );
}

const RULES: &str = "apiVersion: v3.1.0
kind: DataContract
id: rules
version: 1.0.0
status: active
servers:
- {server: lake, type: azure, location: 'abfss://rules@ACCOUNT.dfs.core.windows.net/*.csv', format: csv}
schema:
- name: claims
  properties:
  - {name: id, logicalType: integer}
  - {name: amount, logicalType: number}
  - {name: label, logicalType: string, logicalTypeOptions: {pattern: '(?i:^MÄRZ$)|(?m:^b$)|(?<first_name>it)'}}
  - {name: day, logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy}}
  - {name: ssn, logicalType: string, classification: secret}
  quality:
  - {id: max, type: sql, query: 'SELECT MAX(amount) FROM {object}', mustBe: 10}
  - {id: min, type: sql, query: 'SELECT MIN(id) FROM {object}', mustBe: 9}
  - {id: many, type: sql, query: 'SELECT COUNT(*) FROM {object} WHERE id > 9 AND amount > 5', mustBe: 1}
  - {id: days, type: sql, query: \"SELECT COUNT(*) FROM {object} WHERE day >= DATE '2026-01-02'\", mustBe: 1}
  - {id: text, type: sql, query: \"SELECT COUNT(*) FROM {object} WHERE label = 'it''s; x'\", mustBe: 1}
  - {id: hidden, type: sql, query: 'SELECT COUNT(*) FROM {object} WHERE CAST(ssn AS INT) > 5', mustBe: 0}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_in_sql_see_the_columns_of_text_as_what_they_are() {
    let Some(spark) = Spark::for_test("rules_in_sql").await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let contract = RULES.replace("ACCOUNT", &spark.emulator.ready.account);
    std::fs::write(folder.path().join("claims.odcs.yaml"), contract).unwrap();
    let rows = "id,amount,label,day,ssn\n9,9.5,märz,01.01.2026,123-45-6789\n10,10.0,it's; x,02.01.2026,1\n100,x,\"a\nb\",,2\n";
    std::fs::write(spark.container("rules").join("a.csv"), rows).unwrap();

    let here = test(&spark, &folder, &["--output", "json"]);
    let on = ["--output", "json", "--backend", "databricks"];
    let there = test(&spark, &folder, &on);

    assert_eq!(checks(&here), checks(&there), "{here}\n{there}");
    let found = checks(&here);
    let of = |id: &str| {
        found
            .iter()
            .find(|check| check.0 == id)
            .map(|it| it.1.as_str())
    };
    for id in ["max", "min", "many", "days", "text"] {
        assert_eq!(of(id), Some("passed"), "{id} {here}");
    }
    assert_eq!(of("hidden"), Some("error"), "{here}");
    assert!(!here.stdout.contains("123-45"), "{here}");
    assert!(!there.stdout.contains("123-45"), "{there}");
}
