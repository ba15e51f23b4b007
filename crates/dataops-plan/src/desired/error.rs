//! Why documents cannot be what an environment wants.

use std::path::Path;

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
        /// The name of the one that was meant.
        meant: Option<String>,
    },
    /// A rename cannot be done.
    #[error(transparent)]
    Rename(#[from] RenameError),
    /// A file cannot be read.
    #[error("{}: {reason}{}", placed(path, *at), others(*more))]
    Unreadable {
        /// The file, in the folder of the documents unless somebody has said where that is.
        path: String,
        /// Line and column, from 1, where they are known.
        at: Option<(usize, usize)>,
        /// What is wrong with it.
        reason: String,
        /// How many more there are.
        more: usize,
    },
    /// Two documents are of one resource.
    #[error("two files hold {id}{}", named(files))]
    Twice {
        /// The resource.
        id: ResourceId,
        /// The files, where the documents come from some.
        files: Vec<String>,
    },
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

impl DesiredError {
    /// The same for somebody who sees the documents in `folder`.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        let below = |path: &mut String| *path = folder.join(&*path).display().to_string();
        match &mut self {
            Self::Unreadable { path, .. } => below(path),
            Self::Twice { files, .. } => files.iter_mut().for_each(below),
            _ => {}
        }
        self
    }
}

fn named(files: &[String]) -> String {
    match files {
        [] => String::new(),
        files => format!(": {}", files.join(" and ")),
    }
}

fn placed(path: &str, at: Option<(usize, usize)>) -> String {
    match at {
        Some((line, column)) => format!("{path}:{line}:{column}"),
        None => path.to_owned(),
    }
}

fn others(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => "; another file cannot be read either".to_owned(),
        more => format!("; {more} other files cannot be read either"),
    }
}
