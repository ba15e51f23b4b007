//! One task: its attempts, and what each leaves.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};

use super::drive::stopped_standing;
use super::output::Output;
use super::references;
use super::registry::Active;
use super::run::{LifeCycle, ResultState, Run, Standing, TaskRun};
use super::tasks::libraries_of;
use crate::databricks::clock::now;
use crate::databricks::path::WorkspacePath;
use crate::databricks::refusal::Refusal;
use crate::databricks::{USER, USER_ID, Workspace};
use crate::notebook::{
    self, Cluster, Event, NotebookFile, Outcome, Request, Status, StorageAccount, TaskContext,
};

/// How an attempt ended.
struct Ended {
    standing: Standing,
    output: Output,
}

impl Ended {
    /// The task did not come to run.
    fn broken(code: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            output: Output {
                error: Some(message.clone()),
                ..Output::default()
            },
            standing: Standing::broken(code, message),
        }
    }
}

/// Runs a task to its end, with the retries that it allows.
pub(super) async fn run(
    workspace: &Workspace,
    run_id: u64,
    mut task_run_id: u64,
    active: &Active,
) -> Result<(), Refusal> {
    loop {
        let run = workspace.runs().get(run_id)?;
        let Some(task) = run.task(task_run_id).cloned() else {
            return Err(Refusal::internal(format!("task run {task_run_id} is gone")));
        };
        let lines = Mutex::default();
        let mut ended = tokio::select! {
            biased;
            () = active.stop.cancelled() => Ended {
                standing: stopped_standing(active.reason(), run.timeout_seconds),
                output: Output::default(),
            },
            ended = attempt(workspace, &run, &task, &lines) => ended,
        };
        if ended.output.lines.is_empty() {
            ended.output.lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
        }
        let outputs = &workspace.runs().outputs;
        if let Err(error) = outputs.write(task_run_id, &ended.output) {
            return Err(Refusal::disk(outputs.folder(), &error));
        }
        let again = may_retry(&task, &ended.standing) && !active.stop.is_cancelled();
        let next = again.then(|| workspace.next_id()).transpose()?;
        workspace.runs().change(run_id, |run| {
            end_attempt(run, task_run_id, ended.standing, next);
        })?;
        match next {
            None => return Ok(()),
            Some(next) => task_run_id = next,
        }
        let pause = number(&task.spec, "min_retry_interval_millis");
        tokio::select! {
            () = active.stop.cancelled() => {}
            () = tokio::time::sleep(Duration::from_millis(pause)) => {}
        }
    }
}

fn number(spec: &Map<String, Value>, name: &str) -> u64 {
    spec.get(name).and_then(Value::as_u64).unwrap_or(0)
}

fn may_retry(task: &TaskRun, standing: &Standing) -> bool {
    let most = task.spec.get("max_retries").and_then(Value::as_i64);
    let most = most.unwrap_or(0);
    let on_timeout = task.spec.get("retry_on_timeout") == Some(&Value::Bool(true));
    let fits = match standing.result {
        Some(ResultState::Failed) => true,
        Some(ResultState::TimedOut) => on_timeout,
        _ => false,
    };
    fits && (most < 0 || i64::try_from(task.attempt).is_ok_and(|attempt| attempt < most))
}

/// Ends an attempt, and adds the next one when there is one.
fn end_attempt(run: &mut Run, task_run_id: u64, standing: Standing, next: Option<u64>) {
    let Some(task) = run.tasks.iter_mut().find(|task| task.run_id == task_run_id) else {
        return;
    };
    task.standing = standing;
    task.end_time = Some(now());
    if let Some(run_id) = next {
        let again = TaskRun {
            run_id,
            attempt: task.attempt + 1,
            standing: Standing::at(LifeCycle::Pending),
            start_time: now(),
            execution_start: None,
            end_time: None,
            values: Map::new(),
            ..task.clone()
        };
        run.tasks.push(again);
    }
}

/// A cluster that is there for one task.
struct Lease<'w> {
    workspace: &'w Workspace,
    cluster_id: String,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.workspace.clusters().release(&self.cluster_id);
    }
}

async fn attempt(
    workspace: &Workspace,
    run: &Run,
    task: &TaskRun,
    lines: &Mutex<Vec<String>>,
) -> Ended {
    let mut request = match prepare(workspace, run, task).await {
        Ok(request) => request,
        Err(ended) => return ended,
    };
    let lease = match lease(workspace, run, task) {
        Ok(lease) => lease,
        Err(refusal) => return Ended::broken("INVALID_CLUSTER_REQUEST", refusal.to_string()),
    };
    if let Some(lease) = &lease {
        if let Ok(cluster) = workspace.clusters().peek(&lease.cluster_id) {
            let variables = cluster.environment().into_iter();
            request.env = variables
                .map(|(name, value)| (name, workspace.secrets().resolve(&value)))
                .collect();
            request.cluster = Cluster {
                id: lease.cluster_id.clone(),
                runtime_version: cluster.runtime_version(),
            };
        }
    }
    for library in libraries_of(&task.spec) {
        if let Some(fault) = workspace.library_fault(library).await {
            let message = format!("Library installation failed for {library}: {fault}");
            return Ended::broken("LIBRARY_INSTALLATION_ERROR", message);
        }
    }
    // The semaphore is never closed.
    let _slot = workspace.runs().slots.acquire().await;
    let started = workspace.runs().change(run.run_id, |run| {
        let same = run.tasks.iter_mut().find(|same| same.run_id == task.run_id);
        if let Some(same) = same {
            same.standing = Standing::at(LifeCycle::Running);
            same.execution_start = Some(now());
        }
    });
    if let Err(refusal) = started {
        return Ended::broken("INTERNAL_ERROR", refusal.to_string());
    }
    execute(workspace, run, task, request, lines).await
}

