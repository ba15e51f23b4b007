//! What a caller can choose.

use azure_core::Result;
use azure_core::error::ErrorKind;
use azure_core::http::{ClientMethodOptions, Url};
use rest_core::RestClientOptions;

use crate::models::RerunFrom;

/// Azure Resource Manager of the public cloud.
const PUBLIC: &str = "https://management.azure.com";

/// Options for a [`FactoryClient`](crate::FactoryClient) and a [`FactoriesClient`](crate::FactoriesClient).
#[derive(Clone, Debug)]
pub struct FactoryClientOptions {
    /// Where Azure Resource Manager is: `https://management.azure.com`, a sovereign cloud's host, or `http://` on this machine.
    pub endpoint: String,
    /// What the token is for; nothing stands for the endpoint's `/.default`, on this machine for that of the public cloud.
    pub scope: Option<String>,
    /// The API version; 2018-06-01 is the only one that this crate knows.
    pub api_version: String,
    /// Repetition, size limit, transport and policies.
    pub rest: RestClientOptions,
}

impl Default for FactoryClientOptions {
    fn default() -> Self {
        Self {
            endpoint: PUBLIC.to_owned(),
            scope: None,
            api_version: "2018-06-01".to_owned(),
            rest: RestClientOptions::default(),
        }
    }
}

impl FactoryClientOptions {
    pub(crate) fn token_scope(&self) -> Result<String> {
        if let Some(scope) = &self.scope {
            return Ok(scope.clone());
        }
        let endpoint: Url = self.endpoint.parse().map_err(|error| {
            let message = format!("endpoint `{}`: {error}", self.endpoint);
            azure_core::Error::with_message(ErrorKind::Other, message)
        })?;
        if rest_core::is_loopback(&endpoint) {
            return Ok(format!("{PUBLIC}/.default"));
        }
        Ok(format!(
            "{}/.default",
            endpoint.origin().ascii_serialization()
        ))
    }
}

/// How a pipeline run starts; the query parameters of `createRun`.
#[derive(Clone, Debug, Default)]
pub struct CreateRunOptions<'a> {
    /// The run whose parameters are used; those of the call are then ignored by the service.
    pub reference_pipeline_run_id: Option<String>,
    /// Whether the new run joins the group of the referenced run, as a rerun of it.
    pub is_recovery: Option<bool>,
    /// The activity that a rerun starts from; nothing stands for all activities.
    pub start_activity_name: Option<String>,
    /// Whether a rerun starts from the activities that failed; without effect when `start_activity_name` is given.
    pub start_from_failure: Option<bool>,
    /// The call's context.
    pub method_options: ClientMethodOptions<'a>,
}

impl CreateRunOptions<'_> {
    /// A rerun: with the parameters of an earlier run, and in its group.
    #[must_use]
    pub fn rerun(run_id: &str, from: RerunFrom) -> Self {
        let mut options = Self {
            reference_pipeline_run_id: Some(run_id.to_owned()),
            is_recovery: Some(true),
            ..Self::default()
        };
        match from {
            RerunFrom::Start => {}
            RerunFrom::Failure => options.start_from_failure = Some(true),
            RerunFrom::Activity(name) => options.start_activity_name = Some(name),
        }
        options
    }
}

/// How a pipeline run is cancelled.
#[derive(Clone, Debug, Default)]
pub struct CancelRunOptions<'a> {
    /// Whether the runs that it has started are cancelled too.
    pub is_recursive: Option<bool>,
    /// The call's context.
    pub method_options: ClientMethodOptions<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_for_the_endpoint() {
        for (endpoint, scope) in [
            (PUBLIC, "https://management.azure.com/.default"),
            (
                "https://management.chinacloudapi.cn/",
                "https://management.chinacloudapi.cn/.default",
            ),
            (
                "http://127.0.0.1:8080",
                "https://management.azure.com/.default",
            ),
        ] {
            let options = FactoryClientOptions {
                endpoint: endpoint.to_owned(),
                ..FactoryClientOptions::default()
            };

            assert_eq!(options.token_scope().unwrap(), scope);
        }
    }
}
