//! Secrets in a Key Vault (`Secrets - Get Secret`, 7.4).

use dataops_solution::key_vault::KeyVaultAddress;
use dataops_solution::secret::Secret;
use rest_core::RestClient;
use serde::Deserialize;

/// The version of the service.
pub(super) const VERSION: &str = "7.4";

/// What the service tells of a secret. It has no `Debug`.
#[derive(Deserialize)]
struct Bundle {
    value: String,
}

/// The value of a secret.
pub(super) async fn secret(
    rest: &RestClient,
    address: &KeyVaultAddress,
) -> azure_core::Result<Secret> {
    let parts = ["secrets", &address.name].into_iter();
    let url = rest.url(parts.chain(address.version.as_deref()));
    let bundle = rest.get(url).send::<Bundle>().await?.into_model()?;
    Ok(Secret::new(bundle.value))
}
