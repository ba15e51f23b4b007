//! Where an environment's services are reached, and as whom.

mod accounts;
mod answer;
mod calls;
mod credential;
mod databricks;
mod documents;
mod emulator;
mod error;
mod key_vault;
mod last_resort;
mod signed_in;
mod silence;
mod storage;
mod storage_error;
mod storage_keys;

pub use credential::{AuthMethod, Credential, CredentialError};
pub(crate) use documents::BlobCondition;
pub use emulator::{EmulatorAddress, EmulatorAddressError};
pub use error::ConnectionError;
pub use last_resort::NotSignedIn;
pub use signed_in::{SignInFailed, SignedIn};
pub use storage::{BlobEntry, Storage};
pub use storage_error::StorageError;

use std::sync::Arc;
use std::time::Duration;

use adf_client::{FactoryClient, FactoryClientOptions, FactoryId};
use aml_client::{MachineLearningClient, MachineLearningClientOptions};
use arm_client::{DeploymentsClient, DeploymentsClientOptions};
use azure_core::credentials::TokenCredential;
use azure_core::http::{ClientOptions, Transport};
use rest_core::{Pace, Package, RestClient, RestClientOptions, Retry};

use error::client;

use dataops_solution::environment::{Environment, Variables};
use dataops_solution::key_vault::KeyVaultAddress;

/// How an environment is reached.
#[derive(Clone, Debug)]
pub enum Access {
    /// Azure, as somebody.
    Azure(Credential),
    /// A running emulator, whatever hosts the environment names.
    Emulator(EmulatorAddress),
}

