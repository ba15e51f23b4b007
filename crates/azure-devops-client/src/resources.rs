//! What pipelines may use beside environments: service connections and variable groups (REST: Service Endpoints, Variable Groups).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;

use crate::client::VERSION;
use crate::models::{ServiceEndpoint, VariableGroup};
use crate::{ProjectClient, list};

/// Service connections.
#[derive(Clone, Copy, Debug)]
pub struct ServiceEndpoints<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl ServiceEndpoints<'_> {
    /// The service connection of a name, where there is one that may be seen: `GET _apis/serviceendpoint/endpoints`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn named(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<ServiceEndpoint>> {
        let options = options.unwrap_or_default();
        let context = &options.context;
        let found: Vec<ServiceEndpoint> = list::all(|token| {
            let call = self.client.get(["serviceendpoint", "endpoints"], VERSION);
            call.context(context)
                .query("endpointNames", Some(name))
                .query("continuationToken", token)
        })
        .await?;
        let mut found = found.into_iter();
        Ok(found.find(|endpoint| endpoint.name.eq_ignore_ascii_case(name)))
    }
}

/// Variable groups.
#[derive(Clone, Copy, Debug)]
pub struct VariableGroups<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl VariableGroups<'_> {
    /// The variable group of a name, where there is one that may be seen: `GET _apis/distributedtask/variablegroups`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn named(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<VariableGroup>> {
        let options = options.unwrap_or_default();
        let context = &options.context;
        let path = ["distributedtask", "variablegroups"];
        let found: Vec<VariableGroup> = list::all(|token| {
            let call = self.client.get(path, VERSION).context(context);
            call.query("groupName", Some(name))
                .query("continuationToken", token)
        })
        .await?;
        // `*` in the name of the query stands for anything.
        let mut found = found.into_iter();
        Ok(found.find(|group| group.name.eq_ignore_ascii_case(name)))
    }
}
