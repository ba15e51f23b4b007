//! What an emulator has in the place of Azure.

use adf_model::{Kind, ResourceId};
use serde_json::Value;

/// Replaces what only exists in Azure by what the emulator has: its storage account, and the cluster that was prepared.
pub(crate) fn bind_to_emulator(
    id: &ResourceId,
    document: &mut Value,
    account: &str,
    cluster: Option<&str>,
) {
    let Some(properties) = document.get_mut("properties") else {
        return;
    };
    let kind = properties
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let Some(details) = properties.get_mut("typeProperties") else {
        return;
    };
    match (id.kind, kind.as_str(), cluster) {
        (Kind::Trigger, "BlobEventsTrigger", _) => {
            let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local";
            details["scope"] =
                format!("{group}/providers/Microsoft.Storage/storageAccounts/{account}").into();
        }
        (Kind::LinkedService, "AzureDatabricks", Some(cluster))
            if details.get("existingClusterId").is_some() =>
        {
            details["existingClusterId"] = cluster.into();
        }
        (Kind::LinkedService, "AzureBlobStorage", _)
            if details.get("serviceEndpoint").is_some() =>
        {
            details["serviceEndpoint"] = format!("https://{account}.blob.core.windows.net/").into();
        }
        _ => {}
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
