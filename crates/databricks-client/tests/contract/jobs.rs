use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::{Duration, OffsetDateTime};
use databricks_client::{
    ApiError, ClientCredentials, DatabricksError, Environment, EnvironmentSpec, GitSource,
    JobListOptions, JobSettings, NotebookTask, Outcome, RunListOptions, RunNow, RunType, SubmitRun,
    Task, TimedOut, WorkspaceClient, WorkspaceClientOptions,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{HOST, SHORT, SOON, answer, client, log, refusal};

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
async fn tasks_that_come_in_pages_are_put_together() {
    let service = Service::start().await;
    let get = "/api/2.2/jobs/runs/get";
    let page = |key: &str, next: Option<&str>| {
        let body = json!({"run_id": 5, "tasks": [{"run_id": 6, "task_key": key}], "has_more": next.is_some(), "next_page_token": next});
        Reply::json(200, body)
    };
    service
        .on("GET", get)
        .without_query("page_token")
        .reply(page("a", Some("t1")))
        .await;
    service
        .on("GET", get)
        .query("page_token", "t1")
        .reply(page("b", Some("t2")))
        .await;
    service
        .on("GET", get)
        .query("page_token", "t2")
        .reply(page("c", None))
        .await;

    let answer = client(&service).jobs().get_run(5, None).await.unwrap();
    let run = answer.into_model().unwrap();

    let keys: Vec<_> = run
        .tasks
        .iter()
        .map(|task| task.task_key.as_str())
        .collect();
    assert_eq!(keys, ["a", "b", "c"]);
}

#[tokio::test]
async fn pages_that_do_not_end_are_an_error() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.2/jobs/runs/get",
        json!({"run_id": 5, "next_page_token": "same"}),
    )
    .await;

    let error = client(&service).jobs().get_run(5, None).await.unwrap_err();

    assert!(error.to_string().contains("do not end"), "{error}");
}

#[tokio::test]
async fn lists_follow_their_page_tokens() {
    let service = Service::start().await;
    let jobs = "/api/2.2/jobs/list";
    let runs = "/api/2.2/jobs/runs/list";
    let page = |body: Value| Reply::json(200, body);
    service
        .on("GET", jobs)
        .without_query("page_token")
        .reply(page(
            json!({"jobs": [{"job_id": 1}], "next_page_token": "t"}),
        ))
        .await;
    service
        .on("GET", jobs)
        .query("page_token", "t")
        .reply(page(
            json!({"jobs": [{"job_id": 2}], "prev_page_token": "p"}),
        ))
        .await;
    service
        .on("GET", runs)
        .without_query("page_token")
        .reply(page(
            json!({"runs": [{"run_id": 3}], "next_page_token": "t"}),
        ))
        .await;
    service
        .on("GET", runs)
        .query("page_token", "t")
        .reply(page(json!({"runs": null})))
        .await;
    let client = client(&service);

    let ids: Vec<_> = client
        .jobs()
        .list(None)
        .map_ok(|job| job.job_id)
        .try_collect()
        .await
        .unwrap();
    let run_ids: Vec<_> = client
        .jobs()
        .list_runs(None)
        .map_ok(|run| run.run_id)
        .try_collect()
        .await
        .unwrap();

    assert_eq!((ids, run_ids), (vec![1, 2], vec![3]));
}

#[tokio::test]
async fn a_name_that_several_jobs_share_finds_none_of_them() {
    let service = Service::start().await;
    let list = service
        .on("GET", "/api/2.2/jobs/list")
        .query("name", "ingest");
    list.replies(
        [
            json!([]),
            json!([{"job_id": 1}]),
            json!([{"job_id": 1}, {"job_id": 2}]),
        ]
        .map(|jobs| Reply::json(200, json!({"jobs": jobs}))),
    )
    .await;
    let client = client(&service);
    let find = async || client.jobs().find_by_name("ingest").await;

    assert!(find().await.unwrap().is_none());
    assert_eq!(find().await.unwrap().unwrap().job_id, 1);
    let error = find().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "2 jobs are named `ingest` (1, 2); address one by its id"
    );
}

#[tokio::test]
async fn a_wait_tells_each_change_and_gives_a_failed_run_back() {
    let service = Service::start().await;
    let task = |state: &str| {
        let tasks = json!([{"run_id": 6, "task_key": "a", "state": {"life_cycle_state": state}}]);
        Reply::json(
            200,
            json!({"run_id": 5, "state": {"life_cycle_state": "RUNNING"}, "tasks": tasks}),
        )
    };
    let replies = [
        run("PENDING", None),
        run("PENDING", None),
        task("PENDING"),
        task("RUNNING"),
        task("RUNNING"),
        run("TERMINATING", Some("FAILED")),
        run("INTERNAL_ERROR", Some("FAILED")),
    ];
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .times(7)
        .replies(replies)
        .await;
    let mut changes = 0;

    let ended = client(&service)
        .jobs()
        .wait_for_run(5, SOON, |_| changes += 1)
        .await
        .unwrap();

    assert_eq!((ended.outcome(), changes), (Some(Outcome::Failed), 5));
}

