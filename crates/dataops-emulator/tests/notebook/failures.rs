use dataops_emulator::notebook::{self, NotebookError, Status};

use crate::workspace::{MAIN, Workspace};

#[tokio::test]
async fn a_traceback_shows_cells_lines_and_source() {
    let workspace = Workspace::with(
        "# Databricks notebook source\nx = 1\n\n# COMMAND ----------\n\n# DBTITLE 1,Divide\ndef half(n):\n    \
         return n / 0\n\nhalf(x)\n",
    )
    .await;

    let outcome = workspace.run().await;

    assert_eq!(outcome.status, Status::Failed);
    let failure = outcome.failure.unwrap();
    assert_eq!(failure.error, "ZeroDivisionError: division by zero");
    let trace = failure.trace.unwrap();
    for part in [
        "  File \"/Shared/team/main, cell 2\", line 4, in <module>\n    half(x)\n",
        "  File \"/Shared/team/main, cell 2\", line 2, in half\n    return n / 0\n",
    ] {
        assert!(trace.contains(part), "{trace}");
    }
    assert!(!trace.contains("dataops_notebook"), "{trace}");
    let location = failure.location.unwrap();
    assert_eq!(
        (location.cell, location.line, location.file_line),
        (2, 2, Some(8))
    );
    assert_eq!(location.title.as_deref(), Some("Divide"));
}

#[tokio::test]
async fn a_syntax_error_points_at_its_line() {
    let workspace = Workspace::with("x = 1\ny = = 2\n").await;

    let failure = workspace.run().await.failure.unwrap();

    assert!(
        failure.error.starts_with("SyntaxError: invalid syntax"),
        "{}",
        failure.error
    );
    assert_eq!(failure.location.unwrap().line, 2);
}

#[tokio::test]
async fn a_missing_package_comes_with_a_hint() {
    let workspace = Workspace::with("import sklearn_no_such.metrics").await;

    let failure = workspace.run().await.failure.unwrap();

    let hint = failure.hint.unwrap();
    assert!(
        hint.starts_with("pip install sklearn_no_such into /"),
        "{hint}"
    );
    assert!(hint.ends_with(" by DATAOPS_PYTHON or --python"), "{hint}");
}

#[tokio::test]
async fn sys_exit_is_a_failure_with_a_hint() {
    let workspace = Workspace::with("import sys\nsys.exit(0)").await;

    let failure = workspace.run().await.failure.unwrap();

    assert_eq!(failure.error, "SystemExit: 0");
    assert!(failure.hint.unwrap().contains("dbutils.notebook.exit"));
}

#[tokio::test]
async fn a_process_that_dies_is_a_failure() {
    let workspace =
        Workspace::with("import os\nprint('last words', flush=True)\nos._exit(7)").await;

    let outcome = workspace.run().await;

    let failure = outcome.failure.unwrap();
    assert!(
        failure.error.contains("exit status: 7"),
        "{}",
        failure.error
    );
    assert_eq!(outcome.output[0].text, "last words");
}

#[tokio::test]
async fn a_notebook_that_does_not_exist_is_an_error() {
    let mut workspace = Workspace::with("").await;
    workspace.request.notebook = "/nothing".into();

    let error = notebook::run(workspace.request.clone(), |_| ())
        .await
        .unwrap_err();

    assert!(matches!(&error, NotebookError::NotFound { path } if path == "/nothing"));
    assert!(
        error
            .to_string()
            .starts_with("Unable to access the notebook \"/nothing\"")
    );
}

#[tokio::test]
async fn an_exception_that_cannot_be_shown_is_still_reported() {
    let workspace = Workspace::with(
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd()",
    )
    .await;

    let failure = workspace.run().await.failure.unwrap();

    assert!(failure.error.contains("Odd"), "{}", failure.error);
}

#[tokio::test]
async fn text_that_is_no_unicode_still_arrives() {
    let workspace = Workspace::with("print('\\udc80')\nraise ValueError('half \\udc80')").await;

    let outcome = workspace.run().await;

    assert_eq!(outcome.output[0].text, "\\udc80");
    assert_eq!(outcome.failure.unwrap().error, "ValueError: half ?");
}

#[tokio::test]
async fn a_notebook_that_cannot_be_read_is_told_with_its_place_and_without_a_traceback() {
    let mut workspace = Workspace::with("").await;
    let file = workspace.path("main.ipynb");
    std::fs::write(&file, "{\"cells\": 3}").unwrap();
    workspace.request.notebooks.get_mut(MAIN).unwrap().file = file.clone();

    let outcome = workspace.run().await;

    assert_eq!(outcome.status, Status::Unreadable);
    let failure = outcome.failure.unwrap();
    assert_eq!(
        failure.error,
        format!(
            "{}: this is not a Jupyter notebook: it has no list `cells`",
            file.display()
        )
    );
    assert_eq!((failure.trace, failure.location), (None, None));
    assert!(failure.hint.is_some());
}
