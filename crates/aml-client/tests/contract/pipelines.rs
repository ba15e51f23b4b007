use aml_client::pipelines::{
    DataPath, PipelineListOptions, PipelineLookupError, PipelinesClient, Submission, SubmitOptions,
};
use aml_client::{EntityStatus, PipelineRunStatus};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{client, log, v1};

async fn pipelines(service: &Service) -> PipelinesClient {
    client(service).pipelines().await.unwrap()
}

fn pipeline(id: &str, name: &str, version: &str) -> Value {
    json!({"Id": id, "Name": name, "Version": version, "EntityStatus": 0})
}

async fn published(service: &Service, pipelines: Value) {
    service
        .on("GET", &v1("Pipelines"))
        .reply(Reply::json(200, pipelines))
        .await;
}

#[tokio::test]
async fn gets_a_pipeline_by_id() {
    let service = Service::start().await;
    let body = json!({
        "Id": "p/1", "Name": "train", "Version": "42", "EntityStatus": "Disabled", "TotalRunSteps": 2,
        "ParameterAssignments": {"model_name": "m", "empty": null}, "GraphId": "g",
    });
    service
        .on("GET", &v1("Pipelines/p%2F1"))
        .reply(Reply::json(200, body.clone()))
        .await;

    let pipeline = pipelines(&service).await.get("p/1", None).await.unwrap();
    let pipeline = pipeline.into_model().unwrap();

    assert_eq!(pipeline.entity_status, Some(EntityStatus::Disabled));
    assert_eq!(pipeline.parameter_assignments["model_name"], "m");
    assert_eq!(pipeline.parameter_assignments["empty"], "");
    assert_eq!(pipeline.json(), &body);
}

#[tokio::test]
async fn lists_a_bare_array_in_one_page() {
    let service = Service::start().await;
    published(
        &service,
        json!([pipeline("a", "n", "1"), pipeline("b", "n", "2")]),
    )
    .await;
    let options = PipelineListOptions {
        active_only: Some(true),
        ..PipelineListOptions::default()
    };

    let list = pipelines(&service).await.list(Some(options));
    let found: Vec<_> = list.try_collect().await.unwrap();

    assert_eq!(found.len(), 2);
    insta::assert_snapshot!(log(&service).await, @"GET {v1}/Pipelines?activeOnly=true");
}

#[tokio::test]
async fn follows_the_token_of_a_wrapped_list() {
    let service = Service::start().await;
    service
        .on("GET", &v1("Pipelines"))
        .without_query("continuationToken")
        .reply(Reply::json(
            200,
            json!({"Entity": [pipeline("a", "n", "1")], "ContinuationToken": "t 1"}),
        ))
        .await;
    service
        .on("GET", &v1("Pipelines"))
        .query("continuationToken", "t 1")
        .reply(Reply::json(
            200,
            json!({"entity": [pipeline("b", "n", "2")], "continuationToken": ""}),
        ))
        .await;

    let list = pipelines(&service).await.list(None);
    let found: Vec<_> = list
        .map_ok(|found| found.id.clone())
        .try_collect()
        .await
        .unwrap();

    assert_eq!(found, ["a", "b"]);
}

#[tokio::test]
async fn a_list_that_names_itself_as_the_next_page_ends_in_an_error() {
    let service = Service::start().await;
    published(&service, json!({"Entity": [], "ContinuationToken": "t"})).await;

    let list = pipelines(&service).await.list(None);
    let error = list.try_collect::<Vec<_>>().await.unwrap_err().to_string();

    assert!(error.contains("does not end"), "{error}");
}

#[tokio::test]
async fn a_wrong_item_of_a_list_is_named() {
    let service = Service::start().await;
    published(&service, json!([pipeline("a", "n", "1"), {"Id": 7}])).await;

    let list = pipelines(&service).await.list(None);
    let error = list.try_collect::<Vec<_>>().await.unwrap_err().to_string();

    assert!(
        error.contains("item 1") && error.contains("`id`"),
        "{error}"
    );
}

