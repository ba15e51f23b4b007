//! Pipeline runs and the activity runs in them.

use std::sync::{Mutex, PoisonError};

use adf_model::Document;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use azure_core::{Error, Result};
use rest_core::{Page, Polled, RestClient, Wait, poll};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::models::{ActivityRun, CreatedRun, PipelineRun, RerunFrom, RunFilter};
use crate::{CancelRunOptions, CreateRunOptions, ResourceClient};
use rest_core::segment;

/// Pipeline runs and the activity runs in them. The service keeps them for 45 days.
///
/// ```no_run
/// use std::time::Duration;
/// use adf_client::models::{Order, RerunFrom, RunField, RunFilter};
/// use adf_client::FactoryClient;
/// use futures::TryStreamExt;
///
/// # async fn example(factory: FactoryClient) -> azure_core::Result<()> {
/// let week = RunFilter::last(Duration::from_secs(7 * 24 * 3600))
///     .order_by(RunField::RunStart, Order::Descending);
/// let mut runs = factory.runs().query(&week, None)?;
/// if let Some(latest) = runs.try_next().await? {
///     factory.runs().rerun(&latest.run_id, RerunFrom::Failure, None).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RunsClient {
    pub(crate) rest: RestClient,
}

/// A query by POST, which only reads: the body goes out again with the token of the page before.
pub(crate) fn query<T: DeserializeOwned + Send + 'static>(
    rest: &RestClient,
    url: Url,
    body: Map<String, Value>,
    options: Option<PagerOptions<'static>>,
) -> Pager<Page<T>> {
    rest.pages(options, move |client, token| {
        let mut body = body.clone();
        if let Some(token) = token {
            body.insert("continuationToken".to_owned(), token.into());
        }
        client.post(url.clone()).json(&body).repeatable()
    })
}

impl RunsClient {
    fn url(&self, run_id: &str, below: &[&str]) -> Result<Url> {
        let run = ["pipelineruns", segment("pipeline run", run_id)?];
        Ok(self.rest.url(run.into_iter().chain(below.iter().copied())))
    }

    /// Gets a run: `GET pipelineruns/{id}`.
    ///
    /// # Errors
    ///
    /// A [`ServiceError`](crate::ServiceError) with status 404 when there is no such run.
    pub async fn get(
        &self,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<PipelineRun>>> {
        let options = options.unwrap_or_default();
        self.rest
            .get(self.url(run_id, &[])?)
            .context(&options.context)
            .send()
            .await
    }

    /// Finds runs: `POST queryPipelineRuns`. Debug runs are not among them.
    ///
    /// # Errors
    ///
    /// When a time of `filter` cannot be written; those of the service come with the pages.
    pub fn query(
        &self,
        filter: &RunFilter,
        options: Option<PagerOptions<'static>>,
    ) -> Result<Pager<Page<Document<PipelineRun>>>> {
        let url = self.rest.url(["queryPipelineRuns"]);
        Ok(query(&self.rest, url, filter.body()?, options))
    }

    /// Finds the activity runs of a run: `POST pipelineruns/{id}/queryActivityruns`. Only those within the filter's time are
    /// found; [`RunFilter::of_run`] covers a run.
    ///
    /// # Errors
    ///
    /// When `run_id` is not a name, or a time of `filter` cannot be written; those of the service come with the pages.
    pub fn activities(
        &self,
        run_id: &str,
        filter: &RunFilter,
        options: Option<PagerOptions<'static>>,
    ) -> Result<Pager<Page<Document<ActivityRun>>>> {
        let url = self.url(run_id, &["queryActivityruns"])?;
        Ok(query(&self.rest, url, filter.body()?, options))
    }

    /// Cancels a run: `POST pipelineruns/{id}/cancel`. The run has ended only when it says so; see [`RunsClient::wait_for_run`].
    ///
    /// # Errors
    ///
    /// When the service refuses, as for a run that has ended.
    pub async fn cancel(
        &self,
        run_id: &str,
        options: Option<CancelRunOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(run_id, &["cancel"])?)
            .query("isRecursive", options.is_recursive)
            .repeatable()
            .context(&options.method_options.context)
            .send_empty()
            .await
    }

    /// Runs a pipeline again, with the parameters of an earlier run and in its group: `POST pipelines/{name}/createRun` with
    /// `referencePipelineRunId` and `isRecovery`.
    ///
    /// # Errors
    ///
    /// Those of [`RunsClient::get`] for the earlier run, and of [`ResourceClient::create_run`].
    pub async fn rerun(
        &self,
        run_id: &str,
        from: RerunFrom,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<CreatedRun>> {
        let options = options.unwrap_or_default();
        let earlier = self
            .get(run_id, Some(options.clone()))
            .await?
            .into_model()?;
        let start = CreateRunOptions {
            method_options: options,
            ..CreateRunOptions::rerun(run_id, from)
        };
        ResourceClient::new(self.rest.clone())
            .create_run(&earlier.pipeline_name, &Map::new(), Some(start))
            .await
    }

    /// Waits until a run has succeeded, failed or been cancelled, and gives it. Every other status, one that is not known
    /// here too, counts as running.
    ///
    /// `on_change` sees the run at first, and again whenever its status has changed. Passing failures of the service are
    /// survived as the client's [`Retry`](crate::Retry) says. The run goes on when the wait is given up.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) when the limit is reached, and those of [`RunsClient::get`].
    pub async fn wait_for_run(
        &self,
        run_id: &str,
        wait: Wait,
        on_change: impl FnMut(&Document<PipelineRun>) + Send,
    ) -> Result<Document<PipelineRun>> {
        let watched = Mutex::new((None, on_change));
        let what = format!("pipeline run `{run_id}`");
        poll(&what, wait, || async {
            let run = self.get(run_id, None).await?.into_model()?;
            let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
            let (seen, on_change) = &mut *watched;
            if seen.as_ref() != Some(&run.status) {
                *seen = Some(run.status.clone());
                on_change(&run);
            }
            Ok::<_, Error>(if run.status.is_final() {
                Polled::Done(run)
            } else {
                Polled::Pending(None)
            })
        })
        .await
    }
}
