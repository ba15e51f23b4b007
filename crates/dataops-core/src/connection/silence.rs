//! What is told while a way to sign in does not answer: without a network, an SDK tries for a minute.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use azure_core::Result as AzureResult;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

/// How long nothing is told.
pub(super) const SILENCE: Duration = Duration::from_secs(2);

/// A credential that tells once when it does not answer within a time.
pub(super) struct Telling {
    token: Arc<dyn TokenCredential>,
    after: Duration,
    tell: Box<dyn Fn() + Send + Sync>,
    told: AtomicBool,
}

impl Telling {
    pub(super) fn new(
        token: Arc<dyn TokenCredential>,
        after: Duration,
        tell: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            token,
            after,
            tell: Box::new(tell),
            told: AtomicBool::new(false),
        }
    }
}

impl fmt::Debug for Telling {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.token.fmt(out)
    }
}

#[async_trait::async_trait]
impl TokenCredential for Telling {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> AzureResult<AccessToken> {
        let mut answer = self.token.get_token(scopes, options);
        tokio::select! {
            biased;
            answer = &mut answer => return answer,
            () = tokio::time::sleep(self.after) => {}
        }
        if !self.told.swap(true, Ordering::Relaxed) {
            (self.tell)();
        }
        answer.await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use azure_core::time::OffsetDateTime;
    use rest_core::StaticToken;
    use tokio::sync::Notify;

    use super::*;

    /// Gives a token only when it has been waited for.
    #[derive(Debug)]
    struct Slow(Arc<Notify>);

    #[async_trait::async_trait]
    impl TokenCredential for Slow {
        async fn get_token(
            &self,
            _: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> AzureResult<AccessToken> {
            self.0.notified().await;
            let never = OffsetDateTime::UNIX_EPOCH;
            Ok(AccessToken::new("late", never))
        }
    }

    #[tokio::test]
    async fn a_way_that_does_not_answer_is_told_once() {
        let (waited_for, told) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
        let (waited, count) = (Arc::clone(&waited_for), Arc::clone(&told));
        let slow = Arc::new(Slow(Arc::clone(&waited_for)));
        let slow = Telling::new(slow, Duration::ZERO, move || {
            count.fetch_add(1, Ordering::Relaxed);
            waited.notify_one();
        });

        let first = slow.get_token(&[], None).await.unwrap();
        waited_for.notify_one();
        let second = slow.get_token(&[], None).await.unwrap();

        assert_eq!(
            (first.token.secret(), second.token.secret()),
            ("late", "late")
        );
        assert_eq!(told.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn of_one_that_answers_nothing_is_told() {
        let told = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&told);
        let quick = Arc::new(StaticToken::new("quick"));
        let quick = Telling::new(quick, Duration::ZERO, move || {
            seen.store(true, Ordering::Relaxed);
        });

        let token = quick.get_token(&[], None).await.unwrap();

        assert_eq!(token.token.secret(), "quick");
        assert!(!told.load(Ordering::Relaxed));
    }
}
