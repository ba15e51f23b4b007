//! The settings there are, and what each is called where.

use std::fmt;

/// A setting of a workspace client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Attribute {
    /// The workspace's address.
    Host,
    /// A personal access token.
    Token,
    /// The user of the sign-in with a password, which the service no longer has.
    Username,
    /// The password of that user.
    Password,
    /// The application id of a Databricks service principal.
    ClientId,
    /// The OAuth secret of a Databricks service principal.
    ClientSecret,
    /// The workspace's Azure resource id.
    AzureWorkspaceResourceId,
    /// The application id of an Entra service principal, or of a user-assigned managed identity.
    AzureClientId,
    /// The secret of an Entra service principal.
    AzureClientSecret,
    /// The tenant of an Entra service principal.
    AzureTenantId,
    /// Whether to sign in as the machine's managed identity.
    AzureUseMsi,
    /// The Azure cloud: `PUBLIC`, `USGOVERNMENT` or `CHINA`.
    AzureEnvironment,
    /// The way to sign in, where several are possible.
    AuthType,
    /// The cluster to work with.
    ClusterId,
    /// The SQL warehouse to work with.
    WarehouseId,
    /// The serverless compute to work with.
    ServerlessComputeId,
    /// The account's id.
    AccountId,
    /// The workspace's id.
    WorkspaceId,
}

/// What an attribute is called, and what it is about.
struct Names {
    profile: &'static str,
    environment: &'static str,
    /// The group of ways to sign in that it belongs to.
    group: Option<&'static str>,
    is_secret: bool,
}

impl Attribute {
    /// All attributes.
    pub const ALL: [Self; 18] = [
        Self::Host,
        Self::Token,
        Self::Username,
        Self::Password,
        Self::ClientId,
        Self::ClientSecret,
        Self::AzureWorkspaceResourceId,
        Self::AzureClientId,
        Self::AzureClientSecret,
        Self::AzureTenantId,
        Self::AzureUseMsi,
        Self::AzureEnvironment,
        Self::AuthType,
        Self::ClusterId,
        Self::WarehouseId,
        Self::ServerlessComputeId,
        Self::AccountId,
        Self::WorkspaceId,
    ];

    fn names(self) -> Names {
        let plain = |profile, environment| Names {
            profile,
            environment,
            group: None,
            is_secret: false,
        };
        let sign_in = |profile, environment, group| Names {
            group: Some(group),
            ..plain(profile, environment)
        };
        let secret = |profile, environment, group| Names {
            is_secret: true,
            ..sign_in(profile, environment, group)
        };
        match self {
            Self::Host => plain("host", "DATABRICKS_HOST"),
            Self::Token => secret("token", "DATABRICKS_TOKEN", "pat"),
            Self::Username => sign_in("username", "DATABRICKS_USERNAME", "basic"),
            Self::Password => secret("password", "DATABRICKS_PASSWORD", "basic"),
            Self::ClientId => sign_in("client_id", "DATABRICKS_CLIENT_ID", "oauth"),
            Self::ClientSecret => secret("client_secret", "DATABRICKS_CLIENT_SECRET", "oauth"),
            Self::AzureWorkspaceResourceId => sign_in(
                "azure_workspace_resource_id",
                "DATABRICKS_AZURE_RESOURCE_ID",
                "azure",
            ),
            Self::AzureClientId => sign_in("azure_client_id", "ARM_CLIENT_ID", "azure"),
            Self::AzureClientSecret => secret("azure_client_secret", "ARM_CLIENT_SECRET", "azure"),
            Self::AzureTenantId => sign_in("azure_tenant_id", "ARM_TENANT_ID", "azure"),
            Self::AzureUseMsi => sign_in("azure_use_msi", "ARM_USE_MSI", "azure"),
            Self::AzureEnvironment => plain("azure_environment", "ARM_ENVIRONMENT"),
            Self::AuthType => plain("auth_type", "DATABRICKS_AUTH_TYPE"),
            Self::ClusterId => plain("cluster_id", "DATABRICKS_CLUSTER_ID"),
            Self::WarehouseId => plain("warehouse_id", "DATABRICKS_WAREHOUSE_ID"),
            Self::ServerlessComputeId => {
                plain("serverless_compute_id", "DATABRICKS_SERVERLESS_COMPUTE_ID")
            }
            Self::AccountId => plain("account_id", "DATABRICKS_ACCOUNT_ID"),
            Self::WorkspaceId => plain("workspace_id", "DATABRICKS_WORKSPACE_ID"),
        }
    }

    /// Its key in a profile.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.names().profile
    }

    /// Its environment variable.
    #[must_use]
    pub fn variable(self) -> &'static str {
        self.names().environment
    }

    /// Whether its value is never shown.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.names().is_secret
    }

    /// The group of ways to sign in that it belongs to: `pat`, `basic`, `oauth` or `azure`.
    pub(super) fn group(self) -> Option<&'static str> {
        self.names().group
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.key())
    }
}
