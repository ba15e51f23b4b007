//! GitHub: which repository, and as whom.

use std::sync::Arc;

use branch_policy::settings::GitHubSettings;
use github_client::{RepositoryClient, RepositoryClientOptions, StaticToken};

use super::{missing, refused};
use crate::context::Context;
use crate::failure::Failure;

/// A repository on GitHub.
pub(crate) struct Repository {
    pub(crate) client: RepositoryClient,
    /// The address of the API.
    pub(crate) api: String,
    /// `owner/name`.
    pub(crate) shown: String,
}

/// The repository that the settings name, or the one of the workflow that runs.
///
/// # Errors
///
/// When none is named, or there is no token.
pub(crate) fn repository(
    context: &Context,
    settings: &GitHubSettings,
) -> Result<Repository, Failure> {
    let variables = &context.variables;
    let shown = settings
        .repository
        .as_deref()
        .or_else(|| variables.get("GITHUB_REPOSITORY"))
        .ok_or_else(|| missing("repository", "github.repository", "GITHUB_REPOSITORY"))?;
    let (owner, name) = shown.split_once('/').ok_or_else(|| {
        Failure::usage(format!("`{shown}` is no repository of GitHub")).hint("write `owner/name`")
    })?;
    let token = ["GH_TOKEN", "GITHUB_TOKEN"]
        .into_iter()
        .find_map(|variable| Some((variable, variables.get(variable)?)));
    let (variable, token) = token.ok_or_else(|| {
        Failure::usage("nobody is signed in to GitHub")
            .hint("set GH_TOKEN or GITHUB_TOKEN; in a workflow, `env: { GITHUB_TOKEN: ${{ github.token }} }`")
    })?;
    context.explain(&format!("signing in to GitHub by the token {variable}"));
    let mut options = RepositoryClientOptions::default();
    let api = settings.api.as_deref();
    if let Some(api) = api.or_else(|| variables.get("GITHUB_API_URL")) {
        options.endpoint = api.to_owned();
    }
    let api = options.endpoint.clone();
    let token = Arc::new(StaticToken::new(token.to_owned()));
    let client =
        RepositoryClient::new(owner, name, token, Some(options)).map_err(Failure::usage)?;
    Ok(Repository {
        client,
        api,
        shown: shown.to_owned(),
    })
}

/// A refusal, with what to do about it.
pub(crate) fn failure(error: azure_core::Error) -> Failure {
    let rights = "rulesets and environments need a token with `Administration: write`, teams `Members: read`, comments \
        `pull-requests: write`; the token of a workflow never has the first two";
    refused(error, rights, "GH_TOKEN or GITHUB_TOKEN")
}
