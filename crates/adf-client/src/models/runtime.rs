//! Integration runtimes and event subscriptions, as they stand.

use azure_core::credentials::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{EventSubscriptionStatus, IntegrationRuntimeState};

/// How a trigger's subscription to its events stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EventSubscription {
    /// The trigger.
    pub trigger_name: Option<String>,
    /// The status.
    pub status: EventSubscriptionStatus,
}

/// How an integration runtime stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct IntegrationRuntimeStatus {
    /// The runtime.
    pub name: Option<String>,
    /// How it stands.
    pub properties: IntegrationRuntimeStatusProperties,
}

/// How an integration runtime stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IntegrationRuntimeStatusProperties {
    /// `Managed` or `SelfHosted`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The state.
    pub state: Option<IntegrationRuntimeState>,
    /// The factory that it belongs to.
    pub data_factory_name: Option<String>,
    /// What the type adds: nodes, versions, capabilities.
    #[serde(default)]
    pub type_properties: Value,
}

/// The keys that register a machine with a self-hosted integration runtime.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AuthKeys {
    /// The first key.
    #[serde(rename = "authKey1")]
    pub first: Option<Secret>,
    /// The second key.
    #[serde(rename = "authKey2")]
    pub second: Option<Secret>,
}

/// One of two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthKey {
    /// `authKey1`.
    First,
    /// `authKey2`.
    Second,
}

impl AuthKey {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::First => "authKey1",
            Self::Second => "authKey2",
        }
    }
}

/// What the tool on a self-hosted runtime's machine needs to encrypt credentials.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// The token.
    pub service_token: Option<Secret>,
    /// The thumbprint of the runtime's certificate.
    pub identity_cert_thumbprint: Option<String>,
    /// Where the runtime listens.
    pub host_service_uri: Option<String>,
    /// The runtime's version.
    pub version: Option<String>,
    /// The public key.
    pub public_key: Option<String>,
    /// Whether the certificate has expired; the service misspells the key.
    #[serde(rename = "isIdentityCertExprired", alias = "isIdentityCertExpired")]
    pub is_identity_cert_expired: Option<bool>,
}

/// How a self-hosted integration runtime keeps itself up to date; nothing stands for no change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrationRuntimeUpdate {
    /// Whether it updates itself.
    pub auto_update: Option<bool>,
    /// The time of day at which it does, as an ISO 8601 duration since midnight, such as `PT3H`.
    pub update_delay_offset: Option<String>,
}

impl IntegrationRuntimeUpdate {
    /// The body. The service wants the duration in quotes within its text.
    pub(crate) fn body(&self) -> Value {
        let mut body = Map::new();
        if let Some(on) = self.auto_update {
            body.insert("autoUpdate".into(), if on { "On" } else { "Off" }.into());
        }
        if let Some(offset) = &self.update_delay_offset {
            body.insert("updateDelayOffset".into(), format!("\"{offset}\"").into());
        }
        body.into()
    }
}

/// The factory that an integration runtime is shared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedRuntime {
    /// What the runtime is called there.
    pub name: String,
    /// The factory's subscription.
    pub subscription_id: String,
    /// The factory's name.
    pub data_factory_name: String,
    /// The factory's region.
    pub data_factory_location: String,
}
