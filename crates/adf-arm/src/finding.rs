//! What is worth knowing about an export: what was wrong with its input, and what will be wrong with its use.

use std::fmt;

use adf_source::{Position, SourceFile};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The templates can be deployed, but perhaps do not do what is meant.
    Warning,
    /// The templates cannot be deployed, or were not made as the source says.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's path below the root, with `/`.
    pub path: String,
    /// Where in the file.
    pub position: Option<Position>,
}

/// Something that is worth knowing about an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A name that stays, such as `arm-parameters`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// A sentence without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// What it is about.
    pub place: Option<Place>,
}

impl Finding {
    pub(crate) fn error(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, id, message.into())
    }

    pub(crate) fn warning(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, id, message.into())
    }

    fn new(severity: Severity, id: &'static str, message: String) -> Self {
        Self {
            id,
            severity,
            message,
            hint: None,
            place: None,
        }
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// At the value of a JSON pointer.
    #[must_use]
    pub(crate) fn at(mut self, file: &SourceFile, pointer: &str) -> Self {
        self.place = Some(Place {
            path: file.path.clone(),
            position: Some(file.span(pointer).start),
        });
        self
    }
}
