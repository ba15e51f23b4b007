//! Signing in to a workspace.

mod client_credentials;
mod policy;

use std::sync::Arc;

use azure_core::Result;
use azure_core::cloud::CloudConfiguration;
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::ClientOptions;
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId,
};
use rest_core::StaticToken;

pub use client_credentials::ClientCredentials;
pub use policy::AzureWorkspace;
pub(crate) use policy::WorkspaceAuth;

use crate::WorkspaceClientOptions;
use crate::config::{Attribute, AuthMethod, Config, ConfigError, into_error};

/// The scope of Entra tokens for Azure Databricks, in every Azure cloud.
pub const AZURE_DATABRICKS_SCOPE: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

/// The cloud's own part of an Entra sign-in.
struct Cloud {
    configuration: CloudConfiguration,
    /// The doubled slash keeps the one that the audience ends with.
    management_scope: &'static str,
}

fn cloud(config: &Config) -> Result<Cloud> {
    let named = config
        .value(Attribute::AzureEnvironment)
        .unwrap_or("PUBLIC");
    let (configuration, management_scope) =
        match named.to_ascii_uppercase().trim_start_matches("AZURE") {
            "PUBLIC" | "PUBLICCLOUD" => (
                CloudConfiguration::AzurePublic,
                "https://management.core.windows.net//.default",
            ),
            "USGOVERNMENT" => (
                CloudConfiguration::AzureGovernment,
                "https://management.core.usgovcloudapi.net//.default",
            ),
            "CHINA" | "CHINACLOUD" => (
                CloudConfiguration::AzureChina,
                "https://management.core.chinacloudapi.cn//.default",
            ),
            _ => {
                return Err(into_error(ConfigError::UnknownCloud {
                    name: named.to_owned(),
                }));
            }
        };
    Ok(Cloud {
        configuration,
        management_scope,
    })
}

/// Makes the credential for `method`, and completes `options` with what the settings say beside it.
pub(crate) fn credential(
    config: &Config,
    method: AuthMethod,
    host: &str,
    options: &mut WorkspaceClientOptions,
) -> Result<Arc<dyn TokenCredential>> {
    if options.workspace_id.is_none() {
        options.workspace_id = config.value(Attribute::WorkspaceId).map(str::to_owned);
    }
    let given = |attribute| config.value(attribute).unwrap_or_default().to_owned();
    let credential: Arc<dyn TokenCredential> = match method {
        AuthMethod::Pat => return Ok(Arc::new(StaticToken::new(given(Attribute::Token)))),
        AuthMethod::OauthM2m => {
            let (id, secret) = (
                given(Attribute::ClientId),
                Secret::new(given(Attribute::ClientSecret)),
            );
            return Ok(Arc::new(ClientCredentials::new(
                host,
                id,
                secret,
                Some(options.rest.clone()),
            )?));
        }
        AuthMethod::AzureCli => {
            let tenant_id = config.value(Attribute::AzureTenantId).map(str::to_owned);
            return Ok(AzureCliCredential::new(Some(AzureCliCredentialOptions {
                tenant_id,
                ..AzureCliCredentialOptions::default()
            }))?);
        }
        AuthMethod::AzureClientSecret => ClientSecretCredential::new(
            &given(Attribute::AzureTenantId),
            given(Attribute::AzureClientId),
            Secret::new(given(Attribute::AzureClientSecret)),
            Some(ClientSecretCredentialOptions {
                client_options: in_cloud(config, options)?,
            }),
        )?,
        AuthMethod::AzureMsi => {
            let id = config.value(Attribute::AzureClientId);
            ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
                user_assigned_id: id.map(|id| UserAssignedId::ClientId(id.to_owned())),
                client_options: in_cloud(config, options)?,
            }))?
        }
    };
    if let (None, Some(id)) = (
        &options.azure_workspace,
        config.value(Attribute::AzureWorkspaceResourceId),
    ) {
        let mut workspace = AzureWorkspace::new(id, credential.clone());
        workspace.management_scope = cloud(config)?.management_scope.to_owned();
        options.azure_workspace = Some(workspace);
    }
    Ok(credential)
}

fn in_cloud(config: &Config, options: &WorkspaceClientOptions) -> Result<ClientOptions> {
    let mut client_options = options.rest.client_options.clone();
    client_options.cloud = Some(Arc::new(cloud(config)?.configuration));
    Ok(client_options)
}
