//! Triggers.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Kind, ParseError, ReferenceTo, Resource};

/// A trigger.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Trigger {
    /// When it fires, and what it starts.
    pub properties: TriggerProperties,
}

impl Resource for Trigger {
    const KIND: Kind = Kind::Trigger;
}

/// A trigger's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerProperties {
    /// The type, such as `BlobEventsTrigger`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `Started`, `Stopped` or `Disabled`; read-only over REST, in git the wish.
    pub runtime_state: Option<String>,
    /// What it starts. A tumbling window trigger has one `pipeline` instead.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub pipelines: Vec<TriggerPipeline>,
    /// What a tumbling window trigger starts.
    pub pipeline: Option<TriggerPipeline>,
    /// What the type needs.
    #[serde(default)]
    pub type_properties: Value,
}

impl TriggerProperties {
    /// Everything that the trigger starts.
    pub fn started(&self) -> impl Iterator<Item = &TriggerPipeline> {
        self.pipelines.iter().chain(&self.pipeline)
    }

    /// The properties of a `BlobEventsTrigger`; nothing for another type.
    ///
    /// # Errors
    ///
    /// When they are not what they should be.
    pub fn blob_events(&self) -> Result<Option<BlobEvents>, ParseError> {
        if self.kind != "BlobEventsTrigger" {
            return Ok(None);
        }
        serde_path_to_error::deserialize(&self.type_properties)
            .map(Some)
            .map_err(|error| ParseError {
                path: format!("properties.typeProperties.{}", error.path()),
                source: error.into_inner(),
            })
    }
}

/// A pipeline that a trigger starts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerPipeline {
    /// The pipeline.
    pub pipeline_reference: ReferenceTo,
    /// What its run is given.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub parameters: Map<String, Value>,
}

/// The properties of a `BlobEventsTrigger`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BlobEvents {
    /// The storage account's resource id.
    pub scope: String,
    /// The event types, such as `Microsoft.Storage.BlobCreated`.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub events: Vec<String>,
    /// A prefix of `/container/blobs/folder/file`.
    pub blob_path_begins_with: Option<String>,
    /// A suffix of the same.
    pub blob_path_ends_with: Option<String>,
    /// Whether blobs of zero bytes are ignored; absent counts as true.
    pub ignore_empty_blobs: Option<bool>,
}

impl BlobEvents {
    /// Whether a blob fires the trigger; compared without regard to case, as Event Grid does by default.
    #[must_use]
    pub fn matches(&self, event: &str, container: &str, blob: &str, bytes: u64) -> bool {
        let subject = format!("/{container}/blobs/{blob}").to_lowercase();
        let begins = self
            .blob_path_begins_with
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        let ends = self
            .blob_path_ends_with
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        let empty = bytes == 0
            && event == "Microsoft.Storage.BlobCreated"
            && self.ignore_empty_blobs.unwrap_or(true);
        self.events
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(event))
            && !empty
            && subject.starts_with(&begins)
            && subject.ends_with(&ends)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn events(begins: &str, ends: &str) -> BlobEvents {
        let events = ["Microsoft.Storage.BlobCreated"];
        serde_json::from_value(json!({"scope": "s", "events": events, "blobPathBeginsWith": begins, "blobPathEndsWith": ends})).unwrap()
    }

    #[test]
    fn a_blob_is_matched_by_the_ends_of_its_path() {
        let created = "Microsoft.Storage.BlobCreated";

        assert!(events("/input/blobs/", ".csv").matches(created, "input", "2026/a.CSV", 5));
        assert!(events("/input/", "").matches(created, "input", "a.csv", 5));
        assert!(events("", "/input/blobs/a.csv").matches(created, "input", "a.csv", 5));
        assert!(!events("/input/blobs/", ".csv").matches(created, "other", "a.csv", 5));
        assert!(!events("/input/blobs/", ".csv").matches(created, "input", "a.txt", 5));
        assert!(!events("/input/blobs/", ".csv").matches(created, "input", "a.csv", 0));
        assert!(!events("/input/blobs/", ".csv").matches(
            "Microsoft.Storage.BlobDeleted",
            "input",
            "a.csv",
            5
        ));
    }
}
