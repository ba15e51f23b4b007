use databricks_client::{
    ApiError, Autoscale, ClusterListOptions, ClusterSpec, ClusterState, DatabricksError, TimedOut,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SHORT, SOON, answer, client, log, refusal};

fn cluster(state: &str) -> Reply {
    Reply::json(200, json!({"cluster_id": "c-1", "state": state}))
}

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.1/clusters/create",
        json!({"cluster_id": "c-1"}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.1/clusters/get",
        json!({"cluster_id": "c-1", "state": "RUNNING"}),
    )
    .await;
    answer(&service, "GET", "/api/2.1/clusters/list", json!({})).await;
    answer(&service, "POST", "/api/2.1/clusters/start", json!({})).await;
    answer(&service, "POST", "/api/2.1/clusters/delete", json!({})).await;
    let client = client(&service);
    let clusters = client.clusters();

    let spec = ClusterSpec {
        cluster_name: Some("ingest".into()),
        spark_version: "15.4.x-scala2.12".into(),
        node_type_id: Some("Standard_D4ds_v5".into()),
        autoscale: Some(Autoscale {
            min_workers: 1,
            max_workers: 2,
        }),
        autotermination_minutes: Some(60),
        spark_env_vars: [(
            "PYSPARK_PYTHON".into(),
            "/databricks/python3/bin/python3".into(),
        )]
        .into(),
        more: json!({"runtime_engine": "STANDARD"})
            .as_object()
            .unwrap()
            .clone(),
        ..ClusterSpec::default()
    };
    let created = clusters
        .create(&spec, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let got = clusters
        .get("c-1", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let filter = ClusterListOptions {
        states: vec![ClusterState::Running, ClusterState::Pending],
        sources: vec!["API".into()],
        policy_id: Some("p".into()),
        page_size: Some(10),
        ..ClusterListOptions::default()
    };
    let none: Vec<_> = clusters.list(Some(filter)).try_collect().await.unwrap();
    clusters.start("c-1", None).await.unwrap();
    clusters.delete("c-1", None).await.unwrap();

    assert_eq!(
        (created.cluster_id.as_str(), got.state),
        ("c-1", ClusterState::Running)
    );
    assert!(none.is_empty());
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_list_follows_its_page_tokens() {
    let service = Service::start().await;
    let page = |id: &str, next: Value| {
        Reply::json(
            200,
            json!({"clusters": [{"cluster_id": id, "state": "RUNNING"}], "next_page_token": next}),
        )
    };
    let list = "/api/2.1/clusters/list";
    service
        .on("GET", list)
        .without_query("page_token")
        .reply(page("a", json!("t/1=")))
        .await;
    service
        .on("GET", list)
        .query("page_token", "t/1=")
        .reply(page("b", json!("")))
        .await;
    let client = client(&service);

    let ids: Vec<_> = client
        .clusters()
        .list(None)
        .map_ok(|cluster| cluster.cluster_id)
        .try_collect()
        .await
        .unwrap();

    assert_eq!(ids, ["a", "b"]);
}

#[tokio::test]
async fn a_cluster_that_does_not_exist_is_not_found_in_spite_of_status_400() {
    let service = Service::start().await;
    let gone = refusal(400, "INVALID_PARAMETER_VALUE", "Cluster c-9 does not exist");
    service.on("GET", "/api/2.1/clusters/get").reply(gone).await;

    let error = client(&service)
        .clusters()
        .get("c-9", None)
        .await
        .unwrap_err();

    assert!(ApiError::of(&error).unwrap().is_not_found());
}

#[tokio::test]
async fn a_cluster_that_runs_is_left_alone() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.1/clusters/get")
        .times(1)
        .reply(cluster("RUNNING"))
        .await;

    let running = client(&service)
        .clusters()
        .ensure_running("c-1", SOON, |_| {})
        .await
        .unwrap();

    assert_eq!(running.state, ClusterState::Running);
}

#[tokio::test]
async fn a_cluster_that_stops_is_waited_for_and_started() {
    let service = Service::start().await;
    let states = ["TERMINATING", "TERMINATED", "PENDING", "PENDING", "RUNNING"];
    service
        .on("GET", "/api/2.1/clusters/get")
        .times(5)
        .replies(states.map(cluster))
        .await;
    service
        .on("POST", "/api/2.1/clusters/start")
        .times(1)
        .reply(Reply::json(200, json!({})))
        .await;
    let mut seen = Vec::new();

    client(&service)
        .clusters()
        .ensure_running("c-1", SOON, |cluster| seen.push(cluster.state.to_string()))
        .await
        .unwrap();

    assert_eq!(seen, ["TERMINATING", "TERMINATED", "PENDING", "RUNNING"]);
}

#[tokio::test]
async fn somebody_else_may_start_the_cluster_first() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.1/clusters/get")
        .replies(["TERMINATED", "PENDING", "RUNNING"].map(cluster))
        .await;
    let late = refusal(
        400,
        "INVALID_STATE",
        "Cluster c-1 is in unexpected state Pending.",
    );
    service
        .on("POST", "/api/2.1/clusters/start")
        .times(1)
        .reply(late)
        .await;

    client(&service)
        .clusters()
        .ensure_running("c-1", SOON, |_| {})
        .await
        .unwrap();
}

#[tokio::test]
async fn an_outage_does_not_end_the_wait() {
    let service = Service::start().await;
    let mut replies: Vec<_> = (0..9)
        .map(|_| refusal(503, "TEMPORARILY_UNAVAILABLE", "m"))
        .collect();
    replies.push(cluster("RUNNING"));
    service
        .on("GET", "/api/2.1/clusters/get")
        .times(10)
        .replies(replies)
        .await;

    client(&service)
        .clusters()
        .ensure_running("c-1", SOON, |_| {})
        .await
        .unwrap();
}

#[tokio::test]
async fn a_cluster_that_stops_again_tells_why() {
    let service = Service::start().await;
    let failed = Reply::json(
        200,
        json!({
            "cluster_id": "c-1", "state": "TERMINATED", "terminated_time": 2, "state_message": "no machines",
            "termination_reason": {"code": "AZURE_QUOTA_EXCEEDED_EXCEPTION", "type": "CLIENT_ERROR", "parameters": {"region": "west"}},
        }),
    );
    service
        .on("GET", "/api/2.1/clusters/get")
        .replies([cluster("TERMINATED"), cluster("PENDING"), failed])
        .await;
    answer(&service, "POST", "/api/2.1/clusters/start", json!({})).await;

    let error = client(&service)
        .clusters()
        .ensure_running("c-1", SOON, |_| {})
        .await
        .unwrap_err();

    assert!(matches!(
        DatabricksError::of(&error),
        Some(DatabricksError::ClusterNotRunning { .. })
    ));
    assert_eq!(
        error.to_string(),
        "cluster c-1 is TERMINATED: no machines (AZURE_QUOTA_EXCEEDED_EXCEPTION, region: west)"
    );
}

#[tokio::test]
async fn the_wait_for_a_cluster_has_a_limit() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.1/clusters/get")
        .reply(cluster("RESIZING"))
        .await;

    let error = client(&service)
        .clusters()
        .ensure_running("c-1", SHORT, |_| {})
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&error).unwrap().what, "starting cluster c-1");
}
