//! What a run is started with.

use std::collections::BTreeMap;

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use azure_core::http::{Response, Url};
use rest_core::RestClient;
use serde::Serialize;
use serde_json::Value;

use super::models::PipelineRun;
use crate::{Entity, PrivateMap};

/// What a run of a published pipeline is started with (`SubmissionInfo`).
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Submission {
    /// The experiment that the run is kept under; the service wants one.
    pub experiment_name: String,
    /// What the run is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The name that the studio shows. It is not in the service's published model: it may be ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Who starts the run, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_source: Option<String>,
    /// Parameters; those left out keep their published default.
    pub parameter_assignments: PrivateMap,
    /// Data path parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub data_path_assignments: BTreeMap<String, DataPath>,
    /// Data set parameters, as the service writes them: `{"SavedDataSetReference":{"Id":…}}` and others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub data_set_definition_value_assignments: BTreeMap<String, Value>,
    /// Whether other steps go on when one fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continue_run_on_step_failure: Option<bool>,
    /// Whether the service notifies by mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_notification: Option<bool>,
    /// Tags of the run. One that only the caller knows makes the run findable after a lost answer.
    #[serde(rename = "tags", skip_serializing_if = "is_empty")]
    pub tags: PrivateMap,
    /// Properties of the run, which cannot be changed later.
    #[serde(skip_serializing_if = "is_empty")]
    pub properties: PrivateMap,
}

fn is_empty(map: &PrivateMap) -> bool {
    map.is_empty()
}

impl Submission {
    /// A submission without parameters.
    pub fn new(experiment_name: impl Into<String>) -> Self {
        Self {
            experiment_name: experiment_name.into(),
            ..Self::default()
        }
    }

    /// Sets a parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameter_assignments.insert(name.into(), value.into());
        self
    }

    /// Sets a data path parameter.
    #[must_use]
    pub fn data_path(mut self, name: impl Into<String>, path: DataPath) -> Self {
        self.data_path_assignments.insert(name.into(), path);
        self
    }

    /// Sets a tag.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(name.into(), value.into());
        self
    }
}

/// A path in a registered datastore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataPath {
    /// The datastore's name.
    #[serde(rename = "DataStoreName")]
    pub datastore: String,
    /// The path there.
    #[serde(rename = "RelativePath")]
    pub path: String,
}

/// Options of a submission.
#[derive(Clone, Debug, Default)]
pub struct SubmitOptions<'a> {
    /// The run that the new one becomes a child of; it must be of the same experiment.
    pub parent_run_id: Option<String>,
    /// Options of the call.
    pub method_options: ClientMethodOptions<'a>,
}

/// Starts a run. The POST is sent again only when it surely started nothing.
pub(super) async fn submit(
    rest: &RestClient,
    url: Url,
    version: Option<&str>,
    submission: &Submission,
    options: Option<SubmitOptions<'_>>,
) -> Result<Response<Entity<PipelineRun>>> {
    let options = options.unwrap_or_default();
    rest.post(url)
        .context(&options.method_options.context)
        .query("pipelineVersion", version)
        .query("parentRunId", options.parent_run_id.as_deref())
        .json(submission)
        .send()
        .await
}
