//! Failures of the documents of a solution.

use dataops_plan::DesiredError;
use dataops_solution::overrides::OverrideError;

use super::Failure;
use crate::terminal::Place;

impl From<OverrideError> for Failure {
    fn from(error: OverrideError) -> Self {
        let hint = error.hint.clone();
        Self::usage(error).hint_if(hint)
    }
}

/// What to do about it.
pub(super) fn hint(error: &DesiredError) -> Option<String> {
    match error {
        DesiredError::Override(error) => error.hint.clone(),
        DesiredError::OverrideOfNothing { meant, .. } => meant
            .as_ref()
            .map(|meant| format!("did you mean `{meant}`?")),
        _ => None,
    }
}

/// The setting of the environment that the error is about: its section and its key.
pub(super) fn setting(error: &DesiredError) -> Option<(&'static str, &str)> {
    match error {
        DesiredError::Override(error) => Some(("overrides", &error.path)),
        DesiredError::OverrideOfNothing { path, .. } => Some(("overrides", path)),
        DesiredError::Rename(error) => Some(("renames", &error.key)),
        DesiredError::GlobalParameter { name, .. } => Some(("globalParameters", name)),
        _ => None,
    }
}

/// The place in a document that the error is about.
pub(crate) fn place(error: &DesiredError) -> Option<Place> {
    match error {
        DesiredError::Unreadable {
            path,
            at: Some((line, column)),
            ..
        } => Some(Place {
            path: path.into(),
            line: *line as u64,
            column: *column as u64,
        }),
        _ => None,
    }
}
