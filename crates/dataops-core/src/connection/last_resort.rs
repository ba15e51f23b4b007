//! The Azure CLI, which is asked when no other way to sign in has its variables.

use std::sync::Arc;

use azure_core::Result as AzureResult;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::ErrorKind;
use dataops_solution::environment::Variables;

use super::credential::AuthMethod;

/// Nobody is signed in: the Azure CLI gives no token, and no other way has all its variables, or is wanted.
#[derive(Debug, thiserror::Error)]
#[error("nobody is signed in: {tried}the Azure CLI gives no token")]
#[non_exhaustive]
pub struct NotSignedIn {
    /// That no other way has all its variables, and what those lack that have some; nothing where only the Azure CLI is wanted.
    tried: String,
    /// What the CI system that this runs in has to be told.
    pub advice: Option<String>,
    /// What the Azure CLI said.
    #[source]
    source: azure_core::Error,
}

impl NotSignedIn {
    /// Finds it among the causes of an error.
    #[must_use]
    pub fn of(error: &azure_core::Error) -> Option<&Self> {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(current) = cause {
            if let Some(found) = current.downcast_ref() {
                return Some(found);
            }
            cause = current.source();
        }
        None
    }
}

#[derive(Debug)]
struct LastResort {
    cli: Arc<dyn TokenCredential>,
    tried: String,
    advice: Option<String>,
}

#[async_trait::async_trait]
impl TokenCredential for LastResort {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> AzureResult<AccessToken> {
        self.cli.get_token(scopes, options).await.map_err(|source| {
            let error = NotSignedIn {
                tried: self.tried.clone(),
                advice: self.advice.clone(),
                source,
            };
            azure_core::Error::new(ErrorKind::Credential, error)
        })
    }
}

/// The CLI, with what is told when it does not know who is asking. `wanted` says that somebody has chosen it.
pub(super) fn last_resort(
    cli: Arc<dyn TokenCredential>,
    variables: &Variables,
    wanted: bool,
) -> Arc<dyn TokenCredential> {
    let tried = match wanted {
        true => String::new(),
        false => tried(variables),
    };
    let advice = advice(variables).filter(|_| !wanted);
    Arc::new(LastResort { cli, tried, advice })
}

/// That no way has all its variables, and what those lack that have some.
fn tried(variables: &Variables) -> String {
    let tried = AuthMethod::ALL.into_iter();
    let tried: Vec<_> = tried.filter_map(|it| it.half_set(variables)).collect();
    let lacking = match tried.is_empty() {
        true => String::new(),
        false => format!(" ({})", tried.join("; ")),
    };
    format!("no way to sign in has all its variables{lacking}, and ")
}

/// What a job of a CI system lacks to sign in without the CLI.
fn advice(variables: &Variables) -> Option<String> {
    let (method, how) = if variables.get("GITHUB_ACTIONS").is_some() {
        let how = "; the job needs `permissions: { id-token: write }`";
        (AuthMethod::GitHub, how)
    } else if variables.get("TF_BUILD").is_some() {
        let how = "; the step needs `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` in its `env`";
        (AuthMethod::AzurePipelines, how)
    } else {
        return None;
    };
    let lacking = method.lacking(variables);
    let how = match lacking.iter().any(|name| name.contains("TOKEN")) {
        true => how,
        false => "",
    };
    Some(format!(
        "signing in by {method} needs {} as well{how}",
        lacking.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_told_what_they_lack() {
        let advice = |values: &[(&str, &str)]| advice(&Variables::new(values.iter().copied()));
        let known = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];

        let github = advice(&[known[0], known[1], ("GITHUB_ACTIONS", "true")]).unwrap();
        let azure = advice(&[
            ("TF_BUILD", "True"),
            ("SYSTEM_ACCESSTOKEN", "x"),
            ("SYSTEM_OIDCREQUESTURI", "u"),
        ])
        .unwrap();

        assert_eq!(
            github,
            "signing in by github needs ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN as well; \
             the job needs `permissions: { id-token: write }`"
        );
        assert_eq!(
            azure,
            "signing in by azure-pipelines needs AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_SERVICE_CONNECTION_ID as well"
        );
        assert_eq!(advice(&known), None);
    }

    #[test]
    fn ways_that_are_half_set_up_are_told() {
        let tried = |values: &[(&str, &str)]| tried(&Variables::new(values.iter().copied()));
        let known = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];

        assert_eq!(
            tried(&[known[0], ("AZURE_CLIENT_SECRET", "s")]),
            "no way to sign in has all its variables (client-secret lacks AZURE_CLIENT_ID), and "
        );
        assert_eq!(
            tried(&known),
            "no way to sign in has all its variables, and "
        );
    }
}
