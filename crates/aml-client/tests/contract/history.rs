use aml_client::{ChildrenOptions, HistoryStatus, RunHistoryClient, RunQuery};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, client, history_path, log};

async fn history(service: &Service) -> RunHistoryClient {
    client(service).run_history().await.unwrap()
}

fn run(id: &str, status: &str) -> Value {
    json!({"runId": id, "status": status})
}

#[tokio::test]
async fn gets_a_run_and_why_it_failed() {
    let service = Service::start().await;
    let body = json!({
        "runId": "r", "status": "Failed", "tags": {"a": 1}, "properties": null,
        "error": {"error": {"code": "UserError", "message": "no rows"}},
    });
    service
        .on("GET", &history_path("runs/r"))
        .reply(Reply::json(200, body))
        .await;

    let run = history(&service).await.get("r", None).await.unwrap();
    let run = run.into_model().unwrap();

    assert_eq!(run.status, HistoryStatus::Failed);
    assert_eq!(run.error_message(), Some("no rows"));
    assert_eq!(run.tags["a"], "1");
}

#[tokio::test]
async fn log_links_are_read_but_not_shown() {
    let service = Service::start().await;
    let link = "https://store.test/log.txt?sig=secret";
    let body = json!({"runId": "r", "status": "Completed", "logFiles": {"std_log.txt": link}});
    service
        .on("GET", &history_path("runs/r/details"))
        .reply(Reply::json(200, body))
        .await;

    let details = history(&service).await.details("r", None).await.unwrap();
    let details = details.into_model().unwrap();

    assert_eq!(details.log_files["std_log.txt"], link);
    assert!(!format!("{details:?}").contains("secret"));
}

#[tokio::test]
async fn children_are_listed_page_by_page() {
    let service = Service::start().await;
    let at = history_path("runs/r/children");
    service
        .on("GET", &at)
        .without_query("$continuationToken")
        .reply(Reply::json(
            200,
            json!({"value": [run("a", "Completed")], "continuationToken": "t"}),
        ))
        .await;
    service
        .on("GET", &at)
        .query("$continuationToken", "t")
        .reply(Reply::json(
            200,
            json!({"value": [run("b", "Failed")], "continuationToken": null}),
        ))
        .await;
    let options = ChildrenOptions {
        filter: Some("status eq 'Failed'".to_owned()),
        top: Some(1),
        ..ChildrenOptions::default()
    };

    let list = history(&service)
        .await
        .children("r", Some(options))
        .unwrap();
    let found: Vec<_> = list
        .map_ok(|run| run.run_id.clone())
        .try_collect()
        .await
        .unwrap();

    assert_eq!(found, ["a", "b"]);
    insta::assert_snapshot!(log(&service).await, @r"
    GET {history}/runs/r/children?%24filter=status+eq+%27Failed%27&%24top=1
    GET {history}/runs/r/children?%24filter=status+eq+%27Failed%27&%24top=1&%24continuationToken=t
    ");
}

#[tokio::test]
async fn a_query_goes_on_with_its_token_and_may_be_repeated() {
    let service = Service::start().await;
    service
        .fault("POST", 1, Reply::refusal(503, "Busy", "m"))
        .await;
    service
        .on("POST", &history_path("experiments/retrain/runs:query"))
        .replies([
            Reply::json(
                200,
                json!({"value": [run("a", "Running")], "continuationToken": "t"}),
            ),
            Reply::json(200, json!({"value": [run("b", "Queued")]})),
        ])
        .await;
    let query = RunQuery {
        filter: Some("tags/caller eq 'x'".to_owned()),
        order_by: Some("createdUtc desc".to_owned()),
        top: Some(1),
        ..RunQuery::default()
    };

    let list = history(&service)
        .await
        .query("retrain", Some(query))
        .unwrap();
    let found: Vec<_> = list.try_collect().await.unwrap();

    assert_eq!(found.len(), 2);
    insta::assert_snapshot!(log(&service).await, @r#"
    POST {history}/experiments/retrain/runs:query
      {"filter":"tags/caller eq 'x'","orderby":"createdUtc desc","top":1}
    POST {history}/experiments/retrain/runs:query
      {"filter":"tags/caller eq 'x'","orderby":"createdUtc desc","top":1}
    POST {history}/experiments/retrain/runs:query
      {"filter":"tags/caller eq 'x'","orderby":"createdUtc desc","top":1,"continuationToken":"t"}
    "#);
}

#[tokio::test]
async fn a_run_in_history_ends_as_completed() {
    let service = Service::start().await;
    service
        .on("GET", &history_path("runs/r"))
        .replies(
            ["Preparing", "Finalizing", "CancelRequested", "Completed"]
                .map(|status| Reply::json(200, run("r", status))),
        )
        .await;
    let mut seen = Vec::new();

    let ended = history(&service)
        .await
        .wait_for_run("r", SOON, |run| seen.push(run.status.to_string()))
        .await;

    assert!(ended.unwrap().status.is_success());
    assert_eq!(
        seen,
        ["Preparing", "Finalizing", "CancelRequested", "Completed"]
    );
}
