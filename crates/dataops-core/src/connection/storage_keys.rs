//! The keys of a storage account, over Azure Resource Manager (`Storage Accounts - List Keys`, 2023-05-01).

use azure_core::credentials::Secret;
use azure_core::error::ErrorKind;
use azure_core::{Error, Result};
use rest_core::RestClient;
use serde::Deserialize;

use dataops_solution::environment::AzureFactory;

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    value: String,
}

/// The version of `Microsoft.Storage`.
pub(super) const VERSION: &str = "2023-05-01";

/// The first key of an account in the factory's resource group.
pub(super) async fn account_key(
    rest: &RestClient,
    azure: &AzureFactory,
    account: &str,
) -> Result<Secret> {
    let url = rest.url([
        "subscriptions",
        &azure.subscription,
        "resourceGroups",
        &azure.resource_group,
        "providers",
        "Microsoft.Storage",
        "storageAccounts",
        account,
        "listKeys",
    ]);
    let keys = rest
        .post(url)
        .repeatable()
        .send::<Keys>()
        .await?
        .into_model()?;
    let first = keys.keys.into_iter().next();
    let none = || {
        Error::with_message(
            ErrorKind::Other,
            format!("storage account `{account}` has no key"),
        )
    };
    first.map(|key| Secret::new(key.value)).ok_or_else(none)
}
