//! Which requests may be sent again.
//!
//! `azure_core` repeats every method alike. A POST that starts a run must not be repeated after a 500 or a lost answer: the
//! run may have been started.

use std::time::Duration;

use azure_core::Error;
use azure_core::error::ErrorKind;
use azure_core::http::headers::{Headers, RETRY_AFTER, RETRY_AFTER_MS, X_MS_RETRY_AFTER_MS};
use azure_core::http::{Method, StatusCode};
use azure_core::time::{OffsetDateTime, parse_rfc7231};

/// When and how often a request is repeated.
///
/// GET, HEAD, PUT and DELETE, and POSTs marked as repeatable, are sent again after 408, 429, 500, 502, 503 and 504 and after
/// a broken connection. Other POSTs and PATCHes are sent again only after 429 or when no connection could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often a request is sent at most, the first time included.
    pub max_attempts: u32,
    /// The pause before the second attempt; it doubles with each further one. A `Retry-After` of the service goes first.
    pub base_delay: Duration,
    /// The longest pause that is chosen without a `Retry-After`.
    pub max_delay: Duration,
    /// No further attempt starts after this time; a `Retry-After` that reaches beyond it ends the call at once.
    pub max_elapsed: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_attempts: 8,
            base_delay: Duration::from_millis(400),
            max_delay: Duration::from_secs(30),
            max_elapsed: Duration::from_secs(300),
        }
    }
}

impl Retry {
    /// Each request is sent once.
    #[must_use]
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// The pause before attempt `attempt + 1`, without jitter.
    #[must_use]
    pub fn pause(&self, attempt: u32) -> Duration {
        let factor = 1_u32
            .checked_shl(attempt.saturating_sub(1))
            .unwrap_or(u32::MAX);
        self.base_delay.saturating_mul(factor).min(self.max_delay)
    }
}

/// What a client knows of a refusal beyond its status; see [`crate::RestClient::judge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: the status decides.
    ByStatus,
    /// The request was turned away before any work began, so that even a POST may be sent again.
    TurnedAway,
    /// It may pass: a request that is safe to repeat is sent again.
    Passing,
    /// Sending it again is of no use, or is the client's own affair.
    Final,
}

/// Whether sending a request twice does no more than sending it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    Repeatable,
    StartsWork,
}

impl Safety {
    pub(crate) fn of(method: Method) -> Self {
        match method {
            Method::Post | Method::Patch => Self::StartsWork,
            _ => Self::Repeatable,
        }
    }

    /// Whether the request may be sent again after an answer with `status`.
    pub(crate) fn after_status(self, status: StatusCode) -> bool {
        let code = u16::from(status);
        code == 429 || (self == Self::Repeatable && matches!(code, 408 | 500 | 502 | 503 | 504))
    }

    /// Whether the request may be sent again after a refusal with `status` and `verdict`.
    pub(crate) fn after_refusal(self, status: StatusCode, verdict: Verdict) -> bool {
        match verdict {
            Verdict::ByStatus => self.after_status(status),
            Verdict::TurnedAway => true,
            Verdict::Passing => self == Self::Repeatable || self.after_status(status),
            Verdict::Final => false,
        }
    }

    /// Whether the request may be sent again after `error` kept the answer away.
    pub(crate) fn after_error(self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Connection => true,
            ErrorKind::Io => self == Self::Repeatable,
            _ => false,
        }
    }
}

/// The pause that the service asks for: `x-ms-retry-after-ms`, `retry-after-ms` or `Retry-After` in seconds or as a date.
#[must_use]
pub fn retry_after(headers: &Headers, now: OffsetDateTime) -> Option<Duration> {
    for name in [X_MS_RETRY_AFTER_MS, RETRY_AFTER_MS] {
        if let Some(millis) = headers
            .get_optional_str(&name)
            .and_then(|text| text.trim().parse().ok())
        {
            return Some(Duration::from_millis(millis));
        }
    }
    let text = headers.get_optional_str(&RETRY_AFTER)?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = parse_rfc7231(text).ok()?;
    Some(Duration::try_from(date - now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = Retry::default();

        let pauses: Vec<_> = (1..=9)
            .map(|attempt| retry.pause(attempt).as_millis())
            .collect();

        assert_eq!(
            pauses,
            [400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]
        );
        assert_eq!(retry.pause(u32::MAX), retry.max_delay);
    }

    #[test]
    fn only_a_refused_or_throttled_post_is_repeated() {
        let post = Safety::of(Method::Post);
        let get = Safety::of(Method::Get);

        assert!(post.after_status(StatusCode::TooManyRequests));
        for status in [
            StatusCode::InternalServerError,
            StatusCode::BadGateway,
            StatusCode::ServiceUnavailable,
        ] {
            assert!(!post.after_status(status));
            assert!(get.after_status(status));
        }
        let lost = Error::with_message(ErrorKind::Io, "reset");
        let refused = Error::with_message(ErrorKind::Connection, "refused");
        assert!(!post.after_error(&lost) && get.after_error(&lost));
        assert!(post.after_error(&refused));
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let of = |name: &'static str, value: &'static str| {
            let mut headers = Headers::new();
            headers.insert(name, value);
            retry_after(&headers, now)
        };

        assert_eq!(of("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(
            of("x-ms-retry-after-ms", "250"),
            Some(Duration::from_millis(250))
        );
        assert_eq!(
            of("retry-after", "Thu, 01 Jan 1970 00:00:30 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            of("retry-after", "Wed, 31 Dec 1969 00:00:00 GMT"),
            Some(Duration::ZERO)
        );
        assert_eq!(of("retry-after", "soon"), None);
        assert_eq!(of("retry-after", "-1"), None);
    }
}
