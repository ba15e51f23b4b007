//! What is looked at.

use adf_source::Repository;

/// What is looked at, read beforehand.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Subject<'a> {
    /// The Data Factory repository.
    pub repository: &'a Repository,
    /// The path of the repository's folder from the solution's root, with a `/` at its end; empty where they are the same.
    pub prefix: &'a str,
}

impl<'a> Subject<'a> {
    /// A Data Factory repository, and nothing around it.
    #[must_use]
    pub const fn new(repository: &'a Repository, prefix: &'a str) -> Self {
        Self { repository, prefix }
    }
}
