//! Environments, and who may approve.

use github_client::models::{BranchPolicyKind, NewEnvironment, NewReviewer};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{client, ok, sent};

const PROD: &str = "/repos/contoso/data/environments/prod";

#[tokio::test]
async fn an_environment_is_read_and_written_with_its_branches() {
    let service = Service::start().await;
    let prod = json!({
        "id": 1, "name": "prod",
        "protection_rules": [
            { "id": 1, "type": "wait_timer", "wait_timer": 30 },
            { "id": 2, "type": "required_reviewers", "prevent_self_review": true, "reviewers": [
                { "type": "Team", "reviewer": { "id": 7, "slug": "platform" } },
                { "type": "User", "reviewer": { "id": 8, "login": "ada" } },
            ] },
            { "id": 3, "type": "branch_policy" },
        ],
        "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true },
    });
    service.on("GET", PROD).reply(ok(prod.clone())).await;
    service.on("PUT", PROD).reply(ok(prod)).await;
    let branches = format!("{PROD}/deployment-branch-policies");
    let main = json!({ "id": 3, "name": "main", "type": "branch" });
    let list = json!({ "total_count": 1, "branch_policies": [main] });
    service.on("GET", &branches).reply(ok(list)).await;
    service.on("POST", &branches).reply(ok(main)).await;
    service
        .on("DELETE", &format!("{branches}/3"))
        .reply(Reply::empty(204))
        .await;
    let client = client(&service);
    let environments = client.environments();
    let wanted = NewEnvironment {
        wait_timer: 0,
        prevent_self_review: true,
        reviewers: vec![NewReviewer {
            kind: "Team".to_owned(),
            id: 7,
        }],
        deployment_branch_policy: Some(BranchPolicyKind {
            protected_branches: false,
            custom_branch_policies: true,
        }),
    };

    let found = environments.get("prod", None).await.unwrap().unwrap();
    environments.put("prod", &wanted, None).await.unwrap();
    let allowed = environments.branches("prod", None).await.unwrap();
    environments.add_branch("prod", "main", None).await.unwrap();
    environments
        .remove_branch("prod", allowed[0].id, None)
        .await
        .unwrap();

    let reviewers = &found.protection_rules[1].reviewers;
    assert_eq!(reviewers[0].reviewer.slug.as_deref(), Some("platform"));
    assert_eq!(found.protection_rules[0].wait_timer, Some(30));
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/environments/prod
    PUT ~/environments/prod
      {"wait_timer":0,"prevent_self_review":true,"reviewers":[{"type":"Team","id":7}],"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}}
    GET ~/environments/prod/deployment-branch-policies?per_page=100
    POST ~/environments/prod/deployment-branch-policies
      {"name":"main","type":"branch"}
    DELETE ~/environments/prod/deployment-branch-policies/3
    "#);
}

#[tokio::test]
async fn an_environment_that_is_not_there_is_none() {
    let service = Service::start().await;
    let body = json!({ "message": "Not Found", "documentation_url": "https://docs.github.test", "status": "404" });
    service
        .on("GET", "/repos/contoso/data/environments/a%2Fb")
        .reply(Reply::json(404, body))
        .await;

    let found = client(&service)
        .environments()
        .get("a/b", None)
        .await
        .unwrap();

    assert_eq!(found, None);
}

#[tokio::test]
async fn teams_people_and_faults_of_codeowners_are_read() {
    let service = Service::start().await;
    service
        .on("GET", "/orgs/contoso/teams/platform")
        .reply(ok(
            json!({ "id": 7, "slug": "platform", "name": "Platform" }),
        ))
        .await;
    service
        .on("GET", "/users/ada")
        .reply(ok(json!({ "id": 8, "login": "ada" })))
        .await;
    let fault = json!({ "line": 3, "column": 1, "kind": "Unknown owner", "source": "* @nobody", "suggestion": "make sure @nobody exists", "message": "Unknown owner on line 3", "path": ".github/CODEOWNERS" });
    service
        .on("GET", "/repos/contoso/data/codeowners/errors")
        .reply(ok(json!({ "errors": [fault] })))
        .await;
    let client = client(&service);
    let owners = client.owners();

    let team = owners.team("contoso", "platform", None).await.unwrap();
    let user = owners.user("ada", None).await.unwrap();
    let faults = owners.codeowners_errors(Some("main"), None).await.unwrap();

    assert_eq!((team.id, user.id, faults[0].line), (7, 8, 3));
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET /orgs/contoso/teams/platform
    GET /users/ada
    GET ~/codeowners/errors?ref=main
    "#);
}
