//! What a service says when it refuses, and what is left when its answer cannot be read.
//!
//! Clients return [`azure_core::Error`]. The types here stand inside it and are reached with
//! [`ServiceErrorExt::service_error`] or `error.downcast_ref`.

mod operation;
mod page;
mod reworded;
mod shapes;
mod text;

use std::fmt;
use std::time::Duration;

use azure_core::Error;
use azure_core::error::ErrorKind;
use azure_core::http::headers::{CONTENT_TYPE, HeaderName, Headers};
use azure_core::http::{Request, StatusCode};
use serde::de::DeserializeOwned;

use crate::call::Answer;
pub use operation::OperationError;
pub use reworded::reworded;
pub use text::clean;

/// A refusal of the service, whatever the shape of its body.
///
/// Read are the bodies of Azure Resource Manager, of Azure Machine Learning (`Error`/`Code` in Pascal case too), of Azure DevOps and
/// GitHub, and those of Databricks (`error_code`, `error` with `error_description`, SCIM, `CODE: text`, HTML, empty, anything else).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The HTTP status; 200 for a web page in place of an answer.
    pub status: StatusCode,
    /// The service's own code, such as `ResourceNotFound`.
    pub code: Option<String>,
    /// The code behind that one, such as `SecretDisabled` behind `Forbidden`, where the service has an `innererror`.
    pub inner_code: Option<String>,
    /// What the service says, without control characters and tokens.
    pub message: String,
    /// What the error is about, where the service says it.
    pub target: Option<String>,
    /// The errors behind this one.
    pub details: Vec<ErrorDetail>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// The method that was asked for, such as `GET`.
    pub method: String,
    /// The path that was asked for, without the query.
    pub path: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
}

/// One of the errors behind a [`ServiceError`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The service's code.
    pub code: Option<String>,
    /// What the service says.
    pub message: String,
    /// What it is about.
    pub target: Option<String>,
}

impl ServiceError {
    pub(crate) fn read(
        asked: &Asked,
        answer: &Answer,
        attempts: u32,
        retry_after: Option<Duration>,
    ) -> Self {
        let said = match answer
            .headers
            .get_optional_str(&HeaderName::from_static("location"))
        {
            Some(location)
                if (300..400).contains(&u16::from(answer.status))
                    && u16::from(answer.status) != 304 =>
            {
                page::redirect(location)
            }
            _ => shapes::read(&answer.body, answer.status),
        };
        Self {
            status: answer.status,
            code: said.code,
            inner_code: said.inner,
            message: said.message,
            target: said.target,
            details: said.details,
            request_id: said.request_id.or_else(|| request_id(&answer.headers)),
            method: asked.method.clone(),
            path: asked.path.clone(),
            attempts,
            retry_after,
        }
    }

    pub(crate) fn into_error(self, answer: Answer) -> Error {
        let kind = ErrorKind::HttpResponse {
            status: self.status,
            error_code: self.code.clone(),
            raw_response: Some(Box::new(answer.into_raw())),
        };
        Error::new(kind, self)
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {} answered {}",
            self.method,
            self.path,
            u16::from(self.status)
        )?;
        if let Some(code) = &self.code {
            write!(out, " {code}")?;
        }
        if let Some(inner) = &self.inner_code {
            write!(out, " ({inner})")?;
        }
        write!(out, ": {}", self.message)?;
        for detail in &self.details {
            write!(out, "\n  {detail}")?;
        }
        if self.attempts > 1 {
            write!(out, " (after {} attempts)", self.attempts)?;
        }
        if let Some(id) = &self.request_id {
            write!(out, " (request id {id})")?;
        }
        Ok(())
    }
}

impl fmt::Display for ErrorDetail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) if self.message.is_empty() => out.write_str(code)?,
            Some(code) => write!(out, "{code}: {}", self.message)?,
            None => out.write_str(&self.message)?,
        }
        if let Some(target) = &self.target {
            write!(out, " ({target})")?;
        }
        Ok(())
    }
}

impl std::error::Error for ServiceError {}

/// A successful answer that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{asked}: the answer cannot be read at `{path}`: {reason}{}", id_note(request_id.as_deref()))]
#[non_exhaustive]
pub struct BodyError {
    asked: Asked,
    /// Where in the JSON body the trouble is, such as `value[3].name`.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
    /// The service's id of the request.
    pub request_id: Option<String>,
}

fn id_note(id: Option<&str>) -> String {
    id.map(|id| format!(" (request id {id})"))
        .unwrap_or_default()
}

/// Finds the service's refusal inside an [`azure_core::Error`].
pub trait ServiceErrorExt {
    /// The refusal, when the service answered and refused.
    fn service_error(&self) -> Option<&ServiceError>;

    /// Whether the service says that what was asked for does not exist.
    fn is_not_found(&self) -> bool {
        self.service_error()
            .is_some_and(|error| u16::from(error.status) == 404)
    }
}

impl ServiceErrorExt for Error {
    fn service_error(&self) -> Option<&ServiceError> {
        self.downcast_ref()
    }
}

/// What was asked for: a method and a path, which name the resource in every error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    method: String,
    path: String,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let method = request.method().to_string();
        Self {
            method,
            path: request.url().path().to_owned(),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.path)
    }
}

/// The id under which the service has logged the request.
fn request_id(headers: &Headers) -> Option<String> {
    [
        "x-ms-request-id",
        "x-request-id",
        "request-id",
        "x-ms-correlation-request-id",
        "x-databricks-request-id",
        "x-vss-e2eid",
        "x-github-request-id",
    ]
    .into_iter()
    .find_map(|name| {
        headers
            .get_optional_str(&HeaderName::from_static(name))
            .map(text::clean)
    })
}

/// Checks that a successful answer is a `T`.
pub(crate) fn check_json<T: DeserializeOwned>(
    asked: &Asked,
    answer: &Answer,
) -> azure_core::Result<()> {
    let mut json = serde_json::Deserializer::from_slice(&answer.body);
    let wrong = match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Ok(_) => match json.end() {
            Ok(()) => return Ok(()),
            Err(error) => (String::from("."), error.to_string()),
        },
        Err(error) => (error.path().to_string(), error.inner().to_string()),
    };
    check_not_a_page(asked, answer)?;
    let reason = if answer.body.is_empty() {
        "the body is empty".to_owned()
    } else {
        text::clean(&wrong.1)
    };
    let request_id = request_id(&answer.headers);
    Err(BodyError {
        asked: asked.clone(),
        path: text::clean(&wrong.0),
        reason,
        request_id,
    }
    .into_error())
}

/// Refuses a web page with a success status: a sign-in page of a gateway.
pub(crate) fn check_not_a_page(asked: &Asked, answer: &Answer) -> azure_core::Result<()> {
    let declared = answer
        .headers
        .get_optional_str(&CONTENT_TYPE)
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("text/html"));
    if !(declared || page::looks_like_html(&answer.body)) {
        return Ok(());
    }
    let said = page::sign_in(&answer.body);
    let error = ServiceError {
        status: answer.status,
        code: said.code,
        inner_code: None,
        message: said.message,
        target: None,
        details: Vec::new(),
        request_id: request_id(&answer.headers),
        method: asked.method.clone(),
        path: asked.path.clone(),
        attempts: 1,
        retry_after: None,
    };
    let raw = Answer {
        status: answer.status,
        headers: answer.headers.clone(),
        body: answer.body.clone(),
    };
    Err(error.into_error(raw))
}
