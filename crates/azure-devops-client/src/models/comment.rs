//! Comments of pull requests.

use serde::{Deserialize, Serialize};

/// A thread of comments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Thread {
    /// Its number.
    pub id: u64,
    /// Its comments, in order.
    #[serde(default)]
    pub comments: Vec<Comment>,
    /// Whether something is left to do about it; nothing of threads that the service writes.
    pub status: Option<ThreadStatus>,
    /// Whether it is deleted, and only remembered.
    #[serde(default)]
    pub is_deleted: bool,
}

/// Whether something is left to do about a thread.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ThreadStatus {
    /// Somebody is to answer; a policy about comments keeps the pull request open.
    Active,
    /// It was said, and nothing is to be done.
    Closed,
    /// What it was about is repaired.
    Fixed,
    /// One that this version does not name.
    #[serde(untagged)]
    Other(String),
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Comment {
    /// Its number in the thread.
    pub id: u64,
    /// Its text in Markdown; nothing where it is deleted.
    pub content: Option<String>,
    /// Whether it is deleted.
    #[serde(default)]
    pub is_deleted: bool,
    /// Who has written it.
    pub author: Option<Author>,
}

/// Who has written a comment, or is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Author {
    /// The id, a GUID.
    pub id: String,
}
