//! As whom Azure is called.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use azure_core::Result as AzureResult;
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientMethodOptions, ClientOptions, Transport, new_http_client};
use azure_identity::{
    AzureCliCredential, AzurePipelinesCredential, AzurePipelinesCredentialOptions, ClientAssertion,
    ClientAssertionCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use rest_core::{Package, RestClient, RestClientOptions, StaticToken};
use serde::Deserialize;

use dataops_solution::environment::Variables;

use super::SignedIn;
use super::last_resort::last_resort;
use super::silence::{SILENCE, Telling};

/// A way to sign in to Azure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthMethod {
    /// An Azure Pipelines service connection with workload identity federation.
    AzurePipelines,
    /// GitHub's OpenID Connect token.
    GitHub,
    /// A federated token in a file.
    WorkloadIdentity,
    /// A client secret.
    ClientSecret,
    /// The managed identity of this machine; used only when it is asked for.
    ManagedIdentity,
    /// The Azure CLI.
    AzureCli,
}

impl AuthMethod {
    pub(super) const ALL: [Self; 6] = [
        Self::AzurePipelines,
        Self::GitHub,
        Self::WorkloadIdentity,
        Self::ClientSecret,
        Self::ManagedIdentity,
        Self::AzureCli,
    ];

    /// The name, as `--auth` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AzurePipelines => "azure-pipelines",
            Self::GitHub => "github",
            Self::WorkloadIdentity => "workload-identity",
            Self::ClientSecret => "client-secret",
            Self::ManagedIdentity => "managed-identity",
            Self::AzureCli => "azure-cli",
        }
    }

    /// The variables that must be set.
    const fn needs(self) -> &'static [&'static str] {
        match self {
            Self::AzurePipelines => &[
                "AZURE_TENANT_ID",
                "AZURE_CLIENT_ID",
                "AZURE_SERVICE_CONNECTION_ID",
                "SYSTEM_ACCESSTOKEN",
                "SYSTEM_OIDCREQUESTURI",
            ],
            Self::GitHub => &[
                "AZURE_TENANT_ID",
                "AZURE_CLIENT_ID",
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            ],
            Self::WorkloadIdentity => &[
                "AZURE_TENANT_ID",
                "AZURE_CLIENT_ID",
                "AZURE_FEDERATED_TOKEN_FILE",
            ],
            Self::ClientSecret => &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
            Self::ManagedIdentity | Self::AzureCli => &[],
        }
    }

    /// What to look at where it fails; the Azure CLI has its own words.
    #[must_use]
    pub const fn advice(self) -> Option<&'static str> {
        match self {
            Self::AzurePipelines | Self::GitHub | Self::WorkloadIdentity => Some(
                "check AZURE_TENANT_ID and AZURE_CLIENT_ID, and that this application has a federated credential for this very job",
            ),
            Self::ClientSecret => Some(
                "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; a secret expires",
            ),
            Self::ManagedIdentity => {
                Some("this machine may have no managed identity; `--auth` names another way")
            }
            Self::AzureCli => None,
        }
    }

    /// The variables that are set although others are missing, and those that are missing.
    pub(super) fn half_set(self, variables: &Variables) -> Option<String> {
        let lacking = self.lacking(variables);
        // A tenant and an application alone belong to each way.
        let own = self.needs().iter().skip(2);
        let is_meant = own.into_iter().any(|name| variables.get(name).is_some());
        (is_meant && !lacking.is_empty()).then(|| format!("{self} lacks {}", lacking.join(", ")))
    }

    /// The variables that are not set.
    pub(super) fn lacking(self, variables: &Variables) -> Vec<&'static str> {
        let needs = self.needs().iter().copied();
        needs.filter(|name| variables.get(name).is_none()).collect()
    }
}

