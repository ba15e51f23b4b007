//! Deployments behind a batch endpoint, through Azure Resource Manager.

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use rest_core::{Page, RestClient, Wait};
use serde::Serialize;

use super::models::BatchDeployment;
use crate::Entity;
use crate::name::named;
use crate::provision::made;

/// The deployments behind one batch endpoint.
#[derive(Clone, Debug)]
pub struct BatchDeploymentsClient {
    rest: RestClient,
}

impl BatchDeploymentsClient {
    pub(super) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Gets a deployment (`Batch Deployments - Get`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn get(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<BatchDeployment>>> {
        let options = options.unwrap_or_default();
        let call = self.rest.get(self.url(name)?);
        call.context(&options.context).send().await
    }

    /// Lists the deployments (`Batch Deployments - List`).
    pub fn list(
        &self,
        options: Option<PagerOptions<'static>>,
    ) -> Pager<Page<Entity<BatchDeployment>>> {
        self.rest.list(self.rest.url(["deployments"]), options)
    }

    /// Makes a deployment, or replaces one by the whole of `body` (`Batch Deployments - Create Or Update`), and waits until
    /// it is made. It becomes the default only by
    /// [`BatchEndpointsClient::set_default_deployment`](super::BatchEndpointsClient::set_default_deployment).
    ///
    /// # Errors
    ///
    /// [`NotProvisioned`](crate::NotProvisioned) inside the error when it could not be made,
    /// [`TimedOut`](crate::TimedOut) when the limit is reached, and as [`BatchDeploymentsClient::get`].
    pub async fn create_or_update<B: Serialize + ?Sized>(
        &self,
        name: &str,
        body: &B,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<BatchDeployment>>> {
        let (url, options) = (self.url(name)?, options.unwrap_or_default());
        let call = self.rest.put(url.clone()).context(&options.context);
        let answer = call.json(body).send_empty().await?;
        let what = format!("batch deployment {name}");
        made(&self.rest, &what, url, &answer, wait, &options.context).await
    }

    /// Deletes a deployment (`Batch Deployments - Delete`) and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and as [`BatchDeploymentsClient::get`].
    pub async fn delete(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let options = options.unwrap_or_default();
        let call = self.rest.delete(self.url(name)?).context(&options.context);
        let answer = call.send_empty().await?;
        let what = format!("deleting batch deployment {name}");
        self.rest.settle(&what, &answer, wait).await
    }

    fn url(&self, name: &str) -> Result<Url> {
        let name = named("batch deployment", name)?;
        Ok(self.rest.url(["deployments", name]))
    }
}
