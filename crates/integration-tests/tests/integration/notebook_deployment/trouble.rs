//! A workspace that is slow, refuses, or is lost on the way, and one that is sent very much.

use std::fs;
use std::time::Instant;

use integration_tests::Request;
use serde_json::Value;

use super::*;

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
