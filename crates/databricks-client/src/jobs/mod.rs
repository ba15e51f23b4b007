//! Jobs and runs (REST: Jobs 2.2).

mod output;
mod pages;
mod reading;
mod run;
mod settings;
mod submit;
mod wait;

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use futures::TryStreamExt;
use serde::Deserialize;
use serde_json::json;

pub use output::{NotebookOutput, RunOutput};
pub use reading::{Outcome, Phase, RunReading};
pub use run::{
    LifeCycleState, ResultState, Run, RunPhase, RunState, RunStatus, RunTask, RunType,
    TerminationDetails, TerminationType,
};
pub use settings::{
    Environment, EnvironmentSpec, GitSource, JobCluster, JobParameter, JobSettings, NotebookTask,
    PythonWheelTask, RunAs, SparkPythonTask, Task, TaskDependency,
};
pub use submit::{RunNow, RunStarted, SubmitRun};

use crate::page::token_page;
use crate::wire;
use crate::{DatabricksError, WorkspaceClient};

/// Jobs and runs of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Jobs<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// The answer to a creation.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct JobCreated {
    /// The new job's id.
    pub job_id: i64,
}

/// A job.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Job {
    /// Its id.
    pub job_id: i64,
    /// What it does.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub settings: JobSettings,
    /// Who made it.
    pub creator_user_name: Option<String>,
    /// Whom it runs as.
    pub run_as_user_name: Option<String>,
    /// When it was made, in milliseconds since the epoch.
    pub created_time: Option<i64>,
}

token_page!(
    /// A page of jobs.
    JobList,
    /// The jobs.
    jobs: Job
);

token_page!(
    /// A page of runs, the newest first.
    RunList,
    /// The runs.
    runs: Run
);

/// Options for [`Jobs::list`].
#[derive(Clone, Debug, Default)]
pub struct JobListOptions {
    /// Only jobs of just this name, whatever the case of its letters. Several jobs may share a name.
    pub name: Option<String>,
    /// Tells the tasks too.
    pub expand_tasks: bool,
    /// How many jobs make a page, 1 to 100.
    pub limit: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// Options for [`Jobs::list_runs`].
#[derive(Clone, Debug, Default)]
pub struct RunListOptions {
    /// Only runs of this job.
    pub job_id: Option<i64>,
    /// Only runs that have not ended (`true`) or have (`false`).
    pub active: Option<bool>,
    /// Only runs of this type.
    pub run_type: Option<RunType>,
    /// Only runs that started at this time or later, in milliseconds since the epoch.
    pub start_time_from: Option<i64>,
    /// Only runs that started at this time or before, in milliseconds since the epoch.
    pub start_time_to: Option<i64>,
    /// Tells the tasks too.
    pub expand_tasks: bool,
    /// How many runs make a page, 1 to 24.
    pub limit: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

impl Jobs<'_> {
    /// Creates a job: `POST /api/2.2/jobs/create`. Not repeated when the answer is lost: the job may exist.
    pub async fn create(
        &self,
        settings: &JobSettings,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<JobCreated>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.2/jobs/create", settings)
            .context(&options.context)
            .send()
            .await
    }

