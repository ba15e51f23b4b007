//! Git repositories and their branches (REST: Repositories, Refs).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use serde_json::json;

use rest_core::segment;

use crate::client::VERSION;
use crate::models::{Branch, Repository};
use crate::{ProjectClient, list};

const HEADS: &str = "refs/heads/";

/// Git repositories and their branches.
#[derive(Clone, Copy, Debug)]
pub struct Repositories<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl Repositories<'_> {
    /// A repository by name or id: `GET _apis/git/repositories/{repository}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn get(
        &self,
        repository: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Repository> {
        let options = options.unwrap_or_default();
        let path = ["git", "repositories", segment("repository", repository)?];
        let call = self.client.get(path, VERSION);
        call.context(&options.context).send().await?.into_model()
    }

    /// A branch by its name without `refs/heads/`, where there is one: `GET _apis/git/repositories/{repository}/refs`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn branch(
        &self,
        repository: &str,
        branch: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<Branch>> {
        let options = options.unwrap_or_default();
        let repository = segment("repository", repository)?;
        let path = ["git", "repositories", repository, "refs"];
        // The service filters by prefix: `main` finds `main-2` too.
        let prefix = format!("heads/{branch}");
        let context = &options.context;
        let branches: Vec<Branch> = list::all(|token| {
            let call = self.client.get(path, VERSION).context(context);
            call.query("filter", Some(&prefix))
                .query("continuationToken", token)
        })
        .await?;
        let mut branches = branches.into_iter();
        Ok(branches.find(|found| found.name.strip_prefix(HEADS) == Some(branch)))
    }

    /// Locks or unlocks a branch: `PATCH _apis/git/repositories/{repository}/refs`. Nobody writes to a locked one.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know the branch.
    pub async fn set_lock(
        &self,
        repository: &str,
        branch: &str,
        locked: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Branch> {
        let options = options.unwrap_or_default();
        let repository = segment("repository", repository)?;
        let path = ["git", "repositories", repository, "refs"];
        let call = self.client.patch(path, VERSION);
        let call = call.query("filter", Some(format!("heads/{branch}")));
        // Locking twice is locking once.
        let call = call.json(&json!({ "isLocked": locked })).repeatable();
        call.context(&options.context).send().await?.into_model()
    }
}
