//! Time limits.

use test_support::Reply;

use crate::environment::shows;
use crate::factory::{RUN, at, invoke, received, with_run};

#[tokio::test]
async fn a_run_that_takes_too_long_goes_on_by_itself() {
    let service = with_run(&["InProgress"]).await;

    let ended = invoke(&service, &["--timeout", "1s", "--quiet"]);

    shows!(ended.refused(4), @r#"
    exit: 4
    ----- stdout
    ----- stderr
    error: run `7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f` of pipeline `ingest` took longer than 1 s; it goes on by itself
    hint: --timeout sets the limit; --cancel-on-timeout cancels the run then
    "#);
    assert_eq!(received(&service, "POST", "/cancel").await, 0);
}

#[tokio::test]
async fn who_asks_for_a_document_gets_the_run_so_far() {
    let service = with_run(&["InProgress"]).await;

    let ended = invoke(
        &service,
        &["--timeout", "1s", "--quiet", "--output", "json"],
    );

    assert_eq!(ended.code, Some(4), "{ended}");
    let run: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        (&run["status"], &run["runId"], &run["end"]),
        (&"InProgress".into(), &RUN.into(), &serde_json::Value::Null)
    );
    ended.says("took longer than 1 s; it goes on by itself");
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled_when_asked_for() {
    let service = with_run(&["InProgress"]).await;
    service
        .on("POST", &at(&format!("pipelineruns/{RUN}/cancel")))
        .query("isRecursive", "true")
        .times(1)
        .reply(Reply::empty(200))
        .await;

    let ended = invoke(
        &service,
        &["--timeout", "1", "--cancel-on-timeout", "--quiet"],
    );

    shows!(ended.refused(4), @r#"
    exit: 4
    ----- stdout
    ----- stderr
    error: run `7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f` of pipeline `ingest` took longer than 1 s; it was cancelled
    "#);
}

#[tokio::test]
async fn a_cancellation_that_is_refused_is_told() {
    let service = with_run(&["InProgress"]).await;
    service
        .on("POST", &at(&format!("pipelineruns/{RUN}/cancel")))
        .reply(Reply::refusal(403, "AuthorizationFailed", "not you"))
        .await;

    let ended = invoke(
        &service,
        &["--timeout", "1", "--cancel-on-timeout", "--quiet"],
    );

    ended
        .refused(4)
        .says("it could not be cancelled and goes on by itself")
        .says("AuthorizationFailed: not you");
}

#[tokio::test]
async fn no_time_at_all_is_a_limit_too() {
    let service = with_run(&["InProgress"]).await;

    let ended = invoke(&service, &["-Timeout", "0", "--quiet"]);

    ended
        .refused(4)
        .says("took longer than 0 s; it goes on by itself");
    assert!(!ended.stderr.contains("``"), "{ended}");
}
