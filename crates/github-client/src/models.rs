//! What the service knows, and what it is told.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A ruleset without its rules.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RulesetSummary {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `branch`, `tag` or `push`.
    #[serde(default)]
    pub target: String,
    /// `active`, `evaluate` or `disabled`.
    #[serde(default)]
    pub enforcement: String,
}

/// A ruleset. Its conditions and rules are an open set, and stay JSON.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
#[non_exhaustive]
pub struct Ruleset {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// All of it.
    pub document: Value,
}

impl TryFrom<Value> for Ruleset {
    type Error = serde_json::Error;

    fn try_from(document: Value) -> Result<Self, Self::Error> {
        let RulesetSummary { id, name, .. } = RulesetSummary::deserialize(&document)?;
        Ok(Self { id, name, document })
    }
}

/// An environment as it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// What a deployment waits for.
    #[serde(default)]
    pub protection_rules: Vec<ProtectionRule>,
    /// From which branches it is deployed to; every one when it does not say.
    pub deployment_branch_policy: Option<BranchPolicyKind>,
}

/// Something that a deployment waits for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ProtectionRule {
    /// `wait_timer`, `required_reviewers`, `branch_policy`, or one that this version does not name.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many minutes it waits.
    pub wait_timer: Option<u64>,
    /// Whether who has started the deployment may not approve it.
    pub prevent_self_review: Option<bool>,
    /// Who may approve.
    #[serde(default)]
    pub reviewers: Vec<RuleReviewer>,
}

/// Somebody who may approve.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RuleReviewer {
    /// `User` or `Team`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who.
    pub reviewer: Actor,
}

/// A person or a team.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// The number.
    pub id: u64,
    /// The name of a person.
    pub login: Option<String>,
    /// The name of a team in addresses.
    pub slug: Option<String>,
}

/// From which branches an environment is deployed to: one of both is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BranchPolicyKind {
    /// From those that are protected.
    pub protected_branches: bool,
    /// From those that are listed.
    pub custom_branch_policies: bool,
}

/// An environment as it ought to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewEnvironment {
    /// How many minutes a deployment waits; up to 43,200.
    pub wait_timer: u64,
    /// Whether who has started a deployment may not approve it.
    pub prevent_self_review: bool,
    /// Who may approve; up to six, of whom one has to.
    pub reviewers: Vec<NewReviewer>,
    /// From which branches it is deployed to; every one when it does not say.
    pub deployment_branch_policy: Option<BranchPolicyKind>,
}

/// Somebody who may approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewReviewer {
    /// `User` or `Team`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number.
    pub id: u64,
}

/// A branch, or a pattern of some, that an environment is deployed to from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BranchPolicy {
    /// Its number.
    pub id: u64,
    /// The name or pattern.
    pub name: String,
}

#[derive(Deserialize)]
pub(crate) struct BranchPolicies {
    #[serde(default)]
    pub(crate) branch_policies: Vec<BranchPolicy>,
}

/// Something wrong with a line of CODEOWNERS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CodeownersError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// What kind of fault it is, such as `Unknown owner`.
    pub kind: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub suggestion: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct CodeownersErrors {
    #[serde(default)]
    pub(crate) errors: Vec<CodeownersError>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Comment {
    /// Its number.
    pub id: u64,
    /// Its text in Markdown.
    pub body: Option<String>,
    /// Who has written it; nobody where that account is gone.
    pub user: Option<Account>,
    /// Where people read it.
    pub html_url: Option<String>,
}

/// An account: of somebody, of an organization, or of an app.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// Its name; that of an app ends in `[bot]`.
    pub login: String,
    /// `User`, `Organization` or `Bot`.
    #[serde(rename = "type", default)]
    pub kind: String,
}
