//! Pipeline endpoints: fixed ids in front of published pipelines.

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::RestClient;
use serde::Serialize;

use super::models::{Pipeline, PipelineEndpoint, PipelineRun};
use super::submission::{Submission, SubmitOptions, submit};
use crate::Entity;
use crate::list::Entities;
use crate::name::named;

/// Pipeline endpoints of a workspace.
#[derive(Clone, Debug)]
pub struct PipelineEndpointsClient {
    pub(super) rest: RestClient,
}

/// Options of [`PipelineEndpointsClient::list`] and [`PipelineEndpointsClient::pipelines`].
#[derive(Clone, Debug, Default)]
pub struct EndpointListOptions {
    /// Whether entities that are not active are left out; the service decides when this is unset.
    pub active_only: Option<bool>,
    /// The most endpoints that are listed (header `BatchSize`).
    pub batch_size: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// The body of `POST PipelineEndpoints/Create`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Creation<'a> {
    name: &'a str,
    description: &'a str,
    pipeline_id: &'a str,
}

impl PipelineEndpointsClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Gets an endpoint by its id (`GET PipelineEndpoints/Id/{id}`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn get(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<PipelineEndpoint>>> {
        let options = options.unwrap_or_default();
        let id = named("pipeline endpoint", id)?;
        let call = self
            .rest
            .get(self.rest.url(["PipelineEndpoints", "Id", id]));
        call.context(&options.context).send().await
    }

    /// Gets an endpoint by its name (`GET PipelineEndpoints/Name?Name=`).
    ///
    /// # Errors
    ///
    /// As [`PipelineEndpointsClient::get`].
    pub async fn get_by_name(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<PipelineEndpoint>>> {
        let options = options.unwrap_or_default();
        let name = named("pipeline endpoint", name)?;
        let call = self.rest.get(self.rest.url(["PipelineEndpoints", "Name"]));
        let call = call.context(&options.context).query("Name", Some(name));
        call.send().await
    }

    /// Lists endpoints (`GET PipelineEndpoints`).
    pub fn list(
        &self,
        options: Option<EndpointListOptions>,
    ) -> Pager<Entities<Entity<PipelineEndpoint>>> {
        let options = options.unwrap_or_default();
        let (active_only, size) = (options.active_only, options.batch_size);
        self.rest
            .pages(Some(options.method_options), move |rest, token| {
                rest.get(rest.url(["PipelineEndpoints"]))
                    .query("activeOnly", active_only)
                    .query("continuationToken", token)
                    .optional_header("batchsize", size.map(|size| size.to_string()).as_deref())
            })
    }

    /// Creates an endpoint whose version `0`, the default, is a pipeline (`POST PipelineEndpoints/Create`). The service
    /// does not check that the name is free: ask [`PipelineEndpointsClient::get_by_name`] first.
    ///
    /// # Errors
    ///
    /// As [`PipelineEndpointsClient::get`]. The POST is not sent again after a lost answer: the endpoint may be there.
    pub async fn create(
        &self,
        name: &str,
        description: &str,
        pipeline_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<PipelineEndpoint>>> {
        let options = options.unwrap_or_default();
        let creation = Creation {
            name: named("pipeline endpoint", name)?,
            description,
            pipeline_id: named("pipeline", pipeline_id)?,
        };
        let url = self.rest.url(["PipelineEndpoints", "Create"]);
        let call = self.rest.post(url).context(&options.context);
        call.json(&creation).send().await
    }

    /// Replaces an endpoint by the whole of `endpoint` (`PUT PipelineEndpoints/{id}`). Of two writers the later wins, and
    /// the service does not say so: prefer [`PipelineEndpointsClient::set_default_version`] and
    /// [`PipelineEndpointsClient::add_version`], which check.
    ///
    /// # Errors
    ///
    /// As [`PipelineEndpointsClient::get`].
    pub async fn update(
        &self,
        endpoint: &Entity<PipelineEndpoint>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<PipelineEndpoint>>> {
        let options = options.unwrap_or_default();
        let id = named("pipeline endpoint", &endpoint.id)?;
        let call = self.rest.put(self.rest.url(["PipelineEndpoints", id]));
        call.context(&options.context).json(endpoint).send().await
    }

    /// Lists the pipelines behind an endpoint (`GET PipelineEndpoints/{id}/pipelines`).
    ///
    /// # Errors
    ///
    /// When `id` is empty.
    pub fn pipelines(
        &self,
        id: &str,
        options: Option<EndpointListOptions>,
    ) -> Result<Pager<Entities<Entity<Pipeline>>>> {
        let options = options.unwrap_or_default();
        let id = named("pipeline endpoint", id)?;
        let url = self.rest.url(["PipelineEndpoints", id, "pipelines"]);
        let active_only = options.active_only;
        Ok(self
            .rest
            .pages(Some(options.method_options), move |rest, token| {
                rest.get(url.clone())
                    .query("activeOnly", active_only)
                    .query("continuationToken", token)
            }))
    }

    /// Starts a run of a version, or of the default one (`POST PipelineRuns/PipelineEndpointSubmit/Id/{id}`).
    ///
    /// # Errors
    ///
    /// As [`PipelinesClient::submit`](super::PipelinesClient::submit).
    pub async fn submit(
        &self,
        id: &str,
        version: Option<&str>,
        submission: &Submission,
        options: Option<SubmitOptions<'_>>,
    ) -> Result<Response<Entity<PipelineRun>>> {
        let id = named("pipeline endpoint", id)?;
        let segments = ["PipelineRuns", "PipelineEndpointSubmit", "Id", id];
        submit(
            &self.rest,
            self.rest.url(segments),
            version,
            submission,
            options,
        )
        .await
    }
}
