//! What the runner is asked, by a task's kind.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::references;
use super::run::{Run, TaskRun};
use super::task::{Ended, number};
use crate::databricks::path::WorkspacePath;
use crate::databricks::{USER, USER_ID, Workspace};
use crate::notebook::{Interpreter, NotebookFile, Request, StorageAccount, TaskContext};
use crate::private_file;

/// What the runner needs, for tasks that it can run.
pub(super) async fn prepare(
    workspace: &Workspace,
    run: &Run,
    task: &TaskRun,
) -> Result<Request, Ended> {
    let python = workspace.python().await;
    let python = python.map_err(|error| Ended::broken("DRIVER_ERROR", error.to_string()))?;
    let mut request = surroundings(workspace, python.clone());
    request.run_id = task.run_id.to_string();
    let values = run
        .tasks
        .iter()
        .map(|task| (task.key.clone(), task.values.clone()));
    request.task = Some(TaskContext {
        key: task.key.clone(),
        values: values.collect(),
    });
    let limit = number(&task.spec, "timeout_seconds");
    request.timeout = (limit > 0).then(|| Duration::from_secs(limit));
    match kind(task) {
        "notebook_task" => set_notebook(workspace, run, task, request),
        "spark_python_task" => set_script(workspace, run, task, request),
        kind => Err(Ended::broken(
            "INVALID_RUN_CONFIGURATION",
            format!("the emulator does not run tasks of the kind `{kind}`"),
        )),
    }
}

/// What every Python process of the workspace sees of it.
pub(in crate::databricks) fn surroundings(workspace: &Workspace, python: Interpreter) -> Request {
    let dir = workspace.dir();
    let mut request = Request::new(python, dir.join("runner"), String::new());
    request.workspace_root = workspace.tree().root().to_owned();
    request.dbfs_root = workspace.dbfs().root().to_owned();
    request.volumes_root = workspace.volumes().root().to_owned();
    request.mounts = workspace.mounts().list();
    request.secrets = workspace.secrets().all();
    request.notebooks = workspace.tree().notebook_files();
    let storage = workspace.storage();
    request.storage = BTreeMap::from([(
        storage.account.clone(),
        StorageAccount {
            path: storage.root.clone(),
            key: Some(storage.key.clone()),
        },
    )]);
    request
}

fn kind(task: &TaskRun) -> &str {
    let mut fields = task.spec.keys();
    let kind = fields.find(|field| field.ends_with("_task"));
    kind.map_or("none", String::as_str)
}

fn set_notebook(
    workspace: &Workspace,
    run: &Run,
    task: &TaskRun,
    mut request: Request,
) -> Result<Request, Ended> {
    let spec = &task.spec["notebook_task"];
    let told = spec["notebook_path"].as_str().unwrap_or_default();
    if spec["source"] == "GIT" {
        return Err(Ended::broken(
            "REPOSITORY_CHECKOUT_FAILED",
            "the emulator does not run notebooks of a git repository",
        ));
    }
    let path = WorkspacePath::parse(told).ok();
    let path = path.filter(|path| request.notebooks.contains_key(path.as_str()));
    let Some(path) = path else {
        return Err(Ended::broken(
            "RESOURCE_NOT_FOUND",
            format!(
                "Unable to access the notebook \"{told}\" in the workspace. Either it does not exist, or the identity \
                 used to run this job, {USER} ({USER_ID}), lacks the required permissions."
            ),
        ));
    };
    path.as_str().clone_into(&mut request.notebook);
    let parameters = spec.get("base_parameters").and_then(Value::as_object);
    for (name, value) in parameters.into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let value = references::fill(&value, run, task, &workspace.endpoint());
        request.parameters.insert(name.clone(), value);
    }
    Ok(request)
}

/// A script runs as a notebook of one cell that reads the file as Python itself would.
fn set_script(
    workspace: &Workspace,
    run: &Run,
    task: &TaskRun,
    mut request: Request,
) -> Result<Request, Ended> {
    let spec = &task.spec["spark_python_task"];
    let told = spec["python_file"].as_str().unwrap_or_default();
    let unreadable = || {
        let message = format!(
            "Cannot read the python file {told}. Please check driver logs for more details."
        );
        Ended::broken("RESOURCE_NOT_FOUND", message)
    };
    let file = workspace.local_file(told).map_err(|_| unreadable())?;
    if !file.is_file() {
        return Err(unreadable());
    }
    let given = spec.get("parameters").and_then(Value::as_array);
    let mut arguments = vec![file.to_string_lossy().into_owned()];
    for value in given.into_iter().flatten().filter_map(Value::as_str) {
        arguments.push(references::fill(value, run, task, &workspace.endpoint()));
    }
    let text = script(&arguments).ok_or_else(unreadable)?;
    let wrapper = workspace.runs().outputs.script(task.run_id);
    private_file::replace(&wrapper, text.as_bytes())
        .map_err(|error| Ended::broken("INTERNAL_ERROR", error.to_string()))?;
    let notebook = format!("/.script-{}", task.run_id);
    request
        .notebooks
        .insert(notebook.clone(), NotebookFile::new(wrapper));
    request.notebook = notebook;
    Ok(request)
}

fn script(arguments: &[String]) -> Option<String> {
    let arguments = serde_json::to_string(arguments).ok()?;
    let quoted = serde_json::to_string(&arguments).ok()?;
    Some(format!(
        r#"import json, os, runpy, sys
sys.argv = json.loads({quoted})
sys.path.insert(0, os.path.dirname(sys.argv[0]))
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    if end.code not in (None, 0):
        raise RuntimeError(f"the script ended with exit code {{end.code}}") from None
"#
    ))
}
