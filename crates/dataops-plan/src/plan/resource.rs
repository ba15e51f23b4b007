//! What a plan says of a resource.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Action, Because};
use crate::digest::Digest;
use crate::key::ResourceKey;
use crate::prepared::Prepared;

/// What is done with a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourcePlan {
    /// Which it is.
    pub resource: ResourceKey,
    /// Its type within its kind, such as `BlobEventsTrigger`; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What is done.
    pub action: Action,
    /// Why.
    pub because: Because,
    /// The entity tag of the one that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The digest of the one that is there, in its normal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Digest>,
    /// The digest of the one that ought to be, in its normal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<Digest>,
    /// What differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The secrets that it ought to have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretPlan>,
}

impl ResourcePlan {
    /// Whether a document of the factory is the one that the plan saw.
    #[must_use]
    pub fn saw(&self, live: &Value) -> bool {
        let live = Prepared::of(self.resource.kind, live.clone(), &BTreeSet::new());
        self.live.as_ref() == Some(&live.digest)
    }
}

/// A place in a document that differs. Secrets have stars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Change {
    /// The place, by names rather than numbers, such as `activities["Copy"].policy.retry`.
    pub path: String,
    /// How it differs.
    pub what: What,
    /// What a reviewer should look at it for, such as `data location`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
}

impl Change {
    /// Whether a place is the one that differs, or within it.
    #[must_use]
    pub fn is_about(&self, place: &str) -> bool {
        let below = place.strip_prefix(&self.path);
        below.is_some_and(|below| below.is_empty() || below.starts_with(['.', '[']))
    }
}

/// How a place differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// A value that was not there.
    Added {
        /// The value.
        new: Value,
    },
    /// A value that is no longer there.
    Removed {
        /// The value.
        old: Value,
    },
    /// Another value.
    Changed {
        /// The value that is there.
        old: Value,
        /// The value that ought to be.
        new: Value,
    },
    /// The same thing at another place.
    Moved {
        /// Where it is.
        from: String,
        /// Where it ought to be.
        to: String,
    },
    /// The same thing under another name.
    Renamed {
        /// The name that it has.
        from: String,
        /// The name that it ought to have.
        to: String,
    },
}

/// A secret that a resource ought to have. The plan never has its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SecretPlan {
    /// Its place in the document, a JSON pointer.
    pub at: String,
    /// What is known about the one that is there.
    pub state: SecretState,
}

/// What is known about the secret that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretState {
    /// There is none yet.
    New,
    /// It is the same.
    Same,
    /// It is another.
    Changed,
    /// The service does not give it back.
    Unknown,
}

impl fmt::Display for SecretState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::New => "new",
            Self::Same => "the same",
            Self::Changed => "changed",
            Self::Unknown => "cannot be compared",
        })
    }
}
