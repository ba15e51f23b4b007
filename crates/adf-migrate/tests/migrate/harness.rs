//! A small factory, and ways to look at a migration.

use std::fmt::Write as _;

use adf_migrate::{InputFile, Migration, Note, Role, Source, migrate};
use adf_source::Repository;

/// A factory with something of everything.
pub(crate) const FACTORY: [(&str, &str); 9] = [
    (
        "pipeline/PL_Copy.json",
        r#"{"name": "PL_Copy", "properties": {
            "activities": [
                {"name": "Copy Data", "type": "Copy", "typeProperties": {"source": {"type": "x", "batch": 5, "ratio": 1.5}, "enabled": false},
                 "dependsOn": [], "policy": {"retry": 0}},
                {"name": "Train", "type": "Web", "typeProperties": {"url": {"value": "@variables('u')", "type": "Expression"}, "headers": {}}}],
            "parameters": {"days": {"type": "int", "defaultValue": 7}, "GP-Bool": {"type": "bool", "defaultValue": false},
                "nothing": {"type": "string", "defaultValue": null}},
            "variables": {"names": {"type": "Array", "defaultValue": ["x"]}, "sqlPassword": {"type": "String", "defaultValue": "old"}},
            "folder": {"name": "Load/Daily"}, "annotations": []},
          "type": "Microsoft.DataFactory/factories/pipelines"}"#,
    ),
    (
        "pipeline/PL_Clean.json",
        r#"{"name": "PL_Clean", "properties": {"activities": [], "parameters": {"days": {"type": "int", "defaultValue": 7}}}}"#,
    ),
    (
        "linkedService/LS_Sql.json",
        r#"{"name": "LS_Sql", "properties": {"type": "AzureSqlDatabase", "typeProperties": {
            "connectionString": "Integrated Security=False;Encrypt=True;Connection Timeout=30;Data Source=dev.test;Initial Catalog=d"},
            "connectVia": {"referenceName": "ir-dev", "type": "IntegrationRuntimeReference"}}}"#,
    ),
    (
        "linkedService/LS_Databricks.json",
        r#"{"name": "LS_Databricks", "properties": {"type": "AzureDatabricks", "typeProperties": {
            "domain": "https://dev.test", "accessToken": {"type": "SecureString", "value": "x"}, "existingClusterId": "c-1"}}}"#,
    ),
    (
        "linkedService/LS_Vault.json",
        r#"{"name": "LS_Vault", "properties": {"type": "AzureKeyVault", "typeProperties": {"baseUrl": "https://dev.vault.test/"}}}"#,
    ),
    (
        "trigger/TR_Daily.json",
        r#"{"name": "TR_Daily", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started",
            "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1, "startTime": "2021-01-01T00:00:00", "timeZone": "UTC"}},
            "pipelines": [{"pipelineReference": {"referenceName": "PL_Copy", "type": "PipelineReference"}, "parameters": {"days": 7}}]}}"#,
    ),
    (
        "trigger/TR_Hourly.json",
        r#"{"name": "TR_Hourly", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started", "typeProperties": {}}}"#,
    ),
    (
        "integrationRuntime/ir-dev.json",
        r#"{"name": "ir-dev", "properties": {"type": "SelfHosted"}}"#,
    ),
    (
        "factory/adf-dev.json",
        r#"{"name": "adf-dev", "location": "westeurope", "properties": {"globalParameters": {
            "env": {"type": "string", "value": "dev"}, "days": {"type": "int", "value": 3}, "live": {"type": "bool", "value": false}}}}"#,
    ),
];

pub(crate) fn repository() -> Repository {
    let repository = Repository::read(&FACTORY.into_iter().collect());
    assert_eq!(repository.losses().count(), 0);
    repository
}

pub(crate) fn source(role: Role, path: &str, text: &str) -> Source {
    Source {
        role,
        environment: None,
        file: InputFile::new(path, text),
    }
}

/// A configuration for `qa` with these lines.
pub(crate) fn config(lines: &str) -> Source {
    let text = format!("type,name,path,value\n{lines}\n");
    source(Role::Config, "deployment/config-qa.csv", &text)
}

pub(crate) fn migrated(sources: &[Source]) -> Migration {
    migrate(&repository(), sources).unwrap()
}

/// The settings of all environments, a line each.
pub(crate) fn settings(migration: &Migration) -> String {
    let mut text = String::new();
    for environment in &migration.environments {
        let name = &environment.name;
        for (path, value) in &environment.overrides {
            let _ = writeln!(text, "{name} {path}: {value}");
        }
        for (path, value) in &environment.global_parameters {
            let _ = writeln!(text, "{name} global {path}: {value}");
        }
        for (path, value) in environment.renames.iter().chain(&environment.triggers) {
            let _ = writeln!(text, "{name} {path}: {value}");
        }
        for need in &environment.variables {
            let _ = writeln!(text, "{name} needs {} ({:?})", need.name, need.because);
        }
    }
    text
}

/// The notes, a line each.
pub(crate) fn notes(migration: &Migration) -> String {
    let line = |note: &Note| {
        let hint = note.hint.as_ref().map(|hint| format!(" ({hint})"));
        format!(
            "{:?} {} {:?}: {}{}",
            note.severity,
            note.spot,
            note.kind,
            note.message,
            hint.unwrap_or_default()
        )
    };
    let lines: Vec<_> = migration.notes.iter().map(line).collect();
    lines.join("\n").replace("deployment/config-qa.csv", "csv")
}
