//! Policies of branches, checks of environments, and locks.

use azure_devops_client::models::{CheckResource, CheckType, NewCheck, NewPolicy, PolicyTypeId};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{client, ok, page, sent};

const POLICIES: &str = "/contoso/ingestion/_apis/policy/configurations";
const CHECKS: &str = "/contoso/ingestion/_apis/pipelines/checks/configurations";

fn policy(id: u64) -> Value {
    json!({
        "id": id, "isEnabled": true, "isBlocking": true, "revision": 3, "new": {},
        "type": { "id": PolicyTypeId::COMMENTS.to_uppercase(), "displayName": "Comment requirements" },
        "settings": { "scope": [] },
    })
}

fn comments() -> NewPolicy {
    NewPolicy {
        is_enabled: true,
        is_blocking: false,
        kind: PolicyTypeId::new(PolicyTypeId::COMMENTS),
        settings: json!({ "scope": [{ "repositoryId": "r", "refName": "refs/heads/main", "matchKind": "Exact" }] }),
    }
}

#[tokio::test]
async fn policies_are_listed_over_all_pages() {
    let service = Service::start().await;
    service
        .on("GET", POLICIES)
        .without_query("continuationToken")
        .reply(page(json!([policy(1), policy(2)]), Some("two/+")))
        .await;
    service
        .on("GET", POLICIES)
        .query("continuationToken", "two/+")
        .reply(page(json!([policy(3)]), None))
        .await;

    let policies = client(&service).policies().list(None).await.unwrap();

    let ids: Vec<_> = policies.iter().map(|policy| policy.id).collect();
    assert_eq!(ids, [1, 2, 3]);
    // Ids are told in any case, and compared in one.
    assert_eq!(policies[0].kind.id.as_str(), PolicyTypeId::COMMENTS);
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/policy/configurations?api-version=7.1
    GET ~/policy/configurations?api-version=7.1&continuationToken=two%2F%2B
    "#);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end_in_an_error() {
    let service = Service::start().await;
    service
        .on("GET", POLICIES)
        .reply(page(json!([policy(1)]), Some("again")))
        .await;

    let error = client(&service).policies().list(None).await.unwrap_err();

    assert!(error.to_string().contains("circle"), "{error}");
}

#[tokio::test]
async fn policies_are_created_replaced_and_deleted() {
    let service = Service::start().await;
    service.on("POST", POLICIES).reply(ok(policy(7))).await;
    let at = format!("{POLICIES}/7");
    service.on("PUT", &at).reply(ok(policy(7))).await;
    service.on("DELETE", &at).reply(Reply::empty(204)).await;
    let client = client(&service);
    let policies = client.policies();

    let created = policies.create(&comments(), None).await.unwrap();
    policies
        .replace(created.id, &comments(), None)
        .await
        .unwrap();
    policies.delete(created.id, None).await.unwrap();

    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~/policy/configurations?api-version=7.1
      {"isEnabled":true,"isBlocking":false,"type":{"id":"c6a1889d-b943-4856-b76f-9e46bb6b0df2"},"settings":{"scope":[{"repositoryId":"r","refName":"refs/heads/main","matchKind":"Exact"}]}}
    PUT ~/policy/configurations/7?api-version=7.1
      {"isEnabled":true,"isBlocking":false,"type":{"id":"c6a1889d-b943-4856-b76f-9e46bb6b0df2"},"settings":{"scope":[{"repositoryId":"r","refName":"refs/heads/main","matchKind":"Exact"}]}}
    DELETE ~/policy/configurations/7?api-version=7.1
    "#);
}

#[tokio::test]
async fn checks_are_listed_created_replaced_and_deleted() {
    let service = Service::start().await;
    let kind = CheckType {
        id: CheckType::APPROVAL.to_owned(),
        name: "Approval".to_owned(),
    };
    let check =
        json!({ "id": 4, "type": kind, "timeout": 60, "settings": { "minRequiredApprovers": 1 } });
    service
        .on("GET", CHECKS)
        .query("$expand", "settings")
        .reply(page(json!([check]), None))
        .await;
    service.on("POST", CHECKS).reply(ok(check.clone())).await;
    let at = format!("{CHECKS}/4");
    service.on("PATCH", &at).reply(ok(check)).await;
    service.on("DELETE", &at).reply(Reply::empty(204)).await;
    let client = client(&service);
    let checks = client.checks();
    let new = NewCheck {
        kind,
        settings: json!({ "minRequiredApprovers": 2 }),
        resource: CheckResource {
            kind: "environment".to_owned(),
            id: "9".to_owned(),
            name: "prod".to_owned(),
        },
        timeout: 4320,
    };

    let found = checks.of_environment(9, None).await.unwrap();
    checks.create(&new, None).await.unwrap();
    checks.replace(4, &new, None).await.unwrap();
    checks.delete(4, None).await.unwrap();

    assert_eq!(found[0].settings["minRequiredApprovers"], 1);
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/pipelines/checks/configurations?api-version=7.1-preview.1&resourceType=environment&resourceId=9&%24expand=settings
    POST ~/pipelines/checks/configurations?api-version=7.1-preview.1
      {"type":{"id":"8c6f20a7-a545-4486-9777-f762fafe0d4d","name":"Approval"},"settings":{"minRequiredApprovers":2},"resource":{"type":"environment","id":"9","name":"prod"},"timeout":4320}
    PATCH ~/pipelines/checks/configurations/4?api-version=7.1-preview.1
      {"type":{"id":"8c6f20a7-a545-4486-9777-f762fafe0d4d","name":"Approval"},"settings":{"minRequiredApprovers":2},"resource":{"type":"environment","id":"9","name":"prod"},"timeout":4320}
    DELETE ~/pipelines/checks/configurations/4?api-version=7.1-preview.1
    "#);
}

#[tokio::test]
async fn a_branch_is_found_by_its_whole_name_and_locked() {
    let service = Service::start().await;
    let refs = "/contoso/ingestion/_apis/git/repositories/data/refs";
    let branches = json!([
        { "name": "refs/heads/adf_publish_old", "objectId": "1" },
        { "name": "refs/heads/adf_publish", "objectId": "2", "isLocked": true },
    ]);
    service.on("GET", refs).reply(page(branches, None)).await;
    let locked = json!({ "name": "refs/heads/adf_publish", "isLocked": true });
    service.on("PATCH", refs).reply(ok(locked)).await;
    let client = client(&service);
    let repositories = client.repositories();

    let found = repositories
        .branch("data", "adf_publish", None)
        .await
        .unwrap();
    let none = repositories.branch("data", "adf", None).await.unwrap();
    let locked = repositories
        .set_lock("data", "adf_publish", true, None)
        .await
        .unwrap();

    assert!(found.unwrap().is_locked && locked.is_locked && none.is_none());
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/git/repositories/data/refs?api-version=7.1&filter=heads%2Fadf_publish
    GET ~/git/repositories/data/refs?api-version=7.1&filter=heads%2Fadf
    PATCH ~/git/repositories/data/refs?api-version=7.1&filter=heads%2Fadf_publish
      {"isLocked":true}
    "#);
}
