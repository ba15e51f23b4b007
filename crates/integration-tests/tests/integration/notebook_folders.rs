//! Several solutions in one folder of a workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use databricks_client::{ExportFormat, ImportFormat, ImportOptions};
use dataops_core::workspace::{self, NotebookSource};
use dataops_ledger::NotebooksLeft;
use dataops_plan::NotebookAction;
use dataops_solution::Solution;
use integration_tests::{Emulator, Program, write};
use serde_json::Value;

use crate::notebook_deployment::{TARGET, deploy, objects, plan, solution, work};

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

#[tokio::test]
async fn what_another_solution_has_brought_is_neither_written_over_nor_deleted() {
    let emulator = Emulator::start();
    let (folder, one) = solution(", removeStale: true");
    deploy(&emulator, &one).await.unwrap();
    let other = other_solution(folder.path());
    let (same, theirs) = ("notebooks/settings.json", "notebooks/prepare.py");
    write(&other.root, same, "{}");
    write(
        &other.root,
        theirs,
        "# Databricks notebook source\nprint(2)\n",
    );

    let refused = deploy(&emulator, &other).await.unwrap_err().to_string();

    assert!(
        refused.ends_with("\nnotebooks/prepare.py: the solution `ingest` has brought it"),
        "{refused}"
    );
    fs::remove_file(other.root.join(theirs)).unwrap();
    let applied = deploy(&emulator, &other).await.unwrap();
    assert_eq!((applied.created, applied.unchanged), (1, 1));
    // It is the first one's still, which is not kept from changing it.
    write(folder.path(), same, "{ }");
    assert_eq!(deploy(&emulator, &one).await.unwrap().updated, 1);
    insta::assert_snapshot!(refused_work(&emulator, &other).await, @"Clash file /settings.json: the solution `ingest` has brought it");
    fs::remove_file(other.root.join(same)).unwrap();
    assert_eq!(deploy(&emulator, &other).await.unwrap().deleted, 0);
    assert_eq!(objects(&emulator).await.len(), 8);
}

#[tokio::test]
async fn what_two_solutions_remember_is_the_ones_that_keeps_it() {
    let emulator = Emulator::start();
    let (folder, one) = solution(", removeStale: true");
    deploy(&emulator, &one).await.unwrap();
    let other = other_solution(folder.path());
    deploy(&emulator, &other).await.unwrap();
    // As deployments that did not look at each other have left it.
    claims(&emulator, "other", "prepare").await;

    let kept = work(&plan(&emulator, &other).await);

    let kept = kept.iter().filter(|line| line.contains("/prepare:"));
    assert_eq!(
        kept.collect::<Vec<_>>(),
        ["Skip notebook (python) /prepare: the solution `ingest` has brought it"]
    );
    write(
        folder.path(),
        "notebooks/prepare.py",
        "# Databricks notebook source\nprint(3)\n",
    );
    let refused = deploy(&emulator, &one).await.unwrap_err().to_string();
    assert!(
        refused.contains("the solution `other` has brought it"),
        "{refused}"
    );
    deploy(&emulator, &other).await.unwrap();
    assert_eq!(deploy(&emulator, &one).await.unwrap().updated, 1);
}

#[tokio::test]
async fn what_two_solutions_want_stays_until_the_last_of_them_drops_it() {
    let emulator = Emulator::start();
    let (folder, one) = solution(", removeStale: true");
    let other = other_solution(folder.path());
    let common = "notebooks/settings.json";
    write(&other.root, common, "{}");
    deploy(&emulator, &one).await.unwrap();
    let applied = deploy(&emulator, &other).await.unwrap();
    assert_eq!((applied.created, applied.unchanged), (1, 1));
    let shared = "FILE /settings.json".to_owned();

    fs::remove_file(folder.path().join(common)).unwrap();
    let dropped = work(&plan(&emulator, &one).await);
    let applied = deploy(&emulator, &one).await.unwrap();

    let about = |lines: Vec<String>| {
        let mut lines = lines.into_iter();
        lines.find(|line| line.contains("/settings.json"))
    };
    assert_eq!(
        about(dropped).unwrap(),
        "Skip file /settings.json: the source does not have it, and the solution `other` wants it"
    );
    assert_eq!(applied.deleted, 0);
    assert!(objects(&emulator).await.contains(&shared));
    // It is the other one's from now on, even before that one is deployed again.
    assert_eq!(
        about(work(&plan(&emulator, &one).await)).unwrap(),
        "Skip file /settings.json: the solution `other` has brought it"
    );
    write(&other.root, common, "{ }");
    assert_eq!(deploy(&emulator, &other).await.unwrap().updated, 1);
    fs::remove_file(other.root.join(common)).unwrap();
    assert_eq!(deploy(&emulator, &other).await.unwrap().deleted, 1);
    assert!(!objects(&emulator).await.contains(&shared));
}

