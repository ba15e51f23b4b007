//! Operations on a factory as a whole.

use std::collections::BTreeMap;

use azure_core::credentials::Secret;
use azure_core::time::OffsetDateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A change of a factory; nothing stands for no change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactoryUpdate {
    /// All of the new labels.
    pub tags: Option<BTreeMap<String, String>>,
    /// The new identity: `{"type","userAssignedIdentities"}`.
    pub identity: Option<Value>,
    /// Whether the factory is reached from public networks.
    pub public_network_access: Option<bool>,
}

impl FactoryUpdate {
    pub(crate) fn body(&self) -> Value {
        let mut body = Map::new();
        if let Some(tags) = &self.tags {
            body.insert("tags".into(), json!(tags));
        }
        if let Some(identity) = &self.identity {
            body.insert("identity".into(), identity.clone());
        }
        if let Some(open) = self.public_network_access {
            let access = if open { "Enabled" } else { "Disabled" };
            body.insert("properties".into(), json!({"publicNetworkAccess": access}));
        }
        body.into()
    }
}

/// What `getDataPlaneAccess` is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataPlaneAccessRequest {
    /// The permissions; `r` is the only one.
    pub permissions: String,
    /// The resource within the factory; empty is the only one.
    pub access_resource_path: String,
    /// The profile; `DefaultProfile` is the only one.
    pub profile_name: String,
    /// The beginning of the access.
    #[serde(serialize_with = "super::timestamp::utc")]
    pub start_time: OffsetDateTime,
    /// The end of the access, at most eight hours later.
    #[serde(serialize_with = "super::timestamp::utc")]
    pub expire_time: OffsetDateTime,
}

impl DataPlaneAccessRequest {
    /// To read, between two times.
    #[must_use]
    pub fn to_read(start_time: OffsetDateTime, expire_time: OffsetDateTime) -> Self {
        Self {
            permissions: "r".to_owned(),
            access_resource_path: String::new(),
            profile_name: "DefaultProfile".to_owned(),
            start_time,
            expire_time,
        }
    }
}

/// Access to a factory's monitoring data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DataPlaneAccess {
    /// The token.
    pub access_token: Option<Secret>,
    /// Where the data are.
    pub data_plane_url: Option<String>,
}

/// A feature flag.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FeatureValue {
    /// The feature.
    pub feature_name: Option<String>,
    /// The value, such as `False`.
    pub value: Option<String>,
}

/// Several feature flags.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FeatureValues {
    /// The flags, in the order of the question.
    #[serde(default, deserialize_with = "super::absent::null_as_default")]
    pub exposure_control_responses: Vec<FeatureValue>,
}
