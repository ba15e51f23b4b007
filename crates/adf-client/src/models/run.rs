//! Runs of pipelines, activities and triggers.

use std::collections::BTreeMap;

use azure_core::time::OffsetDateTime;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::absent::{loose_number, loose_text, null_as_default};
use super::{ActivityRunStatus, PipelineRunStatus, TriggerRunStatus};

/// The answer of `createRun`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedRun {
    /// The run's id.
    pub run_id: String,
}

/// Where a rerun begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RerunFrom {
    /// With all activities.
    Start,
    /// With the activities that failed.
    Failure,
    /// With the named activity.
    Activity(String),
}

/// A run of a pipeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PipelineRun {
    /// The run's id.
    pub run_id: String,
    /// What a run and its reruns have in common: the id of the first of them.
    pub run_group_id: Option<String>,
    /// Whether it is the latest of its group.
    pub is_latest: Option<bool>,
    /// The pipeline.
    pub pipeline_name: String,
    /// The parameters by name. The service gives all values as text, arrays and objects as JSON text.
    #[serde(default, deserialize_with = "null_as_default")]
    pub parameters: BTreeMap<String, Value>,
    /// Who or what started it.
    pub invoked_by: Option<InvokedBy>,
    /// When it started.
    #[serde(default, deserialize_with = "super::timestamp::optional")]
    pub run_start: Option<OffsetDateTime>,
    /// When it ended; nothing while it runs.
    #[serde(default, deserialize_with = "super::timestamp::optional")]
    pub run_end: Option<OffsetDateTime>,
    /// How long it took, in milliseconds; nothing while it runs.
    #[serde(default, deserialize_with = "loose_number")]
    pub duration_in_ms: Option<i64>,
    /// How it stands.
    pub status: PipelineRunStatus,
    /// Why it failed.
    #[serde(default, deserialize_with = "loose_text")]
    pub message: Option<String>,
    /// When this was last changed.
    #[serde(default, deserialize_with = "super::timestamp::optional")]
    pub last_updated: Option<OffsetDateTime>,
    /// Labels that the run was given.
    #[serde(default, deserialize_with = "null_as_default")]
    pub run_dimension: Map<String, Value>,
}

/// Who or what started a pipeline run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct InvokedBy {
    /// The id of a trigger run, or of a person's call.
    pub id: Option<String>,
    /// The trigger's or activity's name, or `Manual`.
    pub name: Option<String>,
    /// `Manual`, `PipelineActivity`, or the type of a trigger.
    pub invoked_by_type: Option<String>,
    /// The pipeline that it was called from.
    pub pipeline_name: Option<String>,
    /// The run that it was called from.
    pub pipeline_run_id: Option<String>,
}

/// A run of an activity.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ActivityRun {
    /// The activity run's id.
    pub activity_run_id: Option<String>,
    /// The activity.
    pub activity_name: String,
    /// The activity's type, such as `Copy`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub activity_type: String,
    /// The pipeline.
    pub pipeline_name: Option<String>,
    /// The pipeline run that it belongs to.
    pub pipeline_run_id: Option<String>,
    /// How it stands.
    pub status: ActivityRunStatus,
    /// When it started.
    #[serde(default, deserialize_with = "super::timestamp::optional")]
    pub activity_run_start: Option<OffsetDateTime>,
    /// When it ended; nothing while it runs.
    #[serde(default, deserialize_with = "super::timestamp::optional")]
    pub activity_run_end: Option<OffsetDateTime>,
    /// How long it took, in milliseconds; nothing while it runs.
    #[serde(default, deserialize_with = "loose_number")]
    pub duration_in_ms: Option<i64>,
    /// What it was given.
    #[serde(default)]
    pub input: Value,
    /// What it gave; its shape depends on the type.
    #[serde(default)]
    pub output: Value,
    /// What went wrong; there, but empty, when nothing did. See [`ActivityRun::failure`].
    pub error: Option<ActivityError>,
    /// Which attempt it is, where it was repeated.
    #[serde(default, deserialize_with = "loose_number")]
    pub retry_attempt: Option<i64>,
    /// What tells the iterations of a loop apart.
    pub iteration_hash: Option<String>,
    /// Labels for monitoring.
    #[serde(default, deserialize_with = "null_as_default")]
    pub user_properties: Map<String, Value>,
}

