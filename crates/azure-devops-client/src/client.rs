//! The client of one project.

use std::sync::Arc;

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use azure_core::http::policies::Policy;
use rest_core::{Call, Package, RestClient, RestClientOptions, segment};
use serde::Deserialize;
use url::Url;

use crate::models::Author;
use crate::{
    Authentication, Checks, Definitions, Environments, Identities, Policies, PullRequest,
    Repositories, ServiceEndpoints, VariableGroups,
};

/// The version of all operations that are no preview.
pub(crate) const VERSION: &str = "7.1";
/// The version of those that are one in every version so far.
pub(crate) const PREVIEW: &str = "7.1-preview.1";

const PACKAGE: Package = Package {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// Options for a [`ProjectClient`].
#[derive(Clone, Debug, Default)]
pub struct ProjectClientOptions {
    /// Where identities are asked for; by default the host that the service has for them, or the collection itself.
    pub identities: Option<String>,
    /// Repetition, size limit, transport and policies.
    pub rest: RestClientOptions,
}

/// A project of Azure DevOps.
#[derive(Clone, Debug)]
pub struct ProjectClient {
    /// At the project.
    pub(crate) project: RestClient,
    /// At the collection.
    collection: RestClient,
    /// At the collection that knows identities.
    pub(crate) identities: RestClient,
}

impl ProjectClient {
    /// Creates a client for a project of a collection, such as `https://dev.azure.com/contoso`.
    ///
    /// # Errors
    ///
    /// When `collection` is not a URL or is plain `http` on another machine, or when `project` is not a name.
    pub fn new(
        collection: &str,
        project: &str,
        authentication: Authentication,
        options: Option<ProjectClientOptions>,
    ) -> Result<Self> {
        let ProjectClientOptions { identities, rest } = options.unwrap_or_default();
        let policy = authentication.policy();
        let identities = identities.unwrap_or_else(|| identity_host(collection));
        let client = |endpoint: &str, policy: Arc<dyn Policy>| {
            RestClient::with_policy(PACKAGE, endpoint, Some(policy), rest.clone())
        };
        let collection = client(collection, policy.clone())?;
        Ok(Self {
            project: collection.scope([segment("project", project)?]),
            collection,
            identities: client(&identities, policy)?,
        })
    }

    /// Policies of branches and repositories.
    #[must_use]
    pub fn policies(&self) -> Policies<'_> {
        Policies { client: self }
    }

    /// Git repositories and their branches.
    #[must_use]
    pub fn repositories(&self) -> Repositories<'_> {
        Repositories { client: self }
    }

    /// Definitions of pipelines.
    #[must_use]
    pub fn definitions(&self) -> Definitions<'_> {
        Definitions { client: self }
    }

    /// Environments that are deployed to.
    #[must_use]
    pub fn environments(&self) -> Environments<'_> {
        Environments { client: self }
    }

    /// Service connections.
    #[must_use]
    pub fn service_endpoints(&self) -> ServiceEndpoints<'_> {
        ServiceEndpoints { client: self }
    }

    /// Variable groups.
    #[must_use]
    pub fn variable_groups(&self) -> VariableGroups<'_> {
        VariableGroups { client: self }
    }

    /// Checks of environments, service connections and variable groups.
    #[must_use]
    pub fn checks(&self) -> Checks<'_> {
        Checks { client: self }
    }

    /// People and groups.
    #[must_use]
    pub fn identities(&self) -> Identities<'_> {
        Identities { client: self }
    }

    /// Whom the credential stands for: `GET _apis/connectionData` of the collection.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn signed_in(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Author> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct ConnectionData {
            authenticated_user: Author,
        }

        let options = options.unwrap_or_default();
        let url = self.collection.url(["_apis", "connectionData"]);
        let call = versioned(self.collection.get(url), PREVIEW);
        let answer = call.context(&options.context).send().await?;
        let data: ConnectionData = answer.into_model()?;
        Ok(data.authenticated_user)
    }

    /// A pull request of a repository, which is named by name or id.
    ///
    /// # Errors
    ///
    /// When `repository` is not a name.
    pub fn pull_request(&self, repository: &str, number: u64) -> Result<PullRequest<'_>> {
        Ok(PullRequest {
            client: self,
            repository: segment("repository", repository)?.to_owned(),
            number: number.to_string(),
        })
    }

    pub(crate) fn get<'c, 's>(
        &'c self,
        path: impl IntoIterator<Item = &'s str>,
        version: &str,
    ) -> Call<'c> {
        versioned(self.project.get(self.at(path)), version)
    }

    pub(crate) fn post<'c, 's>(
        &'c self,
        path: impl IntoIterator<Item = &'s str>,
        version: &str,
    ) -> Call<'c> {
        versioned(self.project.post(self.at(path)), version)
    }

    pub(crate) fn put<'c, 's>(
        &'c self,
        path: impl IntoIterator<Item = &'s str>,
        version: &str,
    ) -> Call<'c> {
        versioned(self.project.put(self.at(path)), version)
    }

    pub(crate) fn patch<'c, 's>(
        &'c self,
        path: impl IntoIterator<Item = &'s str>,
        version: &str,
    ) -> Call<'c> {
        versioned(self.project.patch(self.at(path)), version)
    }

    pub(crate) fn delete<'c, 's>(
        &'c self,
        path: impl IntoIterator<Item = &'s str>,
        version: &str,
    ) -> Call<'c> {
        versioned(self.project.delete(self.at(path)), version)
    }

    pub(crate) fn at<'s>(&self, path: impl IntoIterator<Item = &'s str>) -> Url {
        self.project.url(["_apis"].into_iter().chain(path))
    }
}

pub(crate) fn versioned<'c>(call: Call<'c>, version: &str) -> Call<'c> {
    call.query("api-version", Some(version))
}

/// Where a collection's identities are asked for: the service has a host for them, a server has not.
fn identity_host(collection: &str) -> String {
    let Ok(mut url) = collection.parse::<Url>() else {
        return collection.to_owned();
    };
    let host = match url.host_str() {
        Some("dev.azure.com") => "vssps.dev.azure.com".to_owned(),
        // The older form, https://contoso.visualstudio.com.
        Some(host) => match host.strip_suffix(".visualstudio.com") {
            Some(name) => format!("{name}.vssps.visualstudio.com"),
            None => return collection.to_owned(),
        },
        None => return collection.to_owned(),
    };
    // A host that was one with another first label is one.
    let _ = url.set_host(Some(&host));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_have_a_host_of_their_own_where_the_service_has_one() {
        for (collection, identities) in [
            (
                "https://dev.azure.com/contoso",
                "https://vssps.dev.azure.com/contoso",
            ),
            (
                "https://contoso.visualstudio.com/",
                "https://contoso.vssps.visualstudio.com/",
            ),
            (
                "https://tfs.example.test/tfs/Main",
                "https://tfs.example.test/tfs/Main",
            ),
            (
                "http://127.0.0.1:8080/contoso",
                "http://127.0.0.1:8080/contoso",
            ),
            ("no url", "no url"),
        ] {
            assert_eq!(identity_host(collection), identities);
        }
    }

    #[test]
    fn a_name_that_would_leave_the_project_is_refused() {
        let pat = Authentication::personal_access_token("t");
        for project in ["", ".", ".."] {
            let client = ProjectClient::new("https://dev.azure.com/c", project, pat.clone(), None);

            let error = client.unwrap_err().to_string();

            assert!(error.contains("not the name of a project"), "{error}");
        }
    }
}
