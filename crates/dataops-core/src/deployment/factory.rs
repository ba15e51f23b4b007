//! The factory's part of a deployment.

use std::time::Duration;

use adf_client::{FactoryClient, Remote};
use adf_model::{Document, Factory, FactoryResource, Kind, ResourceId};
use rest_core::{ServiceErrorExt, Wait};
use serde_json::{Value, json};

use super::DeployError;
use super::order::by_reference;
use crate::connection::Connection;

/// How long a trigger may take to change its state.
const TRIGGER: Wait = Wait {
    limit: Duration::from_secs(300),
    first: Duration::from_millis(500),
    longest: Duration::from_secs(10),
};

/// Creates the factory unless it exists; an existing one is left alone.
pub(super) async fn ensure(connection: &Connection) -> Result<(), DeployError> {
    let factory = connection.factory()?;
    let name = &factory.id().factory;
    match factory.get(None).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_not_found() && connection.is_emulated() => {
            let document = json!({ "name": name, "location": "local", "identity": { "type": "SystemAssigned" }, "properties": {} });
            let document = Document::<FactoryResource>::parse(document)
                .map_err(|error| {
                    azure_core::Error::new(azure_core::error::ErrorKind::DataConversion, error)
                })
                .map_err(DeployError::step("describing the factory"))?;
            let created = factory.create_or_update(&document, None, None).await;
            created
                .map(|_| ())
                .map_err(DeployError::step(format!("creating factory `{name}`")))
        }
        Err(error) => Err(DeployError::step(format!("looking for factory `{name}`"))(
            error,
        )),
    }
}

/// What was put.
pub(super) struct Put {
    pub(super) resources: Vec<String>,
    pub(super) triggers: Vec<String>,
}

/// Puts all documents in the order of their references, then starts the triggers that the source says are started.
pub(super) async fn put_all(
    connection: &Connection,
    documents: Vec<(ResourceId, Value)>,
) -> Result<Put, DeployError> {
    let factory = connection.factory()?;
    let remote = Remote::new(factory.clone());
    let mut put = Put {
        resources: Vec::new(),
        triggers: Vec::new(),
    };
    for (id, document) in by_reference(documents)? {
        let started = id.kind == Kind::Trigger && wants_to_run(&document);
        if id.kind == Kind::Trigger {
            stop(&factory, &id.name).await?;
        }
        remote.put(&id, document).await?;
        put.resources.push(id.to_string());
        if started {
            put.triggers.push(id.name);
        }
    }
    for name in &put.triggers {
        let start = factory.triggers().start(name, TRIGGER, None).await;
        start.map_err(DeployError::step(format!("starting trigger `{name}`")))?;
    }
    Ok(put)
}

fn wants_to_run(trigger: &Value) -> bool {
    trigger
        .pointer("/properties/runtimeState")
        .and_then(Value::as_str)
        == Some("Started")
}

/// Stops a trigger that is started; one that does not exist is left alone.
async fn stop(factory: &FactoryClient, name: &str) -> Result<(), DeployError> {
    let triggers = factory.triggers();
    let fail = |step: &'static str| DeployError::step(format!("{step} trigger `{name}`"));
    let current = match triggers.get(name, None).await {
        Ok(current) => current.into_model().map_err(fail("reading"))?,
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(fail("reading")(error)),
    };
    if current.properties.runtime_state.as_deref() == Some("Started") {
        triggers
            .stop(name, TRIGGER, None)
            .await
            .map_err(fail("stopping"))?;
    }
    Ok(())
}

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
