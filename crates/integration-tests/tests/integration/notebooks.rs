//! Notebooks: in the workspace, as activities of a pipeline, and by `dataops notebook run`.

use adf_model::{Document, LinkedService, Pipeline};
use dataops_core::connection::Storage;
use dataops_core::run::{RunOptions, RunReport, Runs};
use futures::TryStreamExt;
use integration_tests::{Emulator, LIMIT, Program, Python, folder_of_examples, small, write};
use serde_json::{Map, json};

const OPTIONS: RunOptions = RunOptions {
    timeout: LIMIT,
    cancel_on_timeout: false,
};

fn old_style(name: &str) -> String {
    std::fs::read_to_string(folder_of_examples().join("old-style-notebooks").join(name)).unwrap()
}

/// An emulator with a file of 100 rows in `input`, and the old notebooks below `/Shared/old`.
async fn with_old_notebooks(python: &Python) -> (Emulator, Storage) {
    let (folder, solution) = small();
    let emulator = Emulator::start_with_python(python.path());
    emulator.deploy(&solution).await;
    let storage = emulator.connection(&solution).storage().unwrap();
    let rows: String = (0..100).map(|row| format!("{row},{}\n", row % 2)).collect();
    write(
        folder.path(),
        "claims.csv",
        &format!("Driver Id, Target\n{rows}"),
    );
    storage
        .upload(&folder.path().join("claims.csv"), "input", "claims.csv")
        .await
        .unwrap();
    for name in ["mount-claims", "split-claims"] {
        emulator
            .import(
                &format!("/Shared/old/{name}"),
                &old_style(&format!("{name}.py")),
            )
            .await;
    }
    (emulator, storage)
}

#[tokio::test]
async fn notebooks_in_the_old_style_run_unchanged() {
    let Some(python) = Python::for_test("notebooks_in_the_old_style_run_unchanged", &["pandas"])
    else {
        return;
    };
    let (emulator, storage) = with_old_notebooks(&python).await;
    let cluster = emulator.cluster().await;
    let account = [
        ("storage_account_name", emulator.ready.account.as_str()),
        ("storage_account_key", emulator.ready.account_key.as_str()),
    ];

    for _ in 0..2 {
        let (run, output) = emulator
            .run_notebook(&cluster, "/Shared/old/mount-claims", &account)
            .await;
        assert!(run.outcome().unwrap().is_success(), "{output:?}");
    }
    let given = [
        ("source_mount", "/mnt/claims-in"),
        ("result_mount", "/mnt/claims-out"),
        ("file_name", "claims.csv"),
        ("run", "r1"),
    ];
    let (run, output) = emulator
        .run_notebook(&cluster, "/Shared/old/split-claims", &given)
        .await;

    assert!(run.outcome().unwrap().is_success(), "{output:?}");
    assert_eq!(
        output.notebook_output.unwrap().result.as_deref(),
        Some("80 20")
    );
    let written = storage.list("training", "r1/").await.unwrap();
    let names: Vec<_> = written.iter().map(|blob| blob.name.as_str()).collect();
    assert_eq!(names, ["r1/held-out.csv", "r1/kept.csv"]);
    let kept: Vec<_> = storage
        .open("training", "r1/kept.csv")
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    let kept = String::from_utf8(kept.concat()).unwrap();
    assert!(kept.starts_with("driver_id,target\n"), "{kept}");
    assert_eq!(kept.lines().count(), 81);
}

/// A factory with a pipeline of one notebook, and that notebook.
async fn pipeline_of(emulator: &Emulator, source: &str) -> Runs {
    let (_folder, solution) = small();
    emulator.deploy(&solution).await;
    emulator.import("/Shared/note", source).await;
    let cluster = emulator.cluster().await;
    let factory = emulator.client("small");
    let service = json!({"name": "spark", "properties": {"type": "AzureDatabricks", "typeProperties": {
        "domain": "https://adb-1.2.azuredatabricks.net", "authentication": "MSI",
        "workspaceResourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w",
        "existingClusterId": cluster}}});
    let service = Document::<LinkedService>::parse(service).unwrap();
    factory
        .linked_services()
        .put("spark", &service, None)
        .await
        .unwrap();
    let pipeline = json!({"name": "note", "properties": {
        "activities": [{"name": "run-note", "type": "DatabricksNotebook",
            "typeProperties": {"notebookPath": "/Shared/note", "baseParameters": {"run": {"value": "@pipeline().RunId", "type": "Expression"}}},
            "linkedServiceName": {"referenceName": "spark", "type": "LinkedServiceReference"}}]}});
    let pipeline = Document::<Pipeline>::parse(pipeline).unwrap();
    factory
        .pipelines()
        .put("note", &pipeline, None)
        .await
        .unwrap();
    Runs::new(&emulator.connection(&solution)).unwrap()
}

