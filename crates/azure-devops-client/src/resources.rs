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
        let found = list::named(
            name,
            |it: &ServiceEndpoint| &it.name,
            || {
                let call = self.client.get(["serviceendpoint", "endpoints"], VERSION);
                call.context(&options.context)
                    .query("endpointNames", Some(name))
            },
        );
        Ok(found.await?.into_iter().next())
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
        let found = list::named(
            name,
            |it: &VariableGroup| &it.name,
            || {
                let path = ["distributedtask", "variablegroups"];
                let call = self.client.get(path, VERSION).context(&options.context);
                call.query("groupName", Some(name))
            },
        );
        Ok(found.await?.into_iter().next())
    }
}
