//! Who a client is signed in as.

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use serde::Deserialize;

use crate::WorkspaceClient;

/// The signed-in identity.
#[derive(Clone, Copy, Debug)]
pub struct CurrentUser<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// A user or service principal of the workspace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// Its id in the workspace.
    pub id: String,
    /// The e-mail address of a user; the application id of a service principal.
    #[serde(default)]
    pub user_name: String,
    /// The name to show.
    pub display_name: Option<String>,
    /// Whether it may sign in.
    pub active: Option<bool>,
    /// The groups that it belongs to.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub groups: Vec<Group>,
}

/// A group that a [`User`] belongs to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Group {
    /// The name to show, such as `admins`.
    pub display: Option<String>,
    /// The group's id.
    pub value: Option<String>,
}

impl CurrentUser<'_> {
    /// Who the client is signed in as: `GET /api/2.0/preview/scim/v2/Me`. The header `X-Databricks-Org-Id` of the answer is
    /// the workspace's id.
    pub async fn me(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Response<User>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/preview/scim/v2/Me")
            .context(&options.context)
            .send()
            .await
    }
}
