use databricks_client::{
    ApiError, Catalog, ExternalLocation, Schema, StorageCredential, Volume, VolumeType,
};
use serde_json::json;
use test_support::Service;

use crate::{answer, client, log, refusal};

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    let at = |path: &str| format!("/api/2.1/unity-catalog/{path}");
    answer(
        &service,
        "GET",
        &at("storage-credentials/mi"),
        json!({"name": "mi", "id": "1"}),
    )
    .await;
    answer(
        &service,
        "POST",
        &at("external-locations"),
        json!({"name": "raw", "url": "u", "credential_name": "mi"}),
    )
    .await;
    answer(
        &service,
        "PATCH",
        &at("external-locations/raw"),
        json!({"name": "raw", "url": "v", "credential_name": "mi"}),
    )
    .await;
    answer(&service, "POST", &at("catalogs"), json!({"name": "ingest"})).await;
    answer(
        &service,
        "POST",
        &at("schemas"),
        json!({"name": "bronze", "catalog_name": "ingest", "full_name": "ingest.bronze"}),
    )
    .await;
    answer(
        &service,
        "GET",
        &at("volumes/ingest.bronze.input"),
        json!({"name": "input", "catalog_name": "ingest", "schema_name": "bronze", "volume_type": "EXTERNAL", "storage_location": "u", "volume_id": "2"}),
    )
    .await;
    answer(&service, "POST", &at("volumes"), json!({"name": "input", "catalog_name": "ingest", "schema_name": "bronze", "volume_type": "MANAGED"})).await;
    let client = client(&service);
    let catalog = client.unity_catalog();
    let location = ExternalLocation {
        name: "raw".into(),
        url: "u".into(),
        credential_name: "mi".into(),
        read_only: Some(true),
        ..ExternalLocation::default()
    };
    let schema = Schema {
        name: "bronze".into(),
        catalog_name: "ingest".into(),
        ..Schema::default()
    };
    let managed = Volume {
        name: "input".into(),
        catalog_name: "ingest".into(),
        schema_name: "bronze".into(),
        ..Volume::default()
    };
    let ingest = Catalog {
        name: "ingest".into(),
        storage_root: Some("abfss://x".into()),
        ..Catalog::default()
    };

    let credential = catalog.get::<StorageCredential>("mi", None).await.unwrap();
    catalog.create(&location, None).await.unwrap();
    let change = json!({"url": "v"});
    let changed = catalog
        .update::<ExternalLocation>("raw", &change, None)
        .await
        .unwrap();
    catalog.create(&ingest, None).await.unwrap();
    catalog.create(&schema, None).await.unwrap();
    let volume = catalog
        .get::<Volume>("ingest.bronze.input", None)
        .await
        .unwrap();
    catalog.create(&managed, None).await.unwrap();

    assert_eq!(credential.into_model().unwrap().more["id"], "1");
    assert_eq!(changed.into_model().unwrap().url, "v");
    let volume = volume.into_model().unwrap();
    assert_eq!(volume.volume_type, VolumeType::External);
    assert_eq!(volume.more["volume_id"], "2");
    insta::assert_snapshot!(log(&service).await, @r#"
    GET /api/2.1/unity-catalog/storage-credentials/mi
    POST /api/2.1/unity-catalog/external-locations
      {"name":"raw","url":"u","credential_name":"mi","read_only":true}
    PATCH /api/2.1/unity-catalog/external-locations/raw
      {"url":"v"}
    POST /api/2.1/unity-catalog/catalogs
      {"name":"ingest","storage_root":"abfss://x"}
    POST /api/2.1/unity-catalog/schemas
      {"name":"bronze","catalog_name":"ingest"}
    GET /api/2.1/unity-catalog/volumes/ingest.bronze.input
    POST /api/2.1/unity-catalog/volumes
      {"name":"input","catalog_name":"ingest","schema_name":"bronze","volume_type":"MANAGED"}
    "#);
}

#[tokio::test]
async fn what_is_missing_and_what_exists_is_told_by_the_kind_of_thing() {
    let service = Service::start().await;
    let missing = refusal(404, "CATALOG_DOES_NOT_EXIST", "Catalog 'x' does not exist.");
    service
        .on("GET", "/api/2.1/unity-catalog/catalogs/x")
        .reply(missing)
        .await;
    let taken = refusal(400, "SCHEMA_ALREADY_EXISTS", "Schema 'y' already exists");
    service
        .on("POST", "/api/2.1/unity-catalog/schemas")
        .reply(taken)
        .await;
    let client = client(&service);
    let catalog = client.unity_catalog();

    let missing = catalog.get::<Catalog>("x", None).await.unwrap_err();
    let taken = catalog.create(&Schema::default(), None).await.unwrap_err();
    let odd = catalog.get::<Volume>("..", None).await.unwrap_err();

    assert!(ApiError::of(&missing).unwrap().is_not_found());
    assert!(ApiError::of(&taken).unwrap().is_conflict());
    assert_eq!(odd.to_string(), "`..` is not a name or an id");
}
