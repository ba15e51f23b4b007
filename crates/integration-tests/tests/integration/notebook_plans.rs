//! Notebooks in `dataops plan` and `deploy`: shown beside the factory, carried out as they were shown, and refused once something moved.

use std::fs;
use std::path::Path;

use databricks_client::{ImportFormat, ImportOptions, Language};
use dataops_plan::{NotebookAction, Plan};
use integration_tests::{Emulator, Ended, Program, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const NOTEBOOK: &str = "# Databricks notebook source\nprint(1)\n";

/// The small solution with notebooks, deployed.
fn deployed(emulator: &Emulator, more: &str) -> TempDir {
    let (folder, _solution) = small();
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let notebooks = format!("notebooks: {{ root: notebooks, target: /Shared/small }}\n{more}");
    write(
        folder.path(),
        "dataops.yaml",
        &format!("{settings}{notebooks}"),
    );
    for name in ["keep.py", "change.py", "drop.py"] {
        write(folder.path(), &format!("notebooks/{name}"), NOTEBOOK);
    }
    let first = dataops(emulator, folder.path(), &["deploy"]);
    assert_eq!(first.code, Some(0), "{first}");
    assert!(
        first.stdout.contains("notebooks and files: 3 created\n"),
        "{first}"
    );
    folder
}

/// Changes a notebook, adds one and takes one away.
fn changed(folder: &Path) {
    write(
        folder,
        "notebooks/change.py",
        &format!("{NOTEBOOK}print(2)\n"),
    );
    write(folder, "notebooks/lib/new.py", "def one():\n    return 1\n");
    fs::remove_file(folder.join("notebooks/drop.py")).unwrap();
}

fn dataops(emulator: &Emulator, folder: &Path, args: &[&str]) -> Ended {
    Program::dataops(args).within(folder).at(emulator).run()
}

/// Somebody else's change in the workspace.
async fn edit(emulator: &Emulator, path: &str) {
    let options = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };
    let format = ImportFormat::Source(Language::Python);
    let client = emulator.databricks();
    let workspace = client.workspace();
    let content = b"# Databricks notebook source\nprint('theirs')\n";
    workspace
        .import(path, content, format, Some(options))
        .await
        .unwrap();
}

async fn names(emulator: &Emulator) -> Vec<String> {
    let client = emulator.databricks();
    let listed = client
        .workspace()
        .list("/Shared/small", None)
        .await
        .unwrap();
    let objects = listed.into_model().unwrap().objects;
    let names = objects.into_iter().map(|object| object.path);
    let mut names: Vec<_> = names.filter(|path| !path.ends_with("/.dataops")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn notebooks_are_planned_beside_the_factory_and_brought_as_planned() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator, "");
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    let idle = call(&["plan", "--exit-code"]);
    changed(folder.path());

    let planned = call(&[
        "plan",
        "--remove-stale-notebooks",
        "--exit-code",
        "--out",
        "plan.json",
    ]);
    let applied = call(&["deploy", "--plan", "plan.json"]);
    let again = call(&["deploy", "--plan", "plan.json"]);

    assert_eq!(
        (idle.code, planned.code),
        (Some(0), Some(1)),
        "{idle}{planned}"
    );
    insta::assert_snapshot!(idle.stdout, @"
    Plan for local: factory small in local

    nothing to do: 5 resources and 3 notebooks and files are as they ought to be
    ");
    insta::assert_snapshot!(planned.stdout, @"
    Plan for local: factory small in local

    Notebooks
      ~ /Shared/small/change, notebook (python): it differs
      - /Shared/small/drop, notebook (python): the source does not have it
      + /Shared/small/lib/new.py, file: the workspace does not have it

    5 unchanged; notebooks and files: 1 to create, 1 to update, 1 to delete, 1 unchanged
    ");
    assert_eq!(applied.code, Some(0), "{applied}");
    let said = "notebooks and files: 1 created, 1 updated, 1 deleted, 1 unchanged\n";
    assert!(applied.stdout.contains(said), "{applied}");
    assert_eq!(
        names(&emulator).await,
        [
            "/Shared/small/change",
            "/Shared/small/keep",
            "/Shared/small/lib"
        ]
    );
    assert_eq!(again.code, Some(1), "{again}");
    for moved in [
        "/Shared/small/change was changed in the workspace",
        "/Shared/small/drop is no longer in the workspace",
        "/Shared/small/lib/new.py is in the workspace now",
    ] {
        assert!(again.stderr.contains(moved), "{moved}\n{again}");
    }
}

#[tokio::test]
async fn a_plan_whose_workspace_or_source_moved_changes_nothing() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator, "");
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    changed(folder.path());
    let greet = folder.path().join("adf/pipeline/greet.json");
    let mut document: Value = serde_json::from_slice(&fs::read(&greet).unwrap()).unwrap();
    document["properties"]["description"] = "new".into();
    fs::write(&greet, document.to_string()).unwrap();
    assert_eq!(call(&["plan", "--out", "plan.json"]).code, Some(0));

    edit(&emulator, "/Shared/small/keep").await;
    let theirs = call(&["deploy", "--plan", "plan.json"]);
    write(
        folder.path(),
        "notebooks/change.py",
        &format!("{NOTEBOOK}print(3)\n"),
    );
    let ours = call(&["deploy", "--plan", "plan.json"]);

    assert_eq!(
        (theirs.code, ours.code),
        (Some(1), Some(1)),
        "{theirs}{ours}"
    );
    assert!(
        theirs.stderr.contains(
            "nothing was changed:\n    /Shared/small/keep was changed in the workspace\n"
        ),
        "{theirs}"
    );
    assert!(
        ours.stderr
            .contains("/Shared/small/change is not what the plan was made of"),
        "{ours}"
    );
    assert!(
        !names(&emulator)
            .await
            .contains(&"/Shared/small/lib".to_owned())
    );
    let live = emulator
        .client("small")
        .pipelines()
        .get("greet", None)
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(live.into_body().as_ref()).contains("new"));
}

