//! What the pipelines service tells. Keys are in Pascal case there; newer answers may come in camel case.

use azure_core::time::{OffsetDateTime, parse_rfc3339};
use serde::Deserialize;

use crate::reading::{PrivateMap, nested, nested_list, text};
use crate::status::{EntityStatus, NodeStatus, PipelineRunStatus};

/// A published pipeline (`PipelineEntity`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Pipeline {
    /// The id; publishing again makes another one.
    pub id: String,
    /// The name, which many pipelines may share.
    pub name: Option<String>,
    /// What its publisher says.
    pub description: Option<String>,
    /// Free text given when it was published, such as a build number.
    #[serde(default, deserialize_with = "text")]
    pub version: Option<String>,
    /// Whether it may be submitted.
    pub entity_status: Option<EntityStatus>,
    /// The names of its parameters with their published defaults.
    #[serde(default)]
    pub parameter_assignments: PrivateMap,
    /// How many steps it has.
    pub total_run_steps: Option<u64>,
    /// Its REST address.
    pub url: Option<String>,
    /// Its etag.
    pub etag: Option<String>,
    /// When it was published; may be 1970 without an offset.
    pub created_date: Option<String>,
}

impl Pipeline {
    /// When it was published, where the service tells: a date in 1970 stands for none, and one without an offset is in UTC.
    #[must_use]
    pub fn created(&self) -> Option<OffsetDateTime> {
        let text = self.created_date.as_deref()?;
        let date = parse_rfc3339(text).or_else(|_| parse_rfc3339(&format!("{text}Z")));
        date.ok().filter(|date| date.year() > 1970)
    }
}

/// A pipeline endpoint (`PipelineEndpointEntity`): a fixed id in front of published pipelines.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PipelineEndpoint {
    /// The id, which stays the same.
    pub id: String,
    /// The name, unique in the workspace.
    pub name: Option<String>,
    /// What its owner says.
    pub description: Option<String>,
    /// The version that a submission without one runs.
    #[serde(default, deserialize_with = "text")]
    pub default_version: Option<String>,
    /// All versions.
    #[serde(default, deserialize_with = "nested_list")]
    pub pipeline_version_list: Vec<PipelineVersion>,
    /// Whether it may be submitted.
    pub entity_status: Option<EntityStatus>,
    /// Its REST address.
    pub url: Option<String>,
    /// Its etag.
    pub etag: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
}

impl PipelineEndpoint {
    /// The id of the pipeline behind a version.
    #[must_use]
    pub fn pipeline_of(&self, version: &str) -> Option<&str> {
        self.pipeline_version_list
            .iter()
            .find(|entry| entry.version.as_deref() == Some(version))
            .and_then(|entry| entry.pipeline_id.as_deref())
    }

    /// The id of the pipeline that a submission without a version runs.
    #[must_use]
    pub fn default_pipeline(&self) -> Option<&str> {
        self.pipeline_of(self.default_version.as_deref()?)
    }
}

/// One version of a [`PipelineEndpoint`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PipelineVersion {
    /// The version, `"0"`, `"1"` and so on.
    #[serde(default, deserialize_with = "text")]
    pub version: Option<String>,
    /// The published pipeline.
    pub pipeline_id: Option<String>,
}

/// A run of a published pipeline (`PipelineRunEntity`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PipelineRun {
    /// The run id, also in run history.
    pub id: String,
    /// How far it is; absent stands for a run that has not started.
    #[serde(default, deserialize_with = "nested")]
    pub status: RunState,
    /// The pipeline that runs.
    pub pipeline_id: Option<String>,
    /// The experiment that it is kept under.
    pub run_history_experiment_name: Option<String>,
    /// Who started it, free text.
    pub run_source: Option<String>,
    /// Whether a step has told an error.
    #[serde(default)]
    pub has_errors: bool,
    /// Whether a step has told a warning.
    #[serde(default)]
    pub has_warnings: bool,
    /// How many steps it has.
    pub total_run_steps: Option<u64>,
    /// The parameters it was started with.
    #[serde(default)]
    pub parameter_assignments: PrivateMap,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
    /// What its starter says.
    pub description: Option<String>,
}

/// The `Status` of a [`PipelineRun`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RunState {
    /// The state.
    #[serde(rename = "statusCode")]
    pub code: PipelineRunStatus,
    /// What the service adds, such as a reason.
    #[serde(rename = "statusDetail")]
    pub detail: Option<String>,
    /// When it was submitted, as the service writes it.
    pub creation_time: Option<String>,
    /// When it ended, as the service writes it.
    pub end_time: Option<String>,
}

impl Default for RunState {
    fn default() -> Self {
        Self {
            code: PipelineRunStatus::NotStarted,
            detail: None,
            creation_time: None,
            end_time: None,
        }
    }
}

/// One step of a run (`TaskStatus`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NodeRun {
    /// How far it is.
    #[serde(default = "not_started", rename = "statusCode")]
    pub status: NodeStatus,
    /// What the service adds, such as a reason.
    pub status_detail: Option<String>,
    /// The step's own run id.
    pub run_id: Option<String>,
}

fn not_started() -> NodeStatus {
    NodeStatus::NotStarted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Entity;

    #[test]
    fn a_captured_run_with_numbers_is_read() {
        let run: Entity<PipelineRun> = serde_json::from_value(json!({
            "Id": "r", "Status": {"StatusCode": 1, "StatusDetail": null}, "EntityStatus": 0, "RunType": 2,
            "UploadState": 1, "HasErrors": null, "CreatedDate": "1970-01-01T00:00:00", "tags": null,
        }))
        .unwrap();

        assert_eq!(run.status.code, PipelineRunStatus::Running);
        assert!(!run.has_errors && run.tags.is_empty());
        assert_eq!(run.json()["RunType"], 2);
    }

    #[test]
    fn a_run_without_a_status_has_not_started() {
        for json in [
            json!({"Id": "r"}),
            json!({"Id": "r", "Status": null}),
            json!({"id": "r", "status": {"StatusCode": null}}),
        ] {
            let run: Entity<PipelineRun> = serde_json::from_value(json).unwrap();

            assert_eq!(run.status.code, PipelineRunStatus::NotStarted);
        }
    }

    #[test]
    fn an_endpoint_knows_the_pipeline_behind_its_default() {
        let endpoint: Entity<PipelineEndpoint> = serde_json::from_value(json!({
            "Id": "e", "DefaultVersion": 1,
            "PipelineVersionList": [{"Version": "0", "PipelineId": "a"}, {"version": 1, "pipelineId": "b"}],
        }))
        .unwrap();

        assert_eq!(endpoint.default_pipeline(), Some("b"));
        assert_eq!(endpoint.pipeline_of("2"), None);
    }
}
