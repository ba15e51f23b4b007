use std::sync::{Arc, Mutex};
use std::time::Duration;

use aml_client::pipelines::Submission;
use aml_client::{
    BodyError, MachineLearningClient, NameError, PrivateMap, ServiceError, ServiceErrorExt,
    StaticToken,
};
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::ErrorKind;
use azure_core::time::OffsetDateTime;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{TOKEN, arm, client, history_path, options, v1};

/// What a v1 read makes of `reply`.
async fn read(reply: Reply) -> azure_core::Error {
    let service = Service::start().await;
    service.on("GET", &v1("Pipelines/p")).reply(reply).await;
    let pipelines = client(&service).pipelines().await.unwrap();
    pipelines.get("p", None).await.unwrap_err()
}

async fn submit(service: &Service) -> azure_core::Result<()> {
    let pipelines = client(service).pipelines().await.unwrap();
    let submission = Submission::new("x");
    pipelines.submit("p", &submission, None).await.map(|_| ())
}

fn refusal(error: &azure_core::Error) -> &ServiceError {
    error.service_error().unwrap()
}

#[tokio::test]
async fn a_refusal_of_the_pipelines_service_is_read_in_pascal_case() {
    let error = read(Reply::json(
        400,
        json!({
            "Error": {
                "Code": "UserError", "Message": "unknown parameter", "Target": "ParameterAssignments",
                "Details": [{"Code": "Name", "Message": "model_nme"}],
                "InnerError": {"Code": "BadArgument", "InnerError": null}, "DebugInfo": null,
            },
            "Correlation": {"operation": "o-1", "request": "r-1"},
        }),
    ))
    .await;

    let refusal = refusal(&error);
    assert_eq!(refusal.code.as_deref(), Some("UserError"));
    assert_eq!(refusal.message, "unknown parameter");
    assert_eq!(refusal.target.as_deref(), Some("ParameterAssignments"));
    assert_eq!(refusal.details[0].message, "model_nme");
    assert_eq!(refusal.request_id.as_deref(), Some("r-1"));
}

#[tokio::test]
async fn a_refusal_of_run_history_is_read_in_camel_case() {
    let service = Service::start().await;
    let body = json!({
        "error": {
            "code": "UserError", "severity": null, "message": "Run r was not found", "messageFormat": "Run {runId} was not found",
            "messageParameters": {"runId": "r"}, "innerError": {"code": "NotFoundError"}, "debugInfo": null,
        },
        "correlation": {"operation": "o-2", "request": "r-2"}, "environment": "westeurope",
        "componentName": "run-history",
    });
    service
        .on("GET", &history_path("runs/r"))
        .reply(Reply::json(404, body))
        .await;

    let history = client(&service).run_history().await.unwrap();
    let error = history.get("r", None).await.unwrap_err();

    assert!(error.is_not_found());
    assert_eq!(refusal(&error).message, "Run r was not found");
    assert_eq!(refusal(&error).request_id.as_deref(), Some("r-2"));
}

#[tokio::test]
async fn a_refusal_of_resource_manager_names_the_path_and_its_request_id() {
    let service = Service::start().await;
    let reply = Reply::refusal(403, "AuthorizationFailed", "no \"role\"\nhere");
    service
        .on("GET", &arm("jobs/j"))
        .reply(reply.header("x-ms-request-id", "r-3"))
        .await;

    let error = client(&service).jobs().get("j", None).await.unwrap_err();

    let text = error.to_string();
    assert!(
        text.contains("/workspaces/ws/jobs/j answered 403 AuthorizationFailed"),
        "{text}"
    );
    assert_eq!(refusal(&error).request_id.as_deref(), Some("r-3"));
}

#[tokio::test]
async fn a_sign_in_page_is_no_pipeline_and_no_success() {
    let page = "<!DOCTYPE html><html><title>Sign in to your account</title></html>";
    let reply = Reply::bytes(200, "text/html", page);

    let error = read(reply.clone()).await;

    assert_eq!(refusal(&error).code.as_deref(), Some("SignInPage"));
    let service = Service::start().await;
    service
        .on("DELETE", &v1("PipelineRuns/r/Execution"))
        .reply(reply)
        .await;
    let runs = client(&service).pipeline_runs().await.unwrap();
    let error = runs.cancel("r", None).await.unwrap_err();
    assert_eq!(refusal(&error).code.as_deref(), Some("SignInPage"));
}

