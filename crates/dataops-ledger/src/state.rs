//! The state that a factory was left in: what a later look is compared with.

use std::collections::BTreeMap;

use dataops_plan::{Digest, Live, ResourceKey, SecretTrace, TriggerState};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::notebooks::NotebooksLeft;

/// The version of the form of states.
const SCHEMA: u32 = 1;

/// The state that a factory was left in. It has no secret: a resource is there in its normal form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct State {
    /// The version of this form.
    pub schema: u32,
    /// What it had.
    pub resources: BTreeMap<ResourceKey, Left>,
    /// What was left in the workspace; nothing where a deployment was not about notebooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notebooks: Option<NotebooksLeft>,
}

/// A resource as it was left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Left {
    /// The digest of its normal form.
    pub digest: Digest,
    /// Its entity tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The state that a trigger should be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TriggerState>,
    /// What the factory has shown of its secrets, by their places; nothing in a state of a version that did not remember it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<BTreeMap<String, SecretTrace>>,
    /// Its normal form.
    pub normal: Value,
}

/// A state that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It is not what a state looks like.
    #[error("it is no state of a factory: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A newer version of this program wrote it.
    #[error("its schema is {0}, and this program reads {SCHEMA}")]
    Schema(u32),
    /// It is not the one that the record names.
    #[error("it was changed: the record names {named}, and its contents have {found}")]
    Changed {
        /// The digest in the record.
        named: Digest,
        /// The digest of the contents.
        found: Digest,
    },
}

impl State {
    /// What a factory is.
    #[must_use]
    pub fn of(live: &Live) -> Self {
        let resources = live.seen().map(|seen| {
            let left = Left {
                digest: seen.digest.clone(),
                etag: seen.etag.map(str::to_owned),
                state: seen.state,
                shown: Some(seen.secrets),
                normal: seen.normal.clone(),
            };
            (seen.resource, left)
        });
        Self {
            schema: SCHEMA,
            resources: resources.collect(),
            notebooks: None,
        }
    }

    /// The same state after a deployment of a part: what that one was not about is as the state `before` has it, so that what somebody has
    /// changed, added or removed there is told still.
    #[must_use]
    pub fn of_part(mut self, before: &Self, is_about: impl Fn(&ResourceKey) -> bool) -> Self {
        self.resources.retain(|key, _| is_about(key));
        let others = before.resources.iter().filter(|(key, _)| !is_about(key));
        let others = others.map(|(key, left)| (key.clone(), left.clone()));
        self.resources.extend(others);
        self
    }

    /// The same with what was left in the workspace.
    #[must_use]
    pub fn with_notebooks(mut self, notebooks: Option<NotebooksLeft>) -> Self {
        self.notebooks = notebooks;
        self
    }

    /// The same, in which triggers are as they should be: one that a deployment could not bring there, and somebody brings there later, is as
    /// it was meant to be left.
    #[must_use]
    pub fn with_triggers(
        mut self,
        desired: impl IntoIterator<Item = (ResourceKey, TriggerState)>,
    ) -> Self {
        for (key, desired) in desired {
            let found = self.resources.get_mut(&key);
            if let Some(left) = found.filter(|_| desired != TriggerState::Absent) {
                left.state = Some(desired);
            }
        }
        self
    }

    /// The bytes of the file, and their digest, by which a record names it.
    #[must_use]
    pub fn to_bytes(&self) -> (Vec<u8>, Digest) {
        let bytes = serde_json::to_vec(self).expect("a state has text keys only");
        let digest = Digest::of_bytes(&bytes);
        (bytes, digest)
    }

    /// Reads the file that a record names.
    ///
    /// # Errors
    ///
    /// When it is another one, or none.
    pub fn read(bytes: &[u8], named: &Digest) -> Result<Self, StateError> {
        let found = Digest::of_bytes(bytes);
        if found != *named {
            return Err(StateError::Changed {
                named: named.clone(),
                found,
            });
        }
        let state: Self = serde_json::from_slice(bytes)?;
        match state.schema > SCHEMA {
            true => Err(StateError::Schema(state.schema)),
            false => Ok(state),
        }
    }
}
