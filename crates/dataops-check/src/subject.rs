//! What is looked at.

use adf_source::Repository;

/// What is looked at, read beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The Data Factory repository.
    pub repository: &'a Repository,
    /// The path of the repository's folder from the solution's root, with a `/` at its end; empty where they are the same.
    pub prefix: &'a str,
}
