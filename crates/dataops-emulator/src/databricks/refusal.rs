//! Errors in the shape of Databricks: `{"error_code": …, "message": …, "details": […]}`.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use axum::Json;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::problem::in_full;
use crate::store::StoreError;

/// The workspace refuses a request, as the service would.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    reason: Option<&'static str>,
}

impl Refusal {
    fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            reason: None,
        }
    }

    /// A 400 of any code.
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::bad("INVALID_PARAMETER_VALUE", message)
    }

    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::bad("MALFORMED_REQUEST", message)
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "RESOURCE_DOES_NOT_EXIST", message)
    }

    /// A 404 of Unity Catalog, whose code names the kind of thing.
    pub(super) fn thing_missing(kind: &str, name: &str) -> Self {
        let message = format!("{} '{name}' does not exist.", said(kind));
        Self::new(
            StatusCode::NOT_FOUND,
            format!("{kind}_DOES_NOT_EXIST"),
            message,
        )
    }

    /// A 400 of Unity Catalog, whose code names the kind of thing.
    pub(super) fn thing_exists(kind: &str, name: &str) -> Self {
        let message = format!("{} '{name}' already exists", said(kind));
        Self::new(
            StatusCode::BAD_REQUEST,
            format!("{kind}_ALREADY_EXISTS"),
            message,
        )
    }

    /// A 404 of the newer operations.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    pub(super) fn exists(message: impl Into<String>) -> Self {
        Self::bad("RESOURCE_ALREADY_EXISTS", message)
    }

    /// A 409 of the newer operations.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ALREADY_EXISTS", message)
    }

    pub(super) fn too_large(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "BAD_REQUEST", message)
    }

    /// Something that the service has and the emulator lacks.
    pub(super) fn not_emulated(what: &str) -> Self {
        let message = format!("the emulator does not have {what}");
        Self::new(StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", message)
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", message)
    }

    /// A file of the data directory cannot be read or written.
    pub(super) fn disk(path: &Path, error: &io::Error) -> Self {
        Self::internal(format!("cannot access `{}`: {error}", path.display()))
    }

    /// The same with another status.
    pub(super) fn status_of(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with an `ErrorInfo` detail.
    pub(super) fn because(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The `error_code`, such as `RESOURCE_DOES_NOT_EXIST`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    fn json(&self) -> Value {
        let mut body = json!({"error_code": *self.code, "message": self.message});
        if let Some(reason) = self.reason {
            body["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": reason,
                "domain": "databricks.com",
            }]);
        }
        body
    }
}

/// `EXTERNAL_LOCATION` as people write it: `External Location`.
fn said(kind: &str) -> String {
    let words = kind.split('_').map(|word| match word.split_at_checked(1) {
        Some((first, rest)) => format!("{first}{}", rest.to_lowercase()),
        None => String::new(),
    });
    words.collect::<Vec<_>>().join(" ")
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::internal(in_full(&error))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.json())).into_response()
    }
}

/// The answer to an operation that the emulator lacks.
pub(super) async fn lacking(method: Method, uri: Uri) -> Refusal {
    Refusal::not_emulated(&format!("{method} {}", uri.path()))
}
