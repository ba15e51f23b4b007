//! What an emulator has in the place of Azure.

use adf_model::{Kind, ResourceId};
use serde_json::Value;

const SCOPE: &str = "/properties/typeProperties/scope";
const CLUSTER: &str = "/properties/typeProperties/existingClusterId";
const ENDPOINT: &str = "/properties/typeProperties/serviceEndpoint";

/// The JSON pointer of what only exists in Azure: of a storage account, or of a cluster that is not made for the run. An emulator has
/// something else there.
#[must_use]
pub fn place_of_azure(id: &ResourceId, document: &Value) -> Option<&'static str> {
    let details = document.pointer("/properties/typeProperties")?;
    let kind = document.pointer("/properties/type")?.as_str()?;
    let has = |name: &str| details.get(name).is_some();
    match (id.kind, kind) {
        (Kind::Trigger, "BlobEventsTrigger") => Some(SCOPE),
        (Kind::LinkedService, "AzureDatabricks") if has("existingClusterId") => Some(CLUSTER),
        (Kind::LinkedService, "AzureBlobStorage") if has("serviceEndpoint") => Some(ENDPOINT),
        _ => None,
    }
}

/// Replaces what only exists in Azure by what the emulator has: its storage account, and the cluster that was prepared.
pub(crate) fn bind_to_emulator(
    id: &ResourceId,
    document: &mut Value,
    account: &str,
    cluster: Option<&str>,
) {
    let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local";
    let place = place_of_azure(id, document);
    let value = match (place, cluster) {
        (Some(SCOPE), _) => {
            format!("{group}/providers/Microsoft.Storage/storageAccounts/{account}")
        }
        (Some(ENDPOINT), _) => format!("https://{account}.blob.core.windows.net/"),
        (Some(CLUSTER), Some(cluster)) => cluster.to_owned(),
        _ => return,
    };
    let Some((above, name)) = place.and_then(|place| place.rsplit_once('/')) else {
        return;
    };
    if let Some(details) = document.pointer_mut(above) {
        details[name] = value.into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_emulator_stands_for_the_storage_and_the_cluster_of_azure() {
        let mut trigger = json!({"properties": {"type": "BlobEventsTrigger", "typeProperties": {"scope": "far", "events": []}}});
        let mut service = json!({"properties": {"type": "AzureDatabricks", "typeProperties": {"existingClusterId": "far", "domain": "d"}}});
        let mut pool = json!({"properties": {"type": "AzureDatabricks", "typeProperties": {"newClusterVersion": "v"}}});
        let untouched = pool.clone();

        bind_to_emulator(
            &ResourceId::new(Kind::Trigger, "t"),
            &mut trigger,
            "local",
            Some("c"),
        );
        bind_to_emulator(
            &ResourceId::new(Kind::LinkedService, "s"),
            &mut service,
            "local",
            Some("c"),
        );
        bind_to_emulator(
            &ResourceId::new(Kind::LinkedService, "p"),
            &mut pool,
            "local",
            Some("c"),
        );

        assert!(
            trigger["properties"]["typeProperties"]["scope"]
                .as_str()
                .unwrap()
                .ends_with("/storageAccounts/local")
        );
        assert_eq!(
            service["properties"]["typeProperties"],
            json!({"existingClusterId": "c", "domain": "d"})
        );
        assert_eq!(pool, untouched);
    }
}
