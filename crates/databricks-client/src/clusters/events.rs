//! What happens to clusters.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::wire;

/// Something that happened to a cluster.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ClusterEvent {
    /// When, in milliseconds since the epoch.
    pub timestamp: Option<i64>,
    /// What, such as `STARTING` or `INIT_SCRIPTS_FINISHED`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Particulars, by the names of the service.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub details: Map<String, Value>,
}

impl fmt::Display for ClusterEvent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.kind)?;
        let code = self
            .details
            .get("reason")
            .and_then(|reason| reason.get("code"));
        let said = [
            code,
            self.details.get("driver_state_message"),
            self.details.get("cause"),
        ];
        for text in said.into_iter().flatten().filter_map(Value::as_str) {
            write!(out, ", {text}")?;
        }
        Ok(())
    }
}

/// What happened to a cluster.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ClusterEvents {
    /// The events.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub events: Vec<ClusterEvent>,
}