#[tokio::test]
async fn what_was_shared_and_is_gone_is_told() {
    let emulator = Emulator::start();
    let (folder, one) = solution(", removeStale: true");
    let other = other_solution(folder.path());
    write(&other.root, "notebooks/settings.json", "{}");
    deploy(&emulator, &one).await.unwrap();
    let left = NotebooksLeft::of(&plan(&emulator, &other).await, "other", TARGET);
    deploy(&emulator, &other).await.unwrap();
    let moved = async || {
        let source = NotebookSource::as_left(&left).unwrap();
        let again = workspace::plan(&emulator.databricks(), &source).await;
        let moved = left.moved(&again.unwrap()).into_iter();
        let told = moved.map(|it| format!("{} {}", it.path, it.how));
        told.collect::<Vec<_>>()
    };

    write(folder.path(), "notebooks/settings.json", "{ }");
    deploy(&emulator, &one).await.unwrap();
    assert_eq!(moved().await, [""; 0]);
    let databricks = emulator.databricks();
    let path = format!("{TARGET}/settings.json");
    databricks
        .workspace()
        .delete(&path, false, None)
        .await
        .unwrap();

    assert_eq!(moved().await, [format!("{path} deleted")]);
}

#[test]
fn one_that_leaves_says_what_stays_for_the_other_one() {
    let emulator = Emulator::start();
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    let lay = |name: &str, target: &str, own: &str| {
        let folder = folder.path().join(name);
        let records = records.join(name);
        let settings = format!(
            "name: {name}\nnotebooks: {{ root: notebooks, target: {target} }}\nenvironments:\n  local: {{ emulator: true, records: {{ folder: '{}' }} }}\n",
            records.display()
        );
        write(&folder, "dataops.yaml", &settings);
        write(&folder, "notebooks/common.txt", "common");
        write(&folder, "notebooks/own.txt", own);
        folder
    };
    let call = |folder: &Path, args: &[&str]| {
        let program = Program::dataops(args).within(folder).at(&emulator);
        program.env("USER", "ada").run()
    };
    let deploy = ["deploy", "--env", "local"];
    let one = lay("one", "/Shared/both", "same");
    let other = lay("other", "/Shared/both", "same");
    for folder in [&one, &other] {
        let deployed = call(folder, &deploy);
        assert_eq!(deployed.code, Some(0), "{deployed}");
    }

    lay("other", "/Shared/both", "another");
    let refused = call(&other, &deploy);
    lay("other", "/Shared/both", "same");
    let left = call(&one, &["destroy", "--env", "local", "--yes"]);
    let drift = call(&other, &["drift", "--env", "local"]);
    lay("other", "/Shared/apart", "same");
    let moved = call(&other, &deploy);
    let again = call(&other, &deploy);

    assert!(
        refused
            .stderr
            .contains("delete `/Shared/both/.dataops/one.json`"),
        "{refused}"
    );
    assert_eq!(left.code, Some(0), "{left}");
    let stays = "/Shared/both/common.txt is not deleted: the solution `other` wants it";
    assert!(left.stderr.contains(stays), "{left}");
    assert_eq!(drift.code, Some(0), "{drift}");
    let old = "those that were brought to `/Shared/both` stay there";
    assert_eq!(moved.code, Some(0), "{moved}");
    assert!(moved.stderr.contains(old), "{moved}");
    assert!(!again.stderr.contains(old), "{again}");
}

/// Lets a solution's manifest claim what the other one has brought.
async fn claims(emulator: &Emulator, solution: &str, name: &str) {
    let workspace = emulator.databricks();
    let workspace = workspace.workspace();
    let manifest = |solution: &str| format!("{TARGET}/.dataops/{solution}.json");
    let mut read = BTreeMap::new();
    for of in ["ingest", solution] {
        let path = manifest(of);
        let exported = workspace.export(&path, ExportFormat::Auto, None).await;
        let content = exported.unwrap().into_model().unwrap().content;
        read.insert(of, serde_json::from_slice::<Value>(&content).unwrap());
    }
    let entry = read["ingest"]["objects"][name].clone();
    read.get_mut(solution).unwrap()["objects"][name] = entry;
    let content = serde_json::to_vec(&read[solution]).unwrap();
    let options = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };
    let path = manifest(solution);
    let imported = workspace.import(&path, &content, ImportFormat::Raw, Some(options));
    imported.await.unwrap();
}

#[tokio::test]
async fn names_that_differ_in_what_no_path_has_are_two_solutions() {
    let emulator = Emulator::start();
    let folder = tempfile::tempdir().unwrap();
    let named = |name: &str, file: &str| {
        let settings = format!(
            "name: '{name}'\nnotebooks: {{ root: notebooks, target: {TARGET} }}\nenvironments: {{ local: {{ emulator: true }} }}\n"
        );
        let folder = folder.path().join(file);
        write(&folder, "dataops.yaml", &settings);
        write(&folder, &format!("notebooks/{file}.txt"), name);
        Solution::find(&folder).unwrap()
    };
    let (one, other) = (named("claims eu", "one"), named("claims/eu", "other"));
    deploy(&emulator, &one).await.unwrap();

    deploy(&emulator, &other).await.unwrap();

    let found = work(&plan(&emulator, &one).await);
    assert_eq!(
        found,
        ["Skip file /other.txt: the solution `claims/eu` has brought it"]
    );
}

async fn refused_work(emulator: &Emulator, solution: &Solution) -> String {
    let work = work(&plan(emulator, solution).await);
    let clashes = work.into_iter().filter(|line| line.starts_with("Clash"));
    clashes.collect::<Vec<_>>().join("\n")
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
