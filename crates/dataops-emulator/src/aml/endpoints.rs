//! Pipeline endpoints: names that stay while the pipeline behind them changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Workspace;
use super::document::Document;
use super::refusal::Refusal;
use super::status::EntityStatus;

#[derive(Clone, Serialize, Deserialize)]
struct Version {
    version: String,
    pipeline_id: String,
}

/// An endpoint's row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Endpoint {
    name: String,
    description: String,
    default_version: String,
    versions: Vec<Version>,
    pub(super) status: EntityStatus,
    tags: BTreeMap<String, String>,
    properties: BTreeMap<String, String>,
    etag: String,
    created: String,
    modified: String,
}

impl Endpoint {
    /// The pipeline of a version, or of the default one.
    pub(super) fn pipeline(&self, version: Option<&str>) -> Result<&str, Refusal> {
        let wanted = version.unwrap_or(&self.default_version);
        let found = self.versions.iter().find(|item| item.version == wanted);
        found.map(|item| item.pipeline_id.as_str()).ok_or_else(|| {
            let name = &self.name;
            Refusal::bad(format!(
                "pipeline endpoint `{name}` has no version {wanted}"
            ))
        })
    }
}

impl Workspace {
    /// Puts a pipeline behind the endpoint of a name, as its new default version; makes the endpoint when it is
    /// missing. Gives the endpoint's id.
    ///
    /// # Errors
    ///
    /// When there is no such pipeline.
    pub fn publish_behind(&self, name: &str, pipeline_id: &str) -> Result<String, Refusal> {
        self.pipeline(pipeline_id)?;
        let Some(id) = self.endpoint_named(name) else {
            return self.new_endpoint(name, "", pipeline_id, BTreeMap::new());
        };
        self.0.endpoints.update(&id, |row| {
            let numbers = row.versions.iter();
            let last = numbers
                .filter_map(|item| item.version.parse::<u64>().ok())
                .max();
            let version = last.map_or(0, |last| last + 1).to_string();
            row.versions.retain(|item| item.pipeline_id != pipeline_id);
            row.versions.push(Version {
                version: version.clone(),
                pipeline_id: pipeline_id.to_owned(),
            });
            row.default_version = version;
            touch(row);
        })?;
        Ok(id)
    }

    /// The id of the endpoint of a name.
    #[must_use]
    pub fn endpoint_named(&self, name: &str) -> Option<String> {
        let mut rows = self.0.endpoints.list().into_iter();
        rows.find(|(_, row)| row.name == name).map(|(id, _)| id)
    }

    fn new_endpoint(
        &self,
        name: &str,
        description: &str,
        pipeline_id: &str,
        properties: BTreeMap<String, String>,
    ) -> Result<String, Refusal> {
        self.pipeline(pipeline_id)?;
        if self.endpoint_named(name).is_some() {
            let message = format!("a pipeline endpoint named `{name}` already exists");
            return Err(Refusal::conflict(message));
        }
        let id = Uuid::new_v4().to_string();
        let mut row = Endpoint {
            name: name.to_owned(),
            description: description.to_owned(),
            default_version: "0".to_owned(),
            versions: vec![Version {
                version: "0".to_owned(),
                pipeline_id: pipeline_id.to_owned(),
            }],
            status: EntityStatus::Active,
            tags: BTreeMap::new(),
            properties,
            etag: String::new(),
            created: super::now(),
            modified: String::new(),
        };
        touch(&mut row);
        self.0.endpoints.put(&id, row)?;
        Ok(id)
    }

    pub(super) fn create_endpoint(&self, body: &Document) -> Result<Value, Refusal> {
        let description = body.text("Description")?.unwrap_or_default();
        let properties = body.texts("Properties")?;
        let (name, pipeline) = (body.required("Name")?, body.required("PipelineId")?);
        let id = self.new_endpoint(&name, &description, &pipeline, properties)?;
        self.endpoint_entity(&id)
    }

    pub(super) fn endpoint(&self, id: &str) -> Result<Endpoint, Refusal> {
        let row = self.0.endpoints.get(id);
        row.ok_or_else(|| Refusal::not_found(format!("Pipeline endpoint {id} does not exist")))
    }

