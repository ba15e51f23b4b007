//! All jobs and runs: the rows, and what goes on right now.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::output::Outputs;
use super::run::{LifeCycle, Run, Standing};
use crate::databricks::clock::now;
use crate::databricks::refusal::Refusal;
use crate::store::{StoreError, Table};

/// Why a run is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Canceled,
    TimedOut,
    Leaving,
}

/// A run that goes on.
#[derive(Default)]
pub(super) struct Active {
    pub(super) stop: CancellationToken,
    pub(super) ended: CancellationToken,
    reason: OnceLock<Stop>,
    /// What each task has written so far.
    lines: Mutex<BTreeMap<u64, Vec<String>>>,
}

impl Active {
    pub(super) fn stop_because(&self, reason: Stop) {
        // The first reason holds.
        let _ = self.reason.set(reason);
        self.stop.cancel();
    }

    /// The lines of each task by its run id.
    pub(super) fn lines(&self) -> MutexGuard<'_, BTreeMap<u64, Vec<String>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reason(&self) -> Stop {
        self.reason.get().copied().unwrap_or(Stop::Canceled)
    }
}

/// Marks a run as ended however its driver ends.
pub(super) struct Ending {
    pub(super) workspace: super::Workspace,
    pub(super) run_id: u64,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let active = self.workspace.runs().active().remove(&self.run_id);
        if let Some(active) = active {
            active.ended.cancel();
        }
    }
}

pub(in crate::databricks) struct Runs {
    pub(super) jobs: Table<Map<String, Value>>,
    rows: Table<Run>,
    /// Runs by idempotency token.
    pub(super) tokens: Table<u64>,
    pub(super) outputs: Outputs,
    pub(super) slots: Arc<Semaphore>,
    /// Makes "look for the token, then start" one step.
    pub(super) starting: tokio::sync::Mutex<()>,
    active: Mutex<HashMap<u64, Arc<Active>>>,
}

impl Runs {
    pub(in crate::databricks) fn open(dir: &Path) -> Result<Self, StoreError> {
        let folder = dir.join("outputs");
        let outputs = Outputs::open(folder.clone()).map_err(|source| StoreError::Io {
            path: folder,
            source,
        })?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let runs = Self {
            jobs: Table::open(dir.join("jobs"))?,
            rows: Table::open(dir.join("runs"))?,
            tokens: Table::open(dir.join("run-tokens"))?,
            outputs,
            slots: Arc::new(Semaphore::new(cores)),
            starting: tokio::sync::Mutex::default(),
            active: Mutex::default(),
        };
        runs.end_orphans()?;
        Ok(runs)
    }

    /// What was active when the last emulator ended can only have failed.
    fn end_orphans(&self) -> Result<(), StoreError> {
        for (key, run) in self.rows.list() {
            if run.standing.is_over() {
                continue;
            }
            self.rows.update(&key, end_broken)?;
        }
        Ok(())
    }

    pub(super) fn get(&self, run_id: u64) -> Result<Run, Refusal> {
        let run = self.rows.get(&key(run_id));
        run.ok_or_else(|| Refusal::invalid(format!("Run {run_id} does not exist.")))
    }

    /// A run by its own id or by the id of one of its tasks; in the second case the task's index too.
    pub(super) fn find(&self, run_id: u64) -> Result<(Run, Option<usize>), Refusal> {
        if let Some(run) = self.rows.get(&key(run_id)) {
            return Ok((run, None));
        }
        let of_task = |run: Run| {
            let at = run.tasks.iter().position(|task| task.run_id == run_id)?;
            Some((run, Some(at)))
        };
        let mut runs = self.rows.list().into_iter();
        runs.find_map(|(_, run)| of_task(run))
            .ok_or_else(|| Refusal::invalid(format!("Run {run_id} does not exist.")))
    }

    /// All runs, the newest first.
    pub(super) fn newest_first(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = self.rows.list().into_iter().map(|(_, run)| run).collect();
        runs.sort_by_key(|run| std::cmp::Reverse(run.run_id));
        runs
    }

    pub(super) fn put(&self, run: Run) -> Result<(), Refusal> {
        Ok(self.rows.put(&key(run.run_id), run)?)
    }

    pub(super) fn change<R>(
        &self,
        run_id: u64,
        change: impl FnOnce(&mut Run) -> R,
    ) -> Result<R, Refusal> {
        self.rows
            .update(&key(run_id), change)?
            .ok_or_else(|| Refusal::invalid(format!("Run {run_id} does not exist.")))
    }

    pub(super) fn remove(&self, run: &Run) -> Result<(), Refusal> {
        for task in &run.tasks {
            self.outputs.remove(task.run_id);
        }
        self.rows.remove(&key(run.run_id))?;
        Ok(())
    }

    pub(super) fn job(&self, job_id: u64) -> Result<Map<String, Value>, Refusal> {
        let job = self.jobs.get(&key(job_id));
        job.ok_or_else(|| Refusal::invalid(format!("Job {job_id} does not exist.")))
    }

    pub(super) fn active(&self) -> MutexGuard<'_, HashMap<u64, Arc<Active>>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows in the order of their numbers.
pub(super) fn key(id: u64) -> String {
    format!("{id:020}")
}

/// Ends a run whose driver is gone.
pub(super) fn end_broken(run: &mut Run) {
    let message = "The emulator stopped while the run was active.";
    let standing = Standing::broken("INTERNAL_ERROR", message);
    let end = now();
    for task in &mut run.tasks {
        if !task.standing.is_over() {
            task.standing = standing.clone();
            task.end_time = Some(end);
        }
    }
    if run.standing.life_cycle != LifeCycle::Skipped {
        run.standing = standing;
    }
    run.end_time = Some(end);
}
