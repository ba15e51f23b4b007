//! Where an environment's services are reached, and as whom.

mod credential;
mod databricks;
mod documents;
mod emulator;
mod key_vault;
mod last_resort;
mod signed_in;
mod storage;
mod storage_keys;

pub use credential::{AuthMethod, Credential, CredentialError};
pub(crate) use documents::BlobCondition;
pub use emulator::{EmulatorAddress, EmulatorAddressError};
pub use last_resort::NotSignedIn;
pub use signed_in::SignedIn;
pub use storage::{BlobEntry, Storage, StorageError};

use std::sync::Arc;
use std::time::Duration;

use adf_client::{FactoryClient, FactoryClientOptions, FactoryId};
use aml_client::{MachineLearningClient, MachineLearningClientOptions};
use arm_client::{DeploymentsClient, DeploymentsClientOptions};
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport};
use databricks_client::{WorkspaceClient, WorkspaceClientOptions};
use rest_core::{Pace, Package, RestClient, RestClientOptions, Retry};

use storage_keys::account_key;

use dataops_solution::environment::{Environment, Variables};
use dataops_solution::key_vault::KeyVaultAddress;
use dataops_solution::settings::SettingsError;

/// How an environment is reached.
#[derive(Clone, Debug)]
pub enum Access {
    /// Azure, as somebody.
    Azure(Credential),
    /// A running emulator, whatever hosts the environment names.
    Emulator(EmulatorAddress),
}

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

    /// The environment's Databricks workspace.
    ///
    /// # Errors
    ///
    /// When the environment does not say where it is, or there is no way to sign in there.
    pub fn databricks(&self) -> Result<WorkspaceClient, ConnectionError> {
        let host = self.environment.databricks.as_ref();
        self.databricks_at(host.map(|settings| settings.host.as_str()))
    }

    /// The workspace of a data contract, which may name its host: the environment's, the one of `DATABRICKS_HOST`, or the one that is
    /// named.
    ///
    /// # Errors
    ///
    /// When nobody says which one, it is another one than the environment's, or there is no way to sign in there.
    pub fn databricks_named(
        &self,
        named: Option<&str>,
    ) -> Result<WorkspaceClient, ConnectionError> {
        if self.is_emulated() {
            return self.databricks_at(None);
        }
        let of_environment = self.environment.databricks.as_ref();
        let known = of_environment
            .map(|settings| settings.host.as_str())
            .or_else(|| self.variables.get("DATABRICKS_HOST"));
        let host = databricks::host_of_contract(
            known.filter(|host| !host.is_empty()),
            named.filter(|host| !host.is_empty()),
        )?;
        let host = host.ok_or(ConnectionError::UnknownWorkspace)?;
        self.databricks_at(Some(&host))
    }

    fn databricks_at(&self, host: Option<&str>) -> Result<WorkspaceClient, ConnectionError> {
        let mut options = WorkspaceClientOptions::default();
        options.rest.client_options = self.client_options();
        if let Access::Emulator(emulator) = &self.access {
            options.rest.retry = self.retry;
            return WorkspaceClient::new(
                emulator.url.as_str(),
                emulator.credential(),
                Some(options),
            )
            .map_err(client("Databricks"));
        }
        let host = host.ok_or_else(|| self.environment.lacks("databricks"))?;
        let own = ["DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET"];
        if own
            .into_iter()
            .all(|name| self.variables.get(name).is_none())
        {
            return WorkspaceClient::new(host, self.token(), Some(options))
                .map_err(client("Databricks"));
        }
        let config = databricks::config(host, &self.variables)?;
        WorkspaceClient::from_config(&config, Some(options)).map_err(client("Databricks"))
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

    /// The environment's storage account.
    ///
    /// # Errors
    ///
    /// When the environment does not name it.
    pub fn storage(&self) -> Result<Storage, ConnectionError> {
        let account = self.storage_account();
        let account = account.ok_or_else(|| self.environment.lacks("storage"))?;
        self.storage_of(account)
    }

    /// Another storage account; on an emulator there is one alone.
    ///
    /// # Errors
    ///
    /// When there can be none of that name.
    pub fn storage_of(&self, account: &str) -> Result<Storage, ConnectionError> {
        let url = self.blob_service(account);
        self.storage_at(&url, Some(self.token()))
    }

    /// A storage account by a shared access signature (without `?`), whoever is signed in.
    ///
    /// # Errors
    ///
    /// When the client cannot be built.
    pub fn storage_signed(
        &self,
        account: &str,
        signature: &Secret,
    ) -> Result<Storage, ConnectionError> {
        let url = self.blob_service(account);
        let signature = signature.secret().trim_start_matches('?');
        self.storage_at(&format!("{url}?{signature}"), None)
    }

    fn storage_at(
        &self,
        url: &str,
        credential: Option<Arc<dyn TokenCredential>>,
    ) -> Result<Storage, ConnectionError> {
        let storage = Storage::new(url, credential, self.blob_options());
        let storage = storage.map_err(client("Blob storage"))?;
        Ok(match self.patience {
            Some(patience) => storage.with_patience(patience),
            None => storage,
        })
    }

    fn blob_service(&self, account: &str) -> String {
        match &self.access {
            Access::Emulator(emulator) => emulator.blob_service(),
            Access::Azure(_) => format!("https://{account}.blob.core.windows.net/"),
        }
    }

    /// The name of the storage account.
    #[must_use]
    pub fn storage_account(&self) -> Option<&str> {
        match &self.access {
            Access::Emulator(emulator) => Some(&emulator.account),
            Access::Azure(_) => self
                .environment
                .storage
                .as_ref()
                .map(|settings| settings.account.as_str()),
        }
    }

    /// A key of a storage account: `Storage Accounts - List Keys`, in the factory's resource group.
    ///
    /// # Errors
    ///
    /// When the service refuses, or the account has no key.
    pub async fn storage_account_key(&self, account: &str) -> azure_core::Result<Secret> {
        let azure = self.environment.azure().map_err(other)?;
        let manager = self
            .resource_manager(storage_keys::VERSION)
            .map_err(other)?;
        account_key(&manager, azure, account).await
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

    /// The Blob client repeats by azure_core's own rules, and brings a transport of its own to Azure, which leaves blobs packed as
    /// they are.
    fn blob_options(&self) -> ClientOptions {
        ClientOptions {
            retry: RetryOptions::exponential(ExponentialRetryOptions {
                initial_delay: delay(self.retry.base_delay),
                max_delay: delay(self.retry.max_delay),
                max_retries: self.retry.max_attempts.saturating_sub(1),
                max_total_elapsed: delay(self.retry.max_elapsed),
            }),
            transport: self.emulator().map(EmulatorAddress::transport),
            ..ClientOptions::default()
        }
    }
}

fn delay(time: Duration) -> azure_core::time::Duration {
    time.try_into().unwrap_or(azure_core::time::Duration::MAX)
}

fn client(service: &'static str) -> impl Fn(azure_core::Error) -> ConnectionError {
    move |source| ConnectionError::Client { service, source }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> azure_core::Error {
    azure_core::Error::new(azure_core::error::ErrorKind::Other, error)
}
