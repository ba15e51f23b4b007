//! What is looked at.

use adf_source::Repository;
use dataops_solution::source::SolutionSource;

use crate::lint::PythonLint;

/// What is looked at, read beforehand.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Subject<'a> {
    /// The Data Factory repository.
    pub repository: &'a Repository,
    /// The path of the repository's folder from the solution's root, with a `/` at its end; empty where they are the same.
    pub prefix: &'a str,
    /// The solution around it, where there is one.
    pub solution: Option<&'a SolutionSource>,
    /// What a linter says about the Python code of the solution.
    pub python: &'a [PythonLint],
}

impl<'a> Subject<'a> {
    /// A Data Factory repository, and nothing around it.
    #[must_use]
    pub const fn new(repository: &'a Repository, prefix: &'a str) -> Self {
        Self {
            repository,
            prefix,
            solution: None,
            python: &[],
        }
    }

    /// The same subject with what a linter says about the Python code of the solution.
    #[must_use]
    pub const fn with_python(self, python: &'a [PythonLint]) -> Self {
        Self { python, ..self }
    }

    /// The same repository in a solution.
    #[must_use]
    pub const fn in_solution(self, solution: &'a SolutionSource) -> Self {
        Self {
            solution: Some(solution),
            ..self
        }
    }
}
