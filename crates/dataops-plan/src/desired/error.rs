//! Why documents cannot be what an environment wants.

use adf_model::ResourceId;
use dataops_solution::overrides::OverrideError;
use dataops_solution::renames::RenameError;

/// What an environment says does not fit the documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DesiredError {
    /// An override does not fit.
    #[error(transparent)]
    Override(#[from] OverrideError),
    /// An override is about a document that does not exist.
    #[error("override `{path}`: there is no {id}")]
    OverrideOfNothing {
        /// The path as it is written.
        path: String,
        /// The document.
        id: ResourceId,
    },
    /// A rename cannot be done.
    #[error(transparent)]
    Rename(#[from] RenameError),
    /// Two documents are of one resource.
    #[error("two files hold {0}")]
    Twice(ResourceId),
    /// There are several factory files, and none is that of the environment.
    #[error(
        "there are several factory files ({}), and none is called as the environment's factory",
        .0.join(", ")
    )]
    SeveralFactories(Vec<String>),
    /// A value of a global parameter does not fit.
    #[error("global parameter `{name}`: {reason}")]
    GlobalParameter {
        /// The parameter.
        name: String,
        /// What is wrong.
        reason: String,
    },
}
