//! Statements on a warehouse.

use std::time::Duration;

use data_contract::compile::Selection;
use data_contract::plan::Evidence;
use dataops_contracts::databricks::Used;
use dataops_contracts::{Backend, CheckError};
use futures::future::Either;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::scripted::{
    Held, PEOPLE, STATEMENTS, columns, failed, pending, shown, statements, succeeded, warehouse,
};

#[tokio::test]
async fn a_table_is_measured_by_two_statements_and_shows_rows_by_a_third() {
    let service = Service::start().await;
    warehouse(&service).await;
    let ends = vec![
        succeeded("s-1", columns()),
        succeeded("s-2", json!([["10", "0", "1", "4", "0", "2", "3"]])),
        succeeded("s-3", json!([["5", null, "-1"], ["5", null, "0"]])),
    ];
    statements(&service, ends).await;

    let held = Held {
        samples: 2,
        ..Held::default()
    };
    let checked = held.against(&service, PEOPLE).await.unwrap();

    insta::assert_snapshot!(shown(&checked.verdict.checks), @r"
    people.table: Passed 2 columns
    people.notEmpty: Passed 10
    people.extraColumns: Passed 0
    people.id.present: Passed present
    people.id.type: Passed 0
    people.id.required: Failed 1 of 10 rows
    people.id.minimum: Failed 4 of 10 rows
    people.mail.present: Passed present
    people.mail.type: Passed 0
    people.mail.required: Failed 2 of 10 rows
    people.mail.format: Failed 3 of 10 rows
    ");
    let minimum = checked
        .verdict
        .checks
        .iter()
        .find(|check| check.id == "people.id.minimum");
    let shown: Vec<_> = minimum
        .unwrap()
        .samples
        .iter()
        .map(|sample| sample.value.as_deref())
        .collect();
    assert_eq!(shown, [Some("-1"), Some("0")]);
    let object = &checked.verdict.objects[0];
    assert_eq!(
        (object.location.as_str(), object.rows),
        ("main.sales.people", Some(10))
    );
    let took = checked.took.unwrap();
    assert_eq!(took.statements, 3);
    assert!(
        matches!(&took.compute, Used::Warehouse { name, before, .. } if name == "ingest" && before.as_deref() == Some("STOPPED"))
    );
    let sent: Vec<_> = sent(&service).await;
    insta::assert_snapshot!(sent.join("\n"), @r"
    DESCRIBE QUERY SELECT * FROM `main`.`sales`.`people`
    SELECT COUNT(*),
      CAST(0 AS BIGINT),
      COUNT(*) - COUNT(`id`),
      COUNT(CASE WHEN `id` < 1 THEN 1 END),
      CAST(0 AS BIGINT),
      COUNT(*) - COUNT(`mail`),
      COUNT(CASE WHEN NOT regexp_like(`mail`, '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\z') THEN 1 END) FROM `main`.`sales`.`people`
    (SELECT 5 AS measure, file, value FROM (SELECT CAST(NULL AS STRING) AS file, left(CAST(`id` AS STRING), 200) AS value FROM `main`.`sales`.`people` WHERE `id` < 1) LIMIT 2)
    ");
}

/// The statements that were sent.
async fn sent(service: &Service) -> Vec<String> {
    let requests = service.requests().await;
    let statements = requests
        .iter()
        .filter(|request| request.url.path() == STATEMENTS);
    let text = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(body["warehouse_id"], "w-1");
        body["statement"].as_str().unwrap().to_owned()
    };
    statements.map(|request| text(&request.body)).collect()
}

#[tokio::test]
async fn a_check_says_by_which_query_it_was_measured() {
    let service = Service::start().await;
    warehouse(&service).await;
    let ends = vec![
        succeeded("s-1", columns()),
        succeeded("s-2", json!([["10", "0", "1", "4", "0", "2", "3"]])),
    ];
    statements(&service, ends).await;

    let checked = Held::default().against(&service, PEOPLE).await.unwrap();

    let check = checked
        .verdict
        .checks
        .iter()
        .find(|check| check.id == "people.id.required");
    let query = "SELECT COUNT(*) - COUNT(`id`) FROM `main`.`sales`.`people`";
    assert_eq!(check.unwrap().evidence, Evidence::Query(query.to_owned()));
}

#[tokio::test]
async fn a_statement_that_fails_is_an_error_of_its_checks_alone() {
    let service = Service::start().await;
    warehouse(&service).await;
    let ends = vec![
        succeeded("s-1", json!([["a", "int", null]])),
        succeeded("s-2", json!([["10", "0"]])),
        failed("s-3", "[UNRESOLVED_ROUTINE] no `F`;\n'Project [..]"),
    ];
    statements(&service, ends).await;
    let body = "servers: [{server: dwh, type: databricks}]
schema:
- name: t
  properties: [{name: a, required: true}]
  quality: [{id: q, type: sql, query: 'SELECT F(1)', mustBe: 1}]
";

    let checked = Held::default().against(&service, body).await.unwrap();

    insta::assert_snapshot!(shown(&checked.verdict.checks), @r"
    t.table: Passed 1 column
    t.notEmpty: Passed 10
    t.extraColumns: Passed 0
    t.a.present: Passed present
    t.a.required: Passed 0
    q: Error nothing ([UNRESOLVED_ROUTINE] no `F`)
    ");
}

#[tokio::test]
async fn a_table_that_is_not_there_is_a_finding() {
    let service = Service::start().await;
    warehouse(&service).await;
    let reason = "[TABLE_OR_VIEW_NOT_FOUND] The table `main`.`sales`.`people` cannot be found.";
    statements(&service, vec![failed("s-1", reason)]).await;

    let checked = Held::default().against(&service, PEOPLE).await.unwrap();

    let shown = shown(&checked.verdict.checks);
    assert!(
        shown.starts_with("people.table: Failed nothing ([TABLE_OR_VIEW_NOT_FOUND]"),
        "{shown}"
    );
    assert!(
        shown.contains("people.id.required: Error nothing ([TABLE_OR_VIEW_NOT_FOUND]"),
        "{shown}"
    );
    assert_eq!(sent(&service).await.len(), 1);
}

#[tokio::test]
async fn what_takes_too_long_is_cancelled_and_an_error() {
    let service = Service::start().await;
    warehouse(&service).await;
    statements(&service, vec![pending("s-1")]).await;
    let cancel = "/api/2.0/sql/statements/s-1/cancel";
    service
        .on("POST", cancel)
        .times(1)
        .reply(Reply::empty(200))
        .await;
    let held = Held {
        limit: Duration::from_millis(50),
        ..Held::default()
    };

    let checked = held.against(&service, PEOPLE).await.unwrap();

    let check = &checked.verdict.checks[0];
    assert!(
        check.reason.as_ref().unwrap().contains("it was cancelled"),
        "{check:?}"
    );
}

#[tokio::test]
async fn what_goes_on_is_cancelled_when_the_test_is_ended() {
    let service = Service::start().await;
    warehouse(&service).await;
    statements(&service, vec![pending("s-1")]).await;
    let cancel = "/api/2.0/sql/statements/s-1/cancel";
    service
        .on("POST", cancel)
        .times(1)
        .reply(Reply::empty(200))
        .await;
    let held = Held::default();

    let left = tokio::time::timeout(Duration::from_secs(1), held.against(&service, PEOPLE)).await;
    let ended = held.going.end(Duration::from_secs(5)).await;

    assert!(left.is_err());
    assert_eq!((ended.cancelled, ended.left), (1, 0));
    let again = held.going.end(Duration::from_secs(5)).await;
    assert_eq!((again.cancelled, again.left), (0, 0));
}

#[tokio::test]
async fn what_may_run_on_is_told_as_such() {
    let service = Service::start().await;
    warehouse(&service).await;
    statements(&service, vec![pending("s-1")]).await;
    let never = Reply::empty(200).late(NEVER);
    let cancel = "/api/2.0/sql/statements/s-1/cancel";
    service.on("POST", cancel).reply(never).await;
    let held = Held::default();

    let asked = asked(&service, "/api/2.0/sql/statements/s-1");
    let left = futures::future::select(Box::pin(held.against(&service, PEOPLE)), Box::pin(asked));
    let left = matches!(left.await, Either::Right(_));
    let ended = held.going.end(Duration::from_millis(100)).await;

    assert!(left);
    assert_eq!((ended.cancelled, ended.left), (0, 1));
}

/// Waits until something was asked for.
async fn asked(service: &Service, path: &str) {
    loop {
        let requests = service.requests().await;
        if requests.iter().any(|request| request.url.path() == path) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(600);

/// The limit of a test that waits for something that does not come.
const SHORT: Duration = Duration::from_millis(300);

/// The reason of the first check, where the test has ended soon after its limit.
async fn late(service: &Service) -> String {
    let held = Held {
        limit: SHORT,
        ..Held::default()
    };
    let checked = tokio::time::timeout(Duration::from_secs(60), held.against(service, PEOPLE));
    let checked = checked.await.expect("it ends").unwrap();
    let checks = checked.verdict.checks.into_iter();
    checks.filter_map(|check| check.reason).next().unwrap()
}

#[tokio::test]
async fn a_start_that_is_not_answered_ends_with_the_limit() {
    let service = Service::start().await;
    warehouse(&service).await;
    let silent = Reply::empty(200).late(NEVER);
    service.on("POST", STATEMENTS).reply(silent).await;

    let reason = late(&service).await;

    assert!(reason.contains("which is its limit"), "{reason}");
    assert_eq!(sent(&service).await.len(), 1);
}

#[tokio::test]
async fn rows_that_do_not_come_end_with_the_limit() {
    let service = Service::start().await;
    warehouse(&service).await;
    let result = json!({"chunk_index": 0, "data_array": [], "next_chunk_index": 1});
    let ended = json!({"statement_id": "s-1", "status": {"state": "SUCCEEDED"}, "result": result});
    statements(&service, vec![Reply::json(200, ended)]).await;
    let silent = Reply::empty(200).late(NEVER);
    let chunk = "/api/2.0/sql/statements/s-1/result/chunks/1";
    service.on("GET", chunk).reply(silent).await;

    let reason = late(&service).await;

    assert!(reason.contains("which is its limit"), "{reason}");
}

#[tokio::test]
async fn a_workspace_that_does_not_answer_ends_the_test_with_the_limit() {
    let service = Service::start().await;
    let silent = Reply::empty(200).late(NEVER);
    let warehouses = "/api/2.0/sql/warehouses";
    service.on("GET", warehouses).reply(silent).await;
    let held = Held {
        limit: SHORT,
        ..Held::default()
    };

    let checked = tokio::time::timeout(Duration::from_secs(60), held.against(&service, PEOPLE));

    let error = checked.await.expect("it ends").unwrap_err();
    assert!(matches!(error, CheckError::Databricks(_)), "{error:?}");
}

#[tokio::test]
async fn an_expression_that_is_refused_fails_its_own_check_alone() {
    let service = Service::start().await;
    warehouse(&service).await;
    let refused = "[INVALID_PARAMETER_VALUE.PATTERN] no pattern. SQLSTATE: 22023";
    let ends = vec![
        succeeded("s-1", json!([["id", "bigint", null]])),
        failed("s-2", refused),
        succeeded("s-3", json!([["10"]])),
        succeeded("s-4", json!([["10", "0"]])),
        failed("s-5", refused),
        succeeded("s-6", json!([["4"]])),
        failed("s-7", refused),
    ];
    statements(&service, ends).await;
    let body = "servers: [{server: dwh, type: databricks}]
schema:
- name: t
  properties: [{name: id, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1}}]
";

    let checked = Held::default().against(&service, body).await.unwrap();

    insta::assert_snapshot!(shown(&checked.verdict.checks), @r"
    t.table: Passed 1 column
    t.notEmpty: Passed 10
    t.extraColumns: Passed 0
    t.id.present: Passed present
    t.id.type: Passed 0
    t.id.required: Failed 4 of 10 rows
    t.id.minimum: Error nothing ([INVALID_PARAMETER_VALUE.PATTERN] no pattern. SQLSTATE: 22023)
    ");
    insta::assert_snapshot!(sent(&service).await[2..].join("\n"), @r"
    SELECT COUNT(*) FROM `t`
    SELECT COUNT(*),
      CAST(0 AS BIGINT) FROM `t`
    SELECT COUNT(*) - COUNT(`id`),
      COUNT(CASE WHEN `id` < 1 THEN 1 END) FROM `t`
    SELECT COUNT(*) - COUNT(`id`) FROM `t`
    SELECT COUNT(CASE WHEN `id` < 1 THEN 1 END) FROM `t`
    ");
}

#[tokio::test]
async fn what_cannot_be_read_at_all_is_not_asked_in_parts() {
    let service = Service::start().await;
    warehouse(&service).await;
    let ends = vec![
        succeeded("s-1", columns()),
        failed("s-2", "[FAILED_READ_FILE] no"),
        failed("s-3", "[FAILED_READ_FILE] no"),
    ];
    statements(&service, ends).await;

    let checked = Held::default().against(&service, PEOPLE).await.unwrap();

    assert_eq!(sent(&service).await.len(), 3);
    let shown = shown(&checked.verdict.checks);
    assert!(shown.contains("people.notEmpty: Error"), "{shown}");
}

#[tokio::test]
async fn a_type_that_is_cut_off_is_asked_for_once_more() {
    let service = Service::start().await;
    warehouse(&service).await;
    let cut = "struct<x:int,... 25 more fields>";
    let ends = vec![
        succeeded("s-1", json!([["w", cut, null]])),
        succeeded("s-2", json!([["struct<x:int,y:int>"]])),
        succeeded("s-3", json!([["10", "0", "10", "3"]])),
    ];
    statements(&service, ends).await;
    let body = "servers: [{server: dwh, type: databricks}]
schema:
- name: t
  properties:
  - {name: w, logicalType: object, properties: [{name: y, required: true}]}
";

    let checked = Held::default().against(&service, body).await.unwrap();

    let shown = shown(&checked.verdict.checks);
    assert!(shown.contains("t.w.y.present: Passed present"), "{shown}");
    assert!(shown.contains("t.w.y.required: Failed 7"), "{shown}");
}

#[tokio::test]
async fn a_warehouse_that_is_gone_is_none_to_choose() {
    let service = Service::start().await;
    let all = json!([{"id": "w-0", "name": "old", "state": "DELETED"}, {"id": "w-1", "name": "ingest", "state": "RUNNING"}]);
    service
        .on("GET", "/api/2.0/sql/warehouses")
        .reply(Reply::json(200, json!({"warehouses": all})))
        .await;
    let missing = "[TABLE_OR_VIEW_NOT_FOUND] no";
    statements(&service, vec![failed("s-1", missing)]).await;

    let checked = Held::default().against(&service, PEOPLE).await.unwrap();

    let used = checked.took.unwrap().compute;
    assert!(
        matches!(&used, Used::Warehouse { id, .. } if id == "w-1"),
        "{used:?}"
    );
}

#[tokio::test]
async fn a_query_is_sent_again_after_a_trouble_that_passes() {
    let service = Service::start().await;
    warehouse(&service).await;
    let ends = vec![
        succeeded("s-1", columns()),
        succeeded("s-2", json!([["10", "0", "0", "0", "0", "0", "0"]])),
    ];
    statements(&service, ends).await;
    let trouble = json!({"error_code": "TEMPORARILY_UNAVAILABLE", "message": "m"});
    service.fault("POST", 2, Reply::json(503, trouble)).await;

    let checked = Held::default().against(&service, PEOPLE).await.unwrap();

    assert!(!shown(&checked.verdict.checks).contains("Error"));
}

#[tokio::test]
async fn a_workspace_that_refuses_ends_the_test() {
    let service = Service::start().await;
    warehouse(&service).await;
    let refusal = json!({"error_code": "PERMISSION_DENIED", "message": "you may not use it"});
    service
        .on("POST", STATEMENTS)
        .reply(Reply::json(403, refusal))
        .await;

    let error = Held::default().against(&service, PEOPLE).await.unwrap_err();

    assert!(matches!(error, CheckError::Databricks(_)), "{error:?}");
}

#[tokio::test]
async fn a_result_that_does_not_fit_into_an_answer_is_fetched_by_links() {
    let service = Service::start().await;
    warehouse(&service).await;
    let link = json!({"external_link": "https://store.test/part?sig=s", "chunk_index": 0});
    let linked = json!({"statement_id": "s-2", "status": {"state": "SUCCEEDED"}, "result": {"external_links": [link]}});
    let ends = vec![
        failed(
            "s-1",
            "Inline byte limit exceeded. Use disposition=EXTERNAL_LINKS.",
        ),
        Reply::json(200, linked),
        succeeded("s-3", json!([["10", "0", "0", "0", "0", "0", "0"]])),
    ];
    statements(&service, ends).await;
    service
        .on("GET", "/part")
        .reply(Reply::json(200, columns()))
        .await;

    let checked = Held::default().against(&service, PEOPLE).await.unwrap();

    assert_eq!(
        checked.verdict.checks[0].measured.as_deref(),
        Some("2 columns")
    );
    let asked = service
        .log()
        .await
        .matches(r#""disposition":"EXTERNAL_LINKS""#)
        .count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_warehouse_is_named_where_there_are_several() {
    let service = Service::start().await;
    let all =
        json!([{"id": "w-1", "name": "a"}, {"id": "w-2", "name": "b", "cluster_size": "Small"}]);
    service
        .on("GET", "/api/2.0/sql/warehouses")
        .reply(Reply::json(200, json!({"warehouses": all})))
        .await;

    let error = Held::default().against(&service, PEOPLE).await.unwrap_err();

    let CheckError::Server(error) = error else {
        panic!("{error:?}");
    };
    insta::assert_snapshot!(format!("{error}\n{}", error.hint.as_deref().unwrap()), @r"
    nobody says which SQL warehouse measures
    name one by --warehouse or DATABRICKS_WAREHOUSE_ID; there are SQL warehouse `a`, SQL warehouse `b` (Small)
    ");
}

const FILES: &str = "servers: [{server: lake, type: local, path: /mnt/in, format: FORMAT}]
schema:
- name: t
  properties: [{name: id, required: true}]
";

/// Holds files against what Databricks finds in them.
async fn of_files(format: &str, ends: Vec<Reply>) -> (Vec<String>, String) {
    let service = Service::start().await;
    warehouse(&service).await;
    statements(&service, ends).await;
    let body = FILES.replace("FORMAT", format);
    let held = Held {
        backend: Some(Backend::Databricks),
        ..Held::default()
    };

    let checked = held.against(&service, &body).await.unwrap();

    (sent(&service).await, shown(&checked.verdict.checks))
}

#[tokio::test]
async fn lines_that_are_no_json_are_told() {
    let ends = vec![
        succeeded(
            "s-1",
            json!([
                ["_corrupt_record", "string", null],
                ["id", "string", null],
                ["_rescued_data", "string", null]
            ]),
        ),
        succeeded("s-2", json!([["10", "1"]])),
        succeeded("s-3", json!([["2", "1", "9"]])),
    ];

    let (sent, shown) = of_files("json", ends).await;

    assert_eq!(
        sent[2],
        "SELECT COUNT(`_rescued_data`), COUNT(`_corrupt_record`), COUNT(`id`) FROM read_files('/mnt/in', format => 'json')"
    );
    for line in [
        "t.files.fitting: Warning 2 rows (values that do not fit",
        "t.files.json: Failed 1 row (a line is no JSON",
        "t.extraColumns: Passed 0",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[tokio::test]
async fn no_files_of_an_object_that_is_not_selected_are_read() {
    let service = Service::start().await;
    warehouse(&service).await;
    let columns = json!([["id", "string", null], ["_rescued_data", "string", null]]);
    let ends = vec![
        succeeded("s-1", columns.clone()),
        succeeded("s-2", columns),
        succeeded("s-3", json!([["10", "1"]])),
        succeeded("s-4", json!([["0"]])),
    ];
    statements(&service, ends).await;
    let other = "- name: u\n  properties: [{name: id, required: true}]\n";
    let files = FILES.replace("/mnt/in", "'/mnt/{object}'");
    let body = files.replace("FORMAT", "json") + other;
    let held = Held {
        backend: Some(Backend::Databricks),
        selection: Selection {
            objects: vec!["t".to_owned()],
            ..Selection::default()
        },
        ..Held::default()
    };

    held.against(&service, &body).await.unwrap();

    let sent = sent(&service).await;
    let read = sent.iter().filter(|sql| !sql.starts_with("DESCRIBE"));
    assert_eq!(read.count(), 2, "{sent:#?}");
}

#[tokio::test]
async fn a_delimiter_that_databricks_does_not_find_out_is_told() {
    let ends = vec![
        succeeded("s-1", json!([["id;x", "string", null]])),
        succeeded("s-2", json!([["10"]])),
    ];

    let (_, shown) = of_files("csv", ends).await;

    assert!(
        shown.contains("t.files.delimiter: Warning nothing (the header looks as if `;` were"),
        "{shown}"
    );
}
