//! A long-running operation that did not succeed.

use azure_core::http::StatusCode;
use azure_core::http::headers::Headers;

use super::text::clean;
use super::{ErrorDetail, id_note, request_id, shapes};

/// A long-running operation has ended, and not as it should have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} ended as {status}{}{}", self.reason(), id_note(request_id.as_deref()))]
#[non_exhaustive]
pub struct OperationError {
    /// What was done.
    what: String,
    /// How it ended: `Failed`, `Canceled`.
    pub status: String,
    /// The service's own code, such as `QuotaExceeded`.
    pub code: Option<String>,
    /// Why, where the service says it.
    pub message: Option<String>,
    /// The errors behind it.
    pub details: Vec<ErrorDetail>,
    /// The service's id of the answer that told it.
    pub request_id: Option<String>,
}

impl OperationError {
    /// Reads the answer that told the end.
    pub(crate) fn read(what: &str, status: &str, body: &[u8], headers: &Headers) -> Self {
        let has_error = serde_json::from_slice::<serde_json::Value>(body)
            .is_ok_and(|body| body.get("error").is_some_and(|error| !error.is_null()));
        let said = has_error.then(|| shapes::read(body, StatusCode::Ok));
        let said = said.unwrap_or_default();
        Self {
            what: what.to_owned(),
            status: clean(status),
            code: said.code,
            message: Some(said.message).filter(|message| !message.is_empty()),
            details: said.details,
            request_id: said.request_id.or_else(|| request_id(headers)),
        }
    }

    fn reason(&self) -> String {
        let parts = [&self.code, &self.message].into_iter().flatten();
        let mut reason: String = parts.map(|part| format!(": {part}")).collect();
        for detail in &self.details {
            reason.push_str("\n  ");
            reason.push_str(&detail.to_string());
        }
        reason
    }
}
