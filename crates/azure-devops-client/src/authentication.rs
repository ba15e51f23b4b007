//! As whom Azure DevOps is called.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::headers::AUTHORIZATION;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a token of Microsoft Entra ID is asked for.
pub const AZURE_DEVOPS_SCOPE: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";

/// As whom Azure DevOps is called.
#[derive(Clone)]
pub struct Authentication(Way);

#[derive(Clone)]
enum Way {
    PersonalAccessToken(Secret),
    Token(Arc<dyn TokenCredential>),
}

impl Authentication {
    /// A personal access token.
    pub fn personal_access_token(token: impl Into<Secret>) -> Self {
        Self(Way::PersonalAccessToken(token.into()))
    }

    /// A credential of Microsoft Entra ID; of a pipeline's own `System.AccessToken`, a [`StaticToken`](crate::StaticToken).
    #[must_use]
    pub fn token(credential: Arc<dyn TokenCredential>) -> Self {
        Self(Way::Token(credential))
    }

    pub(crate) fn policy(self) -> Arc<dyn Policy> {
        match self.0 {
            Way::PersonalAccessToken(token) => Arc::new(Basic::new(&token)),
            Way::Token(credential) => Arc::new(BearerTokenAuthorizationPolicy::new(
                credential,
                [AZURE_DEVOPS_SCOPE.to_owned()],
            )),
        }
    }
}

impl fmt::Debug for Authentication {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.0 {
            Way::PersonalAccessToken(_) => "PersonalAccessToken(…)",
            Way::Token(_) => "Token(…)",
        })
    }
}

/// Sends a personal access token as a password without a user. The client refuses plain http, so that none travels in clear.
struct Basic(Secret);

impl Basic {
    fn new(token: &Secret) -> Self {
        let pair = STANDARD.encode(format!(":{}", token.secret()));
        Self(Secret::new(format!("Basic {pair}")))
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Basic(…)")
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is written so, and a named lifetime does not fit it"
)]
#[async_trait]
impl Policy for Basic {
    async fn send(
        &self,
        context: &Context,
        request: &mut Request,
        next: &[Arc<dyn Policy>],
    ) -> PolicyResult {
        request.insert_header(AUTHORIZATION, self.0.secret().to_owned());
        next[0].send(context, request, &next[1..]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_not_in_debug() {
        let pat = Authentication::personal_access_token("hunter2");
        let pair = STANDARD.encode(":hunter2");

        let shown = format!("{pat:?} {:?}", pat.clone().policy());

        assert!(
            !shown.contains("hunter2") && !shown.contains(&pair),
            "{shown}"
        );
    }
}
