//! Instance pools, cluster policies, changes and events of clusters.

use databricks_client::{ApiError, DatabricksError, Library, LibraryState};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{SHORT, SOON, answer, client, log, refusal};

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/instance-pools/list",
        json!({"instance_pools": [
            {"instance_pool_id": "p-1", "instance_pool_name": "warm", "state": "ACTIVE", "min_idle_instances": 1},
        ]}),
    )
    .await;
    answer(
        &service,
        "POST",
        "/api/2.0/instance-pools/create",
        json!({"instance_pool_id": "p-2"}),
    )
    .await;
    answer(&service, "POST", "/api/2.0/instance-pools/edit", json!({})).await;
    answer(
        &service,
        "GET",
        "/api/2.0/policies/clusters/list",
        json!({"policies": [{"policy_id": "P", "name": "small", "definition": "{}"}]}),
    )
    .await;
    answer(&service, "POST", "/api/2.1/clusters/update", json!({})).await;
    answer(
        &service,
        "POST",
        "/api/2.1/clusters/events",
        json!({"events": [
            {"timestamp": 2, "type": "TERMINATING", "details": {"reason": {"code": "CLOUD_PROVIDER_LAUNCH_FAILURE", "type": "CLOUD_FAILURE"}}},
            {"timestamp": 1, "type": "CREATING"},
        ], "total_count": 2}),
    )
    .await;
    let client = client(&service);
    let spec = json!({"instance_pool_name": "warm", "node_type_id": "n"});
    let spec = spec.as_object().unwrap();
    let change = json!({"num_workers": 3});

    let pools = client.instance_pools().list(None).await.unwrap();
    let created = client.instance_pools().create(spec, None).await.unwrap();
    client.instance_pools().edit(spec, None).await.unwrap();
    let policies = client.cluster_policies().all().await.unwrap();
    client
        .clusters()
        .update("c-1", change.as_object().unwrap(), &["autoscale"], None)
        .await
        .unwrap();
    let events = client.clusters().events("c-1", 5, None).await.unwrap();

    let pools = pools.into_model().unwrap().instance_pools;
    assert_eq!(pools[0].more["min_idle_instances"], 1);
    assert_eq!(created.into_model().unwrap().instance_pool_id, "p-2");
    assert_eq!(
        (policies[0].policy_id.as_str(), policies[0].name.as_str()),
        ("P", "small")
    );
    let events = events.into_model().unwrap().events;
    let shown: Vec<_> = events.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["TERMINATING, CLOUD_PROVIDER_LAUNCH_FAILURE", "CREATING"]
    );
    insta::assert_snapshot!(log(&service).await, @r#"
    GET /api/2.0/instance-pools/list
    POST /api/2.0/instance-pools/create
      {"instance_pool_name":"warm","node_type_id":"n"}
    POST /api/2.0/instance-pools/edit
      {"instance_pool_name":"warm","node_type_id":"n"}
    GET /api/2.0/policies/clusters/list
    POST /api/2.1/clusters/update
      {"cluster_id":"c-1","update_mask":"num_workers,autoscale","cluster":{"num_workers":3}}
    POST /api/2.1/clusters/events
      {"cluster_id":"c-1","order":"DESC","limit":5}
    "#);
}

#[tokio::test]
async fn a_workspace_without_pools_has_none() {
    let service = Service::start().await;
    answer(&service, "GET", "/api/2.0/instance-pools/list", json!({})).await;
    answer(
        &service,
        "GET",
        "/api/2.0/policies/clusters/list",
        json!({"policies": null}),
    )
    .await;
    let client = client(&service);

    let pools = client.instance_pools().list(None).await.unwrap();

    assert!(pools.into_model().unwrap().instance_pools.is_empty());
    assert!(client.cluster_policies().all().await.unwrap().is_empty());
}

fn pypi(package: &str) -> Library {
    Library::Pypi {
        package: package.into(),
        repo: None,
    }
}

#[tokio::test]
async fn only_the_wanted_libraries_are_waited_for() {
    let service = Service::start().await;
    let status = |ours: &str| {
        json!({"cluster_id": "c-1", "library_statuses": [
            {"library": {"pypi": {"package": "ours"}}, "status": ours},
            {"library": {"pypi": {"package": "theirs"}}, "status": "FAILED", "messages": ["no such package"]},
        ]})
    };
    service
        .on("GET", "/api/2.0/libraries/cluster-status")
        .times(3)
        .replies([
            Reply::json(200, json!({"cluster_id": "c-1"})),
            Reply::json(200, status("INSTALLING")),
            Reply::json(200, status("INSTALLED")),
        ])
        .await;
    answer(
        &service,
        "GET",
        "/api/2.1/clusters/get",
        json!({"cluster_id": "c-1", "state": "RUNNING"}),
    )
    .await;
    let client = client(&service);
    let mut seen = Vec::new();

    let installed = client
        .libraries()
        .wait_for("c-1", &[pypi("ours")], SOON, |statuses| {
            seen.extend(statuses.iter().map(|status| status.status.to_string()));
        })
        .await
        .unwrap();

    assert_eq!(installed[0].status, LibraryState::Installed);
    assert_eq!(seen, ["INSTALLING", "INSTALLED"]);
}

#[tokio::test]
async fn a_wanted_library_that_fails_says_why_and_one_on_a_stopped_cluster_never_comes() {
    let service = Service::start().await;
    let status = |status: &str| {
        json!({"cluster_id": "c-1", "library_statuses": [
            {"library": {"pypi": {"package": "ours"}}, "status": status, "messages": ["no such package"]},
        ]})
    };
    service
        .on("GET", "/api/2.0/libraries/cluster-status")
        .times(2)
        .replies([
            Reply::json(200, status("FAILED")),
            Reply::json(200, status("PENDING")),
        ])
        .await;
    answer(
        &service,
        "GET",
        "/api/2.1/clusters/get",
        json!({"cluster_id": "c-1", "state": "TERMINATED"}),
    )
    .await;
    let client = client(&service);
    let libraries = client.libraries();

    let failed = libraries
        .wait_for("c-1", &[pypi("ours")], SHORT, |_| {})
        .await
        .unwrap_err();
    let stopped = libraries
        .wait_for("c-1", &[pypi("ours")], SHORT, |_| {})
        .await
        .unwrap_err();

    assert_eq!(
        failed.to_string(),
        "cluster c-1: ours was not installed: no such package"
    );
    assert!(matches!(
        DatabricksError::of(&stopped),
        Some(DatabricksError::ClusterNotRunning { .. })
    ));
}

#[tokio::test]
async fn refusals_of_pools_are_classified() {
    let service = Service::start().await;
    let denied = refusal(403, "PERMISSION_DENIED", "you may not create pools");
    service
        .on("POST", "/api/2.0/instance-pools/create")
        .reply(denied)
        .await;

    let error = client(&service)
        .instance_pools()
        .create(&serde_json::Map::new(), None)
        .await
        .unwrap_err();

    assert!(ApiError::of(&error).unwrap().is_permission_denied());
}
