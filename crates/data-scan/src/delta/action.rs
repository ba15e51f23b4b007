//! What an entry of the log does to the table.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::vector::Descriptor;

/// A line of a commit, as far as it matters.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Action {
    pub(super) add: Option<Add>,
    pub(super) remove: Option<Remove>,
    pub(super) meta_data: Option<MetaData>,
    pub(super) protocol: Option<Protocol>,
    /// Of checkpoints only.
    pub(super) sidecar: Option<Sidecar>,
}

/// A file belongs to the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Add {
    pub(super) path: String,
    #[serde(default)]
    pub(super) partition_values: BTreeMap<String, Option<String>>,
    pub(super) deletion_vector: Option<Descriptor>,
}

/// A file does not belong to it any more, or not with that vector.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Remove {
    pub(super) path: String,
    pub(super) deletion_vector: Option<Descriptor>,
}

/// The table itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetaData {
    pub(super) schema_string: Option<String>,
    #[serde(default)]
    pub(super) configuration: BTreeMap<String, Option<String>>,
}

/// What a reader has to know.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Protocol {
    #[serde(default)]
    pub(super) min_reader_version: i64,
    #[serde(default)]
    pub(super) reader_features: Option<Vec<String>>,
}

/// A file with a part of a checkpoint.
#[derive(Debug, Deserialize)]
pub(super) struct Sidecar {
    pub(super) path: String,
}
