use databricks_client::{ApiError, DatabricksError, WarehouseSpec, WarehouseState};
use futures::TryStreamExt;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{SOON, answer, client, log, refusal};

fn warehouse(state: &str) -> Reply {
    Reply::json(200, json!({"id": "w-1", "state": state}))
}

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    let at = "/api/2.0/sql/warehouses";
    answer(&service, "POST", at, json!({"id": "w-1"})).await;
    service.on("GET", at).without_query("page_token").reply(Reply::json(
        200,
        json!({"warehouses": [{"id": "w-1", "name": "a", "health": {"status": "HEALTHY"}}], "next_page_token": "t"}),
    )).await;
    service
        .on("GET", at)
        .query("page_token", "t")
        .reply(Reply::json(200, json!({"warehouses": [{"id": "w-2"}]})))
        .await;
    service
        .on("GET", &format!("{at}/w-1"))
        .reply(warehouse("STOPPED"))
        .await;
    answer(&service, "POST", &format!("{at}/w-1/start"), json!({})).await;
    answer(&service, "POST", &format!("{at}/w-1/stop"), json!({})).await;
    answer(&service, "DELETE", &format!("{at}/w-1"), json!({})).await;
    let client = client(&service);
    let warehouses = client.warehouses();

    let spec = WarehouseSpec {
        name: "checks".into(),
        cluster_size: "2X-Small".into(),
        auto_stop_mins: Some(10),
        enable_serverless_compute: Some(true),
        more: json!({"channel": {"name": "CHANNEL_NAME_CURRENT"}})
            .as_object()
            .unwrap()
            .clone(),
        ..WarehouseSpec::default()
    };
    let created = warehouses
        .create(&spec, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let ids: Vec<_> = warehouses
        .list(None)
        .map_ok(|warehouse| warehouse.id)
        .try_collect()
        .await
        .unwrap();
    let got = warehouses
        .get("w-1", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    warehouses.start("w-1", None).await.unwrap();
    warehouses.stop("w-1", None).await.unwrap();
    warehouses.delete("w-1", None).await.unwrap();

    assert_eq!(
        (created.id.as_str(), got.state),
        ("w-1", Some(WarehouseState::Stopped))
    );
    assert_eq!(ids, ["w-1", "w-2"]);
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_warehouse_is_started_and_waited_for() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.0/sql/warehouses/w-1/start",
        json!({}),
    )
    .await;
    let states = [
        warehouse("STOPPED"),
        warehouse("STARTING"),
        refusal(500, "INTERNAL_ERROR", "m"),
        warehouse("RUNNING"),
    ];
    service
        .on("GET", "/api/2.0/sql/warehouses/w-1")
        .times(4)
        .replies(states)
        .await;

    client(&service)
        .warehouses()
        .ensure_running("w-1", SOON)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_warehouse_that_stops_instead_is_an_error() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.0/sql/warehouses/w-1/start",
        json!({}),
    )
    .await;
    service
        .on("GET", "/api/2.0/sql/warehouses/w-1")
        .times(3)
        .replies(["STOPPED", "STARTING", "STOPPED"].map(warehouse))
        .await;

    let error = client(&service)
        .warehouses()
        .ensure_running("w-1", SOON)
        .await
        .unwrap_err();

    assert!(matches!(
        DatabricksError::of(&error),
        Some(DatabricksError::WarehouseNotRunning { .. })
    ));
    assert_eq!(error.to_string(), "warehouse w-1 is STOPPED");
}

#[tokio::test]
async fn an_id_cannot_change_the_path_around_it() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/sql/warehouses/..%2Fstatements%2F1",
        json!({"id": "odd"}),
    )
    .await;
    let client = client(&service);

    for id in ["", ".", ".."] {
        let error = client.warehouses().delete(id, None).await.unwrap_err();
        assert!(
            matches!(
                DatabricksError::of(&error),
                Some(DatabricksError::Name { .. })
            ),
            "{error}"
        );
    }
    assert_eq!(service.log().await, "");
    client
        .warehouses()
        .get("../statements/1", None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_missing_warehouse_is_not_found() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.0/sql/warehouses/w-9")
        .reply(refusal(404, "RESOURCE_DOES_NOT_EXIST", "m"))
        .await;

    let error = client(&service)
        .warehouses()
        .get("w-9", None)
        .await
        .unwrap_err();

    assert!(ApiError::of(&error).unwrap().is_not_found());
}
