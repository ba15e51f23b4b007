//! Batch endpoints through Azure Resource Manager.

use azure_core::error::ErrorKind;
use azure_core::http::headers::{ETAG, IF_MATCH};
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use azure_core::{Error, Result};
use rest_core::{Page, RestClient, Wait};
use serde::Serialize;
use serde_json::json;

use super::deployments::BatchDeploymentsClient;
use super::models::BatchEndpoint;
use super::scoring::BatchScoringClient;
use crate::entity::member;
use crate::name::named;
use crate::provision::made;
use crate::{Entity, MachineLearningClient};

/// The batch endpoints of a workspace.
#[derive(Clone, Debug)]
pub struct BatchEndpointsClient {
    rest: RestClient,
    workspace: MachineLearningClient,
}

/// Options of [`BatchEndpointsClient::list`].
#[derive(Clone, Debug, Default)]
pub struct BatchListOptions {
    /// The most endpoints of one page.
    pub count: Option<u32>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

impl BatchEndpointsClient {
    pub(crate) fn new(rest: RestClient, workspace: MachineLearningClient) -> Self {
        Self { rest, workspace }
    }

    /// The deployments behind an endpoint.
    ///
    /// # Errors
    ///
    /// When `endpoint` is empty.
    pub fn deployments(&self, endpoint: &str) -> Result<BatchDeploymentsClient> {
        let endpoint = named("batch endpoint", endpoint)?;
        let rest = self.rest.scope(["batchEndpoints", endpoint]);
        Ok(BatchDeploymentsClient::new(rest))
    }

    /// Gets an endpoint (`Batch Endpoints - Get`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn get(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<BatchEndpoint>>> {
        let options = options.unwrap_or_default();
        let call = self.rest.get(self.url(name)?);
        call.context(&options.context).send().await
    }

    /// Lists endpoints (`Batch Endpoints - List`).
    pub fn list(&self, options: Option<BatchListOptions>) -> Pager<Page<Entity<BatchEndpoint>>> {
        let options = options.unwrap_or_default();
        let count = options.count;
        self.rest
            .pages(Some(options.method_options), move |rest, _| {
                rest.get(rest.url(["batchEndpoints"])).query("count", count)
            })
    }

    /// Makes an endpoint, or replaces one by the whole of `body` (`Batch Endpoints - Create Or Update`), and waits until it
    /// is made.
    ///
    /// # Errors
    ///
    /// [`NotProvisioned`](crate::NotProvisioned) inside the error when it could not be made,
    /// [`TimedOut`](crate::TimedOut) when the limit is reached, and as [`BatchEndpointsClient::get`].
    pub async fn create_or_update<B: Serialize + ?Sized>(
        &self,
        name: &str,
        body: &B,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<BatchEndpoint>>> {
        self.put(name, body, None, wait, options).await
    }

    /// Deletes an endpoint with its deployments (`Batch Endpoints - Delete`) and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and as [`BatchEndpointsClient::get`].
    pub async fn delete(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let options = options.unwrap_or_default();
        let call = self.rest.delete(self.url(name)?).context(&options.context);
        let answer = call.send_empty().await?;
        let what = format!("deleting batch endpoint {name}");
        self.rest.settle(&what, &answer, wait).await
    }

    /// Makes a deployment the default: reads the endpoint, changes `properties.defaults.deploymentName` and writes the
    /// whole, under the endpoint's etag where the service gives one. Nothing is written when it is so already.
    ///
    /// # Errors
    ///
    /// A refusal with status 412 when somebody else wrote in between, and those of
    /// [`BatchEndpointsClient::create_or_update`].
    pub async fn set_default_deployment(
        &self,
        name: &str,
        deployment: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<BatchEndpoint>>> {
        let deployment = named("batch deployment", deployment)?;
        let response = self.get(name, options.clone()).await?;
        let given = response.headers().get_optional_string(&ETAG);
        let endpoint: Entity<BatchEndpoint> = serde_json::from_slice(response.body())
            .map_err(|error| Error::new(ErrorKind::DataConversion, error))?;
        if endpoint.default_deployment() == Some(deployment) {
            return Ok(response);
        }
        let etag = given.or_else(|| endpoint.etag.clone());
        let mut json = endpoint.into_json();
        let defaults = member(member(&mut json, "properties"), "defaults");
        *member(defaults, "deploymentName") = json!(deployment);
        self.put(name, &json, etag, wait, options).await
    }

    /// The address where an endpoint's jobs are started.
    ///
    /// # Errors
    ///
    /// When the endpoint has no address so far, or one that is not trusted ([`UntrustedHost`](crate::UntrustedHost)), and
    /// as [`BatchEndpointsClient::get`].
    pub async fn scoring(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<BatchScoringClient> {
        let endpoint = self.get(name, options).await?.into_model()?;
        let Some(address) = &endpoint.properties.scoring_uri else {
            let message = format!("batch endpoint {name} has no scoring address so far");
            return Err(Error::with_message(ErrorKind::Other, message));
        };
        self.workspace.scoring(address)
    }

    async fn put<B: Serialize + ?Sized>(
        &self,
        name: &str,
        body: &B,
        etag: Option<String>,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<BatchEndpoint>>> {
        let (url, options) = (self.url(name)?, options.unwrap_or_default());
        let call = self.rest.put(url.clone()).context(&options.context);
        let call = call.optional_header(IF_MATCH, etag.as_deref()).json(body);
        let answer = call.send_empty().await?;
        let what = format!("batch endpoint {name}");
        made(&self.rest, &what, url, &answer, wait, &options.context).await
    }

    fn url(&self, name: &str) -> Result<azure_core::http::Url> {
        let name = named("batch endpoint", name)?;
        Ok(self.rest.url(["batchEndpoints", name]))
    }
}
