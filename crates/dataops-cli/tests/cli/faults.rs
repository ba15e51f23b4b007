//! Services that fail, throttle, and answer something else.

use serde_json::json;
use test_support::{Reply, Service};

use crate::environment::{Program, TestEnvironment, shows};
use crate::factory::{
    activities, args, at, get_run, invoke, received, run, started, with_pipeline,
};

const CREATE: &str = "pipelines/ingest/createRun";

fn unavailable() -> Reply {
    Reply::refusal(503, "ServiceUnavailable", "busy").header("retry-after", "0")
}

/// A factory that answers `then` once its run has been seen in progress.
async fn broken_off(then: Reply) -> Service {
    let service = with_pipeline().await;
    started(&service).await;
    service
        .on("GET", &get_run())
        .replies([Reply::json(200, run("InProgress")), then])
        .await;
    activities(&service, vec![vec![]]).await;
    service
}

/// A factory that answers the start with `reply`.
async fn start_with(reply: Reply) -> Service {
    let service = with_pipeline().await;
    service.on("POST", &at(CREATE)).times(1).reply(reply).await;
    service
}

#[tokio::test]
async fn a_burst_of_503_while_a_run_is_watched_is_survived() {
    let service = with_pipeline().await;
    started(&service).await;
    let replies = [
        Reply::json(200, run("InProgress")),
        unavailable(),
        unavailable(),
        unavailable(),
        Reply::json(200, run("Succeeded")),
    ];
    service.on("GET", &get_run()).replies(replies).await;
    activities(&service, vec![vec![]]).await;

    let ended = invoke(&service, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(received(&service, "GET", "6f").await, 5);
}

#[tokio::test]
async fn a_throttled_start_is_repeated() {
    let service = with_pipeline().await;
    let replies = [
        Reply::throttled(),
        Reply::throttled(),
        Reply::json(200, json!({"runId": crate::factory::RUN})),
    ];
    service
        .on("POST", &at(CREATE))
        .times(3)
        .replies(replies)
        .await;
    service
        .on("GET", &get_run())
        .reply(Reply::json(200, run("Succeeded")))
        .await;
    activities(&service, vec![vec![]]).await;

    let ended = invoke(&service, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
}

#[tokio::test]
async fn a_start_that_the_service_breaks_is_not_repeated() {
    let service = start_with(
        Reply::refusal(500, "InternalServerError", "try later").header("x-ms-request-id", "r-1"),
    )
    .await;

    shows!(invoke(&service, &[]).refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    error: pipeline `ingest` may have been started: the answer to the start was lost
      because POST /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelines/ingest/createRun answered 500 InternalServerError: try later (request id r-1)
    hint: a start is never repeated by itself: look for a new run before you start another
    "#);
}

#[tokio::test]
async fn an_answer_to_the_start_that_is_cut_off_says_that_a_run_may_have_been_started() {
    for body in ["{\"runId\": \"7d", "", "[]", "\u{0}\u{1}"] {
        let service = start_with(Reply::bytes(200, "application/json", body)).await;

        let ended = invoke(&service, &[]);

        ended
            .refused(3)
            .says("pipeline `ingest` may have been started")
            .says("look for a new run");
    }
    let service = start_with(Reply::bytes(200, "application/json", [0xff, 0xfe, b'{'])).await;
    invoke(&service, &[])
        .refused(3)
        .says("may have been started");
}

#[tokio::test]
async fn a_sign_in_page_is_not_taken_for_an_answer() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to your account</title></head></html>";
    let service = broken_off(Reply::bytes(200, "text/html", page)).await;

    shows!(invoke(&service, &[]).refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK] ingest  InProgress
    error: run `7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f` of pipeline `ingest` could not be watched any longer; it goes on by itself
      because GET /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelineruns/7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f answered 200 SignInPage: the service sent a web page ("Sign in to your account") in place of an answer; check the host name, and that the credential is valid there
    "#);
    let service = start_with(Reply::bytes(200, "text/html", page)).await;
    invoke(&service, &[])
        .refused(3)
        .says("pipeline `ingest` was not started")
        .says("Sign in to your account");
}

#[tokio::test]
async fn garbage_while_a_run_is_watched_names_the_run_that_goes_on() {
    for body in ["{\"runId\": \"7d", "nonsense", ""] {
        let service = broken_off(Reply::bytes(200, "application/json", body)).await;

        let ended = invoke(&service, &[]);

        ended
            .refused(3)
            .says("could not be watched any longer; it goes on by itself")
            .says(crate::factory::RUN);
    }
}

#[tokio::test]
async fn a_token_that_expires_while_a_run_is_watched_leaves_the_run() {
    let expired = Reply::refusal(
        401,
        "ExpiredAuthenticationToken",
        "The access token expiry UTC time is earlier than current UTC time",
    );
    let service = broken_off(expired).await;

    shows!(invoke(&service, &[]).refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK] ingest  InProgress
    error: run `7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f` of pipeline `ingest` could not be watched any longer; it goes on by itself
      because GET /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelineruns/7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f answered 401 ExpiredAuthenticationToken: The access token expiry UTC time is earlier than current UTC time
    hint: the token is not accepted; sign in again and check the tenant, or the value of DATAOPS_EMULATOR_TOKEN
    "#);
}

#[tokio::test]
async fn a_refusal_says_which_right_is_missing() {
    let denied = "The client 'c' does not have authorization to perform action 'Microsoft.DataFactory/factories/pipelines/createRun/action'";
    let service = start_with(Reply::refusal(403, "AuthorizationFailed", denied)).await;

    shows!(invoke(&service, &[]).refused(3), @r#"
    exit: 3
    ----- stdout
    ----- stderr
    error: pipeline `ingest` was not started
      because POST /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelines/ingest/createRun answered 403 AuthorizationFailed: The client 'c' does not have authorization to perform action 'Microsoft.DataFactory/factories/pipelines/createRun/action'
    hint: ask for a role that allows it, such as Data Factory Contributor
    "#);
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let elsewhere = Service::start().await;
    let away = Reply::empty(302).header("location", &format!("{}/login?x=y", elsewhere.uri()));
    let service = start_with(away).await;

    invoke(&service, &[])
        .refused(3)
        .says("the service redirects to");

    assert!(elsewhere.requests().await.is_empty());
}

#[tokio::test]
async fn a_bad_request_of_the_service_is_shown_as_it_is() {
    let refusal = Reply::json(
        400,
        json!({"error": {"code": "BadRequest", "message": "The template is invalid", "target": "pipeline/ingest",
        "details": [{"code": "InvalidTemplate", "message": "variable `x` is not declared"}]}}),
    );
    let service = start_with(refusal).await;

    invoke(&service, &[])
        .refused(3)
        .says("pipeline `ingest` was not started")
        .says("BadRequest: The template is invalid")
        .says("InvalidTemplate: variable `x` is not declared");
}

#[test]
fn nobody_who_listens_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let ended = TestEnvironment::new()
        .with("DATAOPS_EMULATOR", &format!("http://{address}"))
        .with("DATAOPS_EMULATOR_TOKEN", "t")
        .run(Program::Invoke, &args(&[]));

    ended
        .refused(4)
        .says("pipeline `ingest` was not started")
        .says("hint: check the host name");
}

#[test]
fn no_credentials_say_how_to_sign_in() {
    let ended = TestEnvironment::new().run(Program::Invoke, &args(&["--subscription", "s", "-v"]));

    ended
        .refused(2)
        .says("signing in by azure-cli")
        .says("error: nobody is signed in: no way to sign in has all its variables")
        .says("this was about: pipeline `ingest` was not started")
        .says("hint: sign in with `az login`");
    assert!(!ended.stderr.contains("non-transport"), "{ended}");
}

#[test]
fn who_wants_the_azure_cli_hears_of_no_other_way() {
    let ended = TestEnvironment::new()
        .with("AZURE_TENANT_ID", "t")
        .with("AZURE_CLIENT_ID", "c")
        .with("AZURE_CLIENT_SECRET", "s3cret")
        .run(
            Program::Invoke,
            &args(&["--subscription", "s", "--auth", "azure-cli"]),
        );

    ended
        .refused(2)
        .says("error: nobody is signed in: the Azure CLI gives no token");
}

#[test]
fn a_way_to_sign_in_that_lacks_a_variable_is_named() {
    let ended = TestEnvironment::new()
        .with("AZURE_TENANT_ID", "t")
        .with("AZURE_CLIENT_SECRET", "s3cret")
        .run(Program::Invoke, &args(&["--subscription", "s"]));

    ended
        .refused(2)
        .says("has all its variables (client-secret lacks AZURE_CLIENT_ID), and the Azure CLI");
}

#[test]
fn a_job_without_an_identity_token_is_told_to_ask_for_one() {
    let ended = TestEnvironment::new()
        .with("GITHUB_ACTIONS", "true")
        .with("AZURE_TENANT_ID", "t")
        .with("AZURE_CLIENT_ID", "c")
        .run(Program::Invoke, &args(&["--subscription", "s"]));

    assert_eq!(ended.code, Some(2), "{ended}");
    ended.says("the job needs `permissions: { id-token: write }`");
}

#[tokio::test]
async fn a_run_outlives_a_service_that_stays_away() {
    let service = broken_off(unavailable()).await;

    let ended = invoke(&service, &[]);

    ended
        .refused(3)
        .says("it goes on by itself")
        .says("after 6 attempts");
}
