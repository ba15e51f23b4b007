//! The storage accounts of an environment.

use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientOptions, RetryOptions};

use super::calls::Calls;
use super::error::client;
use super::storage::PATIENCE;
use super::storage_keys::{self, account_key};
use super::{Access, Connection, ConnectionError, EmulatorAddress, Storage};

/// The Blob service of Azure; an environment names its accounts alone.
const BLOBS: &str = "blob.core.windows.net";

impl Connection {
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
        match is_label(account) {
            true => self.storage_on(&format!("{account}.{BLOBS}")),
            false => Err(ConnectionError::Account(account.to_owned())),
        }
    }

    /// The storage account with a host of the Blob service, in any cloud; on an emulator there is one alone.
    ///
    /// # Errors
    ///
    /// When there can be none of that name.
    pub fn storage_on(&self, host: &str) -> Result<Storage, ConnectionError> {
        // A token for storage is for that of all clouds.
        self.storage_at(&self.blob_service(host)?, Some(self.token()))
    }

    /// A storage account by its host and a shared access signature (without `?`), whoever is signed in.
    ///
    /// # Errors
    ///
    /// When the client cannot be built.
    pub fn storage_signed(
        &self,
        host: &str,
        signature: &Secret,
    ) -> Result<Storage, ConnectionError> {
        let url = self.blob_service(host)?;
        let signature = signature.secret().trim_start_matches('?');
        self.storage_at(&format!("{url}?{signature}"), None)
    }

    fn storage_at(
        &self,
        url: &str,
        credential: Option<Arc<dyn TokenCredential>>,
    ) -> Result<Storage, ConnectionError> {
        let patience = self.patience.unwrap_or(PATIENCE);
        let storage = Storage::new(url, credential, self.blob_options(patience));
        let storage = storage.map_err(client("Blob storage"))?;
        Ok(storage.with_patience(patience))
    }

    fn blob_service(&self, host: &str) -> Result<String, ConnectionError> {
        let mut labels = host.split('.');
        match &self.access {
            Access::Emulator(emulator) => Ok(emulator.blob_service()),
            Access::Azure(_) if labels.all(is_label) => Ok(format!("https://{host}/")),
            Access::Azure(_) => Err(ConnectionError::Account(host.to_owned())),
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

    /// Calls are repeated, and given up, as everywhere; the Blob client brings a transport of its own to Azure, which leaves blobs packed as
    /// they are.
    fn blob_options(&self, patience: Duration) -> ClientOptions {
        let calls = Calls {
            retry: self.retry,
            patience,
        };
        ClientOptions {
            // Behind signing in, which takes its own time.
            per_try_policies: vec![Arc::new(calls)],
            retry: RetryOptions::none(),
            transport: self.emulator().map(EmulatorAddress::transport),
            ..ClientOptions::default()
        }
    }
}

/// Whether a text is a name that can stand in a host: a token goes there, and with `\` or `/` in it the host would be another one.
fn is_label(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_part)
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> azure_core::Error {
    azure_core::Error::new(azure_core::error::ErrorKind::Other, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_account_leads_to_no_other_host() {
        assert!(is_label("acct") && is_label("st0123456789-secondary"));
        for other in [
            "",
            r"127.0.0.1\",
            r"localhost:8080\",
            "a.b.c",
            "evil/",
            "evil#",
            "a@b",
            "me%2f",
        ] {
            assert!(!is_label(other), "{other}");
        }
    }
}
