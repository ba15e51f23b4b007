use std::collections::BTreeMap;

use aml_client::{
    Asset, AssetKind, Input, JobListOptions, JobStatus, PipelineJob, PrivateMap, ServiceErrorExt,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, WS, arm, client, hosts, log};

fn job(status: &str) -> Value {
    json!({"id": format!("{WS}/jobs/j"), "name": "j", "properties": {"jobType": "Pipeline", "status": status}})
}

fn pipeline_job() -> PipelineJob {
    PipelineJob {
        component_id: "azureml:train:1".to_owned(),
        experiment_name: Some("retrain".to_owned()),
        display_name: Some("nightly".to_owned()),
        description: Some("d".to_owned()),
        default_compute: Some("cpu".to_owned()),
        continue_on_step_failure: Some(false),
        inputs: BTreeMap::from([
            ("model".to_owned(), Input::literal("m")),
            ("unset".to_owned(), Input::literal("")),
            (
                "data".to_owned(),
                Input::Asset(Asset {
                    mode: Some("Download".to_owned()),
                    ..Asset::new(AssetKind::UriFolder, "azureml://datastores/d/paths/p")
                }),
            ),
        ]),
        outputs: BTreeMap::from([(
            "score".to_owned(),
            Asset::new(AssetKind::UriFile, "azureml://datastores/d/paths/o.csv"),
        )]),
        tags: PrivateMap::from([("BuildId", "42")]),
    }
}

