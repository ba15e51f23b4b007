//! Objects of a workspace, and what is done with them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// What an object of a workspace is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "language")]
pub enum ObjectKind {
    /// A notebook in a language, in the words of Databricks: `PYTHON`, `R`, `SCALA`, `SQL`.
    Notebook(String),
    /// A file.
    File,
    /// A folder; never one that ought to be.
    Folder,
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notebook(language) => write!(out, "notebook ({})", language.to_lowercase()),
            Self::File => out.write_str("file"),
            Self::Folder => out.write_str("folder"),
        }
    }
}

/// An object that ought to be in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalObject {
    /// The file in the source, to name it.
    pub source: String,
    /// The whole path in the workspace.
    pub path: String,
    /// What it becomes.
    pub kind: ObjectKind,
    /// The SHA-256 of its content as the workspace keeps it; see [`as_stored`](crate::as_stored).
    pub content: Digest,
    /// Why no workspace takes it, where that is known.
    pub obstacle: Option<Obstacle>,
}

/// Why no workspace takes a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "what")]
#[non_exhaustive]
pub enum Obstacle {
    /// It has so many bytes; an import takes at most [`LARGEST_IMPORT`].
    TooLarge(u64),
    /// Its name says that it is a Jupyter document, and it is none; why.
    NotJupyter(String),
    /// Its name cannot stand in a path of a workspace; why.
    Name(String),
}

/// The most bytes that one import takes.
pub const LARGEST_IMPORT: u64 = 10 << 20;

impl fmt::Display for Obstacle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => write!(
                out,
                "it has {bytes} bytes, and an import takes at most {LARGEST_IMPORT}; strip the outputs of a notebook, or put data into a volume"
            ),
            Self::NotJupyter(reason) => write!(out, "it is no Jupyter document: {reason}"),
            Self::Name(reason) => write!(out, "a workspace does not take its name: {reason}"),
        }
    }
}

/// An object that is in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteObject {
    /// The whole path.
    pub path: String,
    /// What it is.
    pub kind: ObjectKind,
    /// The SHA-256 of its content; none where it is not known.
    pub content: Option<Digest>,
    /// Whether an earlier deployment of the solution put it there.
    pub is_ours: bool,
    /// The name of another solution whose deployments put it there.
    pub brought_by: Option<String>,
    /// The name of another solution that has not brought it and wants it, as it has found it there.
    pub wanted_by: Option<String>,
}

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotebookAction {
    /// It is imported; the workspace does not have it.
    Create,
    /// It is imported over the one that is there.
    Update,
    /// The one that is there is deleted, then it is imported: an import does not change what an object is.
    Replace,
    /// It is deleted.
    Delete,
    /// It is as it ought to be.
    Unchanged,
    /// It is left as it is.
    Skip,
    /// It cannot be done.
    Clash,
}

/// Why something is done with an object, or is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why", content = "what")]
#[non_exhaustive]
pub enum NotebookBecause {
    /// The workspace does not have it.
    Missing,
    /// Its content differs.
    Differs,
    /// What its content is cannot be told.
    Unknown,
    /// Something else is there.
    IsA(ObjectKind),
    /// It is as it ought to be.
    Same,
    /// The source does not have it.
    NotInSource,
    /// The source does not have it, and deletion is off.
    DeletionOff,
    /// The source does not have it, and no deployment of the solution put it there.
    NotOurs,
    /// The source does not have it, a deployment put it there, and it is not what the deployment put there.
    ChangedSince,
    /// Deployments of another solution, of this name, put it there.
    BroughtBy(String),
    /// The source does not have it any more, and another solution, of this name, wants it: it is given up to that one.
    WantedBy(String),
    /// Several files of the source become this object.
    SeveralFiles(Vec<String>),
    /// Something else ought to be below it.
    IsAFolderToo(String),
    /// What is there is in the place of one of its folders.
    InTheWay(String),
    /// No workspace takes it.
    Cannot(Obstacle),
}

impl fmt::Display for NotebookBecause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => out.write_str("the workspace does not have it"),
            Self::Differs => out.write_str("it differs"),
            Self::Unknown => out.write_str("what is there cannot be compared"),
            Self::IsA(kind) => write!(out, "a {kind} is there"),
            Self::Same => out.write_str("it is as it ought to be"),
            Self::NotInSource => out.write_str("the source does not have it"),
            Self::DeletionOff => {
                out.write_str("the source does not have it, and nothing is deleted unasked")
            }
            Self::NotOurs => out.write_str("it was not put there by a deployment"),
            Self::ChangedSince => out.write_str(
                "the source does not have it, and somebody has changed it since the deployment",
            ),
            Self::BroughtBy(solution) => {
                write!(out, "the solution `{solution}` has brought it")
            }
            Self::WantedBy(solution) => {
                write!(
                    out,
                    "the source does not have it, and the solution `{solution}` wants it"
                )
            }
            Self::SeveralFiles(files) => write!(out, "{} become it", files.join(" and ")),
            Self::IsAFolderToo(path) => write!(out, "it would have to be a folder for {path}"),
            Self::InTheWay(path) => write!(out, "{path} is there and is no folder"),
            Self::Cannot(obstacle) => obstacle.fmt(out),
        }
    }
}

/// What is done with an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ObjectPlan {
    /// The whole path in the workspace.
    pub path: String,
    /// What it is, or ought to be.
    pub kind: ObjectKind,
    /// What is done.
    pub action: NotebookAction,
    /// Why.
    pub because: NotebookBecause,
    /// The file in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The SHA-256 of what ought to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Digest>,
    /// The SHA-256 of what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Digest>,
}
