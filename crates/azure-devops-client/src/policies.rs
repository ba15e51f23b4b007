//! Policies of branches and repositories (REST: Policy Configurations).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;

use crate::client::VERSION;
use crate::models::{NewPolicy, PolicyConfiguration};
use crate::{ProjectClient, list};

const PATH: [&str; 2] = ["policy", "configurations"];

/// Policies of branches and repositories.
#[derive(Clone, Copy, Debug)]
pub struct Policies<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl Policies<'_> {
    /// All policies of the project, those of other repositories too: `GET _apis/policy/configurations`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn list(
        &self,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<PolicyConfiguration>> {
        let options = options.unwrap_or_default();
        let context = &options.context;
        list::all(|token| {
            let call = self.client.get(PATH, VERSION).context(context);
            call.query("continuationToken", token)
        })
        .await
    }

    /// Creates a policy: `POST _apis/policy/configurations`.
    ///
    /// # Errors
    ///
    /// When the service refuses: settings that do not suit the type, or the right to edit policies is lacking.
    pub async fn create(
        &self,
        policy: &NewPolicy,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<PolicyConfiguration> {
        let options = options.unwrap_or_default();
        let call = self.client.post(PATH, VERSION).json(policy);
        call.context(&options.context).send().await?.into_model()
    }

    /// Replaces a policy as a whole: `PUT _apis/policy/configurations/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn replace(
        &self,
        id: u64,
        policy: &NewPolicy,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<PolicyConfiguration> {
        let options = options.unwrap_or_default();
        let id = id.to_string();
        let path = PATH.into_iter().chain([id.as_str()]);
        let call = self.client.put(path, VERSION).json(policy);
        call.context(&options.context).send().await?.into_model()
    }

    /// Deletes a policy: `DELETE _apis/policy/configurations/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn delete(&self, id: u64, options: Option<ClientMethodOptions<'_>>) -> Result<()> {
        let options = options.unwrap_or_default();
        let id = id.to_string();
        let path = PATH.into_iter().chain([id.as_str()]);
        let call = self.client.delete(path, VERSION);
        call.context(&options.context)
            .send_empty()
            .await
            .map(|_| ())
    }
}