#[test]
fn a_selection_and_a_flag_leave_notebooks_alone() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator, "");
    changed(folder.path());

    for args in [&["--only", "pipeline.*"][..], &["--leave-notebooks"]] {
        let planned = dataops(
            &emulator,
            folder.path(),
            &[&["plan", "--format", "json"], args].concat(),
        );
        let applied = dataops(&emulator, folder.path(), &[&["deploy"], args].concat());

        let plan = Plan::read(&planned.stdout).unwrap();
        assert_eq!(plan.notebooks, None, "{planned}");
        // The record of a deployment says so, and it does not count as one of the whole bundle.
        let is_flag = args == ["--leave-notebooks"];
        assert_eq!(plan.options.leaves_notebooks, is_flag, "{planned}");
        assert_eq!(applied.code, Some(0), "{applied}");
        assert!(!applied.stdout.contains("notebooks"), "{applied}");
    }
}

#[test]
fn notebooks_that_cannot_be_brought_stand_against_the_whole_plan() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator, "");
    write(
        folder.path(),
        "notebooks/keep.sql",
        "-- Databricks notebook source\nselect 1\n",
    );

    let planned = dataops(&emulator, folder.path(), &["plan", "--format", "json"]);
    let applied = dataops(&emulator, folder.path(), &["deploy"]);

    let notebooks = Plan::read(&planned.stdout).unwrap().notebooks.unwrap();
    assert!(
        notebooks
            .objects
            .iter()
            .any(|it| it.action == NotebookAction::Clash)
    );
    assert_eq!(
        (planned.code, applied.code),
        (Some(1), Some(1)),
        "{applied}"
    );
    let said = "error: /Shared/small/keep: notebooks/keep.py and notebooks/keep.sql become it";
    assert!(applied.stderr.contains(said), "{applied}");
}

#[test]
fn a_library_that_does_not_install_fails_the_deployment_before_the_factory() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let cluster = "  local: { emulator: true, databricks: { host: 'https://adb.test', cluster: { name: ingest, libraries: [{ pypi: { package: pandas } }] } } }\n";
    let settings = settings.replace("  local: { emulator: true }\n", cluster);
    write(
        folder.path(),
        "dataops.yaml",
        &format!("{settings}notebooks: {{ root: notebooks, target: /Shared/small }}\n"),
    );
    write(folder.path(), "notebooks/keep.py", NOTEBOOK);
    let failed = json!({"cluster_id": "c", "library_statuses": [
        {"library": {"pypi": {"package": "pandas"}}, "status": "FAILED", "messages": ["No matching distribution"]}]});
    emulator.order(&json!({"pattern": "GET /api/2.0/libraries/cluster-status", "times": 0, "status": 200, "body": failed}));

    let ended = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stderr.contains("installing the libraries: "),
        "{ended}"
    );
    assert!(ended.stderr.contains("No matching distribution"), "{ended}");
    assert!(emulator.state().to_string().find("greet").is_none());
}

