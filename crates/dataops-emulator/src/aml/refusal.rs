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
    /// The code and the message of what lies behind it.
    detail: Option<(&'static str, String)>,
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
            detail: None,
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadArgument", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    /// A resource of Azure Resource Manager is missing; the detail says which.
    pub(super) fn no_resource(code: &'static str, message: String) -> Self {
        Self {
            detail: Some((code, message)),
            ..Self::not_found("The specified resource was not found.")
        }
    }

    /// What the service says of a value that it validates.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "UserError", message)
    }

    pub(super) fn no_api_version() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
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
            detail,
        } = self;
        let correlation = uuid::Uuid::new_v4().simple().to_string();
        let details = detail.iter().map(|(code, message)| {
            json!({"code": code, "message": message, "details": [], "additionalInfo": []})
        });
        let details: Vec<_> = details.collect();
        let body = match shape {
            Shape::Pipelines => json!({
                "Error": {"Code": code, "Message": message, "Target": null, "Details": [], "InnerError": null},
                "Correlation": {"operation": correlation},
            }),
            Shape::History => json!({
                "error": {"code": code, "message": message, "details": details},
                "correlation": {"operation": correlation},
            }),
            Shape::Arm => json!({"error": {
                "code": code,
                "message": message,
                "details": details,
                "additionalInfo": about(&correlation),
            }}),
        };
        (*status, Json(body)).into_response()
    }
}

/// Where an error comes from, as Azure Resource Manager tells it of Azure Machine Learning.
fn about(correlation: &str) -> serde_json::Value {
    let info =
        |kind: &str, value: serde_json::Value| json!({"type": kind, "info": {"value": value}});
    json!([
        info("ComponentName", "managementfrontend".into()),
        info(
            "Correlation",
            json!({"operation": correlation, "request": &correlation[..16]})
        ),
        info("Environment", super::LOCATION.into()),
        info("Location", super::LOCATION.into()),
        info("Time", super::now().into()),
    ])
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::internal(in_full(&error))
    }
}