async fn ended(runs: &Runs) -> RunReport {
    let run_id = runs.start("note", &Map::new()).await.unwrap();
    runs.watch(&run_id, OPTIONS, |_| {}).await.unwrap()
}

#[tokio::test]
async fn an_activity_gives_what_its_notebook_exits_with() {
    let Some(python) = Python::for_test("an_activity_gives_what_its_notebook_exits_with", &[])
    else {
        return;
    };
    let emulator = Emulator::start_with_python(python.path());
    let runs = pipeline_of(
        &emulator,
        "dbutils.notebook.exit('run ' + dbutils.widgets.get('run'))",
    )
    .await;

    let ended = ended(&runs).await;

    assert_eq!(ended.status, "Succeeded", "{ended:?}");
    assert_eq!(
        ended.activities[0].output["runOutput"],
        format!("run {}", ended.run_id)
    );
    assert!(
        ended.activities[0].url().unwrap().contains("run"),
        "{:?}",
        ended.activities[0].output
    );
}

#[tokio::test]
async fn a_notebook_that_raises_fails_its_activity_with_the_traceback() {
    let Some(python) = Python::for_test(
        "a_notebook_that_raises_fails_its_activity_with_the_traceback",
        &[],
    ) else {
        return;
    };
    let emulator = Emulator::start_with_python(python.path());
    let source = "def prepare(rows):\n    raise ValueError('no column target')\n\nprepare(1)\n";
    let runs = pipeline_of(&emulator, source).await;

    let ended = ended(&runs).await;

    assert_eq!(
        (ended.status.as_str(), ended.activities[0].status.as_str()),
        ("Failed", "Failed")
    );
    let error = ended.activities[0].error.clone().unwrap();
    assert!(
        error.message.contains("ValueError: no column target"),
        "{}",
        error.message
    );
    let trace = ended.activities[0].trace().unwrap();
    assert!(
        trace.contains("in prepare") && trace.contains("no column target"),
        "{trace}"
    );
    assert!(
        ended.message.contains("no column target"),
        "{}",
        ended.message
    );
}

