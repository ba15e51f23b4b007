//! Runs without HTTP, for pipelines that the same process interprets.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::registry::Stop;
use super::render::page_url;
use super::run::{LifeCycle, ResultState, Standing, TaskRun};
use crate::databricks::Workspace;
use crate::databricks::refusal::Refusal;

/// The cluster of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Compute {
    /// A cluster of the workspace by its id; it is started when it does not run.
    Existing(String),
    /// A cluster for this run, as the object `new_cluster` of the Jobs API.
    New(Map<String, Value>),
    /// None in particular.
    Serverless,
}

/// A notebook to run once: `jobs/runs/submit` with one task.
#[derive(Clone, Debug, PartialEq)]
pub struct NotebookSubmission {
    /// The workspace path.
    pub path: String,
    /// What the notebook's widgets get.
    pub base_parameters: BTreeMap<String, String>,
    /// The cluster.
    pub compute: Compute,
    /// Libraries as the Libraries API has them, such as `{"pypi": {"package": "lightgbm"}}`.
    pub libraries: Vec<Value>,
    /// The run's name.
    pub run_name: String,
    /// The run is ended after this time.
    pub timeout: Option<Duration>,
}

impl NotebookSubmission {
    /// A run of the notebook at `path` on no cluster in particular.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            base_parameters: BTreeMap::new(),
            compute: Compute::Serverless,
            libraries: Vec::new(),
            run_name: "Untitled".to_owned(),
            timeout: None,
        }
    }

    fn settings(&self) -> Map<String, Value> {
        let mut task = json!({
            "task_key": "notebook",
            "notebook_task": {"notebook_path": self.path, "base_parameters": self.base_parameters},
            "libraries": self.libraries,
        });
        match &self.compute {
            Compute::Existing(id) => task["existing_cluster_id"] = id.as_str().into(),
            Compute::New(spec) => task["new_cluster"] = Value::Object(spec.clone()),
            Compute::Serverless => {}
        }
        let mut settings = Map::new();
        settings.insert("run_name".into(), self.run_name.as_str().into());
        settings.insert("tasks".into(), json!([task]));
        if let Some(timeout) = self.timeout {
            settings.insert("timeout_seconds".into(), timeout.as_secs().max(1).into());
        }
        settings
    }
}

/// A run that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finished {
    /// The run.
    pub run_id: u64,
    /// The run of its first task.
    pub task_run_id: u64,
    /// `TERMINATED`, `SKIPPED` or `INTERNAL_ERROR`.
    pub life_cycle_state: &'static str,
    /// Such as `SUCCESS`, `FAILED`, `TIMEDOUT` or `CANCELED`.
    pub result_state: Option<&'static str>,
    /// The service's words.
    pub state_message: String,
    /// `termination_details.code`, such as `RUN_EXECUTION_ERROR`.
    pub code: Option<String>,
    /// What `dbutils.notebook.exit` got.
    pub result: Option<String>,
    /// The last line of the exception.
    pub error: Option<String>,
    /// The traceback.
    pub trace: Option<String>,
    /// What may help.
    pub hint: Option<String>,
    /// What the notebook wrote, line by line; bounded.
    pub output: Vec<String>,
    /// The run's page.
    pub page_url: String,
    /// From the start of the execution to its end.
    pub execution: Duration,
}

impl Finished {
    /// Whether the run succeeded.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.result_state == Some("SUCCESS")
    }
}

impl Workspace {
    /// Starts a notebook and answers the run's id at once.
    ///
    /// # Errors
    ///
    /// What `jobs/runs/submit` refuses: an unknown cluster, a relative path. A notebook that does not exist is not
    /// refused; its run fails.
    pub async fn submit_notebook(&self, submission: &NotebookSubmission) -> Result<u64, Refusal> {
        self.submit_run(&submission.settings()).await
    }

    /// Waits until a run has ended. Dropping the future leaves the run alone.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub async fn wait(&self, run_id: u64) -> Result<Finished, Refusal> {
        let active = self.runs().active().get(&run_id).cloned();
        if let Some(active) = active {
            active.ended.cancelled().await;
        }
        self.finished(run_id)
    }

    /// Cancels a run; one that has ended stays as it is.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub fn cancel(&self, run_id: u64) -> Result<(), Refusal> {
        let (run, _) = self.runs().find(run_id)?;
        let active = self.runs().active().get(&run.run_id).cloned();
        if let Some(active) = active {
            self.runs().change(run.run_id, |run| {
                if !run.standing.is_over() {
                    run.standing = Standing::at(LifeCycle::Terminating);
                }
            })?;
            active.stop_because(Stop::Canceled);
        }
        Ok(())
    }

    /// What a run has written so far, task after task; what it has written in the end.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub fn output_so_far(&self, run_id: u64) -> Result<Vec<String>, Refusal> {
        let run = self.runs().get(run_id)?;
        let active = self.runs().active().get(&run_id).cloned();
        let going = active
            .map(|active| active.lines().clone())
            .unwrap_or_default();
        let of_task = |task: &TaskRun| match going.get(&task.run_id) {
            Some(lines) => lines.clone(),
            None => self.runs().outputs.read(task.run_id).lines,
        };
        Ok(run.tasks.iter().flat_map(of_task).collect())
    }

    /// The page of a run, for people.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub fn run_page_url(&self, run_id: u64) -> Result<String, Refusal> {
        Ok(page_url(&self.endpoint(), &self.runs().get(run_id)?))
    }

    fn finished(&self, run_id: u64) -> Result<Finished, Refusal> {
        let run = self.runs().get(run_id)?;
        let latest = run.latest();
        let failed = latest
            .iter()
            .find(|task| task.standing.result != Some(ResultState::Success));
        let told = failed.or(latest.first()).copied();
        let task_run_id = told.map_or(0, |task| task.run_id);
        let left = self.runs().outputs.read(task_run_id);
        let execution = told.and_then(|task| Some(task.end_time? - task.execution_start?));
        let execution = u64::try_from(execution.unwrap_or(0)).unwrap_or(0);
        Ok(Finished {
            run_id,
            task_run_id,
            life_cycle_state: run.standing.life_cycle.as_str(),
            result_state: run.standing.result.map(ResultState::as_str),
            page_url: page_url(&self.endpoint(), &run),
            state_message: run.standing.message,
            code: run.standing.code,
            result: left.result,
            error: left.error,
            trace: left.trace,
            hint: left.hint,
            output: left.lines,
            execution: Duration::from_millis(execution),
        })
    }
}