const PACKAGE: Package = Package {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// An emulator that does not answer within seconds is not there.
const NEARBY: Retry = Retry {
    max_attempts: 6,
    base_delay: Duration::from_millis(100),
    max_delay: Duration::from_secs(2),
    max_elapsed: Duration::from_secs(60),
};

/// The clients of an environment's services.
#[derive(Clone, Debug)]
pub struct Connection {
    environment: Environment,
    access: Access,
    retry: Retry,
    pace: Pace,
    patience: Option<Duration>,
    variables: Variables,
}

impl Connection {
    /// Prepares the clients; nothing is sent yet.
    #[must_use]
    pub fn new(environment: Environment, access: Access, variables: Variables) -> Self {
        let retry = match access {
            Access::Azure(_) => Retry::default(),
            Access::Emulator(_) => NEARBY,
        };
        Self {
            environment,
            access,
            retry,
            pace: Pace::of_resource_manager(),
            patience: None,
            variables,
        }
    }

    /// Repeats requests in another way than the default.
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Listens to a silent factory for another time than the default.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The environment.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Whether everything is sent to an emulator.
    #[must_use]
    pub fn is_emulated(&self) -> bool {
        matches!(self.access, Access::Emulator(_))
    }

    /// Whether signing in has ever succeeded.
    #[must_use]
    pub fn signed_in(&self) -> SignedIn {
        match &self.access {
            Access::Azure(credential) => credential.signed_in(),
            Access::Emulator(_) => SignedIn::always(),
        }
    }

    /// The environment's factory.
    ///
    /// # Errors
    ///
    /// When the environment does not say where it is.
    pub fn factory(&self) -> Result<FactoryClient, ConnectionError> {
        let azure = self.environment.azure()?;
        let id = FactoryId {
            subscription: azure.subscription.clone(),
            resource_group: azure.resource_group.clone(),
            factory: azure.factory.clone(),
        };
        let mut options = FactoryClientOptions::default();
        options.rest.retry = self.retry;
        options.rest.client_options = self.client_options();
        options.rest.pace = Some(self.pace.clone());
        if let Some(patience) = self.patience {
            options.rest.patience = patience;
        }
        if let Access::Emulator(emulator) = &self.access {
            options.endpoint = emulator.url.to_string();
        }
        FactoryClient::new(id, self.token(), Some(options)).map_err(client("Data Factory"))
    }

    /// The environment's Azure ML workspace.
    ///
    /// # Errors
    ///
    /// When the environment does not say where it is.
    pub fn machine_learning(&self) -> Result<MachineLearningClient, ConnectionError> {
        let azure = self.environment.azure()?;
        let settings = self.environment.aml.as_ref();
        if settings.is_none() && !self.is_emulated() {
            return Err(self.environment.lacks("aml").into());
        }
        let subscription = settings
            .and_then(|settings| settings.subscription.as_deref())
            .unwrap_or(&azure.subscription);
        let group = settings
            .and_then(|settings| settings.resource_group.as_deref())
            .unwrap_or(&azure.resource_group);
        let workspace = settings.map_or("local", |settings| settings.workspace.as_str());
        let mut options = match &self.access {
            Access::Emulator(emulator) => {
                MachineLearningClientOptions::single_endpoint(emulator.url.as_str())
            }
            Access::Azure(_) => MachineLearningClientOptions::default(),
        };
        options.rest.retry = self.retry;
        options.rest.client_options = self.client_options();
        MachineLearningClient::new(subscription, group, workspace, self.token(), Some(options))
            .map_err(client("Azure ML"))
    }

    /// The deployments of the environment's resource group.
    ///
    /// # Errors
    ///
    /// When the environment does not say where it is.
    pub fn deployments(&self) -> Result<DeploymentsClient, ConnectionError> {
        let azure = self.environment.azure()?;
        let mut options = DeploymentsClientOptions {
            endpoint: self.management().to_owned(),
            ..DeploymentsClientOptions::default()
        };
        options.rest.retry = self.retry;
        options.rest.pace = Some(self.pace.clone());
        let (subscription, group) = (&azure.subscription, &azure.resource_group);
        DeploymentsClient::new(subscription, group, self.token(), Some(options))
            .map_err(client("Azure Resource Manager"))
    }

    /// Azure Resource Manager, as the connection's caller, in a version of the resources that are asked for.
    pub(crate) fn resource_manager(&self, version: &str) -> Result<RestClient, ConnectionError> {
        let options = RestClientOptions {
            retry: self.retry,
            client_options: self.client_options(),
            ..RestClientOptions::default()
        };
        let scope = "https://management.azure.com/.default";
        RestClient::new(PACKAGE, self.management(), self.token(), scope, options)
            .map(|rest| rest.api_version(version))
            .map_err(client("Azure Resource Manager"))
    }

    /// The value of a secret in a Key Vault.
    ///
    /// # Errors
    ///
    /// When the vault refuses, or has no such secret.
    pub async fn key_vault_secret(
        &self,
        address: &KeyVaultAddress,
    ) -> azure_core::Result<dataops_solution::secret::Secret> {
        let options = RestClientOptions {
            retry: self.retry,
            client_options: self.client_options(),
            ..RestClientOptions::default()
        };
        let endpoint = format!("https://{}", address.host);
        let scope = format!("https://{}/.default", address.domain());
        let vault = RestClient::new(PACKAGE, &endpoint, self.token(), &scope, options)?;
        key_vault::secret(&vault.api_version(key_vault::VERSION), address).await
    }

    /// The endpoint of Azure Resource Manager.
    fn management(&self) -> &str {
        match &self.access {
            Access::Azure(_) => "https://management.azure.com",
            Access::Emulator(emulator) => emulator.url.as_str(),
        }
    }

    /// The emulator behind this connection.
    #[must_use]
    pub fn emulator(&self) -> Option<&EmulatorAddress> {
        match &self.access {
            Access::Emulator(emulator) => Some(emulator),
            Access::Azure(_) => None,
        }
    }

    /// One for all clients: each of its own would read the certificates of the machine again.
    fn transport(&self) -> Transport {
        match &self.access {
            Access::Azure(credential) => credential.transport(),
            Access::Emulator(emulator) => emulator.transport(),
        }
    }

    fn token(&self) -> Arc<dyn TokenCredential> {
        match &self.access {
            Access::Azure(credential) => credential.token(),
            Access::Emulator(emulator) => emulator.credential(),
        }
    }

    fn client_options(&self) -> ClientOptions {
        ClientOptions {
            transport: Some(self.transport()),
            ..ClientOptions::default()
        }
    }
}
