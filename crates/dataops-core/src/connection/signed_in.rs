//! Whether signing in has ever succeeded: before that, no request has left. And what is told where it fails.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use azure_core::Result as AzureResult;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

use super::credential::AuthMethod;
use super::last_resort::NotSignedIn;

/// A way to sign in gave no token.
#[derive(Debug, thiserror::Error)]
#[error("signing in by {method} failed")]
#[non_exhaustive]
pub struct SignInFailed {
    /// The way.
    pub method: AuthMethod,
    /// What the SDK says of it.
    #[source]
    source: azure_core::Error,
}

impl SignInFailed {
    /// Finds it among the causes of an error.
    #[must_use]
    pub fn of(error: &azure_core::Error) -> Option<&Self> {
        let error: &(dyn Error + 'static) = error;
        let mut causes = std::iter::successors(Some(error), |cause| (*cause).source());
        causes.find_map(|cause| cause.downcast_ref())
    }
}

/// Whether signing in has ever succeeded; clones tell the same.
#[derive(Clone, Debug, Default)]
pub struct SignedIn(Arc<AtomicBool>);

impl SignedIn {
    /// Somebody who needs not to sign in.
    pub(super) fn always() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// Whether it has succeeded by now.
    #[must_use]
    pub fn yet(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The same credential, watched.
    pub(super) fn watch(
        &self,
        method: AuthMethod,
        token: Arc<dyn TokenCredential>,
    ) -> Arc<dyn TokenCredential> {
        Arc::new(Watched {
            method,
            token,
            signed_in: self.clone(),
        })
    }
}

#[derive(Debug)]
struct Watched {
    method: AuthMethod,
    token: Arc<dyn TokenCredential>,
    signed_in: SignedIn,
}

#[async_trait::async_trait]
impl TokenCredential for Watched {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> AzureResult<AccessToken> {
        let method = self.method;
        let failed = |source: azure_core::Error| match NotSignedIn::of(&source) {
            Some(_) => source,
            // Whether it is worth another attempt, and which exit code it has, is as before.
            None => azure_core::Error::new(source.kind().clone(), SignInFailed { method, source }),
        };
        let token = self
            .token
            .get_token(scopes, options)
            .await
            .map_err(failed)?;
        self.signed_in.0.store(true, Ordering::Release);
        Ok(token)
    }
}
