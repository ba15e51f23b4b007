//! What an entry of the log does to the table.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A line of a commit, as far as it matters.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Action {
    pub(super) add: Option<Add>,
    pub(super) remove: Option<Remove>,
    pub(super) meta_data: Option<MetaData>,
    pub(super) protocol: Option<Protocol>,
}

/// A file belongs to the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Add {
    pub(super) path: String,
    #[serde(default)]
    pub(super) partition_values: BTreeMap<String, Option<String>>,
    pub(super) deletion_vector: Option<serde::de::IgnoredAny>,
}

/// A file does not belong to it any more.
#[derive(Debug, Deserialize)]
pub(super) struct Remove {
    pub(super) path: String,
}

/// The table itself.
#[derive(Debug, Default, Deserialize)]
pub(super) struct MetaData {
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

/// Features of readers that change nothing about which rows there are and how they are read here. Deletion vectors are
/// refused when a file has one.
const KNOWN: [&str; 6] = [
    "deletionVectors",
    "timestampNtz",
    "vacuumProtocolCheck",
    "typeWidening",
    "typeWidening-preview",
    "v2Checkpoint",
];

impl MetaData {
    /// Why the table cannot be read.
    pub(super) fn refusal(&self) -> Option<String> {
        let mode = self
            .configuration
            .get("delta.columnMapping.mode")
            .and_then(Option::as_deref);
        mode.filter(|mode| *mode != "none")
            .map(|mode| format!("Delta's column mapping ({mode}) is not supported"))
    }
}

impl Protocol {
    /// Why the table cannot be read.
    pub(super) fn refusal(&self) -> Option<String> {
        let features = self.reader_features.iter().flatten();
        let unknown: Vec<&str> = features
            .map(String::as_str)
            .filter(|name| !KNOWN.contains(name) && *name != "columnMapping")
            .collect();
        if self.min_reader_version > 3 {
            Some(format!(
                "the table needs a reader of version {} of Delta",
                self.min_reader_version
            ))
        } else if unknown.is_empty() {
            None
        } else {
            Some(format!(
                "the table uses features of Delta that are not supported: {}",
                unknown.join(", ")
            ))
        }
    }
}
