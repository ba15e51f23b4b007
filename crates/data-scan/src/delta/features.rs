//! What a reader of a table has to know, and which of it is known here.

use super::action::{MetaData, Protocol};
use super::schema::Mapping;

/// Features that are read here, or change nothing about which rows there are and what is in them. Those of writers only are no
/// features of readers, and no harm where somebody lists them. Of VARIANT, the schema decides.
const KNOWN: [&str; 30] = [
    "columnMapping",
    "deletionVectors",
    "timestampNtz",
    "typeWidening",
    "typeWidening-preview",
    "v2Checkpoint",
    "vacuumProtocolCheck",
    "variantType",
    "variantType-preview",
    "variantShredding",
    "variantShredding-preview",
    "allowColumnDefaults",
    "appendOnly",
    "changeDataFeed",
    "checkConstraints",
    "checkpointProtection",
    "clustering",
    "collations",
    "collations-preview",
    "domainMetadata",
    "generatedColumns",
    "icebergCompatV1",
    "icebergCompatV2",
    "icebergCompatV3",
    "identityColumns",
    "inCommitTimestamp",
    "invariants",
    "materializePartitionColumns",
    "rowTracking",
    "timestampWithoutTimezone",
];

/// Features of tables whose newest commits only a catalog knows.
const OF_CATALOGS: [&str; 2] = ["catalogManaged", "catalogOwned-preview"];

/// The version from which on features are listed.
const LISTED: i64 = 3;

/// Why a table cannot be read.
pub(super) fn refusal(protocol: &Protocol) -> Option<String> {
    if protocol.min_reader_version > LISTED {
        return Some(format!(
            "the table needs a reader of version {} of Delta",
            protocol.min_reader_version
        ));
    }
    let features = || {
        protocol
            .reader_features
            .iter()
            .flatten()
            .map(String::as_str)
    };
    if let Some(feature) = features().find(|name| OF_CATALOGS.contains(name)) {
        return Some(format!(
            "a catalog manages the Delta table ({feature}), and may know of commits that are not in its log: ask Databricks"
        ));
    }
    let unknown: Vec<&str> = features().filter(|name| !KNOWN.contains(name)).collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "the table uses features of Delta that are not supported: {}",
            unknown.join(", ")
        )
    })
}

/// How columns of files are found.
pub(super) fn mapping(protocol: &Protocol, metadata: &MetaData) -> Result<Mapping, String> {
    let mode = metadata.configuration.get("delta.columnMapping.mode");
    let mode = mode.and_then(Option::as_deref).unwrap_or("none");
    let mut features = protocol.reader_features.iter().flatten();
    let is_active = match protocol.min_reader_version {
        LISTED => features.any(|name| name == "columnMapping"),
        version => version == 2,
    };
    match mode.to_ascii_lowercase().as_str() {
        "name" if is_active => Ok(Mapping::Name),
        "id" if is_active => Ok(Mapping::Id),
        "none" | "name" | "id" => Ok(Mapping::None),
        _ => Err(format!("Delta's column mapping ({mode}) is not supported")),
    }
}