impl ActivityRun {
    /// What went wrong; nothing when the service says nothing.
    #[must_use]
    pub fn failure(&self) -> Option<&ActivityError> {
        self.error
            .as_ref()
            .filter(|error| error.error_code.is_some() || error.message.is_some())
    }
}

/// Why an activity failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ActivityError {
    /// The code, such as `2200`.
    #[serde(deserialize_with = "loose_text")]
    pub error_code: Option<String>,
    /// What happened.
    #[serde(deserialize_with = "loose_text")]
    pub message: Option<String>,
    /// `UserError` or `SystemError`.
    #[serde(deserialize_with = "loose_text")]
    pub failure_type: Option<String>,
    /// The activity.
    #[serde(deserialize_with = "loose_text")]
    pub target: Option<String>,
}

/// A run of a trigger.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerRun {
    /// The trigger.
    pub trigger_name: String,
    /// The trigger run's id, such as `08586…CU16`.
    pub trigger_run_id: String,
    /// The trigger's type, such as `BlobEventsTrigger`.
    pub trigger_type: Option<String>,
    /// When it fired.
    #[serde(default, deserialize_with = "super::timestamp::optional")]
    pub trigger_run_timestamp: Option<OffsetDateTime>,
    /// How it stands.
    pub status: TriggerRunStatus,
    /// Why it failed.
    #[serde(default, deserialize_with = "loose_text")]
    pub message: Option<String>,
    /// `TriggerTime` and what the type adds, such as `EventPayload` as JSON text.
    #[serde(default, deserialize_with = "null_as_default")]
    pub properties: Map<String, Value>,
    /// The pipelines that it started, each with its run's id.
    #[serde(default, deserialize_with = "null_as_default")]
    pub triggered_pipelines: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use adf_model::Document;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_that_is_not_done_has_neither_end_nor_duration() {
        let json = json!({
            "id": "/SUBSCRIPTIONS/S/…/PIPELINERUNS/R", "runId": "r", "debugRunId": null, "runGroupId": "r", "pipelineName": "p",
            "parameters": {"names": "[\"a\"]"}, "invokedBy": {"id": "i", "name": "Manual", "invokedByType": "Manual"},
            "runStart": "2026-01-02T03:04:05.1234567Z", "runEnd": null, "durationInMs": null, "status": "InProgress",
            "message": "", "lastUpdated": "2026-01-02T03:04:06Z", "annotations": [], "runDimension": {}, "isLatest": true
        });

        let run = Document::<PipelineRun>::parse(json.clone()).unwrap();

        assert_eq!(
            (run.run_end, run.duration_in_ms, run.message.as_deref()),
            (None, None, None)
        );
        assert_eq!(run.parameters["names"], "[\"a\"]");
        assert_eq!(run.into_json(), json);
    }

    #[test]
    fn an_error_of_empty_texts_is_no_failure() {
        let run = |error: Value| -> ActivityRun {
            serde_json::from_value(
                json!({"activityName": "a", "status": "Succeeded", "error": error, "userProperties": null}),
            )
            .unwrap()
        };

        let empty = run(json!({"errorCode": "", "message": "", "failureType": "", "target": "a"}));
        let number = run(json!({"errorCode": 2200, "message": null}));

        assert_eq!((empty.failure(), run(json!(null)).failure()), (None, None));
        assert_eq!(
            number.failure().unwrap().error_code.as_deref(),
            Some("2200")
        );
    }
}
