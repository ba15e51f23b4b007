//! A record: what was done to an environment, by whom and when, sealed by a digest and bound to the record before it.

mod created;
mod deployment;
mod file;
mod test;

use serde::{Deserialize, Serialize};

pub use created::Created;
pub use deployment::{
    ArmDeployment, Cause, Counts, Deployment, Evidence, Outcome, Overridden, TriggerLeft,
};
pub use file::{RecordError, SCHEMA};
pub use test::{INTERRUPTED, Test, TestCase, TestOutcome};

use dataops_plan::Digest;

use crate::time::Time;
use crate::who::Who;

/// What is to be recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The environment's name.
    pub environment: String,
    /// When it ended.
    pub at: Time,
    /// Who did it.
    pub who: Who,
    /// The version of the program.
    pub tool: String,
    /// What was done.
    pub did: Did,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Did {
    /// A deployment, whatever came of it.
    Deployment(Box<Deployment>),
    /// A test of what is deployed.
    Test(Test),
}

/// A sealed record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Record {
    /// The version of this form.
    pub schema: u32,
    /// Its number in its environment, from 1.
    pub number: u64,
    /// The digest of the record before it; nothing for the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Digest>,
    /// The environment's name.
    pub environment: String,
    /// When it ended.
    pub at: Time,
    /// Who did it.
    pub who: Who,
    /// The version of the program.
    pub tool: String,
    /// What was done.
    pub did: Did,
    /// The digest of all the rest.
    pub digest: Digest,
}

impl Record {
    /// The deployment that it is about.
    #[must_use]
    pub fn deployment(&self) -> Option<&Deployment> {
        match &self.did {
            Did::Deployment(deployment) => Some(deployment),
            Did::Test(_) => None,
        }
    }

    /// The test that it is about.
    #[must_use]
    pub const fn test(&self) -> Option<&Test> {
        match &self.did {
            Did::Test(test) => Some(test),
            Did::Deployment(_) => None,
        }
    }

    /// The digest of the bundle that it is about.
    #[must_use]
    pub fn bundle(&self) -> Option<&str> {
        match &self.did {
            Did::Deployment(deployment) => deployment.bundle.as_deref(),
            Did::Test(test) => test.bundle.as_deref(),
        }
    }
}
