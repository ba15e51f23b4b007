use aml_client::pipelines::{
    EndpointChangeError, EndpointListOptions, PipelineEndpointsClient, Submission,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{client, log, v1};

async fn endpoints(service: &Service) -> PipelineEndpointsClient {
    client(service).pipeline_endpoints().await.unwrap()
}

fn endpoint(default: &str, pipelines: &[&str]) -> Value {
    let versions: Vec<_> = pipelines
        .iter()
        .enumerate()
        .map(|(at, id)| json!({"Version": at.to_string(), "PipelineId": id}))
        .collect();
    json!({
        "Id": "e", "Name": "training", "DefaultVersion": default, "PipelineVersionList": versions,
        "EntityStatus": 0, "Etag": "\"1\"", "tags": {"owner": "ml"}, "Unnamed": [null],
    })
}

/// Serves `before` for the first read and `after` for the second, and takes a PUT.
async fn changing(service: &Service, before: Value, after: Value) {
    service
        .on("GET", &v1("PipelineEndpoints/Id/e"))
        .replies([Reply::json(200, before.clone()), Reply::json(200, after)])
        .await;
    service
        .on("PUT", &v1("PipelineEndpoints/e"))
        .reply(Reply::json(200, before))
        .await;
}

#[tokio::test]
async fn gets_an_endpoint_by_id_and_by_name() {
    let service = Service::start().await;
    let reply = Reply::json(200, endpoint("0", &["a"]));
    service
        .on("GET", &v1("PipelineEndpoints/Id/e"))
        .reply(reply.clone())
        .await;
    service
        .on("GET", &v1("PipelineEndpoints/Name"))
        .reply(reply)
        .await;
    let endpoints = endpoints(&service).await;

    let by_id = endpoints
        .get("e", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let by_name = endpoints.get_by_name("training & co", None).await.unwrap();

    assert_eq!(by_id.default_pipeline(), Some("a"));
    assert_eq!(by_name.into_model().unwrap(), by_id);
    insta::assert_snapshot!(log(&service).await, @r"
    GET {v1}/PipelineEndpoints/Id/e
    GET {v1}/PipelineEndpoints/Name?Name=training+%26+co
    ");
}

#[tokio::test]
async fn lists_endpoints_with_a_cap_in_a_header() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineEndpoints"))
        .header("BatchSize", "500")
        .reply(Reply::json(200, json!([endpoint("0", &["a"])])))
        .await;
    let options = EndpointListOptions {
        active_only: Some(false),
        batch_size: Some(500),
        ..EndpointListOptions::default()
    };

    let list = endpoints(&service).await.list(Some(options));
    let found: Vec<_> = list.try_collect().await.unwrap();

    assert_eq!(found[0].name.as_deref(), Some("training"));
    insta::assert_snapshot!(log(&service).await, @"GET {v1}/PipelineEndpoints?activeOnly=false");
}

#[tokio::test]
async fn creates_an_endpoint() {
    let service = Service::start().await;
    service
        .on("POST", &v1("PipelineEndpoints/Create"))
        .reply(Reply::json(200, endpoint("0", &["a"])))
        .await;

    let endpoints = endpoints(&service).await;
    endpoints.create("training", "d", "a", None).await.unwrap();

    insta::assert_snapshot!(log(&service).await, @r#"
    POST {v1}/PipelineEndpoints/Create
      {"Name":"training","Description":"d","PipelineId":"a"}
    "#);
}

#[tokio::test]
async fn an_update_sends_the_whole_endpoint_back() {
    let service = Service::start().await;
    changing(&service, endpoint("0", &["a"]), json!({})).await;
    let endpoints = endpoints(&service).await;
    let read = endpoints
        .get("e", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();

    let disabled = read.edit(|json| json["EntityStatus"] = json!("Disabled"));
    endpoints.update(&disabled.unwrap(), None).await.unwrap();

    insta::assert_snapshot!(log(&service).await, @r#"
    GET {v1}/PipelineEndpoints/Id/e
    PUT {v1}/PipelineEndpoints/e
      {"Id":"e","Name":"training","DefaultVersion":"0","PipelineVersionList":[{"Version":"0","PipelineId":"a"}],"EntityStatus":"Disabled","Etag":"\"1\"","tags":{"owner":"ml"},"Unnamed":[null]}
    "#);
}

#[tokio::test]
async fn the_default_version_is_set_and_read_again() {
    let service = Service::start().await;
    changing(
        &service,
        endpoint("0", &["a", "b"]),
        endpoint("1", &["a", "b"]),
    )
    .await;

    let endpoints = endpoints(&service).await;
    let now = endpoints.set_default_version("e", "1", None).await.unwrap();

    assert_eq!(now.default_pipeline(), Some("b"));
    insta::assert_snapshot!(log(&service).await, @r#"
    GET {v1}/PipelineEndpoints/Id/e
    PUT {v1}/PipelineEndpoints/e
      {"Id":"e","Name":"training","DefaultVersion":"1","PipelineVersionList":[{"Version":"0","PipelineId":"a"},{"Version":"1","PipelineId":"b"}],"EntityStatus":0,"Etag":"\"1\"","tags":{"owner":"ml"},"Unnamed":[null]}
    GET {v1}/PipelineEndpoints/Id/e
    "#);
}

#[tokio::test]
async fn a_default_that_is_set_already_is_not_written() {
    let service = Service::start().await;
    changing(&service, endpoint("1", &["a", "b"]), json!({})).await;

    let endpoints = endpoints(&service).await;
    endpoints.set_default_version("e", "1", None).await.unwrap();

    assert_eq!(service.requests().await.len(), 1);
}

#[tokio::test]
async fn a_version_that_is_not_there_cannot_be_the_default() {
    let service = Service::start().await;
    changing(&service, endpoint("0", &["a", "b"]), json!({})).await;

    let endpoints = endpoints(&service).await;
    let error = endpoints
        .set_default_version("e", "7", None)
        .await
        .unwrap_err();

    assert_eq!(
        error.to_string(),
        "the endpoint has no version `7`, only 0, 1"
    );
    assert_eq!(service.requests().await.len(), 1);
}

#[tokio::test]
async fn a_version_is_added_after_the_highest() {
    let service = Service::start().await;
    let mut before = endpoint("2", &["a"]);
    before["PipelineVersionList"] = json!([
        {"Version": "10", "PipelineId": "a"}, {"Version": "9", "PipelineId": "b"}, {"Version": "odd", "PipelineId": "c"},
    ]);
    let mut after = before.clone();
    after["PipelineVersionList"] = json!([{"Version": "11", "PipelineId": "new"}]);
    after["DefaultVersion"] = json!("11");
    changing(&service, before, after).await;

    let endpoints = endpoints(&service).await;
    let now = endpoints.add_version("e", "new", true, None).await.unwrap();

    assert_eq!(now.default_pipeline(), Some("new"));
    let put = &service.requests().await[1];
    let sent: Value = serde_json::from_slice(&put.body).unwrap();
    assert_eq!(sent["DefaultVersion"], "11");
    assert_eq!(
        sent["PipelineVersionList"][3],
        json!({"Version": "11", "PipelineId": "new"})
    );
}

#[tokio::test]
async fn a_first_version_may_stay_in_the_background_and_keeps_the_case() {
    let service = Service::start().await;
    let before = json!({"id": "e", "pipelineVersionList": null});
    let after = json!({"id": "e", "pipelineVersionList": [{"version": "0", "pipelineId": "new"}]});
    changing(&service, before, after).await;

    let endpoints = endpoints(&service).await;
    endpoints
        .add_version("e", "new", false, None)
        .await
        .unwrap();

    insta::assert_snapshot!(log(&service).await, @r#"
    GET {v1}/PipelineEndpoints/Id/e
    PUT {v1}/PipelineEndpoints/e
      {"id":"e","pipelineVersionList":[{"version":"0","pipelineId":"new"}]}
    GET {v1}/PipelineEndpoints/Id/e
    "#);
}

#[tokio::test]
async fn a_pipeline_is_not_added_twice() {
    let service = Service::start().await;
    changing(&service, endpoint("0", &["a", "b"]), json!({})).await;

    let endpoints = endpoints(&service).await;
    let error = endpoints
        .add_version("e", "b", true, None)
        .await
        .unwrap_err();

    assert_eq!(
        EndpointChangeError::of(&error).unwrap().to_string(),
        "pipeline `b` is version `1` of the endpoint already"
    );
    assert_eq!(service.requests().await.len(), 1);
}

#[tokio::test]
async fn a_change_that_somebody_overwrote_is_told() {
    let service = Service::start().await;
    changing(
        &service,
        endpoint("0", &["a"]),
        endpoint("0", &["a", "theirs"]),
    )
    .await;

    let endpoints = endpoints(&service).await;
    let error = endpoints
        .add_version("e", "ours", false, None)
        .await
        .unwrap_err();

    assert!(matches!(
        EndpointChangeError::of(&error).unwrap(),
        EndpointChangeError::Overwritten { endpoint_id, .. } if endpoint_id == "e"
    ));
}

#[tokio::test]
async fn lists_the_pipelines_behind_an_endpoint() {
    let service = Service::start().await;
    service
        .on("GET", &v1("PipelineEndpoints/e/pipelines"))
        .reply(Reply::json(200, json!([{"Id": "a"}, {"Id": "b"}])))
        .await;

    let list = endpoints(&service).await.pipelines("e", None).unwrap();
    let found: Vec<_> = list
        .map_ok(|found| found.id.clone())
        .try_collect()
        .await
        .unwrap();

    assert_eq!(found, ["a", "b"]);
}

#[tokio::test]
async fn submits_the_default_or_a_version() {
    let service = Service::start().await;
    service
        .on("POST", &v1("PipelineRuns/PipelineEndpointSubmit/Id/e"))
        .reply(Reply::json(200, json!({"Id": "r-1"})))
        .await;
    let endpoints = endpoints(&service).await;
    let submission = Submission::new("x");

    for version in [None, Some("3")] {
        endpoints
            .submit("e", version, &submission, None)
            .await
            .unwrap();
    }

    insta::assert_snapshot!(log(&service).await, @r#"
    POST {v1}/PipelineRuns/PipelineEndpointSubmit/Id/e
      {"ExperimentName":"x","ParameterAssignments":{}}
    POST {v1}/PipelineRuns/PipelineEndpointSubmit/Id/e?pipelineVersion=3
      {"ExperimentName":"x","ParameterAssignments":{}}
    "#);
}
