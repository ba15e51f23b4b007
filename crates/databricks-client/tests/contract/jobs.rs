mod pages;
mod waits;

use databricks_client::{
    ApiError, DatabricksError, Environment, EnvironmentSpec, GitSource, JobListOptions,
    JobSettings, NotebookTask, RunListOptions, RunNow, RunType, SubmitRun, Task,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{answer, client, log, refusal};

fn task() -> Task {
    Task {
        task_key: "prepare".into(),
        notebook_task: Some(NotebookTask {
            notebook_path: "/Shared/prepare".into(),
            base_parameters: [("file".into(), "claims.csv".into())].into(),
            ..NotebookTask::default()
        }),
        existing_cluster_id: Some("c-1".into()),
        ..Task::default()
    }
}

fn run(life_cycle: &str, result: Option<&str>) -> Reply {
    Reply::json(
        200,
        json!({"run_id": 5, "state": {"life_cycle_state": life_cycle, "result_state": result}}),
    )
}

#[tokio::test]
async fn each_operation_on_jobs_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.2/jobs/create",
        json!({"job_id": 11}),
    )
    .await;
    answer(&service, "POST", "/api/2.2/jobs/reset", json!({})).await;
    answer(
        &service,
        "GET",
        "/api/2.2/jobs/get",
        json!({"job_id": 11, "settings": {"name": "ingest"}}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.2/jobs/list",
        json!({"has_more": false}),
    )
    .await;
    answer(&service, "POST", "/api/2.2/jobs/delete", json!({})).await;
    let client = client(&service);
    let jobs = client.jobs();

    let settings = JobSettings {
        name: Some("ingest".into()),
        tasks: vec![task()],
        ..JobSettings::default()
    };
    let created = jobs
        .create(&settings, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    jobs.reset(11, &settings, None).await.unwrap();
    let got = jobs.get(11, None).await.unwrap().into_model().unwrap();
    let named = JobListOptions {
        name: Some("a b".into()),
        expand_tasks: true,
        limit: Some(5),
        ..JobListOptions::default()
    };
    let none: Vec<_> = jobs.list(Some(named)).try_collect().await.unwrap();
    jobs.delete(11, None).await.unwrap();

    assert_eq!(
        (created.job_id, got.settings.name.as_deref()),
        (11, Some("ingest"))
    );
    assert!(none.is_empty());
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn each_operation_on_runs_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.2/jobs/runs/submit",
        json!({"run_id": 455_644_833_i64}),
    )
    .await;
    answer(
        &service,
        "POST",
        "/api/2.2/jobs/run-now",
        json!({"run_id": 6, "number_in_job": 6}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.2/jobs/runs/get",
        json!({"run_id": 5}),
    )
    .await;
    let output = json!({"notebook_output": {"result": "42", "truncated": false}, "metadata": {"run_id": 7, "task": {}}});
    answer(&service, "GET", "/api/2.2/jobs/runs/get-output", output).await;
    answer(&service, "POST", "/api/2.2/jobs/runs/cancel", json!({})).await;
    answer(&service, "GET", "/api/2.2/jobs/runs/list", json!({})).await;
    let client = client(&service);
    let jobs = client.jobs();

    let one_time = SubmitRun {
        run_name: Some("once".into()),
        tasks: vec![task()],
        environments: vec![Environment {
            environment_key: "e".into(),
            spec: Some(EnvironmentSpec {
                environment_version: Some("4".into()),
                ..EnvironmentSpec::default()
            }),
        }],
        git_source: Some(GitSource {
            git_url: "https://example.test/r.git".into(),
            git_provider: "gitHub".into(),
            git_branch: Some("main".into()),
            ..GitSource::default()
        }),
        timeout_seconds: Some(600),
        more: json!({"queue": {"enabled": true}})
            .as_object()
            .unwrap()
            .clone(),
        ..SubmitRun::default()
    };
    let submitted = jobs
        .submit(&one_time, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let again = RunNow {
        job_id: 11,
        idempotency_token: Some("mine".into()),
        notebook_params: [("file".into(), "b.csv".into())].into(),
        only: vec!["prepare+".into()],
        ..RunNow::default()
    };
    let started = jobs
        .run_now(&again, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    jobs.get_run(5, None).await.unwrap();
    let output = jobs
        .get_output(7, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    jobs.cancel_run(5, None).await.unwrap();
    let filter = RunListOptions {
        job_id: Some(11),
        active: Some(true),
        run_type: Some(RunType::SubmitRun),
        start_time_from: Some(1),
        start_time_to: Some(2),
        expand_tasks: true,
        ..RunListOptions::default()
    };
    let none: Vec<_> = jobs.list_runs(Some(filter)).try_collect().await.unwrap();

    assert_eq!(
        (submitted.run_id, started.number_in_job),
        (455_644_833, Some(6))
    );
    assert_eq!(
        output.notebook_output.unwrap().result.as_deref(),
        Some("42")
    );
    assert!(none.is_empty());
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_start_is_repeated_with_the_same_token() {
    let service = Service::start().await;
    let replies = || {
        [
            refusal(500, "INTERNAL_ERROR", "m"),
            Reply::throttled(),
            Reply::json(200, json!({"run_id": 5})),
        ]
    };
    service
        .on("POST", "/api/2.2/jobs/runs/submit")
        .times(3)
        .replies(replies())
        .await;
    service
        .on("POST", "/api/2.2/jobs/run-now")
        .times(3)
        .replies(replies())
        .await;
    let client = client(&service);

    client
        .jobs()
        .submit(&SubmitRun::default(), None)
        .await
        .unwrap();
    client
        .jobs()
        .run_now(&RunNow::default(), None)
        .await
        .unwrap();

    let tokens: Vec<String> = service
        .requests()
        .await
        .iter()
        .map(|request| {
            serde_json::from_slice::<Value>(&request.body).unwrap()["idempotency_token"].to_string()
        })
        .collect();
    assert_eq!(tokens[0].len(), 38);
    assert!(
        tokens[..3].iter().all(|token| *token == tokens[0]),
        "{tokens:?}"
    );
    assert!(
        tokens[3..]
            .iter()
            .all(|token| *token == tokens[3] && *token != tokens[0]),
        "{tokens:?}"
    );
}

#[tokio::test]
async fn an_idempotency_token_that_is_too_long_is_refused_before_it_is_sent() {
    let service = Service::start().await;
    let client = client(&service);

    for token in ["", &"x".repeat(65)] {
        let run = SubmitRun {
            idempotency_token: Some(token.into()),
            ..SubmitRun::default()
        };
        let error = client.jobs().submit(&run, None).await.unwrap_err();
        assert!(matches!(
            DatabricksError::of(&error),
            Some(DatabricksError::IdempotencyToken { .. })
        ));
    }
    assert_eq!(service.log().await, "");
}

#[tokio::test]
async fn a_creation_is_not_repeated_when_the_service_fails() {
    let service = Service::start().await;
    service
        .on("POST", "/api/2.2/jobs/create")
        .times(1)
        .reply(refusal(500, "INTERNAL_ERROR", "m"))
        .await;

    client(&service)
        .jobs()
        .create(&JobSettings::default(), None)
        .await
        .unwrap_err();
}

#[tokio::test]
async fn the_output_of_a_failed_task_holds_its_traceback() {
    let service = Service::start().await;
    let failed = json!({"error": "ValueError: x", "error_trace": "\u{1b}[31mTraceback\u{1b}[0m", "notebook_output": {}});
    let whole = refusal(
        400,
        "INVALID_PARAMETER_VALUE",
        "Retrieving the output of runs with multiple tasks is not supported.",
    );
    let output = service.on("GET", "/api/2.2/jobs/runs/get-output");
    output.replies([Reply::json(200, failed), whole]).await;
    let client = client(&service);

    let output = client
        .jobs()
        .get_output(6, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let error = client.jobs().get_output(5, None).await.unwrap_err();

    assert_eq!(
        (
            output.error.as_deref(),
            output.notebook_output.unwrap().result
        ),
        (Some("ValueError: x"), None)
    );
    assert!(output.error_trace.unwrap().contains("Traceback"));
    assert!(!ApiError::of(&error).unwrap().is_not_found());
}

#[tokio::test]
async fn a_submission_to_a_cluster_that_does_not_exist_is_a_bad_request() {
    let service = Service::start().await;
    let said = refusal(400, "INVALID_PARAMETER_VALUE", "Cluster c-9 does not exist");
    service
        .on("POST", "/api/2.2/jobs/runs/submit")
        .reply(said)
        .await;

    let error = client(&service)
        .jobs()
        .submit(&SubmitRun::default(), None)
        .await
        .unwrap_err();

    assert!(!ApiError::of(&error).unwrap().is_not_found());
}
