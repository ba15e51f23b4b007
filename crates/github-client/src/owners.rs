//! Who may own and review (REST: Users, Teams, CODEOWNERS errors).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;

use crate::RepositoryClient;
use rest_core::segment;

use crate::client::versioned;
use crate::models::{Actor, CodeownersError, CodeownersErrors};

/// Who may own and review.
#[derive(Clone, Copy, Debug)]
pub struct Owners<'c> {
    pub(crate) client: &'c RepositoryClient,
}

impl Owners<'_> {
    /// A team of an organization: `GET /orgs/{organization}/teams/{team}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it: a token of a workflow sees no teams.
    pub async fn team(
        &self,
        organization: &str,
        team: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Actor> {
        let options = options.unwrap_or_default();
        let organization = segment("organization", organization)?;
        let path = ["orgs", organization, "teams", segment("team", team)?];
        let call = versioned(self.client.api.get(self.client.api.url(path)));
        call.context(&options.context).send().await?.into_model()
    }

    /// A person: `GET /users/{login}`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn user(
        &self,
        login: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Actor> {
        let options = options.unwrap_or_default();
        let path = ["users", segment("user", login)?];
        let call = versioned(self.client.api.get(self.client.api.url(path)));
        call.context(&options.context).send().await?.into_model()
    }

    /// What GitHub finds wrong with CODEOWNERS, of the default branch or of `reference`: `GET /repos/{owner}/{repo}/codeowners/errors`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or there is no such file.
    pub async fn codeowners_errors(
        &self,
        reference: Option<&str>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<CodeownersError>> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let call = versioned(repository.get(repository.url(["codeowners", "errors"])));
        let call = call.query("ref", reference).context(&options.context);
        let found: CodeownersErrors = call.send().await?.into_model()?;
        Ok(found.errors)
    }
}
