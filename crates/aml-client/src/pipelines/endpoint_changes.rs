//! Changes of a pipeline endpoint that are read, written whole, and read again: the service keeps no guard against a
//! second writer.

use azure_core::error::ErrorKind;
use azure_core::http::ClientMethodOptions;
use azure_core::{Error, Result};
use serde_json::{Value, json};

use super::endpoints::PipelineEndpointsClient;
use super::models::PipelineEndpoint;
use crate::Entity;
use crate::entity::member;

/// A change of a pipeline endpoint that cannot be made, or did not last.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointChangeError {
    /// The pipeline stands behind the endpoint already.
    #[error("pipeline `{pipeline_id}` is version `{version}` of the endpoint already")]
    AlreadyAdded {
        /// The pipeline.
        pipeline_id: String,
        /// Its version there.
        version: String,
    },
    /// The endpoint has no such version.
    #[error("the endpoint has no version `{version}`, only {}", known.join(", "))]
    NoSuchVersion {
        /// The version that was asked for.
        version: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Somebody else wrote at the same time, or the service did not keep what it was sent.
    #[error(
        "the change of endpoint `{endpoint_id}` was overwritten; read the endpoint and try again"
    )]
    Overwritten {
        /// The endpoint.
        endpoint_id: String,
    },
}

impl EndpointChangeError {
    /// Finds the error inside an [`azure_core::Error`].
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }

    fn into_error(self) -> Error {
        Error::new(ErrorKind::Other, self)
    }
}

impl PipelineEndpointsClient {
    /// Makes a version the default. Nothing is written when it is so already.
    ///
    /// # Errors
    ///
    /// [`EndpointChangeError`] inside the error, and those of [`PipelineEndpointsClient::get`].
    pub async fn set_default_version(
        &self,
        id: &str,
        version: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Entity<PipelineEndpoint>> {
        let endpoint = self.get(id, options.clone()).await?.into_model()?;
        if endpoint.pipeline_of(version).is_none() {
            let known = versions(&endpoint).map(str::to_owned).collect();
            let version = version.to_owned();
            return Err(EndpointChangeError::NoSuchVersion { version, known }.into_error());
        }
        if endpoint.default_version.as_deref() == Some(version) {
            return Ok(endpoint);
        }
        let changed = edit(endpoint, |json| {
            *member(json, "DefaultVersion") = json!(version);
        })?;
        self.write(&changed, options, |now| {
            now.default_version.as_deref() == Some(version)
        })
        .await
    }

    /// Adds a pipeline as the next version, and makes it the default where `make_default` says so.
    ///
    /// # Errors
    ///
    /// [`EndpointChangeError`] inside the error, and those of [`PipelineEndpointsClient::get`].
    pub async fn add_version(
        &self,
        id: &str,
        pipeline_id: &str,
        make_default: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Entity<PipelineEndpoint>> {
        let endpoint = self.get(id, options.clone()).await?.into_model()?;
        let mut present = endpoint.pipeline_version_list.iter();
        if let Some(entry) = present.find(|entry| entry.pipeline_id.as_deref() == Some(pipeline_id))
        {
            let (pipeline_id, version) = (pipeline_id.to_owned(), entry.version.clone());
            return Err(EndpointChangeError::AlreadyAdded {
                pipeline_id,
                version: version.unwrap_or_default(),
            }
            .into_error());
        }
        let version = next_version(&endpoint);
        let changed = edit(endpoint, |json| {
            append(json, &version, pipeline_id);
            if make_default {
                *member(json, "DefaultVersion") = json!(version);
            }
        })?;
        self.write(&changed, options, |now| {
            now.pipeline_of(&version) == Some(pipeline_id)
                && (!make_default || now.default_version.as_ref() == Some(&version))
        })
        .await
    }

    /// Writes the whole endpoint and reads it again, to see whether the change has lasted.
    async fn write(
        &self,
        changed: &Entity<PipelineEndpoint>,
        options: Option<ClientMethodOptions<'_>>,
        lasted: impl Fn(&PipelineEndpoint) -> bool,
    ) -> Result<Entity<PipelineEndpoint>> {
        self.update(changed, options.clone()).await?;
        let now = self.get(&changed.id, options).await?.into_model()?;
        if lasted(&now) {
            return Ok(now);
        }
        let endpoint_id = changed.id.clone();
        Err(EndpointChangeError::Overwritten { endpoint_id }.into_error())
    }
}

fn versions(endpoint: &PipelineEndpoint) -> impl Iterator<Item = &str> {
    let entries = endpoint.pipeline_version_list.iter();
    entries.filter_map(|entry| entry.version.as_deref())
}

fn next_version(endpoint: &PipelineEndpoint) -> String {
    let last = versions(endpoint)
        .filter_map(|version| version.parse::<u64>().ok())
        .max();
    last.map_or(0, |last| last.saturating_add(1)).to_string()
}

/// Appends an entry to the version list, in the case that the document is written in.
fn append(json: &mut Value, version: &str, pipeline_id: &str) {
    let entry = if json.get("id").is_some() {
        json!({"version": version, "pipelineId": pipeline_id})
    } else {
        json!({"Version": version, "PipelineId": pipeline_id})
    };
    let list = member(json, "PipelineVersionList");
    match list {
        Value::Array(entries) => entries.push(entry),
        _ => *list = json!([entry]),
    }
}

fn edit(
    endpoint: Entity<PipelineEndpoint>,
    change: impl FnOnce(&mut Value),
) -> Result<Entity<PipelineEndpoint>> {
    endpoint
        .edit(change)
        .map_err(|error| Error::new(ErrorKind::DataConversion, error))
}