impl fmt::Display for AuthMethod {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for AuthMethod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| format!("expected one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// There is no way to sign in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The chosen way needs variables that are not set.
    #[error("signing in by {method} needs {}", missing.join(", "))]
    Missing {
        /// The way.
        method: AuthMethod,
        /// The variables.
        missing: Vec<&'static str>,
    },
    /// The chosen way does not work here.
    #[error("signing in by {method} does not work here")]
    Unusable {
        /// The way.
        method: AuthMethod,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
}

/// Somebody that Azure is called as.
#[derive(Clone, Debug)]
pub struct Credential {
    method: AuthMethod,
    token: Arc<dyn TokenCredential>,
    signed_in: SignedIn,
    transport: Transport,
}

impl Credential {
    /// The way that `asked` names; otherwise the first whose variables are set, and the Azure CLI when there is none.
    ///
    /// # Errors
    ///
    /// When the way that is asked for cannot be used.
    pub fn choose(
        asked: Option<AuthMethod>,
        variables: &Variables,
    ) -> Result<Self, CredentialError> {
        let usable = |method: &AuthMethod| method.lacking(variables).is_empty();
        let method = asked.unwrap_or_else(|| {
            let automatic = AuthMethod::ALL
                .into_iter()
                .filter(|method| *method != AuthMethod::ManagedIdentity);
            automatic
                .into_iter()
                .find(usable)
                .unwrap_or(AuthMethod::AzureCli)
        });
        let missing = method.lacking(variables);
        if !missing.is_empty() {
            return Err(CredentialError::Missing { method, missing });
        }
        let transport = Transport::new(new_http_client(None));
        let token = build(method, variables, &transport)
            .map_err(|source| CredentialError::Unusable { method, source })?;
        let token = match method {
            AuthMethod::AzureCli => last_resort(token, variables, asked.is_some()),
            _ => token,
        };
        let signed_in = SignedIn::default();
        Ok(Self {
            method,
            token: signed_in.watch(method, token),
            signed_in,
            transport,
        })
    }

    /// The same, which tells once when signing in takes more than a moment.
    #[must_use]
    pub fn telling_silence(self, tell: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            token: Arc::new(Telling::new(self.token, SILENCE, tell)),
            ..self
        }
    }

    /// The way that was chosen.
    #[must_use]
    pub fn method(&self) -> AuthMethod {
        self.method
    }

    pub(super) fn signed_in(&self) -> SignedIn {
        self.signed_in.clone()
    }

    /// What gives the tokens, for a client of a service that is no part of a connection.
    #[must_use]
    pub fn token(&self) -> Arc<dyn TokenCredential> {
        self.token.clone()
    }

    /// The connections that tokens come by, for the clients that use them.
    pub(crate) fn transport(&self) -> Transport {
        self.transport.clone()
    }
}

fn build(
    method: AuthMethod,
    variables: &Variables,
    transport: &Transport,
) -> AzureResult<Arc<dyn TokenCredential>> {
    let client_options = ClientOptions {
        transport: Some(transport.clone()),
        ..ClientOptions::default()
    };
    let value = |name: &str| variables.get(name).unwrap_or_default().to_owned();
    let (tenant, client) = (value("AZURE_TENANT_ID"), value("AZURE_CLIENT_ID"));
    Ok(match method {
        AuthMethod::AzurePipelines => {
            let (connection, token) = (
                value("AZURE_SERVICE_CONNECTION_ID"),
                value("SYSTEM_ACCESSTOKEN"),
            );
            let options = AzurePipelinesCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options },
            };
            AzurePipelinesCredential::new(tenant, client, &connection, token, Some(options))?
        }
        AuthMethod::GitHub => {
            let assertion = GitHubToken {
                url: value("ACTIONS_ID_TOKEN_REQUEST_URL"),
                token: Secret::new(value("ACTIONS_ID_TOKEN_REQUEST_TOKEN")),
                client_options: client_options.clone(),
            };
            let options = ClientAssertionCredentialOptions { client_options };
            ClientAssertionCredential::new(tenant, client, assertion, Some(options))?
        }
        AuthMethod::WorkloadIdentity => {
            let options = WorkloadIdentityCredentialOptions {
                client_id: Some(client),
                tenant_id: Some(tenant),
                token_file_path: Some(value("AZURE_FEDERATED_TOKEN_FILE").into()),
                credential_options: ClientAssertionCredentialOptions { client_options },
            };
            WorkloadIdentityCredential::new(Some(options))?
        }
        AuthMethod::ClientSecret => ClientSecretCredential::new(
            &tenant,
            client,
            Secret::new(value("AZURE_CLIENT_SECRET")),
            Some(ClientSecretCredentialOptions { client_options }),
        )?,
        AuthMethod::ManagedIdentity => {
            let options = ManagedIdentityCredentialOptions {
                client_options,
                ..ManagedIdentityCredentialOptions::default()
            };
            ManagedIdentityCredential::new(Some(options))?
        }
        AuthMethod::AzureCli => AzureCliCredential::new(None)?,
    })
}

/// The token that GitHub gives to a job with `id-token: write`.
#[derive(Debug)]
struct GitHubToken {
    url: String,
    token: Secret,
    client_options: ClientOptions,
}

#[derive(Deserialize)]
struct GitHubAnswer {
    value: String,
}

#[async_trait::async_trait]
impl ClientAssertion for GitHubToken {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> AzureResult<String> {
        let package = Package {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        };
        let credential = Arc::new(StaticToken::new(self.token.clone()));
        let rest = RestClient::new(
            package,
            &self.url,
            credential,
            "github",
            RestClientOptions {
                client_options: self.client_options.clone(),
                ..RestClientOptions::default()
            },
        )?;
        let mut url: url::Url = self.url.parse().map_err(|error| {
            azure_core::Error::new(azure_core::error::ErrorKind::Credential, error)
        })?;
        url.query_pairs_mut()
            .append_pair("audience", "api://AzureADTokenExchange");
        Ok(rest
            .get(url)
            .send::<GitHubAnswer>()
            .await?
            .into_model()?
            .value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: [(&str, &str); 3] = [
        ("AZURE_TENANT_ID", "t"),
        ("AZURE_CLIENT_ID", "c"),
        ("AZURE_CLIENT_SECRET", "s3cret"),
    ];

    #[test]
    fn the_first_way_whose_variables_are_set_is_chosen() {
        let chosen = |values: &[(&str, &str)]| {
            Credential::choose(None, &Variables::new(values.iter().copied()))
                .unwrap()
                .method()
        };

        assert_eq!(chosen(&SECRET), AuthMethod::ClientSecret);
        assert_eq!(chosen(&[]), AuthMethod::AzureCli);
    }

    #[test]
    fn a_way_that_is_asked_for_names_what_it_lacks() {
        let error = Credential::choose(
            Some(AuthMethod::ClientSecret),
            &Variables::new([("AZURE_TENANT_ID", "t")]),
        )
        .unwrap_err();

        assert_eq!(
            error.to_string(),
            "signing in by client-secret needs AZURE_CLIENT_ID, AZURE_CLIENT_SECRET"
        );
    }

    #[test]
    fn a_secret_is_not_shown() {
        let credential = Credential::choose(None, &Variables::new(SECRET)).unwrap();

        assert!(!format!("{credential:?} {:?}", Variables::new(SECRET)).contains("s3cret"));
    }
}
