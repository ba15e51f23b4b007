use aml_client::batch::Invocation;
use aml_client::{Asset, AssetKind, Input, JobStatus, PrivateMap, UntrustedHost};
use serde_json::json;
use test_support::{Reply, Service};

use crate::batch::{SCORING, endpoint};
use crate::{SOON, TOKEN, arm, client, hosts, log};

async fn invoked(service: &Service, reply: Reply) {
    service.on("POST", "/jobs").reply(reply).await;
}

fn batch_job(status: &str) -> Reply {
    let body = json!({"id": "x", "name": "batch-1", "properties": {"status": status}});
    Reply::json(200, body)
}

#[tokio::test]
async fn a_job_is_started_at_the_address_that_the_endpoint_names() {
    let service = Service::start().await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .reply(Reply::json(200, endpoint("Succeeded", "blue")))
        .await;
    invoked(&service, batch_job("Queued")).await;
    let invocation = Invocation {
        deployment: Some("green".to_owned()),
        job_name: Some("adf-1".to_owned()),
        experiment_name: Some("retrain".to_owned()),
        properties: PrivateMap::from([("owner", "ml")]),
        ..Invocation::default()
    }
    .input("data", Input::folder("azureml://datastores/d/paths/p/"))
    .input("model", Input::literal("m"))
    .output(
        "score",
        Asset::new(AssetKind::UriFile, "azureml://datastores/d/paths/o.csv"),
    );

    let scoring = client(&service)
        .batch_endpoints()
        .scoring("training", None)
        .await
        .unwrap();
    let job = scoring
        .invoke(&invocation, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();

    assert_eq!(
        (job.name.as_str(), job.status()),
        ("batch-1", &JobStatus::Queued)
    );
    insta::assert_snapshot!(log(&service).await, @r#"
    GET {ws}/batchEndpoints/training?api-version=2025-12-01
    POST /jobs
      {"properties":{"inputData":{"data":{"jobInputType":"UriFolder","uri":"azureml://datastores/d/paths/p/"},"model":{"jobInputType":"Literal","value":"m"}},"outputData":{"score":{"jobOutputType":"UriFile","uri":"azureml://datastores/d/paths/o.csv"}},"properties":{"owner":"ml","experimentName":"retrain"},"name":"adf-1"}}
    "#);
    assert_eq!(
        hosts(&service).await,
        [
            "management.azure.com",
            "training.westeurope.inference.ml.azure.com"
        ]
    );
    let headers = &service.requests().await[1].headers;
    assert_eq!(headers["azureml-model-deployment"], "green");
    assert_eq!(
        headers["authorization"].to_str().unwrap(),
        format!("Bearer {TOKEN}")
    );
}

#[tokio::test]
async fn a_repeated_invocation_carries_the_same_id() {
    let service = Service::start().await;
    service
        .fault("POST", 2, Reply::refusal(503, "Busy", "m"))
        .await;
    invoked(&service, batch_job("Queued")).await;
    let scoring = client(&service).scoring(SCORING).unwrap();

    scoring.invoke(&Invocation::default(), None).await.unwrap();
    let own = Invocation {
        request_id: Some("own".to_owned()),
        ..Invocation::default()
    };
    scoring.invoke(&own, None).await.unwrap();

    let requests = service.requests().await;
    let ids: Vec<_> = requests
        .iter()
        .map(|request| {
            request.headers["repeatability_request-id"]
                .to_str()
                .unwrap()
        })
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(
        ids[0].len() == 36 && ids[0] == ids[1] && ids[1] == ids[2],
        "{ids:?}"
    );
    assert_eq!(ids[3], "own");
    assert!(!requests[0].headers.contains_key("azureml-model-deployment"));
    assert_eq!(
        String::from_utf8_lossy(&requests[0].body),
        r#"{"properties":{"inputData":{}}}"#
    );
}

#[tokio::test]
async fn a_batch_job_is_waited_for_at_the_same_address() {
    let service = Service::start().await;
    service
        .on("GET", "/jobs/batch-1")
        .replies(["Queued", "Running", "Completed"].map(batch_job))
        .await;
    let scoring = client(&service).scoring(SCORING).unwrap();
    let mut seen = Vec::new();

    let ended = scoring
        .wait_for_job("batch-1", SOON, |job| seen.push(job.status().to_string()))
        .await;

    assert!(ended.unwrap().status().is_success());
    assert_eq!(seen, ["Queued", "Running", "Completed"]);
}

#[tokio::test]
async fn no_token_goes_to_a_scoring_address_elsewhere() {
    let service = Service::start().await;
    let mut body = endpoint("Succeeded", "blue");
    body["properties"]["scoringUri"] = json!("https://inference.ml.azure.com.example.test/jobs");
    service
        .on("GET", &arm("batchEndpoints/training"))
        .reply(Reply::json(200, body))
        .await;

    let scoring = client(&service)
        .batch_endpoints()
        .scoring("training", None)
        .await;

    assert!(
        scoring
            .unwrap_err()
            .downcast_ref::<UntrustedHost>()
            .is_some()
    );
}

#[tokio::test]
async fn an_endpoint_without_an_address_so_far_says_so() {
    let service = Service::start().await;
    service
        .on("GET", &arm("batchEndpoints/training"))
        .reply(Reply::json(
            200,
            json!({"name": "training", "properties": {}}),
        ))
        .await;

    let scoring = client(&service)
        .batch_endpoints()
        .scoring("training", None)
        .await;

    let error = scoring.unwrap_err().to_string();
    assert!(error.contains("training has no scoring address"), "{error}");
}
