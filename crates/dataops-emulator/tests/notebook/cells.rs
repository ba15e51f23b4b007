use dataops_emulator::notebook::{Display, Event};

use crate::workspace::{MAIN, Workspace, error, exit_value, stdout};

#[tokio::test]
async fn cells_share_a_namespace_and_report_their_start() {
    let workspace = Workspace::with(
        "# Databricks notebook source\n# DBTITLE 1,Load\nx = 1\n\n# COMMAND ----------\n\n\
         # MAGIC %md\n# MAGIC # Title\n\n# COMMAND ----------\n\nprint(x + 1)\n",
    )
    .await;
    let mut cells = Vec::new();

    let outcome = workspace
        .run_with(|event| {
            if let Event::Cell { number, title } = event {
                cells.push((number, title));
            }
        })
        .await;

    assert_eq!(stdout(&outcome), ["2"]);
    assert_eq!(cells, [(1, Some("Load".to_owned())), (3, None)]);
}

#[tokio::test]
async fn run_executes_another_notebook_in_the_same_scope() {
    let mut workspace = Workspace::with(
        "# Databricks notebook source\n# MAGIC %run ./lib/names $who=\"big world\"\n\n# COMMAND ----------\n\n\
         dbutils.notebook.exit(greet())\n",
    )
    .await;
    workspace.notebook(
        "/Shared/team/lib/names",
        "# Databricks notebook source\nwho = dbutils.widgets.get('who')\n\n# COMMAND ----------\n\n\
         # MAGIC %run /Shared/verbs\n",
    );
    workspace.notebook("/Shared/verbs", "def greet():\n    return 'hello ' + who\n");

    assert_eq!(workspace.exit_value().await, "hello big world");
}

#[tokio::test]
async fn run_of_a_missing_notebook_names_it() {
    let error = error("# Databricks notebook source\n# MAGIC %run ./nothing\n").await;

    assert!(error.contains("Notebook not found"), "{error}");
    assert!(error.contains("/Shared/team/nothing"), "{error}");
}

#[tokio::test]
async fn run_in_a_circle_is_refused() {
    let error = error("# Databricks notebook source\n# MAGIC %run ./main\n").await;

    assert!(error.contains("would run itself"), "{error}");
}

#[tokio::test]
async fn shell_cells_see_the_files_of_dbfs_and_fail_only_on_demand() {
    let workspace = Workspace::with(
        "# Databricks notebook source\ndbutils.fs.put('/tmp/a.txt', 'text')\n\n# COMMAND ----------\n\n\
         # MAGIC %sh\n# MAGIC cat /dbfs/tmp/a.txt; echo; exit 3\n",
    )
    .await;

    let outcome = workspace.run().await;

    assert!(outcome.succeeded());
    assert_eq!(stdout(&outcome), ["Wrote 4 bytes.", "text"]);

    let error =
        error("# Databricks notebook source\n# MAGIC %sh -e\n# MAGIC false\n# MAGIC true\n").await;
    assert_eq!(
        error,
        "dataops_notebook.errors.CommandFailed: %sh -e ended with exit status 1"
    );
}

#[tokio::test]
async fn scala_cells_fail_by_name() {
    let text =
        "# Databricks notebook source\n# DBTITLE 1,Old code\n# MAGIC %scala\n# MAGIC val x = 1\n";

    let error = error(text).await;

    assert!(
        error.contains("cell 1 (\"Old code\") of /Shared/team/main is in scala"),
        "{error}"
    );
}

#[tokio::test]
async fn a_notebook_in_r_is_not_taken_for_one_in_python_though_their_headers_are_alike() {
    let text = "# Databricks notebook source\nprint(1)\n";
    let mut workspace = Workspace::with(text).await;
    let imported = workspace.request.notebooks.get_mut(MAIN).unwrap();
    imported.language = Some("R".to_owned());

    let error = workspace.error().await;

    assert!(
        error.contains("cell 1 of /Shared/team/main is in r"),
        "{error}"
    );
}

