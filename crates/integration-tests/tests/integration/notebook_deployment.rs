//! Notebooks on their way into a workspace: what is planned, what is sent, what is remembered there, and what is left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use databricks_client::{
    ExportFormat, ImportFormat, ImportOptions, Language, Retry, StaticToken, WorkspaceClient,
    WorkspaceClientOptions,
};
use dataops_core::workspace::{self, Applied, NotebookSource, WorkspaceError};
use dataops_plan::{NotebookAction, NotebookPlan};
use dataops_solution::Solution;
use integration_tests::{Emulator, Request, quick_retry, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const TARGET: &str = "/Shared/ingest";

/// A solution with notebooks of every kind, and files beside them.
fn solution(more: &str) -> (TempDir, Solution) {
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
    NotebookSource::of_folder(solution).unwrap().unwrap()
}

async fn plan(emulator: &Emulator, solution: &Solution) -> NotebookPlan {
    let client = client(emulator);
    workspace::plan(&client, &source(solution)).await.unwrap()
}

async fn deploy(emulator: &Emulator, solution: &Solution) -> Result<Applied, WorkspaceError> {
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
fn work(plan: &NotebookPlan) -> Vec<String> {
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
async fn objects(emulator: &Emulator) -> Vec<String> {
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

#[tokio::test]
async fn only_what_was_brought_is_removed_and_only_within_the_folder() {
    let emulator = Emulator::start();
    let (folder, keeping) = solution("");
    deploy(&emulator, &keeping).await.unwrap();
    let client = emulator.databricks();
    edit(&emulator, "deep/theirs", "print(1)").await;
    let format = ImportFormat::Source(Language::Python);
    client
        .workspace()
        .import("/Shared/outside", b"x", format, None)
        .await
        .unwrap();
    fs::remove_dir_all(folder.path().join("notebooks/deep")).unwrap();
    fs::remove_dir_all(folder.path().join("notebooks/lib")).unwrap();
    edit(&emulator, "deep/model", "edited").await;

    let kept = plan(&emulator, &keeping).await;
    let text = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let text = text.replace(TARGET, &format!("{TARGET}, removeStale: true"));
    fs::write(folder.path().join("dataops.yaml"), text).unwrap();
    let removing = Solution::find(folder.path()).unwrap();
    let removed = plan(&emulator, &removing).await;
    deploy(&emulator, &removing).await.unwrap();

    assert!(
        work(&kept).iter().all(|line| line.starts_with("Skip")),
        "{:?}",
        work(&kept)
    );
    assert_eq!(
        work(&removed),
        [
            "Delete notebook (sql) /deep/er/load: the source does not have it",
            "Skip notebook (python) /deep/model: the source does not have it, and somebody has changed it since the deployment",
            "Skip notebook (python) /deep/theirs: it was not put there by a deployment",
            "Delete file /lib/columns.py: the source does not have it",
        ]
    );
    let left = objects(&emulator).await;
    assert!(left.contains(&"PYTHON /deep/theirs".to_owned()), "{left:?}");
    assert!(left.contains(&"PYTHON /deep/model".to_owned()), "{left:?}");
    client
        .workspace()
        .get_status("/Shared/outside", None)
        .await
        .unwrap();
    for emptied in ["lib", "deep/er"] {
        let folder = format!("{TARGET}/{emptied}");
        client
            .workspace()
            .get_status(&folder, None)
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn a_file_where_a_notebook_ought_to_be_makes_room() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    fs::write(folder.path().join("notebooks/prepare"), "a file").unwrap();
    fs::remove_file(folder.path().join("notebooks/prepare.py")).unwrap();
    deploy(&emulator, &solution).await.unwrap();
    fs::remove_file(folder.path().join("notebooks/prepare")).unwrap();
    write(
        folder.path(),
        "notebooks/prepare.py",
        "# Databricks notebook source\n",
    );

    let found = plan(&emulator, &solution).await;
    deploy(&emulator, &solution).await.unwrap();

    assert_eq!(
        work(&found),
        ["Replace notebook (python) /prepare: a file is there"]
    );
    assert!(
        objects(&emulator)
            .await
            .contains(&"PYTHON /prepare".to_owned())
    );
}

#[tokio::test]
async fn what_cannot_be_brought_is_told_before_anything_is_sent() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    write(
        folder.path(),
        "notebooks/prepare.ipynb",
        r#"{"cells": [], "metadata": {}}"#,
    );
    write(folder.path(), "notebooks/broken.ipynb", "{}");
    let large = fs::File::create(folder.path().join("notebooks/large.bin")).unwrap();
    large.set_len((10 << 20) + 1).unwrap();

    let error = deploy(&emulator, &solution).await.unwrap_err().to_string();

    assert_eq!(
        error,
        "the notebooks cannot be brought to the workspace:\n\
         notebooks/broken.ipynb: it is no Jupyter document: it has no list `cells`\n\
         notebooks/large.bin: it has 10485761 bytes, and an import takes at most 10485760; strip the outputs of a notebook, or put data into a volume\n\
         notebooks/prepare.ipynb: notebooks/prepare.ipynb and notebooks/prepare.py become it"
    );
    emulator
        .databricks()
        .workspace()
        .get_status(TARGET, None)
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_plan_is_refused_when_something_moved_since() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    let client = client(&emulator);
    deploy(&emulator, &solution).await.unwrap();
    write(
        folder.path(),
        "notebooks/new.py",
        "# Databricks notebook source\n",
    );
    let planned = plan(&emulator, &solution).await;
    edit(&emulator, "prepare", "print(2)").await;

    let error = workspace::apply(&client, &source(&solution), &planned, |_, _| {})
        .await
        .unwrap_err();

    assert!(
        matches!(&error, WorkspaceError::Moved(paths) if *paths == [format!("{TARGET}/prepare was changed in the workspace")]),
        "{error}"
    );
    assert!(!objects(&emulator).await.contains(&"PYTHON /new".to_owned()));
}

#[tokio::test]
async fn an_interrupted_deployment_is_gone_on_with() {
    let emulator = Emulator::start();
    let (folder, solution) = solution(", removeStale: true");
    // Three imports go through, the manifest among them; then the workspace fails for good.
    emulator.order(&json!({"pattern": "POST /api/2.0/workspace/import", "offset": 3, "times": 0, "status": 503}));
    let broken = deploy(&emulator, &solution).await.unwrap_err();
    let answer = emulator.send(Request::new("DELETE", "/_emulator/faults"));
    assert!(answer.status < 300);
    let brought = objects(&emulator).await;

    let rest = plan(&emulator, &solution).await;
    // What was brought is known as this solution's own although the deployment never ended.
    fs::remove_dir_all(folder.path().join("notebooks")).unwrap();
    fs::create_dir(folder.path().join("notebooks")).unwrap();
    let removal = plan(&emulator, &solution).await;

    assert!(
        matches!(
            broken,
            WorkspaceError::Incomplete { .. } | WorkspaceError::Step { .. }
        ),
        "{broken}"
    );
    assert!(!brought.is_empty() && brought.len() < 7, "{brought:?}");
    let again = work(&rest).len();
    assert!(again < 7 && again >= 7 - brought.len(), "{:?}", work(&rest));
    assert!(
        work(&removal)
            .iter()
            .all(|line| line.starts_with("Delete") || line.contains("/explore")),
        "{:?}",
        work(&removal)
    );
}

#[tokio::test]
async fn a_workspace_that_throttles_is_not_hurried() {
    let emulator = Emulator::start();
    let (_folder, solution) = solution("");
    emulator.order(&json!([
        {"pattern": "POST /api/2.0/workspace/import", "status": 429, "times": 5, "headers": {"Retry-After": "0"},
         "body": {"error_code": "RESOURCE_EXHAUSTED", "message": "Too many requests"}},
        {"pattern": "GET /api/2.0/workspace/list", "status": 429, "times": 2,
         "body": {"error_code": "REQUEST_LIMIT_EXCEEDED", "message": "Too many requests"}},
    ]));

    let applied = deploy(&emulator, &solution).await.unwrap();

    assert_eq!(applied.created, 7);
}

#[tokio::test]
async fn a_refusal_names_each_object_and_the_rest_is_brought() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    deploy(&emulator, &solution).await.unwrap();
    let denied: Value =
        json!({"error_code": "PERMISSION_DENIED", "message": "you may not write here"});
    write(
        folder.path(),
        "notebooks/prepare.py",
        "# Databricks notebook source\nprint(3)\n",
    );
    write(
        folder.path(),
        "notebooks/stats.r",
        "# Databricks notebook source\nx <- 3\n",
    );
    // The manifest goes first; then one of two imports is refused.
    emulator.order(&json!({"pattern": "POST /api/2.0/workspace/import", "offset": 1, "status": 403, "body": denied}));

    let error = deploy(&emulator, &solution).await.unwrap_err();

    let text = error.to_string();
    assert!(
        text.starts_with(
            "1 of 2 changes are made, the others are not:\nimporting `/Shared/ingest/"
        ),
        "{text}"
    );
    assert!(
        text.contains("403 PERMISSION_DENIED: you may not write here"),
        "{text}"
    );
    deploy(&emulator, &solution).await.unwrap();
    assert_eq!(work(&plan(&emulator, &solution).await), [""; 0]);
}

/// Ends in the figures of `cargo nextest run -p integration-tests two_thousand --no-capture`.
#[tokio::test]
async fn two_thousand_files_take_as_many_requests_as_needed() {
    let emulator = Emulator::start();
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "dataops.yaml",
        &format!(
            "name: many\nnotebooks: {{ root: notebooks, target: {TARGET} }}\nenvironments: {{ local: {{ emulator: true }} }}\n"
        ),
    );
    for number in 0..2_000 {
        let path = format!("notebooks/folder{:02}/notebook{number:04}.py", number % 40);
        write(
            folder.path(),
            &path,
            &format!("# Databricks notebook source\nprint({number})\n"),
        );
    }
    let solution = Solution::find(folder.path()).unwrap();

    let started = Instant::now();
    let applied = deploy(&emulator, &solution).await.unwrap();
    let all = started.elapsed();
    // From now on nothing may be read but the listing and the manifest: an export of a notebook would fail the plan.
    emulator.order(
        &json!({"pattern": "GET /api/2.0/workspace/export?*folder*", "times": 0, "status": 400}),
    );
    let started = Instant::now();
    let again = deploy(&emulator, &solution).await.unwrap();
    let nothing = started.elapsed();
    write(
        folder.path(),
        "notebooks/folder00/notebook0000.py",
        "# Databricks notebook source\n",
    );
    let one = deploy(&emulator, &solution).await.unwrap();

    println!("2,000 notebooks: {all:.1?} new, {nothing:.1?} unchanged");
    assert_eq!(applied.created, 2_000);
    assert_eq!(
        (again.created, again.updated, again.unchanged),
        (0, 0, 2_000)
    );
    assert_eq!((one.updated, one.unchanged), (1, 1_999));
}

#[tokio::test]
async fn two_solutions_in_one_folder_leave_each_other_alone() {
    let emulator = Emulator::start();
    let (folder, one) = solution(", removeStale: true");
    deploy(&emulator, &one).await.unwrap();
    let other = other_solution(folder.path());

    deploy(&emulator, &other).await.unwrap();

    let found: BTreeMap<_, _> = plan(&emulator, &one)
        .await
        .objects
        .into_iter()
        .map(|object| (object.path, object.action))
        .collect();
    assert_eq!(found[&format!("{TARGET}/other")], NotebookAction::Skip);
    assert!(
        !found
            .values()
            .any(|action| *action == NotebookAction::Delete)
    );
    assert_eq!(objects(&emulator).await.len(), 8);
}

fn other_solution(folder: &Path) -> Solution {
    let folder = folder.join("other");
    let settings = format!(
        "name: other\nnotebooks: {{ root: notebooks, target: /Workspace{TARGET}/, removeStale: true }}\nenvironments: {{ local: {{ emulator: true }} }}\n"
    );
    write(&folder, "dataops.yaml", &settings);
    write(
        &folder,
        "notebooks/other.py",
        "# Databricks notebook source\n",
    );
    Solution::find(&folder).unwrap()
}

#[cfg(unix)]
#[test]
fn a_link_is_refused_and_not_passed_by_unless_it_is_left_out() {
    let (folder, linked) = solution("");
    let link = folder.path().join("notebooks/lib/shared.py");
    std::os::unix::fs::symlink("../prepare.py", link).unwrap();

    let refused = NotebookSource::of_folder(&linked).unwrap_err().to_string();

    assert!(
        refused.contains("notebooks/lib/shared.py: it is a link"),
        "{refused}"
    );
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let settings = settings.replace(TARGET, &format!("{TARGET}, exclude: [lib/**]"));
    write(folder.path(), "dataops.yaml", &settings);
    let without = source(&Solution::find(folder.path()).unwrap());
    assert_eq!(without.paths().count(), 6);
}

#[test]
fn a_folder_that_is_too_deep_is_refused_and_not_passed_by() {
    let (folder, deep) = solution("");
    let path = format!("notebooks/{}a.py", "d/".repeat(33));
    write(folder.path(), &path, "# Databricks notebook source\n");

    let refused = NotebookSource::of_folder(&deep).unwrap_err().to_string();

    assert!(refused.contains("to a depth of 32"), "{refused}");
}
