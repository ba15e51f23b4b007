//! What comes in pages.

use super::*;

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
