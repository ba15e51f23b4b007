//! Definitions of pipelines, and the environments that they deploy to (REST: Build Definitions, Environments).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use serde_json::json;

use crate::client::{PREVIEW, VERSION};
use crate::models::{Definition, Environment};
use crate::{ProjectClient, list};

/// Definitions of pipelines.
#[derive(Clone, Copy, Debug)]
pub struct Definitions<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl Definitions<'_> {
    /// The definitions of a name, one in each folder that has it: `GET _apis/build/definitions`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn named(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<Definition>> {
        let options = options.unwrap_or_default();
        list::named(
            name,
            |it: &Definition| &it.name,
            || {
                let call = self.client.get(["build", "definitions"], VERSION);
                call.context(&options.context).query("name", Some(name))
            },
        )
        .await
    }
}

const ENVIRONMENTS: [&str; 2] = ["distributedtask", "environments"];

/// Environments that are deployed to.
#[derive(Clone, Copy, Debug)]
pub struct Environments<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl Environments<'_> {
    /// The environment of a name, where there is one: `GET _apis/distributedtask/environments`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn named(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<Environment>> {
        let options = options.unwrap_or_default();
        let found = list::named(
            name,
            |it: &Environment| &it.name,
            || {
                let call = self.client.get(ENVIRONMENTS, PREVIEW);
                call.context(&options.context).query("name", Some(name))
            },
        );
        Ok(found.await?.into_iter().next())
    }

    /// Creates an environment: `POST _apis/distributedtask/environments`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn create(
        &self,
        name: &str,
        description: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Environment> {
        let options = options.unwrap_or_default();
        let call = self.client.post(ENVIRONMENTS, PREVIEW);
        let call = call.json(&json!({ "name": name, "description": description }));
        call.context(&options.context).send().await?.into_model()
    }
}
