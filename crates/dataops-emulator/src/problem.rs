//! Error replies. Each service has its own shape; nothing else in the emulator writes one.

use std::borrow::Cow;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::service::Service;
use crate::store::StoreError;

/// An error reply.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    service: Service,
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
}

impl Problem {
    /// Any error of any service.
    pub(crate) fn new(
        service: Service,
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            service,
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// No credentials, or wrong ones.
    pub(crate) fn unauthenticated(service: Service, reason: &str) -> Self {
        let code = match service {
            Service::Databricks => "UNAUTHENTICATED",
            Service::Blob => "AuthenticationFailed",
            Service::AzureMl => "UserError",
            Service::Tokens => "invalid_client",
            Service::KeyVault => "Unauthorized",
            Service::Arm | Service::Control => "AuthenticationFailed",
        };
        Self::new(service, StatusCode::UNAUTHORIZED, code, reason)
    }

    /// The caller's token is another one. A Databricks workspace says so with 403.
    pub(crate) fn unknown_token(service: Service) -> Self {
        let reason = "the token is not the one that the emulator printed when it was ready";
        match service {
            Service::Databricks => {
                let said = format!("Invalid access token. ({reason})");
                Self::new(service, StatusCode::FORBIDDEN, "PERMISSION_DENIED", said)
            }
            _ => Self::unauthenticated(service, reason),
        }
    }

    /// The request comes from somewhere else than this machine's programs.
    pub(crate) fn forbidden(service: Service, reason: impl Into<String>) -> Self {
        Self::new(service, StatusCode::FORBIDDEN, "Forbidden", reason)
    }

    /// The operation is one that the emulator lacks.
    pub(crate) fn not_implemented(service: Service, method: &Method, path: &str) -> Self {
        let code = match service {
            Service::Databricks => "NOT_IMPLEMENTED",
            _ => "NotImplemented",
        };
        let message = format!("the emulator does not have {method} {path}");
        Self::new(service, StatusCode::NOT_IMPLEMENTED, code, message)
    }

    /// The emulator itself failed.
    pub(crate) fn internal(service: Service, error: &dyn std::error::Error) -> Self {
        let code = match service {
            Service::Databricks => "INTERNAL_ERROR",
            Service::Blob => "InternalError",
            _ => "InternalServerError",
        };
        Self::new(
            service,
            StatusCode::INTERNAL_SERVER_ERROR,
            code,
            in_full(error),
        )
    }

    /// An ARM error with a code of Data Factory or of the front door.
    pub(crate) fn arm(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Service::Arm, status, code, message)
    }

    /// ARM `BadRequest`.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::arm(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// ARM `ResourceNotFound`.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::arm(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    /// The text for people.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    fn json(&self) -> Value {
        let Self { code, message, .. } = self;
        match self.service {
            Service::Databricks => json!({"error_code": code, "message": message}),
            Service::Tokens => json!({"error": code, "error_description": message}),
            _ => {
                json!({"error": {"code": code, "message": message, "target": null, "details": null}})
            }
        }
    }

    fn xml(&self) -> String {
        // XML has no way to write most control characters.
        let unspeakable =
            |letter: char| letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}');
        let message = self.message.replace(unspeakable, "\u{FFFD}");
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>",
            self.code,
            quick_xml::escape::escape(&message)
        )
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(Service::Arm, &error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = match self.service {
            Service::Blob => {
                (self.status, [(CONTENT_TYPE, "application/xml")], self.xml()).into_response()
            }
            _ => (
                self.status,
                [(CONTENT_TYPE, "application/json; charset=utf-8")],
                self.json().to_string(),
            )
                .into_response(),
        };
        let headers = response.headers_mut();
        if let Ok(code) = HeaderValue::from_str(&self.code) {
            headers.insert("x-ms-error-code", code);
        }
        response
    }
}

/// An error with its causes, joined by colons.
pub(crate) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
