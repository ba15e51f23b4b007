//! Why something was not done.

use azure_core::error::ErrorKind;
use rest_core::{ServiceErrorExt, TimedOut};
use serde::Serialize;

/// Why something was not done.
#[derive(Clone, Debug, Serialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
#[non_exhaustive]
pub struct Trouble {
    /// What kind of trouble.
    pub kind: TroubleKind,
    /// What happened, with the service's words.
    pub message: String,
    /// The service's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The service's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TroubleKind {
    /// The service refused.
    Refused,
    /// The service was not reached, or did not answer.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// Somebody else has changed it since the plan was made.
    Moved,
    /// Somebody wished to end early while it was on its way.
    Interrupted,
}

impl Trouble {
    pub(super) fn new(kind: TroubleKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: None,
            request_id: None,
        }
    }

    pub(super) fn moved(message: impl Into<String>) -> Self {
        Self::new(TroubleKind::Moved, message)
    }
}

impl From<&azure_core::Error> for Trouble {
    fn from(error: &azure_core::Error) -> Self {
        let kind = match error.kind() {
            _ if TimedOut::of(error).is_some() => TroubleKind::TimedOut,
            ErrorKind::Connection | ErrorKind::Io => TroubleKind::Unreachable,
            _ => TroubleKind::Refused,
        };
        let said = error.service_error();
        Self {
            kind,
            message: in_full(error),
            code: said.and_then(|said| said.code.clone()),
            request_id: said.and_then(|said| said.request_id.clone()),
        }
    }
}

impl From<azure_core::Error> for Trouble {
    fn from(error: azure_core::Error) -> Self {
        Self::from(&error)
    }
}

/// An error and its causes, each said once.
pub(super) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let message = current.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        cause = current.source();
    }
    text
}

/// Whether the service may have done what it was asked to although it says otherwise, or says nothing.
pub(super) fn is_ambiguous(error: &azure_core::Error) -> bool {
    let status = error.service_error().map(|said| u16::from(said.status));
    match status {
        Some(status) => status >= 500 || status == 408,
        None => {
            matches!(
                error.kind(),
                ErrorKind::Io | ErrorKind::Connection | ErrorKind::DataConversion
            ) && TimedOut::of(error).is_none()
        }
    }
}
