//! What lasts from one start of the emulator to the next.

use std::collections::BTreeMap;

use adf_client::models::PipelineRunStatus;
use databricks_client::{ExportFormat, ImportFormat, Language, ScopeCreate};
use dataops_core::run::{RunOptions, Runs};
use futures::TryStreamExt;
use integration_tests::{Emulator, LIMIT, small, write};
use serde_json::Map;

const OPTIONS: RunOptions = RunOptions {
    timeout: LIMIT,
    cancel_on_timeout: false,
};

/// All files below the data directory, by path, but for the lock.
fn files(folder: &std::path::Path) -> BTreeMap<std::path::PathBuf, u64> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let about = entry.metadata().unwrap();
            match about.is_dir() {
                true => open.push(entry.path()),
                false => drop(found.insert(entry.path(), about.len())),
            }
        }
    }
    found
}

async fn content(storage: &dataops_core::connection::Storage, blob: &str) -> Vec<u8> {
    let chunks = storage.open("input", blob).await.unwrap();
    let chunks: Vec<_> = chunks.try_collect().await.unwrap();
    chunks.concat()
}

#[tokio::test]
async fn a_restart_keeps_factory_runs_blobs_and_tokens() {
    let (folder, solution) = small();
    let data = tempfile::tempdir().unwrap();
    write(folder.path(), "claims.txt", "some bytes");
    let first = Emulator::start_in(data.path(), &[], &[]);
    first.deploy(&solution).await;
    let storage = first.connection(&solution).storage().unwrap();
    storage
        .upload(&folder.path().join("claims.txt"), "input", "a/claims.txt")
        .await
        .unwrap();
    let runs = Runs::new(&first.connection(&solution)).unwrap();
    let run_id = runs.start("greet", &Map::new()).await.unwrap();
    let before = runs.watch(&run_id, OPTIONS, |_| {}).await.unwrap();
    let pipeline = first
        .client("small")
        .pipelines()
        .get("greet", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let secrets = (first.ready.token.clone(), first.ready.account_key.clone());
    let stopped = first.stop();
    assert_eq!(stopped.code, Some(0), "{stopped}");

    let second = Emulator::start_in(data.path(), &[], &[]);

    assert_eq!(
        (second.ready.token.clone(), second.ready.account_key.clone()),
        secrets
    );
    let client = second.client("small");
    let again = client
        .pipelines()
        .get("greet", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(again, pipeline);
    let trigger = client
        .triggers()
        .get("OnDrop", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(trigger.properties.runtime_state.as_deref(), Some("Started"));
    let runs = Runs::new(&second.connection(&solution)).unwrap();
    assert_eq!(runs.get(&run_id).await.unwrap(), before);
    let storage = second.connection(&solution).storage().unwrap();
    assert_eq!(content(&storage, "a/claims.txt").await, b"some bytes");
}

#[tokio::test]
async fn a_restart_keeps_workspace_scopes_and_clusters() {
    let data = tempfile::tempdir().unwrap();
    let first = Emulator::start_in(data.path(), &[], &[]);
    let client = first.databricks();
    let source = b"# Databricks notebook source\nprint(1)\n".as_slice();
    client
        .workspace()
        .mkdirs("/Shared/kept", None)
        .await
        .unwrap();
    client
        .workspace()
        .import(
            "/Shared/kept/note",
            source,
            ImportFormat::Source(Language::Python),
            None,
        )
        .await
        .unwrap();
    client
        .secrets()
        .create_scope("kept", ScopeCreate::Databricks, None, None)
        .await
        .unwrap();
    client
        .secrets()
        .put("kept", "key", "value", None)
        .await
        .unwrap();
    let _ = first.stop();

    let second = Emulator::start_in(data.path(), &[], &[]);
    let client = second.databricks();

    let exported = client
        .workspace()
        .export("/Shared/kept/note", ExportFormat::Source, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert!(String::from_utf8_lossy(&exported.content).contains("print(1)"));
    let secret = client
        .secrets()
        .get("kept", "key", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(secret.text().unwrap(), "value");
}

#[tokio::test]
async fn a_run_that_was_cut_off_by_a_kill_has_ended_after_the_restart() {
    let (_folder, solution) = small();
    let data = tempfile::tempdir().unwrap();
    let first = Emulator::start_in(data.path(), &[], &[]);
    first.deploy(&solution).await;
    let runs = Runs::new(&first.connection(&solution)).unwrap();
    let run_id = runs.start("long", &Map::new()).await.unwrap();
    first.kill();

    let second = Emulator::start_in(data.path(), &[], &[]);

    let run = second
        .client("small")
        .runs()
        .get(&run_id, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert!(
        matches!(
            run.status,
            PipelineRunStatus::Failed | PipelineRunStatus::Cancelled
        ),
        "nothing runs any more, so it must not say {:?}",
        run.status
    );
    assert!(run.run_end.is_some());
}

#[tokio::test]
async fn a_folder_that_was_given_is_all_that_is_written_and_nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("azure");
    let emulator = Emulator::start_in(&folder, &[], &[]);
    let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let _ = emulator.stop();

    let left = files(data.path());

    assert!(
        left.keys().all(|path| path.starts_with(&folder)),
        "{left:?}"
    );
}