#[tokio::test]
async fn finds_pipelines_by_name_and_version() {
    let service = Service::start().await;
    published(
        &service,
        json!([
            pipeline("a", "train", "1"),
            pipeline("b", "train", "2"),
            {"Id": "c", "Name": "train", "Version": 2},
            pipeline("d", "other", "2"),
            {"Id": "e", "Name": null},
        ]),
    )
    .await;
    let pipelines = pipelines(&service).await;

    let ids = async |version| {
        let found = pipelines.find("train", version, None).await.unwrap();
        found
            .iter()
            .map(|found| found.id.clone())
            .collect::<Vec<_>>()
    };

    assert_eq!(ids(Some("2")).await, ["b", "c"]);
    assert_eq!(ids(None).await, ["a", "b", "c"]);
    assert_eq!(ids(Some("3")).await, [""; 0]);
}

#[tokio::test]
async fn one_pipeline_is_found_or_the_reason_told() {
    let service = Service::start().await;
    published(
        &service,
        json!([
            pipeline("a", "train", "1"),
            pipeline("b", "train", "2"),
            pipeline("c", "train", "2"),
        ]),
    )
    .await;
    let pipelines = pipelines(&service).await;

    let found = pipelines.find_one("train", Some("1"), None).await.unwrap();
    let none = pipelines
        .find_one("train", Some("9"), None)
        .await
        .unwrap_err();
    let several = pipelines
        .find_one("train", Some("2"), None)
        .await
        .unwrap_err();

    assert_eq!(found.id, "a");
    assert_eq!(
        none.to_string(),
        "no published pipeline `train` of version `9`"
    );
    assert!(matches!(
        several.downcast_ref().unwrap(),
        PipelineLookupError::Ambiguous { ids, .. } if ids == &["b", "c"]
    ));
}

#[tokio::test]
async fn the_newest_is_found_by_the_dates_and_by_nothing_else() {
    let dated = |id: &str, version: &str, date: Value| {
        let mut published = pipeline(id, "train", version);
        published["CreatedDate"] = date;
        published
    };
    let newest = async |published_: Value, version: Option<&str>| {
        let service = Service::start().await;
        published(&service, published_).await;
        let found = pipelines(&service)
            .await
            .find_newest("train", version, None)
            .await;
        found.map(|found| (found.pipeline.id.clone(), found.among))
    };
    let all = json!([
        dated("a", "1", json!("2026-11-03T10:00:00.5+00:00")),
        dated("b", "2", json!("2026-11-03T10:00:00.1234567Z")),
        dated("c", "2", json!("2026-11-03T09:59:59")),
        dated("d", "3", json!("1970-01-01T00:00:00")),
    ]);

    assert_eq!(
        newest(all.clone(), Some("2")).await.unwrap(),
        ("b".into(), 2)
    );
    assert_eq!(
        newest(all.clone(), Some("3")).await.unwrap(),
        ("d".into(), 1)
    );
    let three = Value::from(all.as_array().unwrap()[..3].to_vec());
    assert_eq!(newest(three, None).await.unwrap(), ("a".into(), 3));
    let undated = json!([
        dated("a", "1", json!(null)),
        dated("b", "1", json!("2026-11-03T10:00:00Z"))
    ]);
    let twins = json!([
        dated("a", "1", json!("2026-11-03T10:00:00Z")),
        dated("b", "1", json!("2026-11-03T10:00:00Z"))
    ]);
    for unclear in [all, undated, twins] {
        let error = newest(unclear, None).await.unwrap_err();
        assert!(
            matches!(
                error.downcast_ref().unwrap(),
                PipelineLookupError::Ambiguous { .. }
            ),
            "{error}"
        );
    }
    let none = newest(json!([]), None).await.unwrap_err();
    assert!(matches!(
        none.downcast_ref().unwrap(),
        PipelineLookupError::NotFound { .. }
    ));
}

