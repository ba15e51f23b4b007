//! Whether signing in has ever succeeded: before that, no request has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use azure_core::Result as AzureResult;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

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
    pub(super) fn watch(&self, token: Arc<dyn TokenCredential>) -> Arc<dyn TokenCredential> {
        Arc::new(Watched {
            token,
            signed_in: self.clone(),
        })
    }
}

#[derive(Debug)]
struct Watched {
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
        let token = self.token.get_token(scopes, options).await?;
        self.signed_in.0.store(true, Ordering::Release);
        Ok(token)
    }
}
