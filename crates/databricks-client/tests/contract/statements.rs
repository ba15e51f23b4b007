use databricks_client::{
    ApiError, DatabricksError, Disposition, ExecuteStatement, OnWaitTimeout, ResultFormat,
    StatementParameter, StatementState, TimedOut,
};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SHORT, SOON, answer, client, log, refusal};

const AT: &str = "/api/2.0/sql/statements/s-1";

fn statement(state: &str) -> Value {
    json!({"statement_id": "s-1", "status": {"state": state}})
}

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.0/sql/statements/",
        statement("PENDING"),
    )
    .await;
    answer(&service, "GET", AT, statement("RUNNING")).await;
    answer(
        &service,
        "GET",
        &format!("{AT}/result/chunks/3"),
        json!({"chunk_index": 3, "data_array": [["1", null]]}),
    )
    .await;
    service
        .on("POST", &format!("{AT}/cancel"))
        .reply(Reply::empty(200))
        .await;
    let client = client(&service);
    let statements = client.statements();

    let select = ExecuteStatement {
        statement: "select :n".into(),
        warehouse_id: "w-1".into(),
        catalog: Some("main".into()),
        schema: Some("default".into()),
        parameters: vec![
            StatementParameter {
                name: "n".into(),
                value: Some("1".into()),
                kind: Some("INT".into()),
            },
            StatementParameter {
                name: "none".into(),
                ..StatementParameter::default()
            },
        ],
        wait_timeout: Some("0s".into()),
        on_wait_timeout: Some(OnWaitTimeout::Continue),
        disposition: Some(Disposition::ExternalLinks),
        format: Some(ResultFormat::ArrowStream),
        row_limit: Some(10),
        byte_limit: None,
    };
    let started = statements
        .execute(&select, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let got = statements
        .get("s-1", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let chunk = statements
        .chunk("s-1", 3, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    statements.cancel("s-1", None).await.unwrap();

    assert_eq!(
        (started.status.state, got.status.state),
        (StatementState::Pending, StatementState::Running)
    );
    assert_eq!(chunk.data_array, [[Some("1".to_owned()), None]]);
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_statement_is_not_sent_twice_when_the_service_fails() {
    let service = Service::start().await;
    let lost = refusal(503, "TEMPORARILY_UNAVAILABLE", "m");
    service
        .on("POST", "/api/2.0/sql/statements/")
        .times(1)
        .reply(lost)
        .await;

    let error = client(&service)
        .statements()
        .execute(&ExecuteStatement::default(), None)
        .await
        .unwrap_err();

    assert_eq!(ApiError::of(&error).unwrap().attempts, 1);
}

#[tokio::test]
async fn a_failed_statement_is_told_with_its_reason() {
    let service = Service::start().await;
    let failed = json!({
        "statement_id": "s-1",
        "status": {"state": "FAILED", "error": {"error_code": "BAD_REQUEST", "message": "no such table"}, "sql_state": "42P01"},
    });
    let replies =
        [statement("PENDING"), statement("RUNNING"), failed].map(|body| Reply::json(200, body));
    service.on("GET", AT).times(3).replies(replies).await;

    let ended = client(&service)
        .statements()
        .wait("s-1", SOON)
        .await
        .unwrap();

    assert_eq!(ended.status.state, StatementState::Failed);
    assert_eq!(
        ended.status.error.unwrap().message.as_deref(),
        Some("no such table")
    );
    assert_eq!(ended.status.sql_state.as_deref(), Some("42P01"));
}

#[tokio::test]
async fn rows_are_read_part_by_part() {
    let service = Service::start().await;
    let first = json!({
        "statement_id": "s-1", "status": {"state": "SUCCEEDED"},
        "manifest": {"schema": {"columns": [{"name": "n", "type_name": "INT", "position": 0}]}, "total_chunk_count": 3},
        "result": {"chunk_index": 0, "data_array": [["1"]], "next_chunk_index": 1},
    });
    answer(&service, "GET", AT, first).await;
    let second = json!({"chunk_index": 1, "data_array": [["2"], [null]], "next_chunk_index": 2});
    answer(&service, "GET", &format!("{AT}/result/chunks/1"), second).await;
    answer(
        &service,
        "GET",
        &format!("{AT}/result/chunks/2"),
        json!({"chunk_index": 2, "data_array": [["4"]]}),
    )
    .await;
    let client = client(&service);

    let ended = client.statements().wait("s-1", SOON).await.unwrap();
    let columns = ended.manifest.clone().unwrap().columns().to_vec();
    let rows = client.statements().rows(ended).await.unwrap();

    assert_eq!(columns[0].name, "n");
    let one = |value: &str| vec![Some(value.to_owned())];
    assert_eq!(rows, [one("1"), one("2"), vec![None], one("4")]);
}

#[tokio::test]
async fn parts_that_go_in_circles_are_an_error() {
    let service = Service::start().await;
    let first = json!({
        "statement_id": "s-1", "status": {"state": "SUCCEEDED"},
        "result": {"chunk_index": 0, "data_array": [], "next_chunk_index": 1},
    });
    answer(&service, "GET", AT, first).await;
    answer(
        &service,
        "GET",
        &format!("{AT}/result/chunks/1"),
        json!({"next_chunk_index": 1}),
    )
    .await;
    let client = client(&service);

    let ended = client.statements().wait("s-1", SOON).await.unwrap();
    let error = client.statements().rows(ended).await.unwrap_err();

    assert!(
        matches!(
            DatabricksError::of(&error),
            Some(DatabricksError::Nonsense { .. })
        ),
        "{error}"
    );
}

#[tokio::test]
async fn rows_behind_links_are_read_part_by_part() {
    let service = Service::start().await;
    let link = |at: u64, next: Value| {
        let link = format!("https://store.test/part-{at}?sig=s");
        json!({"external_links": [{"external_link": link, "chunk_index": at, "next_chunk_index": next}]})
    };
    let first = json!({"statement_id": "s-1", "status": {"state": "SUCCEEDED"}, "result": link(0, json!(1))});
    answer(&service, "GET", AT, first).await;
    let second = link(1, Value::Null);
    answer(&service, "GET", &format!("{AT}/result/chunks/1"), second).await;
    answer(&service, "GET", "/part-0", json!([["1"], [null]])).await;
    answer(&service, "GET", "/part-1", json!([["3"]])).await;
    let client = client(&service);

    let ended = client.statements().wait("s-1", SOON).await.unwrap();
    let rows = client.statements().rows(ended).await.unwrap();

    let one = |value: &str| vec![Some(value.to_owned())];
    assert_eq!(rows, [one("1"), vec![None], one("3")]);
}

#[tokio::test]
async fn the_token_is_not_sent_to_the_storage_behind_a_link() {
    let service = Service::start().await;
    let link = "https://store.test/part?sig=very-secret";
    let chunk = json!({"external_links": [{"external_link": link, "http_headers": {"X-Ms-Version": "1"}, "chunk_index": 0}]});
    answer(&service, "GET", &format!("{AT}/result/chunks/0"), chunk).await;
    service
        .on("GET", "/part")
        .query("sig", "very-secret")
        .reply(Reply::bytes(200, "text/csv", "1\n"))
        .await;
    let client = client(&service);

    let chunk = client
        .statements()
        .chunk("s-1", 0, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let body = client
        .statements()
        .download(&chunk.external_links[0])
        .await
        .unwrap();

    assert_eq!(body.collect().await.unwrap(), "1\n");
    let requests = service.requests().await;
    assert!(requests[0].headers.contains_key("authorization"));
    assert!(!requests[1].headers.contains_key("authorization"));
    assert_eq!(requests[1].headers["x-ms-version"], "1");
    assert!(!format!("{chunk:?}").contains("very-secret"));
}

#[tokio::test]
async fn a_link_without_tls_is_not_followed_and_not_shown() {
    let service = Service::start().await;
    let chunk =
        json!({"external_links": [{"external_link": "http://store.test/part?sig=very-secret"}]});
    answer(&service, "GET", &format!("{AT}/result/chunks/0"), chunk).await;
    let client = client(&service);

    let chunk = client
        .statements()
        .chunk("s-1", 0, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let error = client
        .statements()
        .download(&chunk.external_links[0])
        .await
        .unwrap_err();

    assert!(
        error.to_string().contains("not an https address"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("very-secret"), "{error:?}");
}

#[tokio::test]
async fn the_wait_for_a_statement_has_a_limit() {
    let service = Service::start().await;
    answer(&service, "GET", AT, statement("RUNNING")).await;

    let error = client(&service)
        .statements()
        .wait("s-1", SHORT)
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&error).unwrap().what, "statement s-1");
}
