//! Rulesets.

use github_client::ServiceErrorExt;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{client, ok, sent};

const RULESETS: &str = "/repos/contoso/data/rulesets";

#[tokio::test]
async fn rulesets_are_listed_over_all_pages() {
    let service = Service::start().await;
    let summary = |id: u64| json!({ "id": id, "name": format!("r{id}"), "target": "branch", "enforcement": "active", "node_id": "x" });
    // The link names another host: only its number is taken.
    let link = "<https://elsewhere.test/repositories/1/rulesets?page=2>; rel=\"next\", <https://elsewhere.test/?page=9>; rel=\"last\"";
    service
        .on("GET", RULESETS)
        .without_query("page")
        .reply(ok(json!([summary(1), summary(2)])).header("link", link))
        .await;
    let last = "<https://elsewhere.test/?page=1>; rel=\"first\"";
    service
        .on("GET", RULESETS)
        .query("page", "2")
        .reply(ok(json!([summary(3)])).header("link", last))
        .await;

    let found = client(&service).rulesets().list(None).await.unwrap();

    let names: Vec<_> = found.iter().map(|ruleset| ruleset.name.as_str()).collect();
    assert_eq!(names, ["r1", "r2", "r3"]);
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/rulesets?includes_parents=false&per_page=100
    GET ~/rulesets?includes_parents=false&per_page=100&page=2
    "#);
}

#[tokio::test]
async fn rulesets_are_read_created_replaced_and_deleted() {
    let service = Service::start().await;
    let ruleset = json!({ "id": 5, "name": "main", "target": "branch", "rules": [{ "type": "deletion" }], "_links": {} });
    let at = format!("{RULESETS}/5");
    service.on("GET", &at).reply(ok(ruleset.clone())).await;
    service
        .on("POST", RULESETS)
        .reply(Reply::json(201, ruleset.clone()))
        .await;
    service.on("PUT", &at).reply(ok(ruleset)).await;
    service.on("DELETE", &at).reply(Reply::empty(204)).await;
    let client = client(&service);
    let rulesets = client.rulesets();
    let new = json!({ "name": "main", "target": "branch", "enforcement": "active", "rules": [] });

    let read = rulesets.get(5, None).await.unwrap();
    rulesets.create(&new, None).await.unwrap();
    rulesets.replace(5, &new, None).await.unwrap();
    rulesets.delete(5, None).await.unwrap();

    assert_eq!(read.document["rules"][0]["type"], "deletion");
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/rulesets/5
    POST ~/rulesets
      {"name":"main","target":"branch","enforcement":"active","rules":[]}
    PUT ~/rulesets/5
      {"name":"main","target":"branch","enforcement":"active","rules":[]}
    DELETE ~/rulesets/5
    "#);
}

#[tokio::test]
async fn what_github_finds_wrong_with_a_ruleset_is_told() {
    let service = Service::start().await;
    let body = json!({
        "message": "Validation Failed",
        "errors": ["Invalid rule 'x'"],
        "documentation_url": "https://docs.github.test/rules",
        "status": "422",
    });
    service
        .on("POST", RULESETS)
        .times(1)
        .reply(Reply::json(422, body))
        .await;

    let error = client(&service)
        .rulesets()
        .create(&json!({}), None)
        .await
        .unwrap_err();

    let refusal = error.service_error().unwrap();
    assert_eq!(refusal.message, "Validation Failed");
    assert_eq!(refusal.details[0].message, "Invalid rule 'x'");
}
