//! Managed virtual networks, their private endpoints, and private endpoints of others to the factory.

use serde::Deserialize;

use crate::{Kind, Resource};

/// A managed virtual network; a factory has at most one, called `default`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ManagedVirtualNetwork {
    /// What it is; left out in some git folders.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub properties: ManagedVirtualNetworkProperties,
}

impl Resource for ManagedVirtualNetwork {
    const KIND: Kind = Kind::ManagedVirtualNetwork;
}

/// A managed virtual network's properties.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ManagedVirtualNetworkProperties {
    /// The network's id; read-only.
    pub v_net_id: Option<String>,
    /// The network's alias; read-only.
    pub alias: Option<String>,
    /// Whether data may leave by private endpoints alone.
    pub prevent_data_exfiltration: Option<bool>,
}

/// A private endpoint in a managed virtual network.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ManagedPrivateEndpoint {
    /// What it is.
    pub properties: ManagedPrivateEndpointProperties,
}

impl Resource for ManagedPrivateEndpoint {
    const KIND: Kind = Kind::ManagedPrivateEndpoint;
}

/// A managed private endpoint's properties.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ManagedPrivateEndpointProperties {
    /// The resource that it leads to.
    pub private_link_resource_id: Option<String>,
    /// The part of that resource, such as `blob`.
    pub group_id: Option<String>,
    /// The names under which the resource is reached.
    pub fqdns: Option<Vec<String>>,
    /// Whether the resource's owner has approved it.
    pub connection_state: Option<ConnectionState>,
    /// `Succeeded` once it stands; read-only.
    pub provisioning_state: Option<String>,
}

/// A connection from somebody's private endpoint to the factory.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct PrivateEndpointConnection {
    /// What it is.
    pub properties: PrivateEndpointConnectionProperties,
}

impl Resource for PrivateEndpointConnection {
    const KIND: Kind = Kind::PrivateEndpointConnection;
}

/// A private endpoint connection's properties.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PrivateEndpointConnectionProperties {
    /// Whether the factory's owner has approved it.
    pub private_link_service_connection_state: Option<ConnectionState>,
    /// `Succeeded` once it stands; read-only.
    pub provisioning_state: Option<String>,
}

/// Whether a private endpoint may be used.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectionState {
    /// `Pending`, `Approved`, `Rejected` or `Disconnected`.
    pub status: Option<String>,
    /// The reason of the approval or rejection.
    pub description: Option<String>,
    /// What is still to be done.
    pub actions_required: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Document;

    #[test]
    fn a_network_may_be_without_properties() {
        let network = json!({"name": "default", "type": "Microsoft.DataFactory/factories/managedvirtualnetworks"});

        let network = Document::<ManagedVirtualNetwork>::parse(network).unwrap();

        assert_eq!(network.properties.alias, None);
    }
}
