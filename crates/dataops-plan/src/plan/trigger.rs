//! What a plan says of a trigger.

use std::fmt;

use dataops_solution::deployment::TriggerPolicy;
use serde::{Deserialize, Serialize};

use crate::key::ResourceKey;

/// Whether a trigger runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TriggerState {
    /// There is no such trigger.
    Absent,
    /// It runs.
    Started,
    /// It does not run.
    Stopped,
}

impl fmt::Display for TriggerState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Absent => "absent",
            Self::Started => "started",
            Self::Stopped => "stopped",
        })
    }
}

/// What becomes of a trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerPlan {
    /// Which it is.
    pub trigger: ResourceKey,
    /// Its type, such as `BlobEventsTrigger`.
    pub kind: String,
    /// What the environment says of it; nothing of one that it has nothing to do with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<TriggerPolicy>,
    /// Its state before.
    pub before: TriggerState,
    /// Its state afterwards.
    pub after: TriggerState,
    /// Why it is in that state afterwards.
    pub because: AfterBecause,
    /// Why it is stopped; nothing where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopBecause>,
    /// Whether it is started.
    pub start: bool,
}

/// Why a trigger is in a state afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AfterBecause {
    /// Its document says so.
    Source,
    /// It was so before.
    Kept,
    /// It is new, and what was before counts.
    NewAndKept,
    /// It ran before it went, and is created anew.
    RanBefore,
    /// An earlier deployment has stopped it and was not finished.
    LeftStopped,
    /// The environment says so.
    Environment,
    /// It starts no pipeline: the service would not start it.
    NoPipeline,
    /// It is deleted.
    Deleted,
    /// What is undone has created it, and the source does not have it.
    Undone,
    /// It is not part of the deployment.
    Untouched,
}

impl fmt::Display for AfterBecause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Source => "its document says so",
            Self::Kept => "it was so before",
            Self::NewAndKept => "it is new, and new ones are not started here",
            Self::RanBefore => "it ran before it went",
            Self::LeftStopped => "an earlier deployment has stopped it and was not finished",
            Self::Environment => "the environment says so",
            Self::NoPipeline => "it starts no pipeline",
            Self::Deleted => "it is deleted",
            Self::Undone => "what is undone has created it",
            Self::Untouched => "it is not part of the deployment",
        })
    }
}

/// Why a trigger is stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why", content = "on")]
#[non_exhaustive]
pub enum StopBecause {
    /// It is put, or deleted and put: the service refuses that while it runs.
    Put,
    /// It is deleted.
    Delete,
    /// It is not to run any more.
    After,
    /// It depends on a trigger that is put or deleted.
    DependsOn(ResourceKey),
}

impl fmt::Display for StopBecause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put => out.write_str("it is put"),
            Self::Delete => out.write_str("it is deleted"),
            Self::After => out.write_str("it is not to run any more"),
            Self::DependsOn(on) => write!(out, "it depends on {on}"),
        }
    }
}

/// A step of stopping or starting a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerStep {
    /// Its subscription to events is taken back.
    Unsubscribe,
    /// Waits, bounded, until the subscription is `Disabled`.
    AwaitDisabled,
    /// It is stopped.
    Stop,
    /// It subscribes to events.
    Subscribe,
    /// Waits, bounded, until the subscription is `Enabled`.
    AwaitEnabled,
    /// It is started.
    Start,
}

/// The steps of a trigger, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerSteps {
    /// The trigger.
    pub trigger: ResourceKey,
    /// The steps.
    pub steps: Vec<TriggerStep>,
}
