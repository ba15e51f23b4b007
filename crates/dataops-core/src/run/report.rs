//! What a run did, as reports tell it.

use azure_core::time::{Duration, OffsetDateTime};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A pipeline run with its activity runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunReport {
    /// The factory.
    pub factory: String,
    /// The pipeline.
    pub pipeline: String,
    /// The run's id.
    pub run_id: String,
    /// `Queued`, `InProgress`, `Succeeded`, `Failed`, `Canceling`, `Cancelled`, or what the service says.
    pub status: String,
    /// What the service says about it, such as the reason of a failure.
    pub message: String,
    /// Who started it, such as `Manual` or a trigger's name.
    pub invoked_by: String,
    /// What it was given.
    pub parameters: Map<String, Value>,
    /// When it started.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<OffsetDateTime>,
    /// Its activity runs, in the order of their start.
    pub activities: Vec<ActivityReport>,
    /// Where to look at it.
    pub url: Option<String>,
}

/// An activity run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityReport {
    /// What tells it apart from other runs of the same activity.
    pub id: String,
    /// The activity.
    pub name: String,
    /// Its type, such as `Copy`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `Queued`, `InProgress`, `Succeeded`, `Failed`, `Cancelled`, `Skipped`, `Inactive`, or what the service says.
    pub status: String,
    /// When it started.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<OffsetDateTime>,
    /// What it was given.
    pub input: Value,
    /// What it gave.
    pub output: Value,
    /// Why it failed.
    pub error: Option<ActivityError>,
    /// Which repetition it is, from 1; nothing for the first attempt.
    pub retry: Option<u32>,
}

/// Why an activity failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityError {
    /// The service's code.
    pub code: String,
    /// What the service says.
    pub message: String,
}

/// Whether a status is one that a run stays in.
#[must_use]
pub fn is_final(status: &str) -> bool {
    matches!(
        status,
        "Succeeded" | "Failed" | "Cancelled" | "Skipped" | "Inactive"
    )
}

impl RunReport {
    /// Whether the run has ended.
    #[must_use]
    pub fn is_final(&self) -> bool {
        is_final(&self.status)
    }

    /// Whether somebody has stopped the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.status == "Cancelled"
    }

    /// How long the run took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: OffsetDateTime) -> Option<Duration> {
        Some(self.end.unwrap_or(now) - self.start?)
    }
}

impl ActivityReport {
    /// How long the activity took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: OffsetDateTime) -> Option<Duration> {
        Some(self.end.unwrap_or(now) - self.start?)
    }

    /// What the work itself said when it failed, such as a notebook's traceback.
    #[must_use]
    pub fn trace(&self) -> Option<&str> {
        let said = ["runTrace", "runError"].into_iter();
        said.filter_map(|key| self.output.get(key)?.as_str())
            .find(|text| !text.is_empty())
    }

    /// Where the work can be looked at, where the activity says so.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        ["runPageUrl", "runUrl"]
            .into_iter()
            .find_map(|key| self.output.get(key)?.as_str())
    }
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
fn rfc3339<S: Serializer>(time: &Option<OffsetDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = time.and_then(|time| {
        time.format(&time::format_description::well_known::Rfc3339)
            .ok()
    });
    text.serialize(serializer)
}