#[tokio::test]
async fn a_job_is_put_under_its_name() {
    let service = Service::start().await;
    service
        .on("PUT", &arm("jobs/j"))
        .reply(Reply::json(201, job("NotStarted")))
        .await;

    let jobs = client(&service).jobs();
    let made = jobs
        .create_or_update("j", &pipeline_job(), None)
        .await
        .unwrap();

    assert_eq!(made.into_model().unwrap().status(), &JobStatus::NotStarted);
    insta::assert_snapshot!(log(&service).await, @r#"
    PUT {ws}/jobs/j?api-version=2025-12-01
      {"properties":{"jobType":"Pipeline","componentId":"azureml:train:1","jobs":{},"inputs":{"data":{"jobInputType":"uri_folder","uri":"azureml://datastores/d/paths/p","mode":"Download"},"model":{"jobInputType":"literal","value":"m"}},"experimentName":"retrain","displayName":"nightly","description":"d","outputs":{"score":{"jobOutputType":"uri_file","uri":"azureml://datastores/d/paths/o.csv"}},"tags":{"BuildId":"42"},"settings":{"default_compute":"cpu","continue_on_step_failure":false}}}
    "#);
}

#[tokio::test]
async fn the_name_makes_a_job_safe_to_put_again() {
    let service = Service::start().await;
    service
        .on("PUT", &arm("jobs/j"))
        .times(2)
        .replies([
            Reply::refusal(503, "Busy", "m"),
            Reply::json(201, job("NotStarted")),
        ])
        .await;

    let jobs = client(&service).jobs();

    jobs.create_or_update("j", &json!({"properties": {}}), None)
        .await
        .unwrap();
}

#[tokio::test]
async fn gets_a_job_with_its_studio_page() {
    let service = Service::start().await;
    let mut body = job("Running");
    body["properties"]["services"] =
        json!({"Studio": {"endpoint": "https://ml.azure.com/runs/j"}, "Tracking": {}});
    service
        .on("GET", &arm("jobs/j"))
        .reply(Reply::json(200, body))
        .await;

    let job = client(&service).jobs().get("j", None).await.unwrap();
    let job = job.into_model().unwrap();

    assert_eq!(job.studio_url(), Some("https://ml.azure.com/runs/j"));
    assert_eq!(job.status(), &JobStatus::Running);
    assert_eq!(hosts(&service).await, ["management.azure.com"]);
}

#[tokio::test]
async fn jobs_are_listed_over_links_that_are_followed_as_they_are() {
    let service = Service::start().await;
    let next = format!("https://management.azure.com{WS}/jobs?api-version=2025-12-01&$skip=abc");
    service
        .on("GET", &arm("jobs"))
        .without_query("$skip")
        .reply(Reply::json(
            200,
            json!({"value": [job("Running")], "nextLink": next}),
        ))
        .await;
    service
        .on("GET", &arm("jobs"))
        .query("$skip", "abc")
        .reply(Reply::json(
            200,
            json!({"value": [job("Failed")], "nextLink": ""}),
        ))
        .await;
    let options = JobListOptions {
        job_type: Some("Pipeline".to_owned()),
        tag: Some("BuildId".to_owned()),
        list_view_type: Some("All".to_owned()),
        ..JobListOptions::default()
    };

    let list = client(&service).jobs().list(Some(options));
    let found: Vec<_> = list.try_collect().await.unwrap();

    assert_eq!(found.len(), 2);
    insta::assert_snapshot!(log(&service).await, @r"
    GET {ws}/jobs?api-version=2025-12-01&jobType=Pipeline&tag=BuildId&listViewType=All
    GET {ws}/jobs?api-version=2025-12-01&$skip=abc
    ");
}

#[tokio::test]
async fn a_link_of_a_list_to_another_host_is_refused() {
    let service = Service::start().await;
    service
        .on("GET", &arm("jobs"))
        .reply(Reply::json(
            200,
            json!({"value": [], "nextLink": "https://elsewhere.test/jobs"}),
        ))
        .await;

    let list = client(&service).jobs().list(None);
    let error = list.try_collect::<Vec<_>>().await.unwrap_err().to_string();

    assert!(error.contains("elsewhere.test"), "{error}");
}

#[tokio::test]
async fn a_job_is_cancelled_by_a_post_that_may_be_repeated() {
    let service = Service::start().await;
    service
        .on("POST", &arm("jobs/j/cancel"))
        .times(2)
        .replies([
            Reply::refusal(502, "Bad", "m"),
            Reply::empty(202).header("location", "/unused"),
        ])
        .await;

    let answer = client(&service).jobs().cancel("j", None).await.unwrap();

    assert_eq!(u16::from(answer.status()), 202);
}

#[tokio::test]
async fn a_deletion_is_followed_to_its_end() {
    let service = Service::start().await;
    service
        .on("DELETE", &arm("jobs/j"))
        .reply(Reply::empty(202).header("location", "/operations/1"))
        .await;
    service
        .on("GET", "/operations/1")
        .times(2)
        .replies([Reply::empty(202), Reply::empty(204)])
        .await;

    client(&service)
        .jobs()
        .delete("j", SOON, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn waiting_for_a_job_ends_with_its_own_words() {
    for (last, end) in [
        ("Completed", JobStatus::Completed),
        ("Failed", JobStatus::Failed),
        ("Canceled", JobStatus::Canceled),
    ] {
        let service = Service::start().await;
        let statuses = ["Queued", "Finished", "Unknown", "Finalizing", last];
        service
            .on("GET", &arm("jobs/j"))
            .times(5)
            .replies(statuses.map(|status| Reply::json(200, job(status))))
            .await;
        let mut seen = Vec::new();

        let ended = client(&service)
            .jobs()
            .wait_for_job("j", SOON, |job| seen.push(job.status().to_string()))
            .await;

        assert_eq!(ended.unwrap().status(), &end);
        assert_eq!(seen, statuses);
    }
}

#[tokio::test]
async fn a_job_that_is_not_there_is_named() {
    let service = Service::start().await;
    service
        .on("GET", &arm("jobs/j"))
        .reply(Reply::refusal(404, "UserError", "job j is not there"))
        .await;

    let error = client(&service).jobs().get("j", None).await.unwrap_err();

    assert!(error.is_not_found());
    assert!(error.to_string().contains("/jobs/j"), "{error}");
}
