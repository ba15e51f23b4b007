//! One task: its attempts, and what each leaves.

use std::time::Duration;

use serde_json::{Map, Value};

use super::drive::stopped_standing;
use super::output::Output;
use super::registry::Active;
use super::request::prepare;
use super::run::{LifeCycle, ResultState, Run, Standing, TaskRun};
use super::tasks::libraries_of;
use crate::databricks::Workspace;
use crate::databricks::clock::now;
use crate::databricks::refusal::Refusal;
use crate::notebook::{self, Cluster, Event, Outcome, Request, Status};

/// How an attempt ended.
pub(super) struct Ended {
    standing: Standing,
    output: Output,
}

impl Ended {
    /// The task did not come to run.
    pub(super) fn broken(code: &str, message: impl Into<String>) -> Self {
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
        let mut ended = tokio::select! {
            biased;
            () = active.stop.cancelled() => Ended {
                standing: stopped_standing(active.reason(), run.timeout_seconds),
                output: Output::default(),
            },
            ended = attempt(workspace, &run, &task, active) => ended,
        };
        let lines = active.lines().remove(&task_run_id);
        if ended.output.lines.is_empty() {
            ended.output.lines = lines.unwrap_or_default();
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

pub(super) fn number(spec: &Map<String, Value>, name: &str) -> u64 {
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

async fn attempt(workspace: &Workspace, run: &Run, task: &TaskRun, active: &Active) -> Ended {
    let mut request = match prepare(workspace, run, task).await {
        Ok(request) => request,
        Err(ended) => return ended,
    };
    let lease = match lease(workspace, run, task) {
        Ok(lease) => lease,
        Err(refusal) => return Ended::broken("INVALID_CLUSTER_REQUEST", refusal.to_string()),
    };
    if let Some(lease) = &lease
        && let Ok(cluster) = workspace.clusters().peek(&lease.cluster_id)
    {
        let variables = cluster.environment().into_iter();
        request.env = variables
            .map(|(name, value)| (name, workspace.secrets().resolve(&value)))
            .collect();
        request.cluster = Cluster {
            id: lease.cluster_id.clone(),
            runtime_version: cluster.runtime_version(),
        };
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
    execute(workspace, run, task, request, active).await
}

async fn execute(
    workspace: &Workspace,
    run: &Run,
    task: &TaskRun,
    request: Request,
    active: &Active,
) -> Ended {
    let limit = request.timeout;
    let outcome = notebook::run(request, |event| match event {
        Event::Output(line) => {
            let mut lines = active.lines();
            lines.entry(task.run_id).or_default().push(line.text);
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
