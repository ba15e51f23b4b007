//! The client of one repository.

use std::sync::Arc;

use azure_core::Result;
use azure_core::credentials::TokenCredential;
use azure_core::http::ClientMethodOptions;
use azure_core::http::headers::ACCEPT;
use rest_core::{Call, Package, RestClient, RestClientOptions, ServiceError, Verdict, segment};

use crate::models::Account;
use crate::{Environments, Issue, Owners, Rulesets};

const VERSION: &str = "2022-11-28";

/// Options for a [`RepositoryClient`].
#[derive(Clone, Debug)]
pub struct RepositoryClientOptions {
    /// Where the API is: `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server.
    pub endpoint: String,
    /// Repetition, size limit, transport and policies.
    pub rest: RestClientOptions,
}

impl Default for RepositoryClientOptions {
    fn default() -> Self {
        Self {
            endpoint: "https://api.github.com".to_owned(),
            rest: RestClientOptions::default(),
        }
    }
}

/// A repository on GitHub.
#[derive(Clone, Debug)]
pub struct RepositoryClient {
    /// At the API.
    pub(crate) api: RestClient,
    /// At the repository.
    pub(crate) repository: RestClient,
}

impl RepositoryClient {
    /// Creates a client for `owner/repository`.
    ///
    /// # Errors
    ///
    /// When the endpoint is not a URL or is plain `http` on another machine, or when `owner` or `repository` is not a name.
    pub fn new(
        owner: &str,
        repository: &str,
        credential: Arc<dyn TokenCredential>,
        options: Option<RepositoryClientOptions>,
    ) -> Result<Self> {
        let RepositoryClientOptions { endpoint, rest } = options.unwrap_or_default();
        let package = Package {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        };
        let api = RestClient::new(package, &endpoint, credential, "github", rest)?.judge(judge);
        let path = [
            "repos",
            segment("owner", owner)?,
            segment("repository", repository)?,
        ];
        Ok(Self {
            repository: api.scope(path),
            api,
        })
    }

    /// Rulesets of branches and tags.
    #[must_use]
    pub fn rulesets(&self) -> Rulesets<'_> {
        Rulesets { client: self }
    }

    /// Environments that are deployed to.
    #[must_use]
    pub fn environments(&self) -> Environments<'_> {
        Environments { client: self }
    }

    /// Who may own and review.
    #[must_use]
    pub fn owners(&self) -> Owners<'_> {
        Owners { client: self }
    }

    /// Whom the credential stands for: `GET /user`.
    ///
    /// # Errors
    ///
    /// When the service refuses, as it does with 403 where an app is asked, and the token of a workflow is that of an app.
    pub async fn account(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Account> {
        let options = options.unwrap_or_default();
        let call = versioned(self.api.get(self.api.url(["user"])));
        call.context(&options.context).send().await?.into_model()
    }

    /// An issue; a pull request is one too, by the same number.
    #[must_use]
    pub fn issue(&self, number: u64) -> Issue<'_> {
        Issue {
            client: self,
            number: number.to_string(),
        }
    }
}

/// What every call says.
pub(crate) fn versioned(call: Call<'_>) -> Call<'_> {
    call.header(ACCEPT, "application/vnd.github+json")
        .header("x-github-api-version", VERSION)
}

/// A secondary rate limit is told by 403, with the time to wait; a 403 without one is about rights.
fn judge(refusal: &ServiceError) -> Verdict {
    match (u16::from(refusal.status), refusal.retry_after) {
        (403, Some(_)) => Verdict::TurnedAway,
        _ => Verdict::ByStatus,
    }
}
