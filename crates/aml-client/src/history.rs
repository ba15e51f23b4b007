//! Run history, which knows v1 runs and v2 jobs alike.

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{RestClient, Wait};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::list::Entities;
use crate::name::named;
use crate::reading::PrivateMap;
use crate::watch::{Watched, watch};
use crate::{Entity, HistoryStatus};

/// A run (`Run` of the run history service).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HistoryRun {
    /// The run id.
    pub run_id: String,
    /// How far it is.
    #[serde(default = "not_started")]
    pub status: HistoryStatus,
    /// The name that the studio shows.
    pub display_name: Option<String>,
    /// The name of the step.
    pub name: Option<String>,
    /// What kind of run it is, such as `azureml.PipelineRun`.
    pub run_type: Option<String>,
    /// The run that started this one.
    pub parent_run_id: Option<String>,
    /// The run at the top.
    pub root_run_id: Option<String>,
    /// The experiment's id.
    pub experiment_id: Option<String>,
    /// When it began, as the service writes it.
    pub start_time_utc: Option<String>,
    /// When it ended, as the service writes it.
    pub end_time_utc: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
    /// Properties.
    #[serde(default)]
    pub properties: PrivateMap,
    /// Why it failed: `{"error":{"code","message",…}}`.
    pub error: Option<Value>,
}

impl HistoryRun {
    /// What the service says of the failure, where it says something.
    #[must_use]
    pub fn error_message(&self) -> Option<&str> {
        error_message(self.error.as_ref())
    }
}

/// A run with its logs (`RunDetails` of the run history service).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RunDetails {
    /// The run id.
    pub run_id: Option<String>,
    /// How far it is.
    #[serde(default = "not_started")]
    pub status: HistoryStatus,
    /// Links to the log files by name; each carries its own key.
    #[serde(default)]
    pub log_files: PrivateMap,
    /// Properties.
    #[serde(default)]
    pub properties: PrivateMap,
    /// Why it failed: `{"error":{"code","message",…}}`.
    pub error: Option<Value>,
}

impl RunDetails {
    /// What the service says of the failure, where it says something.
    #[must_use]
    pub fn error_message(&self) -> Option<&str> {
        error_message(self.error.as_ref())
    }
}

fn error_message(error: Option<&Value>) -> Option<&str> {
    error?.pointer("/error/message")?.as_str()
}

fn not_started() -> HistoryStatus {
    HistoryStatus::NotStarted
}

/// Options of [`RunHistoryClient::children`].
#[derive(Clone, Debug, Default)]
pub struct ChildrenOptions {
    /// A filter in OData, such as `status eq 'Failed'`.
    pub filter: Option<String>,
    /// The most runs of one page.
    pub top: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// What [`RunHistoryClient::query`] looks for.
#[derive(Clone, Debug, Default)]
pub struct RunQuery {
    /// A filter in OData, such as `tags/caller eq 'x'`.
    pub filter: Option<String>,
    /// The order, such as `createdUtc desc`.
    pub order_by: Option<String>,
    /// The most runs of one page.
    pub top: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// The run history of a workspace.
#[derive(Clone, Debug)]
pub struct RunHistoryClient {
    rest: RestClient,
}

impl RunHistoryClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Gets a run (`GET runs/{id}`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn get(
        &self,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<HistoryRun>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["runs", named("run", run_id)?]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Gets a run's logs and error (`GET runs/{id}/details`).
    ///
    /// # Errors
    ///
    /// As [`RunHistoryClient::get`].
    pub async fn details(
        &self,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<RunDetails>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["runs", named("run", run_id)?, "details"]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Lists the runs that a run has started, such as the steps of a pipeline (`GET runs/{id}/children`).
    ///
    /// # Errors
    ///
    /// When `run_id` is empty.
    pub fn children(
        &self,
        run_id: &str,
        options: Option<ChildrenOptions>,
    ) -> Result<Pager<Entities<Entity<HistoryRun>>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["runs", named("run", run_id)?, "children"]);
        let (filter, top) = (options.filter, options.top);
        Ok(self
            .rest
            .pages(Some(options.method_options), move |rest, token| {
                rest.get(url.clone())
                    .query("$filter", filter.as_deref())
                    .query("$top", top)
                    .query("$continuationToken", token)
            }))
    }

    /// Looks for runs of an experiment (`POST experiments/{name}/runs:query`, which only reads).
    ///
    /// # Errors
    ///
    /// When `experiment` is empty.
    pub fn query(
        &self,
        experiment: &str,
        query: Option<RunQuery>,
    ) -> Result<Pager<Entities<Entity<HistoryRun>>>> {
        let query = query.unwrap_or_default();
        let experiment = named("experiment", experiment)?;
        let url = self.rest.url(["experiments", experiment, "runs:query"]);
        let mut body = json!({});
        let given = [
            ("filter", query.filter.map(Value::from)),
            ("orderby", query.order_by.map(Value::from)),
            ("top", query.top.map(Value::from)),
        ];
        for (key, value) in given {
            if let Some(value) = value {
                body[key] = value;
            }
        }
        Ok(self
            .rest
            .pages(Some(query.method_options), move |rest, token| {
                let mut body = body.clone();
                if let Some(token) = token {
                    body["continuationToken"] = json!(token);
                }
                rest.post(url.clone()).json(&body).repeatable()
            }))
    }

    /// Waits until a run has ended, well or not; `on_change` is told its first state and each other one.
    ///
    /// A run that is not found at first is asked for a few times more: it may have been submitted just now.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and those of [`RunHistoryClient::get`]. A
    /// run that failed is not an error here: look at its [`status`](HistoryRun::status).
    pub async fn wait_for_run(
        &self,
        run_id: &str,
        wait: Wait,
        on_change: impl FnMut(&Entity<HistoryRun>),
    ) -> Result<Entity<HistoryRun>> {
        let what = format!("run {run_id}");
        let ask = || self.get(run_id, None);
        watch(&what, wait, ask, on_change).await
    }
}

impl Watched for Entity<HistoryRun> {
    type State = HistoryStatus;

    fn state(&self) -> Self::State {
        self.status.clone()
    }

    fn is_over(&self) -> bool {
        self.status.is_terminal()
    }
}
