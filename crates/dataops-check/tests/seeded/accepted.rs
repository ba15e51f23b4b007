//! What the service takes, and no rule may call wrong.

use crate::harness::{Case, assert_accepted};

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const REPORT: &str = "notebooks/report.py";
const SHARED: &str = "notebooks/shared.py";

#[test]
fn spans_of_time_are_those_of_dotnet() {
    for span in ["0.1:00:00", "1:00:00", "0.01:00", "12:00", "1"] {
        let timeout = format!("\"timeout\": \"{span}\"");
        assert_accepted(&Case::new("").replace(TIDY, "\"timeout\": \"0.01:00:00\"", &timeout));
    }
}

#[test]
fn the_managed_virtual_network_of_a_factory_needs_no_file() {
    assert_accepted(&Case::new("").remove("adf/managedVirtualNetwork/default.json"));
}

#[test]
fn a_notebook_sets_widgets_of_those_that_it_runs_in_its_scope() {
    let reads = "# Databricks notebook source\nday = dbutils.widgets.get(\"day\")\n";
    assert_accepted(
        &Case::new("")
            .replace(SHARED, "# Databricks notebook source\n", reads)
            .replace(REPORT, "%run ./shared", "%run ./shared $day=\"1\""),
    );
}

#[test]
fn a_switch_may_go_by_a_text_within_a_loop() {
    let switch = r#""activities": [{"name": "by kind", "type": "Switch", "typeProperties": {
        "on": {"value": "@first(split(item().kind, ','))", "type": "Expression"},
        "defaultActivities": [{"name": "nothing", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}},
        {"name": "if active","#;
    assert_accepted(&Case::new("").replace(
        INGEST,
        "\"activities\": [\n\t\t\t\t\t\t{\n\t\t\t\t\t\t\t\"name\": \"if active\",",
        switch,
    ));
}

#[test]
fn what_stands_for_a_secret_is_none() {
    const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
    let body =
        "\"value\": \"@json(concat('{\\\"file\\\": \\\"', pipeline().parameters.file, '\\\"}'))\"";
    for value in [
        "@concat('grant_type=x&client_secret=', pipeline().parameters.file, '&scope=y')",
        "grant_type=x&client_secret=@{pipeline().parameters.file}&scope=y",
        "grant_type=x&client_secret=<secret>&scope=y",
        "{\\\"password\\\": \\\"@{pipeline().parameters.file}\\\"}",
    ] {
        let value = format!("\"value\": \"{value}\"");
        let found = Case::new("").replace(ARCHIVE, body, &value).found();
        assert!(
            !found
                .iter()
                .any(|finding| finding.rule.id.starts_with("ADF6")),
            "{value}"
        );
    }
}

#[test]
fn an_override_may_name_a_secret_of_a_key_vault_below_a_password() {
    let host = "linkedService.Databricks.typeProperties.domain: ${DATABRICKS_HOST}";
    let secret = "linkedService.Ledger.typeProperties.password: { keyVault: { vault: kv-claims, name: ledger } }";

    let found = Case::new("")
        .replace("dataops.yaml", host, &format!("{host}\n      {secret}"))
        .found();

    assert!(
        !found.iter().any(|finding| finding.rule.id == "ENV107"),
        "{found:#?}"
    );
}
