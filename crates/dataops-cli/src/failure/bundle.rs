//! Failures of bundles.

use std::path::Path;

use dataops_bundle::{CollectError, OpenError, WriteError};

use super::Failure;
use crate::exit::Exit;
use crate::terminal::Place;

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            // Who asks about the bundle itself, `build --verify`, is told that it does not hold.
            OpenError::Altered { .. } | OpenError::Manifest { .. } => {
                Self::usage(error).hint("build it again from its commit")
            }
            other => Self::usage(other),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Occupied { .. } => {
                Self::usage(error).hint("name a folder that does not exist yet, or delete this one")
            }
            other => Self::new(Exit::Failed, other),
        }
    }
}

impl Failure {
    /// The solution in `root` cannot be sealed.
    pub(crate) fn of_collection(error: CollectError, root: &Path) -> Self {
        match error {
            CollectError::Settings(settings) => settings.into(),
            CollectError::Broken {
                folder,
                first,
                more,
            } => {
                let place = first.span.as_ref().map(|span| Place {
                    path: root.join(&folder).join(&first.path),
                    line: span.start.line as u64,
                    column: span.start.column as u64,
                });
                let hint = first.hint.clone();
                let mut failure = Self::usage(CollectError::Broken {
                    folder,
                    first,
                    more,
                });
                failure.place = place;
                failure.hints.extend(hint);
                if more > 0 {
                    failure = failure.hint(format!(
                        "{more} more cannot be read; `dataops validate` lists them"
                    ));
                }
                failure.hint("nothing was written: a bundle without it would delete it")
            }
            other => Self::usage(other),
        }
    }
}
