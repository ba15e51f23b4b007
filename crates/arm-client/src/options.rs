//! What a caller can choose.

use rest_core::RestClientOptions;

/// Options for a [`DeploymentsClient`](crate::DeploymentsClient).
#[derive(Clone, Debug)]
pub struct DeploymentsClientOptions {
    /// Where Azure Resource Manager is: `https://management.azure.com`, a sovereign cloud's host, or `http://` on this machine.
    pub endpoint: String,
    /// What the token is for.
    pub scope: String,
    /// The API version; nothing older than 2021-04-01 is known to work.
    pub api_version: String,
    /// Repetition, size limit, transport and policies.
    pub rest: RestClientOptions,
}

impl Default for DeploymentsClientOptions {
    fn default() -> Self {
        Self {
            endpoint: "https://management.azure.com".to_owned(),
            scope: "https://management.azure.com/.default".to_owned(),
            api_version: "2021-04-01".to_owned(),
            rest: RestClientOptions::default(),
        }
    }
}
