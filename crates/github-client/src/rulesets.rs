//! Rulesets of branches and tags (REST: Rules).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use serde_json::Value;

use crate::client::versioned;
use crate::models::{Ruleset, RulesetSummary};
use crate::{RepositoryClient, list};

const RULESETS: &str = "rulesets";

/// Rulesets of branches and tags.
#[derive(Clone, Copy, Debug)]
pub struct Rulesets<'c> {
    pub(crate) client: &'c RepositoryClient,
}

impl Rulesets<'_> {
    /// The repository's own rulesets, without their rules: `GET /repos/{owner}/{repo}/rulesets`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn list(
        &self,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<RulesetSummary>> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        list::all(|| {
            versioned(repository.get(repository.url([RULESETS])))
                .context(&options.context)
                .query("includes_parents", Some(false))
        })
        .await
    }

    /// A ruleset with its rules: `GET /repos/{owner}/{repo}/rulesets/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn get(&self, id: u64, options: Option<ClientMethodOptions<'_>>) -> Result<Ruleset> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let call = versioned(repository.get(repository.url([RULESETS, &id.to_string()])));
        call.context(&options.context).send().await?.into_model()
    }

    /// Creates a ruleset: `POST /repos/{owner}/{repo}/rulesets`.
    ///
    /// # Errors
    ///
    /// When the service refuses: a rule that it does not know, or a plan that has no rulesets.
    pub async fn create(
        &self,
        ruleset: &Value,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Ruleset> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let call = versioned(repository.post(repository.url([RULESETS]))).json(ruleset);
        call.context(&options.context).send().await?.into_model()
    }

    /// Replaces a ruleset: `PUT /repos/{owner}/{repo}/rulesets/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn replace(
        &self,
        id: u64,
        ruleset: &Value,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Ruleset> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let call = versioned(repository.put(repository.url([RULESETS, &id.to_string()])));
        let call = call.json(ruleset);
        call.context(&options.context).send().await?.into_model()
    }

    /// Deletes a ruleset: `DELETE /repos/{owner}/{repo}/rulesets/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn delete(&self, id: u64, options: Option<ClientMethodOptions<'_>>) -> Result<()> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let call = versioned(repository.delete(repository.url([RULESETS, &id.to_string()])));
        call.context(&options.context)
            .send_empty()
            .await
            .map(|_| ())
    }
}