#[tokio::test]
async fn magic_lines_stand_between_lines_of_python() {
    let text = "x = 'a'\n!echo out\n%fs mkdirs /tmp/dir\ny = 3 % 2\n\
                dbutils.notebook.exit(x + str(y) + dbutils.fs.ls('/tmp')[0].name)";

    assert_eq!(exit_value(text).await, "a1dir/");
}

#[tokio::test]
async fn restart_of_python_forgets_names_and_carries_on_with_the_next_cell() {
    let text = "# Databricks notebook source\nimport os\nx = 1\npid = os.getpid()\n\
                dbutils.widgets.text('pid', str(pid))\n\n# COMMAND ----------\n\n\
                dbutils.library.restartPython()\n\n# COMMAND ----------\n\n\
                import os\n\
                same = dbutils.widgets.get('pid') == str(os.getpid())\n\
                dbutils.notebook.exit(f\"{'x' in globals()} {same}\")\n";

    assert_eq!(exit_value(text).await, "False True");
}

#[tokio::test]
async fn spark_without_pyspark_says_what_to_install() {
    let workspace = Workspace::with("spark.sql('select 1')").await;
    let probe = Workspace::with(
        "import importlib.util\ndbutils.notebook.exit(str(importlib.util.find_spec('pyspark')))",
    )
    .await;
    if probe.exit_value().await != "None" {
        return;
    }

    let outcome = workspace.run().await;

    let failure = outcome.failure.unwrap();
    assert!(
        failure.error.contains("this notebook uses `spark`"),
        "{}",
        failure.error
    );
    assert!(
        failure.error.contains("pip install \"pyspark==3.5.*\""),
        "{}",
        failure.error
    );
}

#[tokio::test]
async fn display_gives_text_and_data() {
    let workspace =
        Workspace::with("display([{'a': 1, 'b': float('nan')}])\ndisplayHTML('<b>x</b>')").await;

    let outcome = workspace.run().await;

    assert_eq!(
        outcome.displays,
        [
            Display::Table {
                columns: vec!["a".into(), "b".into()],
                rows: vec![vec![1.into(), "nan".into()]],
                total_rows: Some(1),
            },
            Display::Html {
                html: "<b>x</b>".into()
            },
        ]
    );
    assert_eq!(stdout(&outcome)[0], "a  b");
}

#[tokio::test]
async fn a_jupyter_document_runs() {
    let mut workspace = Workspace::with("").await;
    let cell = |kind: &str, source: serde_json::Value| serde_json::json!({"cell_type": kind, "metadata": {}, "source": source});
    let document = serde_json::json!({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}},
        "cells": [
            cell("markdown", "# title".into()),
            cell("code", serde_json::json!(["%matplotlib inline\n", "x = 2\n"])),
            cell("code", "dbutils.notebook.exit(str(x * 21))".into()),
        ],
    });
    let file = workspace.path("main.ipynb");
    std::fs::write(&file, document.to_string()).unwrap();
    let entry = workspace
        .request
        .notebooks
        .get_mut(crate::workspace::MAIN)
        .unwrap();
    entry.file = file;

    assert_eq!(workspace.exit_value().await, "42");
}

#[tokio::test]
async fn a_package_beside_the_notebook_imports() {
    let workspace =
        Workspace::with("import prepare.clean\ndbutils.notebook.exit(prepare.clean.NAME)").await;
    let package = workspace.path("workspace/Shared/team/prepare");
    std::fs::create_dir_all(&package).unwrap();
    std::fs::write(package.join("__init__.py"), "").unwrap();
    std::fs::write(package.join("clean.py"), "NAME = 'cleaner'\n").unwrap();

    assert_eq!(workspace.exit_value().await, "cleaner");
    assert!(!package.join("__pycache__").exists());
}
