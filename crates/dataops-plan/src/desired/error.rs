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
    /// A file cannot be read.
    #[error("{place}: {reason}{}", others(*more))]
    Unreadable {
        /// The file, with line and column where they are known.
        place: String,
        /// What is wrong with it.
        reason: String,
        /// How many more there are.
        more: usize,
    },
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

fn others(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => "; another file cannot be read either".to_owned(),
        more => format!("; {more} other files cannot be read either"),
    }
}
