//! Failures of what the ML side describes.

use dataops_core::deployment::MlPipelineError;

use crate::exit::Exit;
use crate::terminal::Place;

/// What an error about an ML pipeline means, unless it only passes another one on.
pub(super) fn judge(error: &MlPipelineError) -> Option<(Exit, Option<String>)> {
    let hint = match error {
        MlPipelineError::File { .. } => Some("`ml.pipelines` of dataops.yaml names it"),
        MlPipelineError::Malformed { .. } => Some(
            "a description has `name`, `version` and `entryScript`, and may have `parameters` and `endpoint`",
        ),
        MlPipelineError::Address(_) => None,
        _ => return None,
    };
    Some((Exit::Usage, hint.map(str::to_owned)))
}

/// The place in a file that the error is about.
pub(super) fn place(error: &MlPipelineError) -> Option<Place> {
    match error {
        MlPipelineError::Malformed { path, fault } => Some(Place {
            path: path.clone(),
            line: fault.line,
            column: fault.column,
        }),
        _ => None,
    }
}
