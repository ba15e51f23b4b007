//! Errors in the shapes of Azure Machine Learning's services.

use std::io;
use std::path::Path;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::problem::in_full;
use crate::store::StoreError;

/// The workspace refuses a request, as the service would.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

/// How a service writes its errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The pipelines service, in Pascal case.
    Pipelines,
    /// Run history and discovery.
    History,
    /// Azure Resource Manager.
    Arm,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadArgument", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", message)
    }

    pub(super) fn changed_meanwhile() -> Self {
        let message = "the entity was changed meanwhile; read it again";
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            message,
        )
    }

    /// Something that the service has and the emulator lacks.
    pub(super) fn not_emulated(what: &str) -> Self {
        let message = format!("the emulator does not have {what}");
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message)
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            message,
        )
    }

    /// A file cannot be read or written.
    pub(super) fn disk(path: &Path, error: &io::Error) -> Self {
        Self::internal(format!("cannot access `{}`: {error}", path.display()))
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code, such as `NotFound`.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code
    }

    pub(super) fn response(&self, shape: Shape) -> Response {
        let Self {
            status,
            code,
            message,
        } = self;
        let correlation = uuid::Uuid::new_v4().simple().to_string();
        let body = match shape {
            Shape::Pipelines => json!({
                "Error": {"Code": code, "Message": message, "Target": null, "Details": [], "InnerError": null},
                "Correlation": {"operation": correlation},
            }),
            Shape::History => json!({
                "error": {"code": code, "message": message, "details": []},
                "correlation": {"operation": correlation},
            }),
            Shape::Arm => json!({"error": {"code": code, "message": message}}),
        };
        (*status, Json(body)).into_response()
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::internal(in_full(&error))
    }
}
