//! Comments of a pull request.

use azure_devops_client::models::ThreadStatus;
use serde_json::json;
use test_support::Service;

use crate::{client, ok, page, sent};

const THREADS: &str = "/contoso/ingestion/_apis/git/repositories/data/pullRequests/12/threads";

#[tokio::test]
async fn threads_are_read_begun_and_edited() {
    let service = Service::start().await;
    let theirs = json!({ "id": 1, "comments": [{ "id": 1, "content": "looks good", "commentType": "text" }], "status": "byDesign" });
    let system = json!({ "id": 2, "comments": [{ "id": 1, "content": "voted", "commentType": "system" }], "status": null });
    let deleted =
        json!({ "id": 3, "comments": [{ "id": 1, "isDeleted": true }], "isDeleted": true });
    service
        .on("GET", THREADS)
        .reply(page(json!([theirs, system, deleted]), None))
        .await;
    let begun = json!({ "id": 4, "comments": [{ "id": 1, "content": "hello", "author": { "id": "0a", "displayName": "Ada" } }], "status": "closed" });
    service.on("POST", THREADS).reply(ok(begun)).await;
    service
        .on("PATCH", &format!("{THREADS}/4/comments/1"))
        .reply(ok(json!({ "id": 1, "content": "again" })))
        .await;
    let connection = json!({ "authenticatedUser": { "id": "0a", "customDisplayName": "Ada" }, "instanceId": "7" });
    service
        .on("GET", "/contoso/_apis/connectionData")
        .reply(ok(connection))
        .await;
    let client = client(&service);
    let request = client.pull_request("data", 12).unwrap();

    let threads = request.threads(None).await.unwrap();
    let begun = request
        .create_thread("hello", &ThreadStatus::Closed, None)
        .await
        .unwrap();
    let own = client.signed_in(None).await.unwrap();
    let edited = request
        .edit_comment(begun.id, 1, "again", None)
        .await
        .unwrap();

    let statuses: Vec<_> = threads.into_iter().map(|thread| thread.status).collect();
    let by_design = Some(ThreadStatus::Other("byDesign".to_owned()));
    assert_eq!(statuses, [by_design, None, None]);
    assert_eq!(begun.comments[0].author.as_ref(), Some(&own));
    assert_eq!(edited.content.as_deref(), Some("again"));
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/git/repositories/data/pullRequests/12/threads?api-version=7.1
    POST ~/git/repositories/data/pullRequests/12/threads?api-version=7.1
      {"comments":[{"parentCommentId":0,"content":"hello","commentType":"text"}],"status":"closed"}
    GET /contoso/_apis/connectionData?api-version=7.1-preview.1
    PATCH ~/git/repositories/data/pullRequests/12/threads/4/comments/1?api-version=7.1
      {"content":"again"}
    "#);
}
