//! The language of ARM templates, as far as templates of Data Factory use it: from a template and parameters to resources.
//!
//! What it lacks is refused by its name.

mod draft;
mod expand;
mod expression;
mod functions;
mod order;
mod parameters;
mod scope;
mod within;

use axum::http::StatusCode;

pub(super) use expand::{Expanded, Planned, expand};
pub(super) use parameters::shown;
pub(super) use within::Within;

use crate::problem::Problem;

/// Why a template is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TemplateError {
    /// ARM would refuse it.
    Invalid(String),
    /// ARM has it, and the emulator does not.
    Lacking(String),
}

impl TemplateError {
    fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// `what` is a name such as "the template function `reference`".
    fn lacking(what: impl Into<String>) -> Self {
        Self::Lacking(what.into())
    }
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Invalid(reason) => Self::arm(
                StatusCode::BAD_REQUEST,
                "InvalidTemplate",
                format!("Deployment template validation failed: '{reason}'."),
            ),
            TemplateError::Lacking(what) => Self::arm(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                format!("the emulator does not have {what}"),
            ),
        }
    }
}

type Result<T> = std::result::Result<T, TemplateError>;
