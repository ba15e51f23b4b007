//! Runs of published pipelines.

use std::collections::BTreeMap;

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{RestClient, Wait};

use super::models::{NodeRun, PipelineRun};
use crate::list::Entities;
use crate::name::named;
use crate::watch::{Watched, watch};
use crate::{Entity, PipelineRunStatus};

/// Runs of published pipelines and pipeline endpoints of a workspace.
#[derive(Clone, Debug)]
pub struct PipelineRunsClient {
    rest: RestClient,
}

impl PipelineRunsClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Gets a run (`GET PipelineRuns/{id}`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn get(
        &self,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<PipelineRun>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["PipelineRuns", named("run", run_id)?]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Lists the runs of a published pipeline (`GET PipelineRuns/Pipeline/{id}`).
    ///
    /// # Errors
    ///
    /// When `pipeline_id` is empty.
    pub fn list_by_pipeline(
        &self,
        pipeline_id: &str,
        options: Option<PagerOptions<'static>>,
    ) -> Result<Pager<Entities<Entity<PipelineRun>>>> {
        let id = named("pipeline", pipeline_id)?;
        let url = self.rest.url(["PipelineRuns", "Pipeline", id]);
        Ok(self.rest.pages(options, move |rest, token| {
            rest.get(url.clone()).query("continuationToken", token)
        }))
    }

    /// Cancels a run (`DELETE PipelineRuns/{id}/Execution`). The run ends a little later.
    ///
    /// # Errors
    ///
    /// As [`PipelineRunsClient::get`].
    pub async fn cancel(
        &self,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let run_id = named("run", run_id)?;
        let url = self.rest.url(["PipelineRuns", run_id, "Execution"]);
        let call = self.rest.delete(url).context(&options.context);
        call.send_empty().await
    }

    /// Gets the states of a run's steps, by node id (`POST PipelineRuns/{id}/Graph/AllNodes/Status`, which only reads).
    ///
    /// # Errors
    ///
    /// As [`PipelineRunsClient::get`].
    pub async fn node_statuses(
        &self,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<BTreeMap<String, Entity<NodeRun>>>> {
        let options = options.unwrap_or_default();
        let segments = [
            "PipelineRuns",
            named("run", run_id)?,
            "Graph",
            "AllNodes",
            "Status",
        ];
        let call = self.rest.post(self.rest.url(segments)).repeatable();
        let none: [&str; 0] = [];
        call.context(&options.context).json(&none).send().await
    }

    /// Waits until a run has ended, well or not; `on_change` is told its first state and each other one.
    ///
    /// A run that is not found at first is asked for a few times more: it may have been submitted just now.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and those of [`PipelineRunsClient::get`].
    /// A run that failed is not an error here: look at its [`status`](PipelineRun::status).
    pub async fn wait_for_run(
        &self,
        run_id: &str,
        wait: Wait,
        on_change: impl FnMut(&Entity<PipelineRun>),
    ) -> Result<Entity<PipelineRun>> {
        let what = format!("pipeline run {run_id}");
        let ask = || self.get(run_id, None);
        watch(&what, wait, ask, on_change).await
    }
}

impl Watched for Entity<PipelineRun> {
    type State = PipelineRunStatus;

    fn state(&self) -> Self::State {
        self.status.code.clone()
    }

    fn is_over(&self) -> bool {
        self.status.code.is_terminal()
    }
}
