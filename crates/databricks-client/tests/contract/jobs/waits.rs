//! Runs that are waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::{Duration, OffsetDateTime};
use databricks_client::{
    ClientCredentials, Outcome, TimedOut, WorkspaceClient, WorkspaceClientOptions,
};

use super::*;
use crate::{HOST, SHORT, SOON};

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
