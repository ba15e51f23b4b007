//! What kind a refusal is, and whether it passes: by the service's code, its text and the status, in this order.

use azure_core::Error;
use azure_core::error::ErrorKind;
use rest_core::{ServiceError, Verdict};

use super::ApiErrorKind;

/// Reads code, then text, then status.
pub(super) fn classify(error: &ServiceError) -> ApiErrorKind {
    let code = error.code.as_deref().unwrap_or_default();
    match by_code(code) {
        Some(ApiErrorKind::BadRequest) if is_gone(error) => ApiErrorKind::NotFound,
        Some(kind) => kind,
        None if code.is_empty() && error.message.contains("already exists.") => {
            ApiErrorKind::Conflict
        }
        None => by_status(error.status.into()),
    }
}

fn by_code(code: &str) -> Option<ApiErrorKind> {
    Some(match code {
        "INVALID_PARAMETER_VALUE"
        | "BAD_REQUEST"
        | "MALFORMED_REQUEST"
        | "INVALID_STATE"
        | "DIRECTORY_NOT_EMPTY"
        | "IO_ERROR"
        | "QUOTA_EXCEEDED"
        | "RESOURCE_LIMIT_EXCEEDED" => ApiErrorKind::BadRequest,
        "UNAUTHENTICATED" | "SignInPage" | "Redirected" | "invalid_client" => {
            ApiErrorKind::Unauthenticated
        }
        "PERMISSION_DENIED" | "FEATURE_DISABLED" | "PRIVATE_LINK_VALIDATION_ERROR" => {
            ApiErrorKind::PermissionDenied
        }
        "RESOURCE_DOES_NOT_EXIST" | "NOT_FOUND" | "ENDPOINT_NOT_FOUND" | "SCIM_404" => {
            ApiErrorKind::NotFound
        }
        "ALREADY_EXISTS" | "RESOURCE_ALREADY_EXISTS" | "ABORTED" | "RESOURCE_CONFLICT" => {
            ApiErrorKind::Conflict
        }
        "REQUEST_LIMIT_EXCEEDED" | "RESOURCE_EXHAUSTED" => ApiErrorKind::TooManyRequests,
        "CANCELLED" => ApiErrorKind::Cancelled,
        "INTERNAL_ERROR" | "UNKNOWN" | "DATA_LOSS" => ApiErrorKind::Internal,
        "NOT_IMPLEMENTED" => ApiErrorKind::NotImplemented,
        "TEMPORARILY_UNAVAILABLE"
        | "WORKSPACE_TEMPORARILY_UNAVAILABLE"
        | "SERVICE_UNDER_MAINTENANCE" => ApiErrorKind::Unavailable,
        "DEADLINE_EXCEEDED" => ApiErrorKind::DeadlineExceeded,
        // Unity Catalog names the kind of thing: CATALOG_DOES_NOT_EXIST, VOLUME_ALREADY_EXISTS.
        _ if code.ends_with("_DOES_NOT_EXIST") => ApiErrorKind::NotFound,
        _ if code.ends_with("_ALREADY_EXISTS") => ApiErrorKind::Conflict,
        _ if code.starts_with("MAX_") && code.ends_with("_EXCEEDED") => ApiErrorKind::BadRequest,
        _ => return None,
    })
}

fn by_status(status: u16) -> ApiErrorKind {
    match status {
        400 => ApiErrorKind::BadRequest,
        401 => ApiErrorKind::Unauthenticated,
        403 => ApiErrorKind::PermissionDenied,
        404 => ApiErrorKind::NotFound,
        409 => ApiErrorKind::Conflict,
        429 => ApiErrorKind::TooManyRequests,
        499 => ApiErrorKind::Cancelled,
        500 => ApiErrorKind::Internal,
        501 => ApiErrorKind::NotImplemented,
        502 | 503 => ApiErrorKind::Unavailable,
        504 => ApiErrorKind::DeadlineExceeded,
        _ => ApiErrorKind::Other,
    }
}

/// Clusters, jobs and runs that do not exist are refused with 400 `INVALID_PARAMETER_VALUE`. A submission that names an
/// unknown cluster is a bad request all the same.
fn is_gone(error: &ServiceError) -> bool {
    let names_another = ["submit", "create", "reset", "update", "edit"]
        .iter()
        .any(|operation| error.path.ends_with(operation));
    let about = |what: &str| error.message.starts_with(what);
    let gone = error.message.contains("does not exist")
        && (about("Cluster ") || about("Job ") || about("Run "));
    let gone_in_job = about("Run: ") && error.message.contains("doesn't exist");
    error.code.as_deref() == Some("INVALID_PARAMETER_VALUE")
        && !names_another
        && (gone || gone_in_job)
}

/// Texts of a workspace, or a cluster, that is not ready; nothing was begun.
const NOT_READY: [&str; 6] = [
    "UnknownWorkerEnvironmentException",
    "does not have any associated worker environments",
    "There is no worker environment with id",
    "Unknown worker environment",
    "ClusterNotReadyException",
    "RPC token bucket limit has been exceeded",
];

/// Texts of trouble that passes; the request may have had its effect.
const PASSING: [&str; 4] = [
    "Unexpected error",
    "Please try again later or try a faster operation.",
    "Timed out after",
    "deadline exceeded",
];

/// Which refusals are worth another attempt, beyond their status.
pub(crate) fn judge(error: &ServiceError) -> Verdict {
    let said = |texts: &[&str]| texts.iter().any(|text| error.message.contains(text));
    let worker_environment =
        error.message.contains("worker env") && error.message.contains("not found");
    match error.code.as_deref().unwrap_or_default() {
        "PARTIAL_DELETE" => Verdict::Final,
        "REQUEST_LIMIT_EXCEEDED" | "RESOURCE_EXHAUSTED" => Verdict::TurnedAway,
        _ if said(&NOT_READY) || worker_environment => Verdict::TurnedAway,
        "TEMPORARILY_UNAVAILABLE" | "WORKSPACE_TEMPORARILY_UNAVAILABLE" => Verdict::Passing,
        _ if said(&PASSING) => Verdict::Passing,
        _ => Verdict::ByStatus,
    }
}

/// Whether a question that a wait asks may be asked again in spite of `error`, also when it was the sign-in that did not get
/// through.
pub(crate) fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connection | ErrorKind::Io => true,
        ErrorKind::HttpResponse { status, .. } => {
            matches!(u16::from(*status), 408 | 429 | 500 | 502 | 503 | 504)
        }
        ErrorKind::Credential => cause(error).is_some_and(is_passing),
        _ => false,
    }
}

/// The nearest error of another kind among the causes.
fn cause(error: &Error) -> Option<&Error> {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes
        .filter_map(|cause| cause.downcast_ref::<Error>())
        .find(|cause| cause.kind() != error.kind())
}