/// A solution with a notebook, and a cluster with a specification and libraries.
fn with_cluster(libraries: &str) -> (tempfile::TempDir, String) {
    let (folder, _solution) = small();
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let cluster = |libraries: &str| {
        format!(
            "  local: {{ emulator: true, databricks: {{ host: 'https://adb.test', cluster: {{ name: ingest, spec: cluster.json, libraries: [{libraries}] }} }} }}\n"
        )
    };
    let notebooks = "notebooks: { root: notebooks, target: /Shared/small }\n";
    let template = settings.replace("  local: { emulator: true }\n", "CLUSTER") + notebooks;
    write(
        folder.path(),
        "dataops.yaml",
        &template.replace("CLUSTER", &cluster(libraries)),
    );
    write(folder.path(), "notebooks/keep.py", NOTEBOOK);
    write(
        folder.path(),
        "cluster.json",
        "{\"spark_version\": \"15.4.x-scala2.12\", \"num_workers\": 1}",
    );
    let again = cluster("{ pypi: { package: pip } }");
    (folder, template.replace("CLUSTER", &again))
}

#[test]
fn the_cluster_and_its_libraries_are_planned_and_then_there_is_nothing_to_do() {
    let emulator = Emulator::start();
    let (folder, _more) = with_cluster("{ pypi: { package: pip } }");

    let planned = dataops(&emulator, folder.path(), &["plan"]);
    let markdown = dataops(&emulator, folder.path(), &["plan", "--format", "markdown"]);
    let deployed = dataops(&emulator, folder.path(), &["deploy"]);
    let again = dataops(&emulator, folder.path(), &["plan", "--exit-code"]);

    assert_eq!(
        (planned.code, deployed.code),
        (Some(0), Some(0)),
        "{planned}{deployed}"
    );
    for text in [
        "Cluster",
        "+ ingest: the workspace does not have it",
        "+ library pip",
        "cluster ingest: to create, 1 library to install",
    ] {
        assert!(planned.stdout.contains(text), "{text}: {planned}");
    }
    assert!(markdown.stdout.contains("#### Cluster"), "{markdown}");
    assert_eq!(again.code, Some(0), "{again}");
    assert!(!again.stdout.contains("Cluster"), "{again}");
}

#[test]
fn a_plan_of_the_cluster_is_carried_out_as_it_is_and_only_while_it_holds() {
    let emulator = Emulator::start();
    let (folder, more) = with_cluster("");
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));
    write(folder.path(), "dataops.yaml", &more);
    write(
        folder.path(),
        "cluster.json",
        "{\"spark_version\": \"15.4.x-scala2.12\", \"num_workers\": 2}",
    );
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();

    let planned = dataops(&emulator, folder.path(), &["plan", "--out", file]);
    let carried = dataops(&emulator, folder.path(), &["deploy", "--plan", file]);
    let stale = dataops(&emulator, folder.path(), &["deploy", "--plan", file]);

    assert!(
        planned.stdout.contains("~ ingest: num_workers differs"),
        "{planned}"
    );
    let plan = Plan::read(&fs::read_to_string(file).unwrap()).unwrap();
    let cluster = plan.cluster.unwrap();
    assert_eq!(
        (cluster.name.as_str(), cluster.install.len()),
        ("ingest", 1)
    );
    assert_eq!(carried.code, Some(0), "{carried}");
    assert!(
        carried.stderr.contains("preparing the cluster"),
        "{carried}"
    );
    assert_eq!(stale.code, Some(1), "{stale}");
    assert!(
        stale.stderr.contains("cluster ingest was changed"),
        "{stale}"
    );
}

#[test]
fn who_may_not_look_into_the_workspace_is_told_whom_to_ask() {
    let emulator = Emulator::start();
    let folder = deployed(&emulator, "");
    emulator.order(
        &json!({"pattern": "GET /api/2.0/workspace/*", "times": 0, "status": 403,
        "body": {"error_code": "PERMISSION_DENIED", "message": "you may not do this"}}),
    );

    let planned = dataops(&emulator, folder.path(), &["plan"]);

    assert_eq!(planned.code, Some(3), "{planned}");
    let hint = "hint: ask an admin of the Databricks workspace";
    assert!(planned.stderr.contains(hint), "{planned}");
    assert!(
        !planned.stderr.contains("Data Factory Contributor"),
        "{planned}"
    );
}
