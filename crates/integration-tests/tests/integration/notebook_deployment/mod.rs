//! Notebooks on their way into a workspace: what is planned, what is sent, what is remembered there, and what is left alone.

mod refused;
mod room;
mod trouble;

use databricks_client::{
    ExportFormat, ImportFormat, ImportOptions, Language, Retry, StaticToken, WorkspaceClient,
    WorkspaceClientOptions,
};
use dataops_core::workspace::{self, Applied, NotebookSource, WorkspaceError};
use dataops_plan::{NotebookAction, NotebookPlan};
use dataops_solution::Solution;
use dataops_solution::environment::Variables;
use integration_tests::{Emulator, quick_retry, write};
use serde_json::json;
use tempfile::TempDir;

pub(crate) const TARGET: &str = "/Shared/ingest";

/// A solution with notebooks of every kind, and files beside them.
pub(crate) fn solution(more: &str) -> (TempDir, Solution) {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!(
        "name: ingest\nnotebooks: {{ root: notebooks, target: {TARGET}{more} }}\nenvironments: {{ local: {{ emulator: true }} }}\n"
    );
    write(folder.path(), "dataops.yaml", &settings);
    for (path, text) in [
        ("prepare.py", "# Databricks notebook source\nprint(1)\n"),
        (
            "deep/er/load.sql",
            "-- Databricks notebook source\nselect 1\n",
        ),
        (
            "deep/model.scala",
            "// Databricks notebook source\nval x = 1\n",
        ),
        ("stats.r", "# Databricks notebook source\r\nx <- 1\r\n"),
        ("lib/columns.py", "def clean(name):\n    return name\n"),
        (
            "explore.ipynb",
            r#"{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#,
        ),
        ("settings.json", "{}"),
    ] {
        write(folder.path(), &format!("notebooks/{path}"), text);
    }
    let solution = Solution::find(folder.path()).unwrap();
    (folder, solution)
}

fn source(solution: &Solution) -> NotebookSource {
    brought(solution).unwrap().unwrap()
}

fn brought(solution: &Solution) -> Result<Option<NotebookSource>, WorkspaceError> {
    let local = solution.environment("local", &Variables::default());
    NotebookSource::of_folder(solution, &local.unwrap())
}

pub(crate) async fn plan(emulator: &Emulator, solution: &Solution) -> NotebookPlan {
    let client = client(emulator);
    workspace::plan(&client, &source(solution)).await.unwrap()
}

pub(crate) async fn deploy(
    emulator: &Emulator,
    solution: &Solution,
) -> Result<Applied, WorkspaceError> {
    let (client, source) = (client(emulator), source(solution));
    let plan = workspace::plan(&client, &source).await?;
    workspace::apply(&client, &source, &plan, |_, _| {}).await
}

/// A client that tries again at once.
fn client(emulator: &Emulator) -> WorkspaceClient {
    let token = std::sync::Arc::new(StaticToken::new(emulator.ready.token.clone()));
    let mut options = WorkspaceClientOptions::default();
    options.rest.retry = Retry {
        max_attempts: 12,
        ..quick_retry()
    };
    WorkspaceClient::new(&emulator.ready.endpoint, token, Some(options)).unwrap()
}

/// What is done with what, without what is left as it is.
pub(crate) fn work(plan: &NotebookPlan) -> Vec<String> {
    let idle = [NotebookAction::Unchanged];
    let objects = plan.objects.iter();
    let work = objects.filter(|object| !idle.contains(&object.action));
    work.map(|object| {
        let path = object.path.strip_prefix(TARGET).unwrap();
        format!(
            "{:?} {} {path}: {}",
            object.action, object.kind, object.because
        )
    })
    .collect()
}

/// Every object below the target with its kind.
pub(crate) async fn objects(emulator: &Emulator) -> Vec<String> {
    let client = emulator.databricks();
    let mut found = Vec::new();
    let mut open = vec![TARGET.to_owned()];
    while let Some(folder) = open.pop() {
        let listed = client.workspace().list(&folder, None).await.unwrap();
        for object in listed.into_model().unwrap().objects {
            let language = object.language.map(|language| language.to_string());
            let kind = language.unwrap_or_else(|| object.object_type.to_string());
            match kind.as_str() {
                "DIRECTORY" if object.path.ends_with("/.dataops") => {}
                "DIRECTORY" => open.push(object.path.clone()),
                _ => found.push(format!("{kind} {}", &object.path[TARGET.len()..])),
            }
        }
    }
    found.sort();
    found
}

