//! Environments that are deployed to (REST: Deployment environments, Deployment branch policies).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use rest_core::ServiceErrorExt;
use serde_json::json;
use url::Url;

use crate::RepositoryClient;
use rest_core::segment;

use crate::client::versioned;
use crate::models::{BranchPolicies, BranchPolicy, Environment, NewEnvironment};

const ENVIRONMENTS: &str = "environments";
const BRANCHES: &str = "deployment-branch-policies";

/// Environments that are deployed to.
#[derive(Clone, Copy, Debug)]
pub struct Environments<'c> {
    pub(crate) client: &'c RepositoryClient,
}

impl Environments<'_> {
    /// An environment, where there is one: `GET /repos/{owner}/{repo}/environments/{name}`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn get(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<Environment>> {
        let options = options.unwrap_or_default();
        let call = versioned(self.client.repository.get(self.at(name, &[])?));
        match call.context(&options.context).send::<Environment>().await {
            Ok(found) => found.into_model().map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates or replaces an environment: `PUT /repos/{owner}/{repo}/environments/{name}`.
    ///
    /// # Errors
    ///
    /// When the service refuses: more than six reviewers, or one who may not read the repository.
    pub async fn put(
        &self,
        name: &str,
        environment: &NewEnvironment,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Environment> {
        let options = options.unwrap_or_default();
        let call = versioned(self.client.repository.put(self.at(name, &[])?));
        let call = call.json(environment);
        call.context(&options.context).send().await?.into_model()
    }

    /// The branches that an environment is deployed to from, where not every one is:
    /// `GET /repos/{owner}/{repo}/environments/{name}/deployment-branch-policies`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know the environment.
    pub async fn branches(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<BranchPolicy>> {
        let options = options.unwrap_or_default();
        let call = versioned(self.client.repository.get(self.at(name, &[BRANCHES])?));
        let call = call.query("per_page", Some(100)).context(&options.context);
        let list: BranchPolicies = call.send().await?.into_model()?;
        Ok(list.branch_policies)
    }

    /// Lets a branch, or those of a pattern, be deployed: `POST /repos/{owner}/{repo}/environments/{name}/deployment-branch-policies`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn add_branch(
        &self,
        name: &str,
        pattern: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<BranchPolicy> {
        let options = options.unwrap_or_default();
        let call = versioned(self.client.repository.post(self.at(name, &[BRANCHES])?));
        let call = call.json(&json!({ "name": pattern, "type": "branch" }));
        call.context(&options.context).send().await?.into_model()
    }

    /// Takes that back: `DELETE /repos/{owner}/{repo}/environments/{name}/deployment-branch-policies/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn remove_branch(
        &self,
        name: &str,
        id: u64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let options = options.unwrap_or_default();
        let url = self.at(name, &[BRANCHES, &id.to_string()])?;
        let call = versioned(self.client.repository.delete(url));
        call.context(&options.context)
            .send_empty()
            .await
            .map(|_| ())
    }

    fn at(&self, name: &str, below: &[&str]) -> Result<Url> {
        let path = [ENVIRONMENTS, segment("environment", name)?];
        let path = path.into_iter().chain(below.iter().copied());
        Ok(self.client.repository.url(path))
    }
}
