//! `dataops policy`, against a scripted Azure DevOps and GitHub.

mod azure_devops;
mod github;
mod hotfixes;
mod identities;
mod refused;

use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TOKEN, TestEnvironment, shows};

const PROJECT: &str = "/contoso/ingestion/_apis";
const REPOSITORY: &str = "11111111-0000-0000-0000-000000000000";
const REVIEWERS: &str = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
const DATA: &str = "/repos/contoso/data";

fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "items are written where they are served"
)]
fn list(items: Value) -> Reply {
    ok(json!({ "count": 1, "value": items }))
}

/// The file for a service on this machine.
fn azure_devops_file(service: &Service) -> String {
    format!(
        "azureDevOps: {{ organization: '{}/contoso', project: ingestion, repository: data }}
branches:
  main:
    reviewers: {{ minimum: 2 }}
    pathReviewers: [{{ paths: [/adf/*], reviewers: ['[ingestion]\\Data'] }}]
    builds: [{{ pipeline: ci, paths: [/adf/*] }}]
environments:
  prod: {{ approvers: [ada@contoso.test], oneAtATime: true }}
",
        service.uri()
    )
}

fn policy(id: u64, kind: &str, settings: Value) -> Value {
    let mut settings = settings;
    settings["scope"] =
        json!([{ "repositoryId": REPOSITORY, "refName": "refs/heads/main", "matchKind": "Exact" }]);
    json!({
        "id": id, "isEnabled": true, "isBlocking": true, "isDeleted": false,
        "type": { "id": kind, "displayName": "A policy" }, "settings": settings,
    })
}

fn one_reviewer() -> Value {
    let settings = json!({
        "minimumApproverCount": 1, "creatorVoteCounts": true, "allowDownvotes": false, "resetOnSourcePush": true, "blockLastPusherVote": true,
    });
    policy(3, REVIEWERS, settings)
}

/// A project with a repository, a pipeline, people, and no environment; policies are those that are given.
async fn azure_devops(policies: Value) -> Service {
    let service = Service::start().await;
    let at = |below: &str| format!("{PROJECT}/{below}");
    let repository =
        json!({ "id": REPOSITORY, "name": "data", "defaultBranch": "refs/heads/main" });
    service
        .on("GET", &at("git/repositories/data"))
        .reply(ok(repository))
        .await;
    service
        .on("GET", &at("policy/configurations"))
        .reply(list(policies))
        .await;
    service
        .on("GET", &at("build/definitions"))
        .reply(list(json!([{ "id": 7, "name": "ci", "path": "\\" }])))
        .await;
    service
        .on("GET", &at("distributedtask/environments"))
        .reply(list(json!([])))
        .await;
    let person = |id: u64, name: &str| json!({ "id": format!("22222222-0000-0000-0000-00000000000{id}"), "providerDisplayName": name, "isActive": true });
    for (name, id) in [("[ingestion]\\Data", 1), ("ada@contoso.test", 2)] {
        service
            .on("GET", "/contoso/_apis/identities")
            .query("filterValue", name)
            .reply(list(json!([person(id, name)])))
            .await;
    }
    service
}

fn run(service: &Service, args: &[&str]) -> Ended {
    TestEnvironment::new()
        .with("AZURE_DEVOPS_EXT_PAT", TOKEN)
        .file("branch-policy.yaml", azure_devops_file(service))
        .run(Program::Dataops, &[&["policy"], args].concat())
}
