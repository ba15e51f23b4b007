//! Comments.

use serde_json::json;
use test_support::{Reply, Service};

use crate::{client, ok, sent};

#[tokio::test]
async fn comments_are_read_written_and_edited() {
    let service = Service::start().await;
    let comments = "/repos/contoso/data/issues/12/comments";
    let comment = json!({ "id": 4, "body": "hello", "html_url": "https://github.test/c/4", "user": { "login": "ada" } });
    service
        .on("GET", comments)
        .reply(ok(json!([comment])))
        .await;
    service
        .on("POST", comments)
        .reply(Reply::json(201, comment.clone()))
        .await;
    service
        .on("PATCH", "/repos/contoso/data/issues/comments/4")
        .reply(ok(comment))
        .await;
    let account = json!({ "login": "ada", "id": 7, "type": "User" });
    service.on("GET", "/user").reply(ok(account)).await;
    let client = client(&service);
    let issue = client.issue(12);

    let read = issue.comments(None).await.unwrap();
    issue.create_comment("hello", None).await.unwrap();
    let own = client.account(None).await.unwrap();
    issue.edit_comment(read[0].id, "again", None).await.unwrap();

    assert_eq!(read[0].body.as_deref(), Some("hello"));
    assert_eq!(own.login, read[0].user.as_ref().unwrap().login);
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/issues/12/comments?per_page=100
    POST ~/issues/12/comments
      {"body":"hello"}
    GET /user
    PATCH ~/issues/comments/4
      {"body":"again"}
    "#);
}
