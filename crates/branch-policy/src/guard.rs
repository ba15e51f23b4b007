//! What guards a branch or an environment, as it ought to be and as it is.

use serde::Serialize;
use serde_json::Value;

/// What is guarded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Target {
    /// A branch, as the file names it.
    Branch(String),
    /// An environment.
    Environment(String),
    /// A service connection of Azure DevOps.
    Connection(String),
    /// A variable group of Azure DevOps.
    VariableGroup(String),
}

/// What kind of thing guards it, and so how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Guard {
    /// A policy of Azure DevOps.
    Policy,
    /// The lock of a branch on Azure DevOps.
    Lock,
    /// An environment of Azure DevOps itself.
    Environment,
    /// A check of an environment, a service connection or a variable group of Azure DevOps.
    Check,
    /// A ruleset of GitHub.
    Ruleset,
    /// The protection of an environment of GitHub.
    Protection,
}

/// What ought to be there.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What it guards.
    pub target: Target,
    /// How it is written.
    pub guard: Guard,
    /// What people call it.
    pub title: String,
    /// What is the same thing, from strict to loose: what is found is taken for this one by the first that both have.
    pub identities: Vec<String>,
    /// What it says, in a form that can be compared.
    pub body: Value,
    /// What is sent to have it so.
    pub document: Value,
}

/// What is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it guards.
    pub target: Target,
    /// How it is written.
    pub guard: Guard,
    /// The service's id of it; nothing of what has none.
    pub id: Option<u64>,
    /// What people call it.
    pub title: String,
    /// What is the same thing, from strict to loose.
    pub identities: Vec<String>,
    /// What it says, in a form that can be compared.
    pub body: Value,
    /// Why it must stay, whatever is asked.
    pub stays: Option<String>,
}

/// Something that a host cannot be told, or that is worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is about.
    pub target: Target,
    /// What is to be known.
    pub text: String,
}
