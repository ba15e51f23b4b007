//! Cluster policies: what clusters may be like (REST: Cluster Policies 2.0).

use azure_core::Result;
use azure_core::http::Pager;
use azure_core::http::pager::PagerOptions;
use serde::Deserialize;

use crate::WorkspaceClient;
use crate::page::token_page;

/// Cluster policies of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct ClusterPolicies<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// A cluster policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ClusterPolicy {
    /// Its id.
    pub policy_id: String,
    /// Its name.
    pub name: String,
    /// What it says, as JSON in a text.
    pub definition: Option<String>,
}

token_page!(
    /// A page of cluster policies.
    ClusterPolicyList,
    /// The policies.
    policies: ClusterPolicy
);

impl ClusterPolicies<'_> {
    /// Lists the policies that the caller may see: `GET /api/2.0/policies/clusters/list`.
    ///
    /// # Errors
    ///
    /// Those of each page.
    pub fn list(&self, options: Option<PagerOptions<'static>>) -> Pager<ClusterPolicyList> {
        let url = self.client.at("2.0/policies/clusters/list");
        self.client.rest().list(url, options)
    }

    /// All policies at once.
    ///
    /// # Errors
    ///
    /// Those of [`ClusterPolicies::list`].
    pub async fn all(&self) -> Result<Vec<ClusterPolicy>> {
        use futures::TryStreamExt;
        self.list(None).try_collect().await
    }
}
