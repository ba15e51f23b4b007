//! Checks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A kind of check.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct CheckType {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
}

impl CheckType {
    /// People approve.
    pub const APPROVAL: &'static str = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
    /// One run at a time.
    pub const EXCLUSIVE_LOCK: &'static str = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
    /// A task decides; which one, `definitionRef` of the settings says.
    pub const TASK: &'static str = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
    /// The task that looks at the branch a run comes from.
    pub const BRANCH_CONTROL: &'static str = "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b";
}

/// What a check guards.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct CheckResource {
    /// `environment`, `endpoint`, `variablegroup`, `queue` or `repository`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id, as text.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
}

impl CheckResource {
    /// An environment.
    pub const ENVIRONMENT: &'static str = "environment";
    /// A service connection.
    pub const CONNECTION: &'static str = "endpoint";
    /// A variable group.
    pub const VARIABLE_GROUP: &'static str = "variablegroup";
}

/// A check as it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CheckConfiguration {
    /// Its number.
    pub id: u64,
    /// What kind of check it is.
    #[serde(rename = "type")]
    pub kind: CheckType,
    /// What it asks for.
    #[serde(default)]
    pub settings: Value,
    /// How many minutes it is waited for.
    pub timeout: Option<u64>,
    /// What it guards.
    pub resource: Option<CheckResource>,
}

/// A check as it ought to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewCheck {
    /// What kind of check it is.
    #[serde(rename = "type")]
    pub kind: CheckType,
    /// What it asks for.
    pub settings: Value,
    /// What it guards.
    pub resource: CheckResource,
    /// How many minutes it is waited for.
    pub timeout: u64,
}
