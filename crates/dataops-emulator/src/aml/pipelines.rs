//! Published pipelines. Here a pipeline is one Python script with parameters; step graphs are not interpreted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::Document;
use super::refusal::Refusal;
use super::status::EntityStatus;
use super::{Workspace, source};

/// A pipeline's row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Pipeline {
    pub(super) name: String,
    description: String,
    version: Option<String>,
    pub(super) entry: String,
    /// Parameters with their defaults.
    pub(super) parameters: BTreeMap<String, String>,
    properties: BTreeMap<String, String>,
    pub(super) status: EntityStatus,
    continue_on_failure: bool,
    created: String,
    modified: String,
    /// Grows with every publication.
    number: u64,
}

/// The property of `Pipelines/Create` that names the folder to publish, absolute.
pub const SOURCE_DIRECTORY: &str = "dataops.sourceDirectory";
/// The property of `Pipelines/Create` that names the script in it.
pub const ENTRY_SCRIPT: &str = "dataops.entryScript";

/// A script to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The pipeline's name; several pipelines may share one.
    pub name: String,
    /// For people.
    pub description: String,
    /// Free text.
    pub version: Option<String>,
    /// The script's folder, absolute; it is copied.
    pub source_directory: PathBuf,
    /// The script, relative to the folder.
    pub entry_script: String,
    /// Parameters with their defaults; empty ones are not passed to the script.
    pub parameters: BTreeMap<String, String>,
}

impl Workspace {
    /// Publishes a script and gives the id of the new pipeline: `Pipelines/Create`.
    ///
    /// # Errors
    ///
    /// When the folder or the script is not there, the folder is too large, or a link leads out of it.
    pub fn publish(&self, publication: &Publication) -> Result<String, Refusal> {
        self.publish_with(publication, BTreeMap::new(), false)
    }

    fn publish_with(
        &self,
        publication: &Publication,
        properties: BTreeMap<String, String>,
        continue_on_failure: bool,
    ) -> Result<String, Refusal> {
        if publication.name.trim().is_empty() {
            return Err(Refusal::bad("`Name` is missing"));
        }
        let id = Uuid::new_v4().to_string();
        let entry = &publication.entry_script;
        source::copy(&publication.source_directory, entry, &self.source_of(&id))?;
        let now = super::now();
        let numbers = self.0.pipelines.list();
        let last = numbers.iter().map(|(_, row)| row.number).max();
        let row = Pipeline {
            name: publication.name.clone(),
            description: publication.description.clone(),
            version: publication.version.clone(),
            entry: entry.clone(),
            parameters: publication.parameters.clone(),
            properties,
            status: EntityStatus::Active,
            continue_on_failure,
            created: now.clone(),
            modified: now,
            number: last.unwrap_or(0) + 1,
        };
        self.0.pipelines.put(&id, row)?;
        Ok(id)
    }

    /// The id of the newest active pipeline of a name.
    #[must_use]
    pub fn pipeline_named(&self, name: &str) -> Option<String> {
        let rows = self.0.pipelines.list().into_iter();
        rows.filter(|(_, row)| row.name == name && row.status == EntityStatus::Active)
            .max_by_key(|(_, row)| row.number)
            .map(|(id, _)| id)
    }

    /// The id of the newest active pipeline of a name and a version.
    pub(super) fn pipeline_of_version(&self, name: &str, version: &str) -> Option<String> {
        let rows = self.0.pipelines.list().into_iter();
        rows.filter(|(_, row)| row.name == name && row.version.as_deref() == Some(version))
            .filter(|(_, row)| row.status == EntityStatus::Active)
            .max_by_key(|(_, row)| row.number)
            .map(|(id, _)| id)
    }

    pub(super) fn create_pipeline(&self, body: &Document) -> Result<Value, Refusal> {
        let properties = body.texts("Properties")?;
        let property = |name: &str| {
            let mut found = properties.iter();
            found
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        let source_directory = property(SOURCE_DIRECTORY).ok_or_else(|| {
            Refusal::not_emulated(&format!(
                "pipelines of step graphs; publish a script, by the properties `{SOURCE_DIRECTORY}` and \
                 `{ENTRY_SCRIPT}`"
            ))
        })?;
        let publication = Publication {
            name: body.required("Name")?,
            description: body.text("Description")?.unwrap_or_default(),
            version: body.text("Version")?,
            source_directory: source_directory.into(),
            entry_script: property(ENTRY_SCRIPT)
                .ok_or_else(|| Refusal::bad(format!("the property `{ENTRY_SCRIPT}` is missing")))?,
            parameters: body.texts("ParameterAssignments")?,
        };
        let continues = body.flag("ContinueRunOnStepFailure");
        let id = self.publish_with(&publication, properties, continues)?;
        self.pipeline_entity(&id)
    }

    pub(super) fn pipeline(&self, id: &str) -> Result<Pipeline, Refusal> {
        let row = self.0.pipelines.get(id);
        row.ok_or_else(|| Refusal::not_found(format!("Pipeline {id} does not exist")))
    }

    pub(super) fn pipeline_entity(&self, id: &str) -> Result<Value, Refusal> {
        Ok(self.describe_pipeline(id, &self.pipeline(id)?))
    }

    /// All pipelines, the newest first.
    pub(super) fn pipeline_list(&self, active_only: bool) -> Vec<Value> {
        let mut rows = self.0.pipelines.list();
        rows.retain(|(_, row)| !active_only || row.status == EntityStatus::Active);
        rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.number));
        let describe = |(id, row): &(String, Pipeline)| self.describe_pipeline(id, row);
        rows.iter().map(describe).collect()
    }

    pub(super) fn set_pipeline_status(
        &self,
        id: &str,
        status: EntityStatus,
    ) -> Result<(), Refusal> {
        self.pipeline(id)?;
        self.0.pipelines.update(id, |row| {
            row.status = status;
            row.modified = super::now();
        })?;
        Ok(())
    }

    /// The copy of a pipeline's folder.
    pub(super) fn source_of(&self, id: &str) -> PathBuf {
        self.0.dir.join("sources").join(id)
    }

    fn describe_pipeline(&self, id: &str, row: &Pipeline) -> Value {
        json!({
            "Id": id,
            "Name": row.name,
            "Description": row.description,
            "Version": row.version,
            "GraphId": id,
            "TotalRunSteps": 1,
            "ParameterAssignments": row.parameters,
            "DataSetDefinitionValueAssignments": {},
            "Url": self.address(&format!("PipelineRuns/PipelineSubmit/{id}")),
            "EntityStatus": row.status.json(self.0.dependencies.enums_as_numbers),
            "Etag": format!("\"{}\"", row.modified),
            "CreatedDate": row.created,
            "LastModifiedDate": row.modified,
            "ContinueRunOnStepFailure": row.continue_on_failure,
            "EnableNotification": false,
            "Properties": row.properties,
        })
    }
}