#[tokio::test]
async fn odd_bodies_are_errors_with_a_reason() {
    for (body, reason) in [
        (&b""[..], "empty"),
        (b"{\"Id\":", "EOF"),
        (b"{}", "missing field `id`"),
        (b"[]", "invalid"),
        (b"{\"Id\": \"p\", \"EntityStatus\": {}}", "entityStatus"),
        (b"\xff\xfe", "expected value"),
    ] {
        let error = read(Reply::bytes(200, "application/json", body)).await;

        assert_eq!(error.kind(), &ErrorKind::DataConversion, "{error}");
        assert!(error.downcast_ref::<BodyError>().is_some(), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_submission_is_sent_once_when_the_service_fails() {
    for status in [408, 500, 502, 503, 504] {
        let service = Service::start().await;
        service
            .on("POST", &v1("PipelineRuns/PipelineSubmit/p"))
            .times(1)
            .reply(Reply::refusal(status, "Oops", "m"))
            .await;

        let error = submit(&service).await.unwrap_err();

        assert_eq!(refusal(&error).attempts, 1, "{status}");
    }
}

#[tokio::test]
async fn creations_are_sent_once_when_the_service_fails() {
    let service = Service::start().await;
    for path in ["Pipelines/Create", "PipelineEndpoints/Create"] {
        service
            .on("POST", &v1(path))
            .times(1)
            .reply(Reply::refusal(503, "Busy", "m"))
            .await;
    }
    let client = client(&service);
    let pipelines = client.pipelines().await.unwrap();
    let endpoints = client.pipeline_endpoints().await.unwrap();

    pipelines.create(&json!({}), None).await.unwrap_err();
    endpoints.create("n", "d", "p", None).await.unwrap_err();
}

#[tokio::test]
async fn a_throttled_submission_is_sent_again() {
    let service = Service::start().await;
    service
        .on("POST", &v1("PipelineRuns/PipelineSubmit/p"))
        .times(3)
        .replies([
            Reply::throttled(),
            Reply::throttled(),
            Reply::json(200, json!({"Id": "r"})),
        ])
        .await;

    submit(&service).await.unwrap();
}

#[tokio::test]
async fn a_throttled_read_ends_with_the_last_refusal() {
    let error = read(Reply::throttled()).await;

    assert_eq!(
        (u16::from(refusal(&error).status), refusal(&error).attempts),
        (429, 4)
    );
}

#[tokio::test]
async fn an_abandoned_call_leaves_the_client_usable() {
    let service = Service::start().await;
    service
        .on("GET", &arm("jobs/slow"))
        .reply(Reply::json(200, json!({"name": "slow"})).late(Duration::from_secs(600)))
        .await;
    service
        .on("GET", &arm("jobs/fast"))
        .reply(Reply::json(200, json!({"name": "fast"})))
        .await;
    let jobs = client(&service).jobs();

    let abandoned = tokio::time::timeout(Duration::from_millis(20), jobs.get("slow", None)).await;

    assert!(abandoned.is_err());
    jobs.get("fast", None).await.unwrap();
}

#[tokio::test]
async fn a_name_that_addresses_something_else_is_never_sent() {
    let service = Service::start().await;
    let client = client(&service);

    for name in ["", ".."] {
        let deleted = client.jobs().delete(name, crate::SOON, None).await;
        let error = deleted.unwrap_err();
        assert_eq!(error.downcast_ref::<NameError>().unwrap().what, "job");
        assert!(client.batch_endpoints().deployments(name).is_err());
        let pipelines = client.pipelines().await.unwrap();
        assert!(
            pipelines
                .submit(name, &Submission::new("x"), None)
                .await
                .is_err()
        );
        let token = Arc::new(StaticToken::new(TOKEN));
        assert!(MachineLearningClient::new("s", name, "ws", token, None).is_err());
    }

    assert!(service.requests().await.is_empty());
}

#[tokio::test]
async fn secrets_stay_out_of_debug() {
    let service = Service::start().await;
    let client = client(&service);
    let submission = Submission::new("x").parameter("password", "hunter2");
    let run = json!({"Id": "r", "ParameterAssignments": {"password": "hunter2"}});
    service
        .on("GET", &v1("PipelineRuns/r"))
        .reply(Reply::json(200, run))
        .await;
    let runs = client.pipeline_runs().await.unwrap();
    let run = runs.get("r", None).await.unwrap().into_model().unwrap();

    let shown = format!(
        "{client:?} {:?} {runs:?} {submission:?} {run:?} {:?}",
        client.jobs(),
        PrivateMap::from([("k", "hunter2")])
    );

    assert!(
        !shown.contains(TOKEN) && !shown.contains("hunter2"),
        "{shown}"
    );
    assert!(shown.contains("password"), "{shown}");
}

/// Remembers the scopes that it was asked for.
#[derive(Debug, Default)]
struct Scopes(Mutex<Vec<String>>);

#[async_trait::async_trait]
impl TokenCredential for Scopes {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let mut asked = self.0.lock().unwrap();
        asked.extend(scopes.iter().map(|scope| (*scope).to_owned()));
        let later = OffsetDateTime::now_utc() + azure_core::time::Duration::hours(1);
        Ok(AccessToken::new(TOKEN, later))
    }
}

#[tokio::test]
async fn each_plane_takes_its_own_token() {
    let service = Service::start().await;
    let credential = Arc::new(Scopes::default());
    let mut options = options(&service);
    options.history.scope = "https://history.test/.default".to_owned();
    let client =
        MachineLearningClient::new("s", "rg", "ws", credential.clone(), Some(options)).unwrap();

    client.jobs().get("j", None).await.unwrap_err();
    let history = client.run_history().await.unwrap();
    history.get("r", None).await.unwrap_err();
    let scoring = client.scoring("https://e.westeurope.inference.ml.azure.com/jobs");
    scoring.unwrap().job("j", None).await.unwrap_err();

    assert_eq!(
        *credential.0.lock().unwrap(),
        [
            "https://management.azure.com/.default",
            "https://history.test/.default",
            "https://ml.azure.com/.default"
        ]
    );
}

#[tokio::test]
async fn the_handles_of_one_plane_share_their_token() {
    let service = Service::start().await;
    let credential = Arc::new(Scopes::default());
    let client =
        MachineLearningClient::new("s", "rg", "ws", credential.clone(), Some(options(&service)))
            .unwrap();

    for _ in 0..2 {
        let pipelines = client.pipelines().await.unwrap();
        pipelines.get("p", None).await.unwrap_err();
        let runs = client.pipeline_runs().await.unwrap();
        runs.get("r", None).await.unwrap_err();
    }

    assert_eq!(credential.0.lock().unwrap().len(), 1);
}
