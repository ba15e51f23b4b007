//! Where each of the services is, and which token it takes.

use rest_core::RestClientOptions;

/// The cloud that a workspace is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cloud {
    /// `management.azure.com`.
    #[default]
    Public,
    /// `management.chinacloudapi.cn`.
    China,
    /// `management.usgovcloudapi.net`.
    UsGovernment,
}

/// A service at a known address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    /// The base URL.
    pub endpoint: String,
    /// The scope of its token.
    pub scope: String,
}

/// A service whose address the workspace tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoveredPlane {
    /// The base URL, without `/pipelines` or `/history`; the workspace is asked when there is none.
    pub endpoint: Option<String>,
    /// The scope of its token.
    pub scope: String,
}

/// Options for a [`MachineLearningClient`](crate::MachineLearningClient).
#[derive(Clone, Debug)]
pub struct MachineLearningClientOptions {
    /// The `api-version` of Azure Resource Manager.
    pub api_version: String,
    /// Azure Resource Manager: the workspace, jobs, components, batch endpoints.
    pub management: Plane,
    /// The v1 pipelines service.
    pub pipelines: DiscoveredPlane,
    /// Run history.
    pub history: DiscoveredPlane,
    /// The scope of the token that a batch endpoint's scoring address takes.
    pub inference_scope: String,
    /// Where the services of a region are when its workspace does not tell: `https://{region}.{region_domain}`.
    pub region_domain: String,
    /// The domains to which a token may go when an answer of Azure Resource Manager names a host there. The host of
    /// `management` itself is always accepted, and so is what an `endpoint` above says.
    pub trusted_domains: Vec<String>,
    /// Repetition, size limit, transport and policies.
    pub rest: RestClientOptions,
}

impl Default for MachineLearningClientOptions {
    fn default() -> Self {
        Self::for_cloud(Cloud::Public)
    }
}

impl MachineLearningClientOptions {
    /// The addresses and scopes of `cloud`.
    #[must_use]
    pub fn for_cloud(cloud: Cloud) -> Self {
        let (management, inference, region) = match cloud {
            Cloud::Public => ("management.azure.com", "ml.azure.com", "api.azureml.ms"),
            Cloud::China => (
                "management.chinacloudapi.cn",
                "ml.azure.cn",
                "api.ml.azure.cn",
            ),
            Cloud::UsGovernment => (
                "management.usgovcloudapi.net",
                "ml.azure.us",
                "api.ml.azure.us",
            ),
        };
        let discovered = DiscoveredPlane {
            endpoint: None,
            scope: format!("https://{management}/.default"),
        };
        Self {
            api_version: "2025-12-01".to_owned(),
            management: Plane {
                endpoint: format!("https://{management}"),
                scope: discovered.scope.clone(),
            },
            pipelines: discovered.clone(),
            history: discovered,
            inference_scope: format!("https://{inference}/.default"),
            region_domain: region.to_owned(),
            trusted_domains: match cloud {
                Cloud::Public => vec!["azureml.ms".to_owned(), inference.to_owned()],
                _ => vec![inference.to_owned()],
            },
            rest: RestClientOptions::default(),
        }
    }

    /// Sends everything to one service, such as a local emulator, that plays all planes.
    #[must_use]
    pub fn single_endpoint(endpoint: impl Into<String>) -> Self {
        let endpoint = endpoint.into();
        let mut options = Self::default();
        options.management.endpoint.clone_from(&endpoint);
        options.pipelines.endpoint = Some(endpoint.clone());
        options.history.endpoint = Some(endpoint);
        options
    }
}
