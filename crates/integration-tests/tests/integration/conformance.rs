//! What every `Factory` does alike: in memory, in a folder, in an emulator of this process, and in one of another process.

use std::sync::Arc;

use adf_client::{FactoryClient, FactoryClientOptions, FactoryId, Remote, StaticToken};
use adf_model::{
    Document, Factory, FactoryError, FactoryResource, Folder, Kind, Memory, ResourceId,
};
use integration_tests::Emulator;
use serde_json::{Value, json};

fn pipeline(name: &str) -> Value {
    json!({"name": name, "properties": {"activities": [], "annotations": [], "unknown": null, "ratio": 1.5}})
}

fn linked_service() -> Value {
    json!({"name": "store", "properties": {"type": "AzureBlobStorage", "annotations": [],
        "typeProperties": {"serviceEndpoint": "https://stdev.blob.core.windows.net/"}}})
}

fn dataset() -> Value {
    json!({"name": "file", "properties": {"type": "Binary", "annotations": [],
        "linkedServiceName": {"referenceName": "store", "type": "LinkedServiceReference"},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "input"}}}})
}

/// The parts of `found` that `wanted` names; a service adds others, such as an id and an entity tag.
fn same(found: &Value, wanted: &Value) -> Value {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            let named = wanted
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), same(found.get(key)?, value))));
            Value::Object(named.collect())
        }
        _ => found.clone(),
    }
}

async fn names(factory: &impl Factory, kind: Kind) -> Vec<String> {
    let listed = factory.list(kind).await.unwrap();
    listed.into_iter().map(|(id, _)| id.name).collect()
}

async fn conforms(factory: &impl Factory) {
    let id = |name: &str| ResourceId::new(Kind::Pipeline, name);
    for kind in Kind::ALL {
        assert_eq!(names(factory, kind).await, [] as [&str; 0], "{kind}");
    }

    for name in ["beta", "alpha one"] {
        factory.put(&id(name), pipeline(name)).await.unwrap();
    }
    assert_eq!(names(factory, Kind::Pipeline).await, ["alpha one", "beta"]);
    let found = factory.get(&id("beta")).await.unwrap();
    assert_eq!(same(&found, &pipeline("beta")), pipeline("beta"));
    let found = factory.get(&id("BETA")).await.unwrap();
    assert_eq!(found["name"], "beta");
    let (first, document) = factory.list(Kind::Pipeline).await.unwrap().remove(0);
    assert_eq!(
        (first, &document["name"]),
        (id("alpha one"), &json!("alpha one"))
    );

    let mut changed = pipeline("beta");
    changed["properties"]["concurrency"] = 3.into();
    factory.put(&id("beta"), changed).await.unwrap();
    let found = factory.get(&id("beta")).await.unwrap();
    assert_eq!(found["properties"]["concurrency"], 3);
    factory.put(&id("beta"), pipeline("beta")).await.unwrap();
    let found = factory.get(&id("beta")).await.unwrap();
    assert_eq!(
        found["properties"].get("concurrency"),
        None,
        "a put replaces the whole"
    );

    holds_other_kinds(factory).await;

    factory.delete(&id("beta")).await.unwrap();
    factory.delete(&id("beta")).await.unwrap();
    let gone = factory.get(&id("beta")).await.unwrap_err();
    assert!(matches!(&gone, FactoryError::NotFound { .. }), "{gone:?}");
    assert_eq!(gone.id(), &id("beta"));
    assert_eq!(names(factory, Kind::Pipeline).await, ["alpha one"]);
}

async fn holds_other_kinds(factory: &impl Factory) {
    let network = ResourceId::new(Kind::ManagedVirtualNetwork, "default");
    let endpoint = ResourceId::below("default", Kind::ManagedPrivateEndpoint, "sql");
    let link = json!({"name": "sql", "properties": {"groupId": "sqlServer",
        "privateLinkResourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/x"}});
    factory
        .put(&network, json!({"name": "default", "properties": {}}))
        .await
        .unwrap();
    factory.put(&endpoint, link).await.unwrap();
    let (found, _) = factory
        .list(Kind::ManagedPrivateEndpoint)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(found, endpoint);

    let (store, file) = (
        ResourceId::new(Kind::LinkedService, "store"),
        ResourceId::new(Kind::Dataset, "file"),
    );
    factory.put(&store, linked_service()).await.unwrap();
    factory.put(&file, dataset()).await.unwrap();
    assert_eq!(names(factory, Kind::Dataset).await, ["file"]);
    assert_eq!(names(factory, Kind::LinkedService).await, ["store"]);
    let found = factory.get(&file).await.unwrap();
    assert_eq!(same(&found, &dataset()), dataset());
    factory.delete(&file).await.unwrap();
    factory.delete(&store).await.unwrap();
}

#[tokio::test]
async fn memory_conforms() {
    conforms(&Memory::default()).await;
}

#[tokio::test]
async fn a_folder_conforms() {
    let root = tempfile::tempdir().unwrap();

    conforms(&Folder::new(root.path())).await;
}

#[tokio::test]
async fn an_emulator_in_this_process_conforms() {
    let running = dataops_emulator::start(dataops_emulator::Options::default())
        .await
        .unwrap();
    let id = FactoryId {
        subscription: "00000000-0000-0000-0000-000000000000".to_owned(),
        resource_group: "local".to_owned(),
        factory: "adf-conforms".to_owned(),
    };
    let options = FactoryClientOptions {
        endpoint: running.ready.endpoint.clone(),
        ..FactoryClientOptions::default()
    };
    let token = Arc::new(StaticToken::new(running.ready.token.clone()));
    let client = FactoryClient::new(id, token, Some(options)).unwrap();
    let document =
        Document::<FactoryResource>::parse(json!({"location": "westeurope", "properties": {}}))
            .unwrap();
    client
        .create_or_update(&document, None, None)
        .await
        .unwrap();

    conforms(&Remote::new(client)).await;

    running.stop().await.unwrap();
}

#[tokio::test]
async fn an_emulator_in_another_process_conforms() {
    let emulator = Emulator::start();
    let client = emulator.factory("adf-conforms").await;

    conforms(&Remote::new(client)).await;
}