    pub(super) fn endpoint_entity(&self, id: &str) -> Result<Value, Refusal> {
        Ok(self.describe_endpoint(id, &self.endpoint(id)?))
    }

    pub(super) fn endpoint_entity_named(&self, name: &str) -> Result<Value, Refusal> {
        let id = self.endpoint_named(name);
        let absent = || Refusal::not_found(format!("Pipeline endpoint `{name}` does not exist"));
        self.endpoint_entity(&id.ok_or_else(absent)?)
    }

    pub(super) fn endpoint_list(&self, active_only: bool, most: usize) -> Vec<Value> {
        let mut rows = self.0.endpoints.list();
        rows.retain(|(_, row)| !active_only || row.status == EntityStatus::Active);
        let describe = |(id, row): &(String, Endpoint)| self.describe_endpoint(id, row);
        rows.iter().take(most).map(describe).collect()
    }

    pub(super) fn pipelines_behind(
        &self,
        id: &str,
        active_only: bool,
    ) -> Result<Vec<Value>, Refusal> {
        let endpoint = self.endpoint(id)?;
        let mut found = Vec::new();
        for item in &endpoint.versions {
            if !active_only || self.pipeline(&item.pipeline_id)?.status == EntityStatus::Active {
                found.push(self.pipeline_entity(&item.pipeline_id)?);
            }
        }
        Ok(found)
    }

    /// Replaces an endpoint by the whole entity that a caller read and changed.
    pub(super) fn replace_endpoint(
        &self,
        id: &str,
        body: &Document,
        if_match: Option<&str>,
    ) -> Result<Value, Refusal> {
        let before = self.endpoint(id)?;
        if if_match.is_some_and(|etag| etag != "*" && etag != before.etag) {
            return Err(Refusal::changed_meanwhile());
        }
        let name = body.required("Name")?;
        if self.endpoint_named(&name).is_some_and(|other| other != id) {
            let message = format!("a pipeline endpoint named `{name}` already exists");
            return Err(Refusal::conflict(message));
        }
        let mut row = Endpoint {
            name,
            description: body.text("Description")?.unwrap_or_default(),
            default_version: body.required("DefaultVersion")?,
            versions: self.versions_of(body)?,
            status: match body.value("EntityStatus") {
                Some(status) => EntityStatus::parse(status)?,
                None => before.status,
            },
            tags: body.texts("tags")?,
            properties: body.texts("Properties")?,
            ..before
        };
        row.pipeline(None)?;
        touch(&mut row);
        self.0.endpoints.put(id, row)?;
        self.endpoint_entity(id)
    }

    fn versions_of(&self, body: &Document) -> Result<Vec<Version>, Refusal> {
        let listed = body.value("PipelineVersionList").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| Refusal::bad("`PipelineVersionList` is missing"))?;
        let mut versions: Vec<Version> = Vec::new();
        for item in listed {
            let fields = item.as_object().cloned().unwrap_or_default();
            let item = Document::of(fields);
            let (version, pipeline_id) = (item.required("Version")?, item.required("PipelineId")?);
            self.pipeline(&pipeline_id)?;
            if versions.iter().any(|other| other.version == version) {
                return Err(Refusal::bad(format!("version {version} is listed twice")));
            }
            versions.push(Version {
                version,
                pipeline_id,
            });
        }
        Ok(versions)
    }

    fn describe_endpoint(&self, id: &str, row: &Endpoint) -> Value {
        let version =
            |item: &Version| json!({"Version": item.version, "PipelineId": item.pipeline_id});
        json!({
            "Id": id,
            "Name": row.name,
            "Description": row.description,
            "DefaultVersion": row.default_version,
            "PipelineVersionList": row.versions.iter().map(version).collect::<Vec<_>>(),
            "Url": self.address(&format!("PipelineRuns/PipelineEndpointSubmit/Id/{id}")),
            "SwaggerUrl": null,
            "EntityStatus": row.status.json(self.0.dependencies.enums_as_numbers),
            "Etag": row.etag,
            "CreatedDate": row.created,
            "LastModifiedDate": row.modified,
            "Properties": row.properties,
            "tags": row.tags,
        })
    }
}

fn touch(row: &mut Endpoint) {
    row.modified = super::now();
    row.etag = format!("\"{}\"", Uuid::new_v4());
}
