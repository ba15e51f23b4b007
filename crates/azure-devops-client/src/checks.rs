//! Checks of environments, service connections and variable groups: who approves, from which branch, one at a time (REST: Check
//! Configurations).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;

use crate::client::PREVIEW;
use crate::models::{CheckConfiguration, CheckResource, NewCheck};
use crate::{ProjectClient, list};

const PATH: [&str; 3] = ["pipelines", "checks", "configurations"];

/// Checks of environments.
#[derive(Clone, Copy, Debug)]
pub struct Checks<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl Checks<'_> {
    /// The checks of an environment, with their settings: `GET _apis/pipelines/checks/configurations`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn of_environment(
        &self,
        environment: u64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<CheckConfiguration>> {
        let id = environment.to_string();
        self.of(CheckResource::ENVIRONMENT, &id, options).await
    }

    /// The checks of a resource of some kind ([`CheckResource::kind`]), with their settings: `GET _apis/pipelines/checks/configurations`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn of(
        &self,
        kind: &str,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<CheckConfiguration>> {
        let options = options.unwrap_or_default();
        let context = &options.context;
        list::all(|token| {
            let call = self.client.get(PATH, PREVIEW).context(context);
            call.query("resourceType", Some(kind))
                .query("resourceId", Some(id))
                .query("$expand", Some("settings"))
                .query("continuationToken", token)
        })
        .await
    }

    /// Creates a check: `POST _apis/pipelines/checks/configurations`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn create(
        &self,
        check: &NewCheck,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<CheckConfiguration> {
        let options = options.unwrap_or_default();
        let call = self.client.post(PATH, PREVIEW).json(check);
        call.context(&options.context).send().await?.into_model()
    }

    /// Replaces a check: `PATCH _apis/pipelines/checks/configurations/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn replace(
        &self,
        id: u64,
        check: &NewCheck,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<CheckConfiguration> {
        let options = options.unwrap_or_default();
        let id = id.to_string();
        let path = PATH.into_iter().chain([id.as_str()]);
        // The body is the whole check: sending it twice leaves the same one.
        let call = self.client.patch(path, PREVIEW).json(check).repeatable();
        call.context(&options.context).send().await?.into_model()
    }

    /// Deletes a check: `DELETE _apis/pipelines/checks/configurations/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn delete(&self, id: u64, options: Option<ClientMethodOptions<'_>>) -> Result<()> {
        let options = options.unwrap_or_default();
        let id = id.to_string();
        let path = PATH.into_iter().chain([id.as_str()]);
        let call = self.client.delete(path, PREVIEW);
        call.context(&options.context)
            .send_empty()
            .await
            .map(|_| ())
    }
}
