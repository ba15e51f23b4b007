//! Why an environment is not reached.

use dataops_solution::settings::SettingsError;

use super::credential::CredentialError;

/// An environment cannot be reached as it is described.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// The environment's description is not enough.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no way to sign in.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// A client refuses its settings.
    #[error("{service} cannot be reached as it is described")]
    Client {
        /// The service.
        service: &'static str,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// A text is no name of a storage account, and could be another host.
    #[error("`{0}` is no name of a storage account, which has letters and digits only")]
    Account(String),
    /// Nobody says which workspace the data of a contract are in.
    #[error("nobody says which Databricks workspace measures the data")]
    UnknownWorkspace,
    /// A data contract is about another workspace than the environment.
    #[error("the contract's data are in the workspace {named}, and the environment's is {known}")]
    OtherWorkspace {
        /// That of the environment.
        known: String,
        /// That of the contract.
        named: String,
    },
    /// A data contract names a host that may be anybody's.
    #[error(
        "the contract names the workspace {named}, which is no host of Databricks; DATABRICKS_HOST makes it one"
    )]
    ForeignWorkspace {
        /// That of the contract.
        named: String,
    },
    /// The Databricks settings do not fit together.
    #[error("the Databricks workspace cannot be reached as it is described")]
    Databricks(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A client of a service that refuses its settings.
pub(super) fn client(service: &'static str) -> impl Fn(azure_core::Error) -> ConnectionError {
    move |source| ConnectionError::Client { service, source }
}
