//! Where a workspace's own services are.

use std::collections::BTreeMap;

use azure_core::error::ErrorKind;
use azure_core::http::ClientMethodOptions;
use azure_core::{Error, Result};
use rest_core::RestClient;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::client::PACKAGE;
use crate::options::MachineLearningClientOptions;
use crate::reading::{PrivateMap, nested};
use crate::trust::Trust;

/// A workspace (`Workspaces - Get` of Azure Resource Manager).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Workspace {
    /// The resource id.
    pub id: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The region, such as `westeurope`.
    pub location: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
    /// What the workspace says of itself.
    #[serde(default, deserialize_with = "nested")]
    pub properties: WorkspaceProperties,
}

/// The `properties` of a [`Workspace`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WorkspaceProperties {
    /// The address of the map of services.
    pub discovery_url: Option<String>,
    /// The workspace's own id, a GUID.
    pub workspace_id: Option<String>,
    /// Whether v2 calls stay off the private link.
    #[serde(default)]
    pub v1_legacy_mode: bool,
    /// How far the making of the workspace is.
    pub provisioning_state: Option<String>,
}

/// The base addresses of a workspace's services, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Services {
    addresses: BTreeMap<String, String>,
    api: String,
}

impl Services {
    /// The gateway of the pipelines service.
    #[must_use]
    pub fn api(&self) -> &str {
        &self.api
    }

    /// The gateway of run history.
    #[must_use]
    pub fn history(&self) -> &str {
        self.get("history").unwrap_or(&self.api)
    }

    /// The address of any service of the map, such as `studio`.
    #[must_use]
    pub fn get(&self, service: &str) -> Option<&str> {
        self.addresses.get(service).map(String::as_str)
    }

    pub(crate) fn of(&self, area: &str) -> &str {
        match area {
            "history" => self.history(),
            _ => self.api(),
        }
    }
}

/// Reads the map that `workspace` names.
pub(crate) async fn services(
    workspace: &Workspace,
    options: &MachineLearningClientOptions,
    trust: &Trust,
    method: Option<ClientMethodOptions<'_>>,
) -> Result<Services> {
    let link = workspace.properties.discovery_url.as_deref();
    let addresses = match link.filter(|link| !link.is_empty()) {
        Some(link) => map(trust.accept("discovery address", link)?, options, method).await?,
        None => BTreeMap::new(),
    };
    let api = match addresses.get("api").filter(|api| !api.is_empty()) {
        Some(api) => api.clone(),
        None => regional(workspace, &options.region_domain)?,
    };
    Ok(Services { addresses, api })
}

/// The map is public: no token is sent.
async fn map(
    link: &str,
    options: &MachineLearningClientOptions,
    method: Option<ClientMethodOptions<'_>>,
) -> Result<BTreeMap<String, String>> {
    let method = method.unwrap_or_default();
    let rest = RestClient::with_policy(PACKAGE, link, None, options.rest.clone())?;
    let answer = rest.get(rest.base().clone()).context(&method.context);
    let map: Map<String, Value> = answer.send().await?.into_model()?;
    let addresses = map.into_iter().filter_map(|(service, address)| {
        let address = address.as_str()?.to_owned();
        Some((service, address))
    });
    Ok(addresses.collect())
}

fn regional(workspace: &Workspace, domain: &str) -> Result<String> {
    let region: String = workspace
        .location
        .as_deref()
        .unwrap_or_default()
        .chars()
        .filter(|letter| *letter != ' ')
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if region.is_empty() || !region.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Error::with_message(
            ErrorKind::DataConversion,
            "the workspace tells neither a discovery address nor a region; set the endpoint of the pipelines service",
        ));
    }
    Ok(format!("https://{region}.{domain}"))
}
