//! Lint of the solution's Python code by `ruff`, with the solution's own configuration.

mod attempt;
mod process;
mod program;
mod run;
mod said;

use std::path::Path;

use dataops_check::PythonLint;
use dataops_solution::source::{Contents, SolutionSource};

use crate::context::Context;
use crate::failure::Failure;

/// How the linter is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Installing {
    /// Where there is none, it is installed once.
    Allowed,
    /// Only one that is there is used.
    Offline,
}

/// Why there is no lint.
#[derive(Debug)]
pub(crate) enum NotLinted {
    /// There is no linter, and none can be had.
    Unavailable(Failure),
    /// The linter is there, and does not do its work.
    Failed(Failure),
}

/// What the linter says about the Python code of a solution in `root`. Nothing where there is none.
pub(crate) async fn lint(
    context: &Context,
    root: &Path,
    source: &SolutionSource,
    installing: Installing,
) -> Result<Vec<PythonLint>, NotLinted> {
    if !has_python(root, source) {
        return Ok(Vec::new());
    }
    let program = program::find(context, installing).await;
    let program = program.map_err(NotLinted::Unavailable)?;
    let lints = run::run(&program, root, source).await;
    lints.map_err(NotLinted::Failed)
}

/// Whether there is anything to lint: a Python file that the settings name, or a project around it.
fn has_python(root: &Path, source: &SolutionSource) -> bool {
    let named = source.files.iter().any(|(path, contents)| {
        let path = path.to_ascii_lowercase();
        matches!(contents, Contents::Text(_)) && (path.ends_with(".py") || path.ends_with(".ipynb"))
    });
    let projects = ["pyproject.toml", "ruff.toml", ".ruff.toml"];
    named || projects.iter().any(|file| root.join(file).is_file())
}
