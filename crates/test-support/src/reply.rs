//! What a scripted service answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use wiremock::{Request, Respond, ResponseTemplate};

/// One answer of a scripted service.
#[derive(Clone, Debug)]
pub struct Reply(ResponseTemplate);

impl Reply {
    /// A JSON answer.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self(ResponseTemplate::new(status).set_body_json(body))
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self(ResponseTemplate::new(status))
    }

    /// An answer with bytes of a media type.
    #[must_use]
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self(ResponseTemplate::new(status).set_body_raw(body, media_type))
    }

    /// A refusal in the form of Azure Resource Manager.
    #[must_use]
    pub fn refusal(status: u16, code: &str, message: &str) -> Self {
        Self::json(
            status,
            serde_json::json!({ "error": { "code": code, "message": message } }),
        )
    }

    /// 429 with a `Retry-After` of no time.
    #[must_use]
    pub fn throttled() -> Self {
        Self::refusal(429, "TooManyRequests", "slow down").header("retry-after", "0")
    }

    /// Adds a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.insert_header(name, value))
    }

    /// Answers only after `delay`, for tests that abandon the call before.
    #[must_use]
    pub fn late(self, delay: Duration) -> Self {
        Self(self.0.set_delay(delay))
    }
}

/// Answers in turn; the last one is repeated.
pub(crate) struct InTurn {
    replies: Vec<Reply>,
    given: AtomicUsize,
}

impl InTurn {
    pub(crate) fn new(replies: Vec<Reply>) -> Self {
        assert!(!replies.is_empty(), "a script needs at least one reply");
        Self {
            replies,
            given: AtomicUsize::new(0),
        }
    }
}

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let turn = self
            .given
            .fetch_add(1, Ordering::SeqCst)
            .min(self.replies.len() - 1);
        self.replies[turn].0.clone()
    }
}
