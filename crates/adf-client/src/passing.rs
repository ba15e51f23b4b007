//! Refusals that pass by themselves, and that the status does not tell from others.

use azure_core::Error;
use rest_core::{ServiceError, ServiceErrorExt, Verdict};

/// What the service says while it is at work on the same thing for somebody else. It has no code of its own for it.
const BUSY: [&str; 5] = [
    "concurrent operation",
    "concurrent update",
    "another operation is in progress",
    "operation is in progress",
    "during provisioning",
];

/// Whether a request that was refused is sent again.
pub(crate) fn judge(refusal: &ServiceError) -> Verdict {
    match says_busy(refusal) {
        true => Verdict::Passing,
        false => Verdict::ByStatus,
    }
}

/// Whether the service refused because it is at work on the same thing.
#[must_use]
pub fn is_busy(error: &Error) -> bool {
    error.service_error().is_some_and(says_busy)
}

fn says_busy(refusal: &ServiceError) -> bool {
    if !matches!(u16::from(refusal.status), 400 | 409) {
        return false;
    }
    let code = refusal.code.as_deref().unwrap_or_default();
    if matches!(code, "AnotherOperationInProgress" | "OperationInProgress") {
        return true;
    }
    let message = refusal.message.to_lowercase();
    BUSY.iter().any(|words| message.contains(words))
}
