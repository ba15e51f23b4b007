use databricks_client::{DatabricksError, Library, LibraryState, TimedOut};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SHORT, SOON, answer, client, log, refusal};

fn pypi(package: &str) -> Library {
    Library::Pypi {
        package: package.into(),
        repo: None,
    }
}

fn statuses(status: &str) -> Value {
    json!({"cluster_id": "c-1", "library_statuses": [
        {"library": {"pypi": {"package": "lightgbm"}}, "status": status, "messages": ["no such package"]},
        {"library": {"jar": "dbfs:/a.jar"}, "status": "INSTALLED", "is_library_for_all_clusters": false},
    ]})
}

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(&service, "POST", "/api/2.0/libraries/install", json!({})).await;
    answer(
        &service,
        "GET",
        "/api/2.0/libraries/cluster-status",
        statuses("INSTALLING"),
    )
    .await;
    let client = client(&service);
    let libraries = [
        pypi("lightgbm==4.5.0"),
        Library::Maven {
            coordinates: "g:a:1".into(),
            repo: None,
            exclusions: vec!["x:y".into()],
        },
        Library::Cran {
            package: "ada".into(),
            repo: Some("https://cran.test".into()),
        },
        Library::Whl("/Volumes/c/s/v/a.whl".into()),
        Library::Requirements("/Workspace/Shared/requirements.txt".into()),
    ];

    client
        .libraries()
        .install("c-1", &libraries, None)
        .await
        .unwrap();
    let found = client
        .libraries()
        .cluster_status("c-1", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();

    assert_eq!(found.library_statuses[0].status, LibraryState::Installing);
    assert_eq!(
        found.library_statuses[1].library,
        Library::Jar("dbfs:/a.jar".into())
    );
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_wait_ends_when_nothing_is_under_way() {
    let service = Service::start().await;
    let replies = ["PENDING", "RESOLVING", "INSTALLING", "INSTALLED"]
        .map(|status| Reply::json(200, statuses(status)));
    service
        .on("GET", "/api/2.0/libraries/cluster-status")
        .times(4)
        .replies(replies)
        .await;
    answer(
        &service,
        "GET",
        "/api/2.1/clusters/get",
        json!({"cluster_id": "c-1", "state": "RUNNING"}),
    )
    .await;

    let settled = client(&service)
        .libraries()
        .wait("c-1", SOON)
        .await
        .unwrap();

    assert_eq!(settled.library_statuses.len(), 2);
}

#[tokio::test]
async fn a_failed_library_is_a_failure() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/libraries/cluster-status",
        statuses("FAILED"),
    )
    .await;

    let error = client(&service)
        .libraries()
        .wait("c-1", SOON)
        .await
        .unwrap_err();

    let Some(DatabricksError::LibrariesFailed { failed, .. }) = DatabricksError::of(&error) else {
        panic!("{error}");
    };
    assert_eq!((failed.len(), &failed[0].library), (1, &pypi("lightgbm")));
    assert_eq!(
        error.to_string(),
        "cluster c-1: lightgbm was not installed: no such package"
    );
}

#[tokio::test]
async fn nothing_is_waited_for_on_a_cluster_that_stands_still() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/libraries/cluster-status",
        statuses("PENDING"),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.1/clusters/get",
        json!({"cluster_id": "c-1", "state": "TERMINATED"}),
    )
    .await;

    let error = client(&service)
        .libraries()
        .wait("c-1", SOON)
        .await
        .unwrap_err();

    assert!(
        matches!(
            DatabricksError::of(&error),
            Some(DatabricksError::ClusterNotRunning { .. })
        ),
        "{error}"
    );
}

#[tokio::test]
async fn the_wait_survives_outages_and_has_a_limit() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.0/libraries/cluster-status")
        .reply(refusal(500, "INTERNAL_ERROR", "m"))
        .await;

    let error = client(&service)
        .libraries()
        .wait("c-1", SHORT)
        .await
        .unwrap_err();

    assert!(TimedOut::of(&error).is_some(), "{error}");
}

#[tokio::test]
async fn libraries_and_states_of_new_kinds_are_kept() {
    let service = Service::start().await;
    let new = json!({"cluster_id": "c-1", "library_statuses": [{"library": {"conda": {"package": "x"}}, "status": "THAWING", "messages": null}]});
    answer(&service, "GET", "/api/2.0/libraries/cluster-status", new).await;

    let settled = client(&service)
        .libraries()
        .wait("c-1", SOON)
        .await
        .unwrap();

    let library = &settled.library_statuses[0];
    assert_eq!(library.status, LibraryState::Unknown("THAWING".into()));
    assert_eq!(library.library.to_string(), r#"{"conda":"***"}"#);
}

#[tokio::test]
async fn addresses_are_shown_without_secrets_and_sent_with_them() {
    let libraries = json!([
        {"whl": "https://u:CANARY@h.test/a.whl"}, {"jar": "abfss://c@a.test/x.jar?sig=CANARY"},
        {"egg": "dbfs:/x.egg?sig=CANARY"}, {"requirements": "https://CANARY@h.test/r.txt"},
        {"pypi": {"package": "git+https://CANARY@h.test/r.git@v1", "repo": "https://u:CANARY@h.test/simple"}},
        {"maven": {"coordinates": "g:a:1", "repo": "https://u:CANARY@h.test"}},
        {"cran": {"package": "ada", "repo": "https://u:CANARY@h.test"}}, {"weird": {"token": "CANARY"}},
    ]);
    let read: Vec<Library> = serde_json::from_value(libraries.clone()).unwrap();

    let shown: Vec<_> = read.iter().map(ToString::to_string).collect();

    let expected = [
        "https://***@h.test/a.whl",
        "abfss://c@a.test/x.jar?***",
        "dbfs:/x.egg?***",
        "https://***@h.test/r.txt",
        "git+https://***@h.test/r.git@v1",
        "g:a:1",
        "ada",
        r#"{"weird":"***"}"#,
    ];
    assert_eq!(shown, expected);
    assert_eq!(serde_json::to_value(&read).unwrap(), libraries);
    let service = Service::start().await;
    let failed = json!({"cluster_id": "c-1", "library_statuses": [{"library": libraries[0], "status": "FAILED",
        "messages": ["no answer of https://u:CANARY@h.test/a.whl?sig=CANARY"]}]});
    let path = "/api/2.0/libraries/cluster-status";
    answer(&service, "GET", path, failed).await;
    let error = client(&service).libraries().wait("c-1", SOON).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "cluster c-1: https://***@h.test/a.whl was not installed: no answer of https://***@h.test/a.whl?***"
    );
}