#[tokio::test]
async fn a_wait_outlives_an_outage() {
    let service = Service::start().await;
    let mut replies = vec![run("RUNNING", None)];
    for status in [500, 502, 503, 504, 429, 500, 500, 500, 500] {
        replies.push(refusal(status, "", "m").header("retry-after", "0"));
    }
    replies.push(run("TERMINATED", Some("SUCCESS")));
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .times(11)
        .replies(replies)
        .await;

    let ended = client(&service)
        .jobs()
        .wait_for_run(5, SOON, |_| {})
        .await
        .unwrap();

    assert_eq!(ended.outcome(), Some(Outcome::Succeeded));
}

/// A credential whose tokens are numbered, as they are asked for.
#[derive(Debug, Default)]
struct Numbered(AtomicU32);

#[async_trait::async_trait]
impl TokenCredential for Numbered {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Ok(AccessToken::new(
            format!("token-{number}"),
            OffsetDateTime::now_utc() + Duration::hours(1),
        ))
    }
}

#[tokio::test]
async fn a_wait_replaces_a_refused_token_once() {
    let get = "/api/2.2/jobs/runs/get";
    let refused = || refusal(401, "UNAUTHENTICATED", "expired");
    let service = Service::start().await;
    service
        .on("GET", get)
        .header("authorization", "Bearer token-0")
        .replies([run("RUNNING", None), refused()])
        .await;
    service
        .on("GET", get)
        .header("authorization", "Bearer token-1")
        .reply(run("TERMINATED", Some("SUCCESS")))
        .await;
    let options = WorkspaceClientOptions {
        rest: service.options(),
        ..WorkspaceClientOptions::default()
    };
    let renewing =
        WorkspaceClient::new(HOST, Arc::new(Numbered::default()), Some(options)).unwrap();
    let never = Service::start().await;
    never.on("GET", get).times(2).reply(refused()).await;

    let ended = renewing.jobs().wait_for_run(5, SOON, |_| {}).await.unwrap();
    let error = client(&never)
        .jobs()
        .wait_for_run(5, SOON, |_| {})
        .await
        .unwrap_err();

    assert_eq!(ended.outcome(), Some(Outcome::Succeeded));
    assert!(ApiError::of(&error).unwrap().is_unauthenticated());
}

#[tokio::test]
async fn a_wait_outlives_an_outage_of_the_sign_in() {
    let service = Service::start().await;
    let granted = Reply::json(200, json!({"access_token": "t", "expires_in": 3600}));
    let mut replies: Vec<_> = (0..9).map(|_| refusal(503, "", "later")).collect();
    replies.push(granted);
    service
        .on("POST", "/oidc/v1/token")
        .times(10)
        .replies(replies)
        .await;
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .reply(run("TERMINATED", Some("SUCCESS")))
        .await;
    let credential =
        Arc::new(ClientCredentials::new(HOST, "app", "hush", Some(service.options())).unwrap());
    let options = WorkspaceClientOptions {
        rest: service.options(),
        ..WorkspaceClientOptions::default()
    };
    let client = WorkspaceClient::new(HOST, credential, Some(options)).unwrap();

    let ended = client.jobs().wait_for_run(5, SOON, |_| {}).await.unwrap();

    assert_eq!(ended.outcome(), Some(Outcome::Succeeded));
}

#[tokio::test]
async fn waits_can_be_spawned() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .reply(run("TERMINATED", Some("CANCELED")))
        .await;
    let client = client(&service);

    let wait = tokio::spawn(async move { client.jobs().wait_for_run(5, SOON, |_| {}).await });

    assert_eq!(
        wait.await.unwrap().unwrap().outcome(),
        Some(Outcome::Canceled)
    );
}

#[tokio::test]
async fn a_wait_ends_at_its_limit_and_at_a_refusal() {
    let service = Service::start().await;
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .query("run_id", "5")
        .reply(run("RUNNING", None))
        .await;
    let gone = refusal(400, "INVALID_PARAMETER_VALUE", "Run 9 does not exist.");
    service
        .on("GET", "/api/2.2/jobs/runs/get")
        .query("run_id", "9")
        .reply(gone)
        .await;
    let client = client(&service);

    let late = client
        .jobs()
        .wait_for_run(5, SHORT, |_| {})
        .await
        .unwrap_err();
    let gone = client
        .jobs()
        .wait_for_run(9, SOON, |_| {})
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&late).unwrap().what, "run 5");
    assert!(ApiError::of(&gone).unwrap().is_not_found());
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

#[tokio::test]
async fn an_answer_that_is_no_run_is_not_waited_for() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.2/jobs/runs/get",
        json!({"error_code": "INTERNAL_ERROR", "message": "m"}),
    )
    .await;

    let error = client(&service)
        .jobs()
        .wait_for_run(5, SOON, |_| {})
        .await
        .unwrap_err();

    assert!(error.to_string().contains("run_id"), "{error}");
}
