//! The client of one workspace.

use std::sync::Arc;
use std::time::Duration;

use azure_core::Result;
use azure_core::credentials::TokenCredential;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::Url;
use rest_core::{Call, Package, RestClient, RestClientOptions, Retry};
use serde::Serialize;

use crate::auth::{AZURE_DATABRICKS_SCOPE, AzureWorkspace, WorkspaceAuth};
use crate::cluster_policies::ClusterPolicies;
use crate::clusters::Clusters;
use crate::config::Config;
use crate::current_user::CurrentUser;
use crate::dbfs::Dbfs;
use crate::error::{DatabricksError, judge};
use crate::files::Files;
use crate::instance_pools::InstancePools;
use crate::jobs::Jobs;
use crate::libraries::Libraries;
use crate::secrets::Secrets;
use crate::statements::Statements;
use crate::unity_catalog::UnityCatalog;
use crate::warehouses::Warehouses;
use crate::workspace::Workspace;

pub(crate) const PACKAGE: Package = Package {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// Options for a [`WorkspaceClient`].
#[derive(Clone, Debug)]
pub struct WorkspaceClientOptions {
    /// Repetition, size limit, transport and policies. By default a request is tried for about a minute, which is what a new
    /// workspace needs until it answers.
    pub rest: RestClientOptions,
    /// The workspace's Azure resource, for an identity that has rights on the resource but is not in the workspace.
    pub azure_workspace: Option<AzureWorkspace>,
    /// The scope that tokens are asked for; [`AZURE_DATABRICKS_SCOPE`] by default.
    pub scope: Option<String>,
    /// Sent as `X-Databricks-Workspace-Id`, for a host that serves several workspaces.
    pub workspace_id: Option<String>,
}

impl Default for WorkspaceClientOptions {
    fn default() -> Self {
        Self {
            rest: RestClientOptions {
                retry: Retry {
                    max_attempts: 12,
                    max_delay: Duration::from_secs(10),
                    ..Retry::default()
                },
                ..RestClientOptions::default()
            },
            azure_workspace: None,
            scope: None,
            workspace_id: None,
        }
    }
}

/// A client of one Azure Databricks workspace. It is cheap to clone.
#[derive(Clone, Debug)]
pub struct WorkspaceClient {
    host: Url,
    rest: RestClient,
    pub(crate) options: RestClientOptions,
}

impl WorkspaceClient {
    /// Creates a client of the workspace at `host`, such as `https://adb-1.2.azuredatabricks.net`.
    ///
    /// The host may lack its scheme and may carry a path or query, as copied from a browser. A personal access token is
    /// [`rest_core::StaticToken`]; any Entra credential of `azure_identity` fits as it is.
    ///
    /// # Errors
    ///
    /// When `host` is not a web address, or is plain `http` on another machine.
    pub fn new(
        host: &str,
        credential: Arc<dyn TokenCredential>,
        options: Option<WorkspaceClientOptions>,
    ) -> Result<Self> {
        let options = options.unwrap_or_default();
        let host = crate::config::normalize_host(host);
        let scope = options.scope.as_deref().unwrap_or(AZURE_DATABRICKS_SCOPE);
        let auth = WorkspaceAuth::new(
            credential,
            scope,
            options.azure_workspace,
            options.workspace_id,
        );
        let rest =
            RestClient::with_policy(PACKAGE, &host, Some(Arc::new(auth)), options.rest.clone())?;
        Ok(Self {
            host: rest.base().clone(),
            rest: rest.judge(judge).scope(["api"]),
            options: options.rest,
        })
    }

    /// Creates a client from settings that were read from the environment and a profile.
    ///
    /// # Errors
    ///
    /// A [`crate::ConfigError`] inside the error when the host or a way to sign in is missing or contradicts another;
    /// otherwise as [`WorkspaceClient::new`].
    pub fn from_config(config: &Config, options: Option<WorkspaceClientOptions>) -> Result<Self> {
        let mut options = options.unwrap_or_default();
        let host = config.host().map_err(crate::config::into_error)?.to_owned();
        let method = config.auth_method().map_err(crate::config::into_error)?;
        let credential = crate::auth::credential(config, method, &host, &mut options)?;
        Self::new(&host, credential, Some(options))
    }

    /// The same client, which repeats requests in another way.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        let mut client = self.clone();
        client.rest = client.rest.with_retry(retry);
        client
    }

    /// When and how often requests are repeated.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.rest.retry()
    }

    /// The workspace's address.
    #[must_use]
    pub fn host(&self) -> &Url {
        &self.host
    }

    /// Notebooks, folders and files of the workspace.
    #[must_use]
    pub fn workspace(&self) -> Workspace<'_> {
        Workspace { client: self }
    }

    /// Jobs and runs.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs { client: self }
    }

    /// Clusters.
    #[must_use]
    pub fn clusters(&self) -> Clusters<'_> {
        Clusters { client: self }
    }

    /// Instance pools.
    #[must_use]
    pub fn instance_pools(&self) -> InstancePools<'_> {
        InstancePools { client: self }
    }

    /// Cluster policies.
    #[must_use]
    pub fn cluster_policies(&self) -> ClusterPolicies<'_> {
        ClusterPolicies { client: self }
    }

    /// Unity Catalog.
    #[must_use]
    pub fn unity_catalog(&self) -> UnityCatalog<'_> {
        UnityCatalog { client: self }
    }

    /// Libraries on clusters.
    #[must_use]
    pub fn libraries(&self) -> Libraries<'_> {
        Libraries { client: self }
    }

    /// The Databricks file system: its root and mounts.
    #[must_use]
    pub fn dbfs(&self) -> Dbfs<'_> {
        Dbfs { client: self }
    }

    /// Files in Unity Catalog volumes.
    #[must_use]
    pub fn files(&self) -> Files<'_> {
        Files { client: self }
    }

    /// Secret scopes and secrets.
    #[must_use]
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets { client: self }
    }

    /// SQL statements.
    #[must_use]
    pub fn statements(&self) -> Statements<'_> {
        Statements { client: self }
    }

    /// SQL warehouses.
    #[must_use]
    pub fn warehouses(&self) -> Warehouses<'_> {
        Warehouses { client: self }
    }

    /// Who the client is signed in as.
    #[must_use]
    pub fn current_user(&self) -> CurrentUser<'_> {
        CurrentUser { client: self }
    }

    pub(crate) fn rest(&self) -> &RestClient {
        &self.rest
    }

    /// A GET of `path` below `/api/`.
    pub(crate) fn get(&self, path: &'static str) -> Call<'_> {
        self.rest.get(self.at(path))
    }

    /// A POST of `body` to `path` below `/api/`.
    pub(crate) fn post<B: Serialize + ?Sized>(&self, path: &'static str, body: &B) -> Call<'_> {
        self.rest.post(self.at(path)).json(body)
    }

    pub(crate) fn at(&self, path: &'static str) -> Url {
        self.rest.url(path.split('/'))
    }

    /// The URL of `path` below `/api/`, followed by names that a caller gives; a name never changes the path around it.
    pub(crate) fn at_names<'s>(
        &self,
        path: &'static str,
        names: impl IntoIterator<Item = &'s str> + Clone,
    ) -> Result<Url> {
        if let Some(name) = names
            .clone()
            .into_iter()
            .find(|name| matches!(*name, "" | "." | ".."))
        {
            let error = DatabricksError::Name {
                name: name.to_owned(),
            };
            return Err(Error::new(ErrorKind::Other, error));
        }
        Ok(self.rest.scope(path.split('/')).url(names))
    }
}