async fn execute(
    workspace: &Workspace,
    run: &Run,
    task: &TaskRun,
    request: Request,
    lines: &Mutex<Vec<String>>,
) -> Ended {
    let limit = request.timeout;
    let outcome = notebook::run(request, |event| match event {
        Event::Output(line) => {
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(line.text);
        }
        Event::Mounts(change) => {
            if let Err(error) = workspace.mounts().apply(change) {
                tracing::error!("a mount is lost: {error}");
            }
        }
        Event::TaskValue { key, value } => {
            let kept = workspace.runs().change(run.run_id, |run| {
                let same = run.tasks.iter_mut().find(|same| same.run_id == task.run_id);
                if let Some(same) = same {
                    same.values.insert(key, value);
                }
            });
            if let Err(error) = kept {
                tracing::error!("a task value is lost: {error}");
            }
        }
        _ => {}
    })
    .await;
    match outcome {
        Ok(outcome) => of_outcome(outcome, limit),
        Err(error) => Ended::broken("DRIVER_ERROR", crate::problem::in_full(&error)),
    }
}

fn of_outcome(outcome: Outcome, limit: Option<Duration>) -> Ended {
    let standing = match outcome.status {
        Status::Succeeded => Standing::success(),
        Status::TimedOut => Standing::timed_out(limit.unwrap_or_default().as_secs()),
        _ => Standing::ended(
            LifeCycle::Terminated,
            Some(ResultState::Failed),
            "RUN_EXECUTION_ERROR",
            "Workload failed, see run output for details",
        ),
    };
    let failure = outcome.failure;
    let output = Output {
        result: outcome.exit_value,
        truncated: outcome.exit_truncated,
        error: failure.as_ref().map(|failure| failure.error.clone()),
        trace: failure.as_ref().and_then(|failure| failure.trace.clone()),
        hint: failure.and_then(|failure| failure.hint),
        lines: outcome.output.into_iter().map(|line| line.text).collect(),
        lines_truncated: outcome.output_truncated,
    };
    Ended { standing, output }
}

fn lease<'w>(
    workspace: &'w Workspace,
    run: &Run,
    task: &TaskRun,
) -> Result<Option<Lease<'w>>, Refusal> {
    let clusters = workspace.clusters();
    let made = task.spec.get("new_cluster").and_then(Value::as_object);
    let cluster_id = match (&task.cluster_id, made) {
        (Some(id), None) => id.clone(),
        (_, Some(spec)) => clusters.create(spec.clone(), true)?,
        (None, None) => return Ok(None),
    };
    let lease = Lease {
        workspace,
        cluster_id: cluster_id.clone(),
    };
    clusters.ready(&cluster_id)?;
    workspace.runs().change(run.run_id, |run| {
        let same = run.tasks.iter_mut().find(|same| same.run_id == task.run_id);
        if let Some(same) = same {
            same.cluster_id = Some(cluster_id);
        }
    })?;
    Ok(Some(lease))
}

/// What the runner needs, for tasks that it can run.
async fn prepare(workspace: &Workspace, run: &Run, task: &TaskRun) -> Result<Request, Ended> {
    let python = workspace.python().await;
    let python = python.map_err(|error| Ended::broken("DRIVER_ERROR", error.to_string()))?;
    let dir = workspace.dir();
    let mut request = Request::new(python.clone(), dir.join("runner"), String::new());
    request.workspace_root = workspace.tree().root().to_owned();
    request.dbfs_root = workspace.dbfs().root().to_owned();
    request.volumes_root = workspace.volumes().root().to_owned();
    request.mounts = workspace.mounts().list();
    request.secrets = workspace.secrets().all();
    request.notebooks = workspace.tree().notebook_files();
    request.run_id = task.run_id.to_string();
    let storage = workspace.storage();
    request.storage = BTreeMap::from([(
        storage.account.clone(),
        StorageAccount {
            path: storage.root.clone(),
            key: Some(storage.key.clone()),
        },
    )]);
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
    let name = format!("{}.py", task.run_id);
    let wrapper = workspace.runs().outputs.folder().join(name);
    crate::private_file::replace(&wrapper, text.as_bytes())
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