#[tokio::test]
async fn a_notebook_that_lacks_a_package_says_which() {
    let Some(python) = Python::for_test("a_notebook_that_lacks_a_package_says_which", &[]) else {
        return;
    };
    let emulator = Emulator::start_with_python(python.path());
    let runs = pipeline_of(&emulator, "import no_such_package_anywhere\n").await;

    let ended = ended(&runs).await;

    let error = ended.activities[0].error.clone().unwrap();
    assert!(
        error
            .message
            .contains("No module named 'no_such_package_anywhere'"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn an_interpreter_that_has_gone_fails_the_activity_and_names_it() {
    let Some(python) = Python::for_test("an_interpreter_that_has_gone_fails_the_activity", &[])
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("python3");
    std::os::unix::fs::symlink(python.path(), &link).unwrap();
    let emulator = Emulator::start_with_python(&link);
    std::fs::remove_file(&link).unwrap();
    let runs = pipeline_of(&emulator, "print(1)\n").await;

    let ended = ended(&runs).await;

    let error = ended.activities[0].error.clone().unwrap();
    assert_eq!(ended.status, "Failed");
    let named = link.to_str().unwrap();
    assert!(error.message.contains(named), "{}", error.message);
}

#[tokio::test]
async fn cancelling_a_run_ends_its_notebook() {
    let Some(python) = Python::for_test("cancelling_a_run_ends_its_notebook", &[]) else {
        return;
    };
    let emulator = Emulator::start_with_python(python.path());
    let mark = tempfile::tempdir().unwrap();
    let (begun, survived) = (mark.path().join("begun"), mark.path().join("survived"));
    let source = format!(
        "import time\nopen({begun:?}, 'w').close()\nfor _ in range(6000):\n    time.sleep(0.1)\n    open({survived:?}, 'w').close()\n"
    );
    let runs = pipeline_of(&emulator, &source).await;
    let run_id = runs.start("note", &Map::new()).await.unwrap();
    integration_tests::eventually("the notebook", || async { begun.exists().then_some(()) }).await;

    runs.cancel(&run_id).await.unwrap();
    let ended = runs.watch(&run_id, OPTIONS, |_| {}).await.unwrap();

    assert_eq!(ended.status, "Cancelled");
    assert_eq!(ended.activities[0].status, "Cancelled");
    // The notebook marks that it lives ten times a second: once it has ended, a mark that is removed stays away.
    integration_tests::eventually("the end of the notebook", || async {
        let _ = std::fs::remove_file(&survived);
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        (!survived.exists()).then_some(())
    })
    .await;
}

#[test]
fn a_notebook_runs_from_the_command_line() {
    let Some(python) = Python::for_test("a_notebook_runs_from_the_command_line", &[]) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "data/in/rows.csv", "a\n1\n2\n");
    write(
        folder.path(),
        "note.py",
        "import os\nprint(os.listdir('/dbfs/mnt/in'))\ndbutils.notebook.exit(getArgument('who'))\n",
    );

    let ended = Program::dataops([
        "notebook",
        "run",
        "note.py",
        "-p",
        "who=you",
        "--mount",
        "/mnt/in=data/in",
        "--python",
    ])
    .args([python.path()])
    .within(folder.path())
    .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ended.stdout, "you\n", "{ended}");
    assert!(ended.stderr.contains("rows.csv"), "{ended}");
}

#[tokio::test]
async fn a_notebook_of_the_solution_runs_in_the_workspace_of_an_environment() {
    let name = "a_notebook_of_the_solution_runs_in_the_workspace_of_an_environment";
    let Some(python) = Python::for_test(name, &[]) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "dataops.yaml",
        "name: small\nadf: { root: adf }\nnotebooks: { root: notes, target: /Shared/small }\nenvironments:\n  qa: { subscription: s, resourceGroup: g, dataFactory: f, databricks: { host: 'https://adb-1.2.azuredatabricks.net', cluster: { name: tests } } }\n",
    );
    let source = "# Databricks notebook source\nprint('here')\nif getArgument('who') == 'nobody':\n    raise KeyError('who')\ndbutils.notebook.exit(getArgument('who'))\n";
    write(folder.path(), "notes/note.py", source);
    let emulator = Emulator::start_with_python(python.path());
    emulator.cluster().await;
    let run = |who: &str| {
        Program::dataops(["notebook", "run", "notes/note.py", "--env", "qa", "-p", who])
            .within(folder.path())
            .at(&emulator)
            .run()
    };

    let missing = run("who=you");
    emulator.import("/Shared/small/note", source).await;
    let (well, badly) = (run("who=you"), run("who=nobody"));

    assert_eq!(missing.code, Some(3), "{missing}");
    assert_eq!(well.code, Some(0), "{well}");
    assert_eq!(well.stdout, "you\n", "{well}");
    assert!(
        well.stderr.contains("/Shared/small/note succeeded"),
        "{well}"
    );
    assert_eq!(badly.code, Some(1), "{badly}");
    assert!(badly.stderr.contains("KeyError: 'who'"), "{badly}");
}

#[test]
fn a_notebook_that_raises_is_exit_code_1_with_its_traceback() {
    let Some(python) = Python::for_test(
        "a_notebook_that_raises_is_exit_code_1_with_its_traceback",
        &[],
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "note.py",
        "def prepare():\n    raise KeyError('target')\n\nprepare()\n",
    );

    let ended = Program::dataops(["notebook", "run", "note.py", "--python"])
        .args([python.path()])
        .within(folder.path())
        .run();

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stderr.contains("KeyError: 'target'") && ended.stderr.contains("in prepare"),
        "{ended}"
    );
}

#[test]
fn a_notebook_or_an_interpreter_that_is_missing_is_a_matter_of_usage() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "note.py", "print(1)\n");
    let run = |args: &[&str]| {
        Program::dataops(["notebook", "run"])
            .args(args)
            .within(folder.path())
            .run()
    };

    let notebook = run(&["none.py"]);
    let interpreter = run(&["note.py", "--python", "/nowhere/python3"]);

    assert_eq!(
        [notebook.code, interpreter.code],
        [Some(2); 2],
        "{notebook}\n{interpreter}"
    );
    assert!(notebook.stderr.contains("none.py: "), "{notebook}");
    assert!(
        interpreter
            .stderr
            .contains("/nowhere/python3 is not a working Python"),
        "{interpreter}"
    );
    assert!(interpreter.stderr.contains("hint: "), "{interpreter}");
}
