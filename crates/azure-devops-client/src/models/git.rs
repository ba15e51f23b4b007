//! Repositories, branches, pipelines and environments.

use serde::Deserialize;

/// A git repository.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Repository {
    /// Its id, a GUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The branch that pull requests go to, such as `refs/heads/main`; nothing of an empty repository.
    pub default_branch: Option<String>,
    /// Where people look at it.
    pub web_url: Option<String>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Branch {
    /// Its name, with `refs/heads/`.
    pub name: String,
    /// Whether nobody may write to it.
    #[serde(default)]
    pub is_locked: bool,
}

/// A pipeline, as build validation knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Definition {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The folder that it lies in, such as `\` or `\team`.
    #[serde(default)]
    pub path: String,
}

/// An environment that is deployed to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Environment {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
}
