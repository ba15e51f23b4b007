//! What each request to a workspace is signed with.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};

const MANAGEMENT_TOKEN: &str = "x-databricks-azure-sp-management-token";
const RESOURCE_ID: &str = "x-databricks-azure-workspace-resource-id";
const WORKSPACE_ID: &str = "x-databricks-workspace-id";

/// A workspace as an Azure resource.
///
/// A service principal that is Contributor or Owner of the resource, but not in the workspace, shows a second token for Azure's
/// management with each request. The service makes it an administrator of the workspace at the first one.
#[derive(Clone, Debug)]
pub struct AzureWorkspace {
    /// `/subscriptions/…/resourceGroups/…/providers/Microsoft.Databricks/workspaces/…`.
    pub resource_id: String,
    /// Where the management token comes from; as a rule the credential of the client.
    pub credential: Arc<dyn TokenCredential>,
    /// The scope of the management token.
    pub management_scope: String,
}

impl AzureWorkspace {
    /// The workspace `resource_id` in Azure's public cloud.
    pub fn new(resource_id: impl Into<String>, credential: Arc<dyn TokenCredential>) -> Self {
        Self {
            resource_id: resource_id.into(),
            credential,
            management_scope: "https://management.core.windows.net//.default".to_owned(),
        }
    }
}

/// Signs requests with a bearer token, and with the headers that go along with it.
#[derive(Debug)]
pub(crate) struct WorkspaceAuth {
    bearer: BearerTokenAuthorizationPolicy,
    azure_workspace: Option<AzureWorkspace>,
    workspace_id: Option<String>,
}

impl WorkspaceAuth {
    pub(crate) fn new(
        credential: Arc<dyn TokenCredential>,
        scope: &str,
        azure_workspace: Option<AzureWorkspace>,
        workspace_id: Option<String>,
    ) -> Self {
        Self {
            bearer: BearerTokenAuthorizationPolicy::new(credential, [scope]),
            azure_workspace,
            workspace_id,
        }
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is written so, and a named lifetime does not fit it"
)]
#[async_trait]
impl Policy for WorkspaceAuth {
    async fn send(
        &self,
        context: &Context,
        request: &mut Request,
        next: &[Arc<dyn Policy>],
    ) -> PolicyResult {
        if let Some(id) = &self.workspace_id {
            request.insert_header(WORKSPACE_ID, id.clone());
        }
        if let Some(workspace) = &self.azure_workspace
            && request.url().scheme() == "https"
        {
            let token = workspace
                .credential
                .get_token(&[&workspace.management_scope], None)
                .await?;
            request.insert_header(MANAGEMENT_TOKEN, token.token.secret().to_owned());
            request.insert_header(RESOURCE_ID, workspace.resource_id.clone());
        }
        self.bearer.send(context, request, next).await
    }
}
