//! Published pipelines.

use azure_core::error::ErrorKind;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use azure_core::{Error, Result};
use futures::TryStreamExt;
use rest_core::RestClient;
use serde_json::Value;

use super::models::{Pipeline, PipelineRun};
use super::submission::{Submission, SubmitOptions, submit};
use crate::list::Entities;
use crate::name::named;
use crate::{Entity, EntityStatus};

/// Published pipelines of a workspace.
#[derive(Clone, Debug)]
pub struct PipelinesClient {
    rest: RestClient,
}

/// Options of [`PipelinesClient::list`].
#[derive(Clone, Debug, Default)]
pub struct PipelineListOptions {
    /// Whether pipelines that are not active are left out; the service decides when this is unset.
    pub active_only: Option<bool>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// A name and version do not lead to one pipeline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineLookupError {
    /// There is none.
    #[error("no published pipeline `{name}`{}", version_note(version.as_deref()))]
    NotFound {
        /// The name that was looked for.
        name: String,
        /// The version that was looked for.
        version: Option<String>,
    },
    /// There are several.
    #[error("{} published pipelines `{name}`{}: {}", ids.len(), version_note(version.as_deref()), ids.join(", "))]
    Ambiguous {
        /// The name that was looked for.
        name: String,
        /// The version that was looked for.
        version: Option<String>,
        /// Their ids, in the service's order.
        ids: Vec<String>,
    },
}

/// The pipeline of a name that was published last.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Newest {
    /// The pipeline.
    pub pipeline: Entity<Pipeline>,
    /// How many have the name, this one counted.
    pub among: usize,
}

/// The place of the pipeline that was published last; of one alone no date is asked. Nothing where the dates do not tell.
fn newest(found: &[Entity<Pipeline>]) -> Option<usize> {
    if found.len() < 2 {
        return (found.len() == 1).then_some(0);
    }
    let dates = found.iter().map(|pipeline| pipeline.created());
    let dates = dates.collect::<Option<Vec<_>>>()?;
    let last = *dates.iter().max()?;
    let mut last = dates.iter().enumerate().filter(|(_, date)| **date == last);
    match (last.next(), last.next()) {
        (Some((at, _)), None) => Some(at),
        _ => None,
    }
}

fn version_note(version: Option<&str>) -> String {
    version
        .map(|version| format!(" of version `{version}`"))
        .unwrap_or_default()
}

impl PipelinesClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Publishes a pipeline (`POST Pipelines/Create`). The body is a `PipelineCreationInfo` with the whole graph, as the
    /// Python SDK makes it.
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses. The POST is not sent again after a
    /// lost answer: the pipeline may be there.
    pub async fn create(
        &self,
        creation: &Value,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Pipeline>>> {
        let options = options.unwrap_or_default();
        let call = self.rest.post(self.rest.url(["Pipelines", "Create"]));
        call.context(&options.context).json(creation).send().await
    }

    /// Gets a pipeline by its id (`GET Pipelines/{id}`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn get(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Pipeline>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["Pipelines", named("pipeline", id)?]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Lists pipelines (`GET Pipelines`).
    pub fn list(&self, options: Option<PipelineListOptions>) -> Pager<Entities<Entity<Pipeline>>> {
        let options = options.unwrap_or_default();
        let active_only = options.active_only;
        self.rest
            .pages(Some(options.method_options), move |rest, token| {
                rest.get(rest.url(["Pipelines"]))
                    .query("activeOnly", active_only)
                    .query("continuationToken", token)
            })
    }

    /// Finds the pipelines with a name, and a version where one is given. The service cannot search: all pipelines are
    /// listed.
    ///
    /// # Errors
    ///
    /// As [`PipelinesClient::get`].
    pub async fn find(
        &self,
        name: &str,
        version: Option<&str>,
        options: Option<PipelineListOptions>,
    ) -> Result<Vec<Entity<Pipeline>>> {
        let mut found = Vec::new();
        let mut pipelines = self.list(options);
        while let Some(pipeline) = pipelines.try_next().await? {
            let wanted = version.is_none() || pipeline.version.as_deref() == version;
            if pipeline.name.as_deref() == Some(name) && wanted {
                found.push(pipeline);
            }
        }
        Ok(found)
    }

    /// Finds the one pipeline with a name, and a version where one is given.
    ///
    /// # Errors
    ///
    /// [`PipelineLookupError`] inside the error when there is none or more than one, and those of [`PipelinesClient::find`].
    pub async fn find_one(
        &self,
        name: &str,
        version: Option<&str>,
        options: Option<PipelineListOptions>,
    ) -> Result<Entity<Pipeline>> {
        let mut found = self.find(name, version, options).await?;
        let (name, version) = (name.to_owned(), version.map(str::to_owned));
        let error = match (found.pop(), found.is_empty()) {
            (Some(pipeline), true) => return Ok(pipeline),
            (None, _) => PipelineLookupError::NotFound { name, version },
            (Some(last), false) => {
                found.push(last);
                let ids = found.iter().map(|pipeline| pipeline.id.clone()).collect();
                PipelineLookupError::Ambiguous { name, version, ids }
            }
        };
        Err(Error::new(ErrorKind::Other, error))
    }

    /// Finds the pipeline with a name, and a version where one is given, that was published last. Publishing again leaves the former ones
    /// as they are, so that several active ones have the name as a rule.
    ///
    /// # Errors
    ///
    /// [`PipelineLookupError`] inside the error when there is none, or when their dates do not tell which of several is the newest: a
    /// date may be missing, or in 1970. Those of [`PipelinesClient::find`].
    pub async fn find_newest(
        &self,
        name: &str,
        version: Option<&str>,
        options: Option<PipelineListOptions>,
    ) -> Result<Newest> {
        let mut found = self.find(name, version, options).await?;
        let among = found.len();
        let (name, version) = (name.to_owned(), version.map(str::to_owned));
        let error = match newest(&found) {
            Some(at) => {
                let pipeline = found.swap_remove(at);
                return Ok(Newest { pipeline, among });
            }
            None if found.is_empty() => PipelineLookupError::NotFound { name, version },
            None => {
                let ids = found.iter().map(|pipeline| pipeline.id.clone()).collect();
                PipelineLookupError::Ambiguous { name, version, ids }
            }
        };
        Err(Error::new(ErrorKind::Other, error))
    }

    /// Enables or disables a pipeline (`PUT Pipelines/{id}/status`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn set_status(
        &self,
        id: &str,
        status: EntityStatus,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let id = named("pipeline", id)?;
        let call = self.rest.put(self.rest.url(["Pipelines", id, "status"]));
        let call = call.context(&options.context).json(status.as_str());
        call.send_empty().await
    }

    /// Starts a run of a pipeline (`POST PipelineRuns/PipelineSubmit/{id}`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses. After a lost answer the POST is not
    /// sent again, because the run may have been started: look for it by its tag
    /// ([`RunHistoryClient::query`](crate::RunHistoryClient::query)).
    pub async fn submit(
        &self,
        id: &str,
        submission: &Submission,
        options: Option<SubmitOptions<'_>>,
    ) -> Result<Response<Entity<PipelineRun>>> {
        let id = named("pipeline", id)?;
        let url = self.rest.url(["PipelineRuns", "PipelineSubmit", id]);
        submit(&self.rest, url, None, submission, options).await
    }
}