async fn edit(emulator: &Emulator, path: &str, text: &str) {
    let options = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };
    let client = emulator.databricks();
    let format = ImportFormat::Source(Language::Python);
    let path = format!("{TARGET}/{path}");
    client
        .workspace()
        .import(&path, text.as_bytes(), format, Some(options))
        .await
        .unwrap();
}

#[tokio::test]
async fn files_become_what_databricks_makes_of_them() {
    let emulator = Emulator::start();
    let (_folder, solution) = solution("");

    let applied = deploy(&emulator, &solution).await.unwrap();

    assert_eq!(
        (applied.created, applied.updated, applied.deleted),
        (7, 0, 0)
    );
    assert_eq!(
        objects(&emulator).await,
        [
            "FILE /lib/columns.py",
            "FILE /settings.json",
            "PYTHON /explore",
            "PYTHON /prepare",
            "R /stats",
            "SCALA /deep/model",
            "SQL /deep/er/load",
        ]
    );
    assert_eq!(work(&plan(&emulator, &solution).await), [""; 0]);
}

#[tokio::test]
async fn notebooks_without_a_header_are_known_by_their_extension_where_the_settings_say_so() {
    let emulator = Emulator::start();
    let (folder, solution) = solution(", knownBy: extension, alwaysFiles: ['lib/**']");
    write(
        folder.path(),
        "notebooks/mount-data.py",
        "print('mounted')\n",
    );

    deploy(&emulator, &solution).await.unwrap();

    let objects = objects(&emulator).await;
    assert!(
        objects.contains(&"PYTHON /mount-data".to_owned()),
        "{objects:?}"
    );
    assert!(
        objects.contains(&"FILE /lib/columns.py".to_owned()),
        "{objects:?}"
    );
    // The workspace gives it back with a header; it is the same all the same, with and without a manifest.
    assert_eq!(work(&plan(&emulator, &solution).await), [""; 0]);
    let client = emulator.databricks();
    let memory = format!("{TARGET}/.dataops");
    client
        .workspace()
        .delete(&memory, true, None)
        .await
        .unwrap();
    assert_eq!(
        work(&plan(&emulator, &solution).await),
        ["Update notebook (python) /explore: what is there cannot be compared"]
    );
}

#[tokio::test]
async fn only_what_changed_is_sent_again() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    deploy(&emulator, &solution).await.unwrap();
    write(
        folder.path(),
        "notebooks/lib/columns.py",
        "def clean(name):\n    return name.strip()\n",
    );
    write(
        folder.path(),
        "notebooks/new.py",
        "# Databricks notebook source\n",
    );

    let plan = plan(&emulator, &solution).await;
    let applied = deploy(&emulator, &solution).await.unwrap();

    assert_eq!(
        work(&plan),
        [
            "Update file /lib/columns.py: it differs",
            "Create notebook (python) /new: the workspace does not have it",
        ]
    );
    assert_eq!(
        (applied.created, applied.updated, applied.unchanged),
        (1, 1, 6)
    );
}

#[tokio::test]
async fn what_a_person_has_edited_is_seen() {
    let emulator = Emulator::start();
    let (_folder, solution) = solution("");
    deploy(&emulator, &solution).await.unwrap();
    // The service counts milliseconds; an edit takes longer than that.
    edit(
        &emulator,
        "prepare",
        "# Databricks notebook source\nprint(2)\n",
    )
    .await;

    let found = plan(&emulator, &solution).await;
    deploy(&emulator, &solution).await.unwrap();

    assert_eq!(
        work(&found),
        ["Update notebook (python) /prepare: it differs"]
    );
    assert_eq!(work(&plan(&emulator, &solution).await), [""; 0]);
    let exported = emulator
        .databricks()
        .workspace()
        .export(&format!("{TARGET}/prepare"), ExportFormat::Source, None)
        .await
        .unwrap();
    assert_eq!(
        exported.into_model().unwrap().content,
        b"# Databricks notebook source\nprint(1)\n"
    );
}
