//! Policies.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A policy as it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PolicyConfiguration {
    /// Its number.
    pub id: u64,
    /// Whether it is in force.
    #[serde(default)]
    pub is_enabled: bool,
    /// Whether a change that does not satisfy it is kept out; otherwise it only advises.
    #[serde(default)]
    pub is_blocking: bool,
    /// Whether it is deleted, and only remembered.
    #[serde(default)]
    pub is_deleted: bool,
    /// What kind of policy it is.
    #[serde(rename = "type")]
    pub kind: PolicyType,
    /// What it asks for, with its `scope`.
    #[serde(default)]
    pub settings: Value,
}

/// A kind of policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PolicyType {
    /// Its id.
    pub id: PolicyTypeId,
    /// Its name, as people see it.
    #[serde(default)]
    pub display_name: String,
}

/// The id of a kind of policy, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
pub struct PolicyTypeId(String);

impl PolicyTypeId {
    /// A minimum number of reviewers.
    pub const MINIMUM_REVIEWERS: &'static str = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
    /// Build validation.
    pub const BUILD: &'static str = "0609b952-1397-4640-95ec-e00a01b2c241";
    /// Reviewers that a change of some paths needs.
    pub const REQUIRED_REVIEWERS: &'static str = "fd2167ab-b0be-447a-8ec8-39368250530e";
    /// Comments are resolved.
    pub const COMMENTS: &'static str = "c6a1889d-b943-4856-b76f-9e46bb6b0df2";
    /// Work items are linked.
    pub const WORK_ITEMS: &'static str = "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e";
    /// How a pull request may be merged.
    pub const MERGE_STRATEGY: &'static str = "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab";
    /// A status that another service posts.
    pub const STATUS: &'static str = "cbdc66da-9728-4af8-aada-9a5a32e4a226";

    /// The id `id`, whatever its case.
    pub fn new(id: impl Into<String>) -> Self {
        Self::from(id.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for PolicyTypeId {
    fn from(id: String) -> Self {
        Self(id.to_ascii_lowercase())
    }
}

impl From<PolicyTypeId> for String {
    fn from(id: PolicyTypeId) -> Self {
        id.0
    }
}

/// A policy as it ought to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPolicy {
    /// Whether it is in force.
    pub is_enabled: bool,
    /// Whether a change that does not satisfy it is kept out.
    pub is_blocking: bool,
    /// What kind of policy it is.
    #[serde(rename = "type", serialize_with = "as_reference")]
    pub kind: PolicyTypeId,
    /// What it asks for, with its `scope`.
    pub settings: Value,
}

fn as_reference<S: serde::Serializer>(id: &PolicyTypeId, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::json!({ "id": id }).serialize(serializer)
}