#[tokio::test]
async fn creates_a_pipeline_from_a_given_body() {
    let service = Service::start().await;
    service
        .on("POST", &v1("Pipelines/Create"))
        .reply(Reply::json(200, pipeline("p", "train", "1")))
        .await;

    let created = pipelines(&service)
        .await
        .create(&json!({"Name": "train", "Graph": {"Nodes": []}}), None)
        .await;

    assert_eq!(created.unwrap().into_model().unwrap().id, "p");
    insta::assert_snapshot!(log(&service).await, @r#"
    POST {v1}/Pipelines/Create
      {"Name":"train","Graph":{"Nodes":[]}}
    "#);
}

#[tokio::test]
async fn a_status_is_sent_as_a_text_of_json() {
    let service = Service::start().await;
    service
        .on("PUT", &v1("Pipelines/p/status"))
        .header("content-type", "application/json")
        .reply(Reply::empty(200))
        .await;
    let pipelines = pipelines(&service).await;

    for status in [EntityStatus::Disabled, EntityStatus::Active] {
        pipelines.set_status("p", status, None).await.unwrap();
    }

    insta::assert_snapshot!(log(&service).await, @r#"
    PUT {v1}/Pipelines/p/status
      "Disabled"
    PUT {v1}/Pipelines/p/status
      "Active"
    "#);
}

#[tokio::test]
async fn submits_a_pipeline_with_all_that_a_run_takes() {
    let service = Service::start().await;
    service
        .on("POST", &v1("PipelineRuns/PipelineSubmit/p"))
        .reply(Reply::json(
            200,
            json!({"Id": "r-1", "Status": {"StatusCode": 0}}),
        ))
        .await;
    let path = DataPath {
        datastore: "workspaceblobstore".to_owned(),
        path: "a/b".to_owned(),
    };
    let mut submission = Submission::new("retrain")
        .parameter("model_name", "m")
        .data_path("input", path)
        .tag("BuildId", "42");
    submission.run_source = Some("dataops".to_owned());
    submission.continue_run_on_step_failure = Some(false);
    submission
        .properties
        .insert("owner".to_owned(), "team".to_owned());
    submission.data_set_definition_value_assignments.insert(
        "data".to_owned(),
        json!({"SavedDataSetReference": {"Id": "d"}}),
    );
    let options = SubmitOptions {
        parent_run_id: Some("parent".to_owned()),
        ..SubmitOptions::default()
    };

    let run = pipelines(&service)
        .await
        .submit("p", &submission, Some(options))
        .await;
    let run = run.unwrap().into_model().unwrap();

    assert_eq!(run.id, "r-1");
    assert_eq!(run.status.code, PipelineRunStatus::NotStarted);
    insta::assert_snapshot!(log(&service).await, @r#"
    POST {v1}/PipelineRuns/PipelineSubmit/p?parentRunId=parent
      {"ExperimentName":"retrain","RunSource":"dataops","ParameterAssignments":{"model_name":"m"},"DataPathAssignments":{"input":{"DataStoreName":"workspaceblobstore","RelativePath":"a/b"}},"DataSetDefinitionValueAssignments":{"data":{"SavedDataSetReference":{"Id":"d"}}},"ContinueRunOnStepFailure":false,"tags":{"BuildId":"42"},"Properties":{"owner":"team"}}
    "#);
}

#[tokio::test]
async fn the_smallest_submission_sends_no_empty_members() {
    let service = Service::start().await;
    service
        .on("POST", &v1("PipelineRuns/PipelineSubmit/p"))
        .reply(Reply::json(200, json!({"id": "r-1"})))
        .await;

    let submission = Submission::new("e");
    pipelines(&service)
        .await
        .submit("p", &submission, None)
        .await
        .unwrap();

    insta::assert_snapshot!(log(&service).await, @r#"
    POST {v1}/PipelineRuns/PipelineSubmit/p
      {"ExperimentName":"e","ParameterAssignments":{}}
    "#);
}
