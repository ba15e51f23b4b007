//! Change data captures.

use serde::Deserialize;
use serde_json::Value;

use crate::{Kind, Resource};

/// A change data capture.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ChangeDataCapture {
    /// What it does.
    pub properties: ChangeDataCaptureProperties,
}

impl Resource for ChangeDataCapture {
    const KIND: Kind = Kind::ChangeDataCapture;
}

/// A change data capture's properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChangeDataCaptureProperties {
    /// What it is for.
    pub description: Option<String>,
    /// Where changes come from; git spells the key `SourceConnectionsInfo`.
    #[serde(default, alias = "SourceConnectionsInfo")]
    pub source_connections_info: Value,
    /// Where changes go to; git spells the key `TargetConnectionsInfo`.
    #[serde(default, alias = "TargetConnectionsInfo")]
    pub target_connections_info: Value,
    /// How often it runs.
    #[serde(default)]
    pub policy: Value,
    /// Whether it runs.
    pub status: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Document;

    #[test]
    fn both_spellings_of_the_connections_are_read() {
        for key in ["sourceConnectionsInfo", "SourceConnectionsInfo"] {
            let json = json!({"properties": {key: [{"sourceEntities": []}]}});

            let capture = Document::<ChangeDataCapture>::parse(json.clone()).unwrap();

            assert!(capture.properties.source_connections_info.is_array());
            assert_eq!(capture.into_json(), json);
        }
    }
}