    /// Replaces all settings of a job: `POST /api/2.2/jobs/reset`.
    pub async fn reset(
        &self,
        job_id: i64,
        settings: &JobSettings,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post(
                "2.2/jobs/reset",
                &json!({ "job_id": job_id, "new_settings": settings }),
            )
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// A job by its id, with all its tasks: `GET /api/2.2/jobs/get`, as often as its tasks need.
    pub async fn get(
        &self,
        job_id: i64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Job>> {
        let options = options.unwrap_or_default();
        pages::whole(|token| {
            let call = self.client.get("2.2/jobs/get");
            call.query("job_id", Some(job_id))
                .query("page_token", token)
                .context(&options.context)
        })
        .await
    }

    /// Lists jobs: `GET /api/2.2/jobs/list`.
    pub fn list(&self, options: Option<JobListOptions>) -> Pager<JobList> {
        let options = options.unwrap_or_default();
        let mut url = self.client.at("2.2/jobs/list");
        let mut query = url.query_pairs_mut();
        query.append_pair("limit", &options.limit.unwrap_or(100).to_string());
        if let Some(name) = &options.name {
            query.append_pair("name", name);
        }
        if options.expand_tasks {
            query.append_pair("expand_tasks", "true");
        }
        drop(query);
        self.client.rest().list(url, Some(options.method_options))
    }

    /// The job named `name`, if there is one.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::SeveralJobs`] when more than one job has the name; those of [`Jobs::list`].
    pub async fn find_by_name(&self, name: &str) -> Result<Option<Job>> {
        let named = JobListOptions {
            name: Some(name.to_owned()),
            ..JobListOptions::default()
        };
        let mut jobs: Vec<Job> = self.list(Some(named)).try_collect().await?;
        if jobs.len() > 1 {
            let ids = jobs.iter().map(|job| job.job_id).collect();
            return Err(DatabricksError::SeveralJobs {
                name: name.to_owned(),
                ids,
            }
            .into_error());
        }
        Ok(jobs.pop())
    }

    /// Deletes a job: `POST /api/2.2/jobs/delete`. Its runs go on.
    pub async fn delete(
        &self,
        job_id: i64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.2/jobs/delete", &json!({ "job_id": job_id }))
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Runs tasks without a job: `POST /api/2.2/jobs/runs/submit`. The request carries an idempotency token, a fresh one
    /// unless `run` has its own, so that it is repeated without starting a second run.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::IdempotencyToken`] before anything is sent, and those of the service: an unknown cluster is
    /// refused at once, a missing notebook ends the run.
    pub async fn submit(
        &self,
        run: &SubmitRun,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<RunStarted>> {
        let options = options.unwrap_or_default();
        let token = submit::token(run.idempotency_token.as_deref())?;
        let body = submit::WithToken { token, body: run };
        self.client
            .post("2.2/jobs/runs/submit", &body)
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// Runs a job: `POST /api/2.2/jobs/run-now`, with an idempotency token as in [`Jobs::submit`].
    pub async fn run_now(
        &self,
        run: &RunNow,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<RunStarted>> {
        let options = options.unwrap_or_default();
        let token = submit::token(run.idempotency_token.as_deref())?;
        let body = submit::WithToken { token, body: run };
        self.client
            .post("2.2/jobs/run-now", &body)
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// A run by its id, with all its tasks: `GET /api/2.2/jobs/runs/get`, as often as its tasks need.
    pub async fn get_run(
        &self,
        run_id: i64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Run>> {
        let options = options.unwrap_or_default();
        pages::whole(|token| {
            let call = self.client.get("2.2/jobs/runs/get");
            call.query("run_id", Some(run_id))
                .query("page_token", token)
                .context(&options.context)
        })
        .await
    }

    /// The output of a **task** run, see [`RunTask::run_id`]: `GET /api/2.2/jobs/runs/get-output`. The run that holds the
    /// tasks has none.
    pub async fn get_output(
        &self,
        task_run_id: i64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<RunOutput>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.2/jobs/runs/get-output")
            .query("run_id", Some(task_run_id))
            .context(&options.context)
            .send()
            .await
    }

    /// Asks a run to end: `POST /api/2.2/jobs/runs/cancel`. It ends after the answer; see [`Jobs::wait_for_run`].
    pub async fn cancel_run(
        &self,
        run_id: i64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.2/jobs/runs/cancel", &json!({ "run_id": run_id }))
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Lists runs, the newest first: `GET /api/2.2/jobs/runs/list`.
    pub fn list_runs(&self, options: Option<RunListOptions>) -> Pager<RunList> {
        let options = options.unwrap_or_default();
        let mut url = self.client.at("2.2/jobs/runs/list");
        let mut query = url.query_pairs_mut();
        query.append_pair("limit", &options.limit.unwrap_or(24).to_string());
        match options.active {
            Some(true) => drop(query.append_pair("active_only", "true")),
            Some(false) => drop(query.append_pair("completed_only", "true")),
            None => {}
        }
        let given = [
            ("job_id", options.job_id.map(|id| id.to_string())),
            ("run_type", options.run_type.map(|kind| kind.to_string())),
            (
                "start_time_from",
                options.start_time_from.map(|time| time.to_string()),
            ),
            (
                "start_time_to",
                options.start_time_to.map(|time| time.to_string()),
            ),
            (
                "expand_tasks",
                options.expand_tasks.then(|| "true".to_owned()),
            ),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        drop(query);
        self.client.rest().list(url, Some(options.method_options))
    }
}
