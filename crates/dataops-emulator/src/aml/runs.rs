//! Runs of published pipelines.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Workspace;
use super::refusal::Refusal;
use super::status::{EntityStatus, RunStatus};

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineRef {
    /// A published pipeline by its id.
    Pipeline(String),
    /// A pipeline endpoint by its id; without a version, its default one.
    Endpoint {
        /// The endpoint's id.
        id: String,
        /// The version.
        version: Option<String>,
    },
}

/// How to run it: the body of `PipelineSubmit`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// The experiment; it must not be empty.
    pub experiment: String,
    /// Values that replace the published defaults.
    pub parameters: BTreeMap<String, String>,
    /// Free text with the run.
    pub description: String,
    /// Tags of the run.
    pub tags: BTreeMap<String, String>,
    /// Properties of the run.
    pub properties: BTreeMap<String, String>,
    /// A run of the same experiment that this one belongs to.
    pub parent_run_id: Option<String>,
    /// Who started it, as `SDK` or `API`.
    pub run_source: String,
}

/// A run's row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) pipeline_id: String,
    pub(super) experiment: String,
    pub(super) number: u64,
    pub(super) status: RunStatus,
    pub(super) cancel_requested: bool,
    /// Why it failed.
    pub(super) error: Option<String>,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) description: String,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) parent_run_id: Option<String>,
    pub(super) run_source: String,
    pub(super) created: String,
    pub(super) started: Option<String>,
    pub(super) ended: Option<String>,
}

/// A run that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finished {
    /// The run's id.
    pub run_id: String,
    /// How it ended.
    pub status: RunStatus,
    /// Why it failed: the exit code and the last lines of standard error.
    pub error: Option<String>,
    /// The folder that the script wrote its results to.
    pub output_directory: PathBuf,
    /// The file with the script's standard output; bounded.
    pub stdout: PathBuf,
    /// The file with the script's standard error; bounded.
    pub stderr: PathBuf,
}

/// A run that goes on.
#[derive(Default)]
pub(super) struct Active {
    pub(super) stop: CancellationToken,
    pub(super) ended: CancellationToken,
}

impl Workspace {
    /// Starts a run and gives its id at once.
    ///
    /// # Errors
    ///
    /// When there is no such pipeline, endpoint or version, it is disabled, a parameter is not one of the
    /// pipeline's, or the experiment has no name.
    pub async fn submit(
        &self,
        what: &PipelineRef,
        submission: Submission,
    ) -> Result<String, Refusal> {
        let pipeline_id = self.resolve(what)?;
        let pipeline = self.pipeline(&pipeline_id)?;
        if pipeline.status == EntityStatus::Disabled {
            return Err(Refusal::bad(format!("Pipeline {pipeline_id} is disabled")));
        }
        if submission.experiment.trim().is_empty() {
            return Err(Refusal::bad("`ExperimentName` is missing"));
        }
        let mut parameters = pipeline.parameters;
        for (name, value) in submission.parameters {
            let Some(place) = parameters.get_mut(&name) else {
                return Err(Refusal::bad(format!(
                    "pipeline `{}` has no parameter `{name}`; it has {}",
                    pipeline.name,
                    parameters.into_keys().collect::<Vec<_>>().join(", ")
                )));
            };
            *place = value;
        }
        let run_id = Uuid::new_v4().to_string();
        let _numbering = self.0.numbering.lock().await;
        let rows = self.0.runs.list();
        let last = rows.iter().map(|(_, run)| run.number).max();
        let run = Run {
            pipeline_id,
            experiment: submission.experiment,
            number: last.unwrap_or(0) + 1,
            status: RunStatus::NotStarted,
            cancel_requested: false,
            error: None,
            parameters,
            description: submission.description,
            tags: submission.tags,
            properties: submission.properties,
            parent_run_id: submission.parent_run_id,
            run_source: submission.run_source,
            created: super::now(),
            started: None,
            ended: None,
        };
        self.0.runs.put(&run_id, run)?;
        self.begin(&run_id);
        Ok(run_id)
    }

    fn resolve(&self, what: &PipelineRef) -> Result<String, Refusal> {
        match what {
            PipelineRef::Pipeline(id) => Ok(id.clone()),
            PipelineRef::Endpoint { id, version } => {
                let endpoint = self.endpoint(id)?;
                if endpoint.status == EntityStatus::Disabled {
                    let message = format!("Pipeline endpoint {id} is disabled");
                    return Err(Refusal::bad(message));
                }
                Ok(endpoint.pipeline(version.as_deref())?.to_owned())
            }
        }
    }

    /// Waits until a run has ended. Dropping the future leaves the run alone.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub async fn wait(&self, run_id: &str) -> Result<Finished, Refusal> {
        let active = self.active().get(run_id).cloned();
        if let Some(active) = active {
            active.ended.cancelled().await;
        }
        let run = self.run(run_id)?;
        let folder = self.run_folder(run_id);
        Ok(Finished {
            run_id: run_id.to_owned(),
            status: run.status,
            error: run.error,
            output_directory: folder.join("outputs"),
            stdout: folder.join("stdout.txt"),
            stderr: folder.join("stderr.txt"),
        })
    }

    /// Cancels a run; one that has ended stays as it is.
    ///
    /// # Errors
    ///
    /// When there is no such run.
    pub fn cancel(&self, run_id: &str) -> Result<(), Refusal> {
        self.run(run_id)?;
        let active = self.active().get(run_id).cloned();
        if let Some(active) = active {
            self.change_run(run_id, |run| run.cancel_requested = true)?;
            active.stop.cancel();
        }
        Ok(())
    }

    pub(super) fn run(&self, run_id: &str) -> Result<Run, Refusal> {
        let run = self.0.runs.get(run_id);
        run.ok_or_else(|| Refusal::not_found(format!("Run {run_id} does not exist")))
    }

    pub(super) fn change_run(
        &self,
        run_id: &str,
        change: impl FnOnce(&mut Run),
    ) -> Result<(), Refusal> {
        self.0.runs.update(run_id, change)?;
        Ok(())
    }

    /// All runs, the newest first.
    pub(super) fn run_list(&self) -> Vec<(String, Run)> {
        let mut runs = self.0.runs.list();
        runs.sort_by_key(|(_, run)| std::cmp::Reverse(run.number));
        runs
    }

    pub(super) fn run_folder(&self, run_id: &str) -> PathBuf {
        self.0.dir.join("run-files").join(run_id)
    }
}
