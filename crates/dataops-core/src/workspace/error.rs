//! Why something could not be done in a workspace.

use std::fmt;
use std::path::PathBuf;

use crate::connection::ConnectionError;

/// Why something could not be done in a workspace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// The workspace cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The folder of the notebooks is not there.
    #[error("`notebooks.root` names {}, which is no folder", .0.display())]
    NoFolder(PathBuf),
    /// The folder in the workspace is none that notebooks may go to.
    #[error(
        "`notebooks.target` is `{0}`, which is no folder for notebooks; name one such as /Shared/ingestion"
    )]
    Target(String),
    /// There are more files or folders than a solution has.
    #[error(
        "{place} has more than {limit} files and folders; is this the folder of the notebooks?"
    )]
    TooMany {
        /// Where.
        place: String,
        /// The most that are looked at.
        limit: usize,
    },
    /// A file cannot be read.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        reason: String,
    },
    /// A file is not what it was when the plan was made.
    #[error("{} has changed since the plan was made; plan anew", .0.display())]
    FileChanged(PathBuf),
    /// The plan has things that cannot be done.
    #[error("the notebooks cannot be brought to the workspace:{}", each(.0))]
    Clash(Vec<String>),
    /// The workspace, or the source, is not what it was when the plan was made.
    #[error("the notebooks have changed since the plan was made; plan anew:{}", each(.0))]
    Moved(Vec<String>),
    /// Some objects could not be brought.
    #[error(
        "{done} of {all} changes are made, the others are not:{}",
        each(failures)
    )]
    Incomplete {
        /// How many were.
        done: usize,
        /// How many there are.
        all: usize,
        /// What happened to the others; the first ones.
        failures: Vec<ObjectFailure>,
    },
    /// What the settings name is not in the workspace, or is there more than once.
    #[error("{0}")]
    Lookup(String),
    /// Something that was to be done has failed by itself: a cluster that does not start, a library that does not install.
    #[error("{0}")]
    Failed(String),
    /// A service refused a step.
    #[error("{step}")]
    Step {
        /// What was being done.
        step: String,
        /// Why it stopped.
        #[source]
        source: azure_core::Error,
    },
}

/// What happened to one object.
#[derive(Debug)]
#[non_exhaustive]
pub struct ObjectFailure {
    /// Its path in the workspace.
    pub path: String,
    /// What was being done with it.
    pub step: &'static str,
    /// Why it stopped.
    pub error: azure_core::Error,
}

impl fmt::Display for ObjectFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} `{}`: {}", self.step, self.path, self.error)
    }
}

/// The most items of a list that a message shows.
const SHOWN: usize = 10;

/// A line for each item, for the end of a message.
fn each<T: fmt::Display>(items: &[T]) -> String {
    let mut text: String = items
        .iter()
        .take(SHOWN)
        .map(|item| format!("\n{item}"))
        .collect();
    if let Some(more) = items.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!("\nand {more} more"));
    }
    text
}

impl WorkspaceError {
    pub(crate) fn step(step: impl Into<String>) -> impl FnOnce(azure_core::Error) -> Self {
        let step = step.into();
        move |source| Self::Step { step, source }
    }

    /// The refusal of a service that it stands for, where there is one.
    #[must_use]
    pub fn service(&self) -> Option<&azure_core::Error> {
        match self {
            Self::Step { source, .. } => Some(source),
            Self::Incomplete { failures, .. } => failures.first().map(|failure| &failure.error),
            _ => None,
        }
    }
}
