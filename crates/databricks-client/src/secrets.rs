//! Secret scopes and secrets (REST: Secrets 2.0).

use std::fmt;

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::WorkspaceClient;
use crate::wire::{self, display_as_sent};

/// Secrets of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// Where the secrets of a new scope are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeCreate {
    /// In the workspace.
    #[default]
    Databricks,
    /// In an Azure Key Vault, read only. The service asks for the Entra token of a user; a personal access token or a service
    /// principal is refused.
    KeyVault {
        /// The vault's Azure resource id.
        resource_id: String,
        /// The vault's address, such as `https://name.vault.azure.net/`.
        dns_name: String,
    },
}

/// Where the secrets of a scope are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ScopeBackend {
    /// In the workspace.
    Databricks,
    /// In an Azure Key Vault.
    AzureKeyvault,
    /// A place that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// A scope.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct SecretScope {
    /// Its name.
    pub name: String,
    /// Where its secrets are kept.
    pub backend_type: Option<ScopeBackend>,
}

/// The scopes of the workspace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SecretScopes {
    /// The scopes.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub scopes: Vec<SecretScope>,
}

/// A secret without its value.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct SecretMetadata {
    /// Its key.
    pub key: String,
    /// When it was written, in milliseconds since the epoch.
    pub last_updated_timestamp: Option<i64>,
}

/// The secrets of a scope.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SecretList {
    /// The secrets, without their values.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub secrets: Vec<SecretMetadata>,
}

/// A secret with its value, which `Debug` does not show.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct SecretValue {
    /// Its key.
    pub key: String,
    #[serde(default, deserialize_with = "wire::bytes_from_base64")]
    value: Vec<u8>,
}

impl SecretValue {
    /// The value.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.value
    }

    /// The value, where it is text.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub fn text(&self) -> std::result::Result<&str, std::str::Utf8Error> {
        std::str::from_utf8(&self.value)
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SecretValue")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// What a principal may do with a scope; each includes the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum AclPermission {
    /// Read its secrets.
    Read,
    /// Write its secrets.
    Write,
    /// Change who may.
    Manage,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(ScopeBackend, AclPermission);

/// Who may do what with a scope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SecretAcl {
    /// A user, group or service principal.
    pub principal: String,
    /// What it may do.
    pub permission: AclPermission,
}

/// Who may do what with a scope.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SecretAcls {
    /// An entry for each principal.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub items: Vec<SecretAcl>,
}

#[derive(Serialize)]
struct PutBytes<'a> {
    scope: &'a str,
    key: &'a str,
    #[serde(serialize_with = "wire::bytes_to_base64")]
    bytes_value: &'a [u8],
}

impl Secrets<'_> {
    /// Creates a scope: `POST /api/2.0/secrets/scopes/create`. `manager` may be `users` only; without it the creator alone
    /// manages the scope.
    pub async fn create_scope(
        &self,
        scope: &str,
        kept: ScopeCreate,
        manager: Option<&str>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let mut body = json!({ "scope": scope });
        if let Some(manager) = manager {
            body["initial_manage_principal"] = manager.into();
        }
        if let ScopeCreate::KeyVault {
            resource_id,
            dns_name,
        } = kept
        {
            body["scope_backend_type"] = "AZURE_KEYVAULT".into();
            body["backend_azure_keyvault"] =
                json!({ "resource_id": resource_id, "dns_name": dns_name });
        }
        self.client
            .post("2.0/secrets/scopes/create", &body)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Lists the scopes: `GET /api/2.0/secrets/scopes/list`.
    pub async fn list_scopes(
        &self,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<SecretScopes>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/secrets/scopes/list")
            .context(&options.context)
            .send()
            .await
    }

    /// Deletes a scope with its secrets: `POST /api/2.0/secrets/scopes/delete`.
    pub async fn delete_scope(
        &self,
        scope: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        self.change(
            "2.0/secrets/scopes/delete",
            &json!({ "scope": scope }),
            false,
            options,
        )
        .await
    }

    /// Writes a secret as text: `POST /api/2.0/secrets/put`.
    pub async fn put(
        &self,
        scope: &str,
        key: &str,
        value: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let body = json!({ "scope": scope, "key": key, "string_value": value });
        self.change("2.0/secrets/put", &body, true, options).await
    }

    /// Writes a secret as bytes: `POST /api/2.0/secrets/put`.
    pub async fn put_bytes(
        &self,
        scope: &str,
        key: &str,
        value: &[u8],
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let body = PutBytes {
            scope,
            key,
            bytes_value: value,
        };
        self.client
            .post("2.0/secrets/put", &body)
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Reads a secret: `GET /api/2.0/secrets/get`.
    pub async fn get(
        &self,
        scope: &str,
        key: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<SecretValue>> {
        let options = options.unwrap_or_default();
        let call = self
            .client
            .get("2.0/secrets/get")
            .query("scope", Some(scope))
            .query("key", Some(key));
        call.context(&options.context).send().await
    }

    /// Lists the secrets of a scope, without their values: `GET /api/2.0/secrets/list`.
    pub async fn list(
        &self,
        scope: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<SecretList>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/secrets/list")
            .query("scope", Some(scope))
            .context(&options.context)
            .send()
            .await
    }

    /// Deletes a secret: `POST /api/2.0/secrets/delete`.
    pub async fn delete(
        &self,
        scope: &str,
        key: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        self.change(
            "2.0/secrets/delete",
            &json!({ "scope": scope, "key": key }),
            false,
            options,
        )
        .await
    }

    /// Says what a principal may do with a scope: `POST /api/2.0/secrets/acls/put`.
    pub async fn put_acl(
        &self,
        scope: &str,
        principal: &str,
        permission: &AclPermission,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let body = json!({ "scope": scope, "principal": principal, "permission": permission });
        self.change("2.0/secrets/acls/put", &body, true, options)
            .await
    }

    /// What a principal may do with a scope: `GET /api/2.0/secrets/acls/get`.
    pub async fn get_acl(
        &self,
        scope: &str,
        principal: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<SecretAcl>> {
        let options = options.unwrap_or_default();
        let call = self
            .client
            .get("2.0/secrets/acls/get")
            .query("scope", Some(scope));
        call.query("principal", Some(principal))
            .context(&options.context)
            .send()
            .await
    }

    /// Who may do what with a scope: `GET /api/2.0/secrets/acls/list`.
    pub async fn list_acls(
        &self,
        scope: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<SecretAcls>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/secrets/acls/list")
            .query("scope", Some(scope))
            .context(&options.context)
            .send()
            .await
    }

    /// Takes a principal's rights to a scope away: `POST /api/2.0/secrets/acls/delete`.
    pub async fn delete_acl(
        &self,
        scope: &str,
        principal: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let body = json!({ "scope": scope, "principal": principal });
        self.change("2.0/secrets/acls/delete", &body, false, options)
            .await
    }

    async fn change(
        &self,
        path: &'static str,
        body: &Value,
        repeatable: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let call = self.client.post(path, body).context(&options.context);
        let call = if repeatable { call.repeatable() } else { call };
        call.send_empty().await
    }
}
