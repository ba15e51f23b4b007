//! Failures of the documents of a solution.

use dataops_plan::DesiredError;

use crate::terminal::Place;

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
