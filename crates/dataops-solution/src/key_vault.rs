//! Addresses of secrets in a Key Vault: `keyvault://VAULT/NAME` or `keyvault://VAULT/NAME/VERSION`, and the same as an object.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// How such an address begins.
pub const SCHEME: &str = "keyvault://";

/// The domain of vaults in the public cloud.
const PUBLIC: &str = "vault.azure.net";
/// The domains of vaults in all clouds.
const DOMAINS: [&str; 3] = [PUBLIC, "vault.azure.cn", "vault.usgovcloudapi.net"];

/// Where a secret stands in a Key Vault.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyVaultAddress {
    /// The host of the vault, such as `kv-qa.vault.azure.net`.
    pub host: String,
    /// The secret's name.
    pub name: String,
    /// Its version; nothing for the newest.
    pub version: Option<String>,
}

/// A text that is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not keyvault://VAULT/NAME or keyvault://VAULT/NAME/VERSION, nor `{{ keyVault: {{ vault: VAULT, name: NAME }} }}`"
)]
pub struct KeyVaultAddressError(String);

/// The address that an object says, `{ vault: VAULT, name: NAME, version: VERSION }`; whether it is one is told where it is read.
pub(crate) fn written(object: &Value) -> Option<String> {
    let object = object.as_object().filter(|object| !object.is_empty())?;
    let is_part = |(key, value): (&String, &Value)| {
        matches!(key.as_str(), "vault" | "name" | "version") && value.is_string()
    };
    if !object.iter().all(is_part) {
        return None;
    }
    let part = |key: &str| object.get(key).and_then(Value::as_str);
    let (vault, name) = (part("vault").unwrap_or(""), part("name").unwrap_or(""));
    let version = part("version").map(|version| format!("/{version}"));
    Some(format!(
        "{SCHEME}{vault}/{name}{}",
        version.unwrap_or_default()
    ))
}

impl KeyVaultAddress {
    /// The domain that the vault belongs to, which a token is asked for: `vault.azure.net`.
    #[must_use]
    pub fn domain(&self) -> &str {
        let domain = self.host.split_once('.').map(|(_, domain)| domain);
        domain.unwrap_or(PUBLIC)
    }
}

impl FromStr for KeyVaultAddress {
    type Err = KeyVaultAddressError;

    /// Reads an address. A vault without a domain is one of the public cloud.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || KeyVaultAddressError(text.to_owned());
        let rest = text.strip_prefix(SCHEME).ok_or_else(fail)?;
        let parts: Vec<_> = rest.split('/').collect();
        let (vault, name, version) = match parts.as_slice() {
            [vault, name] => (*vault, *name, None),
            [vault, name, version] => (*vault, *name, Some((*version).to_owned())),
            _ => return Err(fail()),
        };
        let is_word = |text: &str| {
            let is_part = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-';
            !text.is_empty() && text.bytes().all(is_part)
        };
        // A token for the vault goes to this host: it must be one of a vault.
        let is_vault = match vault.split_once('.') {
            None => is_word(vault),
            Some((label, domain)) => is_word(label) && DOMAINS.contains(&domain),
        };
        if !(is_vault && is_word(name) && version.as_deref().is_none_or(is_word)) {
            return Err(fail());
        }
        Ok(Self {
            host: match vault.contains('.') {
                true => vault.to_ascii_lowercase(),
                false => format!("{}.{PUBLIC}", vault.to_ascii_lowercase()),
            },
            name: name.to_owned(),
            version,
        })
    }
}

impl fmt::Display for KeyVaultAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{SCHEME}{}/{}", self.host, self.name)?;
        match &self.version {
            Some(version) => write!(out, "/{version}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_vault_and_a_secret() {
        let read = |text: &str| text.parse::<KeyVaultAddress>();

        let one = read("keyvault://KV-qa/sql-password").unwrap();
        assert_eq!(one.host, "kv-qa.vault.azure.net");
        assert_eq!(one.domain(), "vault.azure.net");
        assert_eq!(
            one.to_string(),
            "keyvault://kv-qa.vault.azure.net/sql-password"
        );
        let other = read("keyvault://kv.vault.azure.cn/n/0a1b").unwrap();
        assert_eq!(other.domain(), "vault.azure.cn");
        assert_eq!(other.version.as_deref(), Some("0a1b"));
        for text in [
            "keyvault://kv",
            "keyvault://kv/",
            "keyvault:///n",
            "keyvault://kv/n/v/x",
            "keyvault://kv/n_m",
            "keyvault://evil.test/n",
            "keyvault://kv.vault.evil.test/n",
            "keyvault://a.b@vault.x/n",
            "https://kv.vault.azure.net/secrets/n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
