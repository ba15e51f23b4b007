//! The lint of Python code, as a part of what is looked at.

use super::Args;
use super::selection::Selection;
use super::solution::Loaded;
use crate::context::Context;
use crate::failure::Failure;
use crate::python_lint::{self, Installing, NotLinted};
use crate::report::findings::LeftOut;

/// What the rules about Python begin with.
const PYTHON: &str = "PY";

/// Why the Python code of a solution was not looked at.
pub(super) struct NotLooked {
    why: NotLinted,
    /// Whether the lint was asked for by name.
    asked: bool,
}

/// Has the Python code of a solution linted, where that is asked for.
pub(super) async fn lint(
    context: &Context,
    args: &Args,
    selection: &Selection,
    loaded: &mut Loaded,
) -> Option<NotLooked> {
    let source = loaded.solution.as_ref()?;
    if args.no_python_lint || !selection.may_have(PYTHON) {
        return None;
    }
    let installing = match args.offline {
        true => Installing::Offline,
        false => Installing::Allowed,
    };
    match python_lint::lint(context, &loaded.root, source, installing).await {
        Ok(lints) => {
            loaded.python = lints;
            None
        }
        Err(why) => Some(NotLooked {
            why,
            asked: selection.names(PYTHON),
        }),
    }
}

impl NotLooked {
    /// What the report says of it.
    pub(super) fn left_out(&self) -> LeftOut {
        let (NotLinted::Unavailable(failure) | NotLinted::Failed(failure)) = &self.why;
        LeftOut {
            rules: PYTHON,
            message: format!("the Python code was not linted: {}", failure.summary()),
            hint: failure.hints().join("; "),
        }
    }

    /// Why the command fails whatever was found: the linter does not do its work, or was asked for by name.
    pub(super) fn into_failure(self) -> Option<Failure> {
        match self.why {
            NotLinted::Failed(failure) => Some(failure),
            NotLinted::Unavailable(failure) => self.asked.then_some(failure),
        }
    }
}
