//! `dataops validate` with the real linter.

use std::path::Path;

use integration_tests::{Ended, Program, Python, example, write};

/// Validates the solution in `folder` with the ruff beside an interpreter.
fn validate(folder: &Path, python: &Python) -> Ended {
    let code = "import sysconfig; print(sysconfig.get_path('scripts'))";
    let programs = Program::new(python.path()).args(["-c", code]).run();
    let path = format!("{}:/usr/bin:/bin", programs.stdout.trim());
    Program::dataops(["validate", "--format", "json", "--offline"])
        .within(folder)
        .env("PATH", path)
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
