//! `dataops policy`, against a scripted Azure DevOps and GitHub.

use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TOKEN, TestEnvironment, shows};

const PROJECT: &str = "/contoso/ingestion/_apis";
const REPOSITORY: &str = "11111111-0000-0000-0000-000000000000";
const REVIEWERS: &str = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";

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

#[tokio::test]
async fn a_plan_tells_what_differs_setting_by_setting() {
    let stranger = policy(9, "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e", json!({}));
    let service = azure_devops(json!([one_reviewer(), stranger])).await;

    let ended = run(&service, &["plan"]);

    shows!(ended, @r#"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    branch main
      ~ at least 2 reviewers (3)  to change
          minimumApproverCount: 1 → 2
          creatorVoteCounts: yes → not set
      + [ingestion]\Data review /adf/*  to create
          isEnabled: yes
          isBlocking: yes
          requiredReviewerIds: [ingestion]\Data
          filenamePatterns: /adf/*
          minimumApproverCount: 1
      + build `ci` for /adf/*  to create
          isEnabled: yes
          isBlocking: yes
          buildDefinitionId: 7
          validDuration: 0
          filenamePatterns: /adf/*
      ? A policy (9)  not in the file

    environment prod
      + the environment  to create
      + approval by ada@contoso.test  to create
          approvers: ada@contoso.test
          minRequiredApprovers: 1
          requesterCannotBeApprover: yes
          timeoutMinutes: 43200
      + one run at a time  to create

    5 to create, 1 to change, 1 left alone
    what is left alone and guards nothing else goes with --prune
    ----- stderr
    "#);
    assert!(!ended.stdout.contains(TOKEN));
    let written = service
        .requests()
        .await
        .into_iter()
        .filter(|it| it.method.as_str() != "GET");
    assert_eq!(written.count(), 0);
}

/// A service connection and a variable group, both called `prod`, that nothing guards.
async fn unguarded(connection: &str) -> Service {
    let service = azure_devops(json!([])).await;
    let at = |below: &str| format!("{PROJECT}/{below}");
    service
        .on("GET", &at("serviceendpoint/endpoints"))
        .reply(list(json!([{ "id": connection, "name": "prod" }])))
        .await;
    service
        .on("GET", &at("distributedtask/variablegroups"))
        .reply(list(json!([{ "id": 4, "name": "prod" }])))
        .await;
    service
        .on("GET", &at("pipelines/checks/configurations"))
        .reply(list(json!([])))
        .await;
    service
        .on("POST", &at("pipelines/checks/configurations"))
        .reply(ok(
            json!({ "id": 1, "type": { "id": "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "name": "Task Check" } }),
        ))
        .await;
    service
}

#[tokio::test]
async fn identities_are_guarded_whatever_pipeline_asks_for_them() {
    let connection = "c0ffee00-0000-0000-0000-000000000000";
    let service = unguarded(connection).await;
    let text = format!(
        "azureDevOps: {{ organization: '{}/contoso', project: ingestion, repository: data }}
identities:
  - {{ connections: [prod], variableGroups: [prod], branches: [main] }}
",
        service.uri()
    );
    let run = |args: &[&str]| {
        TestEnvironment::new()
            .with("AZURE_DEVOPS_EXT_PAT", TOKEN)
            .file("branch-policy.yaml", text.clone())
            .run(Program::Dataops, &[&["policy"], args].concat())
    };

    shows!(run(&["plan"]), @r"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    service connection prod
      + used from main  to create
          allowedBranches: refs/heads/main
          ensureProtectionOfBranch: yes

    variable group prod
      + used from main  to create
          allowedBranches: refs/heads/main
          ensureProtectionOfBranch: yes

    2 to create
    ----- stderr
    ");
    let applied = run(&["apply"]);
    // The service of the test does not keep what it is sent.
    assert_eq!(applied.code, Some(1), "{applied}");

    let sent = service.requests().await;
    let sent: Vec<Value> = sent
        .iter()
        .filter(|it| it.method.as_str() == "POST")
        .map(|it| serde_json::from_slice(&it.body).unwrap())
        .collect();
    let resources: Vec<_> = sent.iter().map(|check| &check["resource"]).collect();
    assert_eq!(
        resources,
        [
            &json!({ "type": "endpoint", "id": connection, "name": "prod" }),
            &json!({ "type": "variablegroup", "id": "4", "name": "prod" }),
        ]
    );
    assert_eq!(
        sent[0]["settings"]["inputs"]["allowedBranches"],
        "refs/heads/main"
    );
}

#[tokio::test]
async fn a_check_fails_where_something_differs() {
    let service = azure_devops(json!([one_reviewer()])).await;

    let ended = run(&service, &["check", "--format", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let report = ended.json();
    assert_eq!(
        report["counts"],
        json!({ "create": 5, "change": 1, "delete": 0, "keep": 0, "leave": 0 })
    );
    assert_eq!(
        report["steps"][0]["changes"][0]["place"],
        "settings.minimumApproverCount"
    );
    ended.says("differs from the file");
}

#[tokio::test]
async fn a_plan_is_a_table_for_a_pull_request_too() {
    let service = azure_devops(json!([one_reviewer()])).await;

    shows!(run(&service, &["plan", "--format", "markdown"]), @r#"
    exit: 0
    ----- stdout
    ### Policies of `contoso/ingestion/data` on Azure DevOps

    5 to create, 1 to change

    | | where | what | differs |
    |---|---|---|---|
    | 🟡 change | branch main | at least 2 reviewers (3) | `minimumApproverCount`: 1 → 2<br>`creatorVoteCounts`: yes → not set |
    | 🟢 create | branch main | \[ingestion\]\\Data review /adf/\* | `isEnabled`: yes<br>`isBlocking`: yes<br>`requiredReviewerIds`: \[ingestion\]\\Data<br>`filenamePatterns`: /adf/\*<br>`minimumApproverCount`: 1 |
    | 🟢 create | branch main | build `ci` for /adf/\* | `isEnabled`: yes<br>`isBlocking`: yes<br>`buildDefinitionId`: 7<br>`validDuration`: 0<br>`filenamePatterns`: /adf/\* |
    | 🟢 create | environment prod | the environment |  |
    | 🟢 create | environment prod | approval by ada&#64;contoso.test | `approvers`: ada&#64;contoso.test<br>`minRequiredApprovers`: 1<br>`requesterCannotBeApprover`: yes<br>`timeoutMinutes`: 43200 |
    | 🟢 create | environment prod | one run at a time |  |
    ----- stderr
    "#);
}

#[tokio::test]
async fn what_is_applied_is_there_and_applying_it_again_does_nothing() {
    let file = "azureDevOps: { organization: ORG, project: ingestion, repository: data }\nbranches: { main: { reviewers: { minimum: 2 } } }\n";
    let service = Service::start().await;
    let repository = json!({ "id": REPOSITORY, "name": "data" });
    service
        .on("GET", &format!("{PROJECT}/git/repositories/data"))
        .reply(ok(repository))
        .await;
    let settings = json!({
        "minimumApproverCount": 2, "creatorVoteCounts": false, "resetOnSourcePush": true, "blockLastPusherVote": true,
    });
    let two = policy(3, REVIEWERS, settings);
    service
        .on("GET", &format!("{PROJECT}/policy/configurations"))
        .replies([json!([one_reviewer()]), json!([two]), json!([two])].map(list))
        .await;
    service
        .on("PUT", &format!("{PROJECT}/policy/configurations/3"))
        .times(1)
        .reply(ok(two.clone()))
        .await;
    let environment = TestEnvironment::new()
        .with("SYSTEM_ACCESSTOKEN", TOKEN)
        .file(
            "branch-policy.yaml",
            file.replace("ORG", &format!("'{}/contoso'", service.uri())),
        );

    let applied = environment.run(Program::Dataops, &["policy", "apply"]);
    let again = environment.run(Program::Dataops, &["policy", "apply"]);

    shows!(applied, @r#"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    branch main
      ~ at least 2 reviewers (3)  changed
          minimumApproverCount: 1 → 2
          creatorVoteCounts: yes → not set

    1 changed
    ----- stderr
    "#);
    shows!(again, @r#"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    branch main
      = at least 2 reviewers (3)

    nothing to do, 1 as they ought to be
    ----- stderr
    "#);
    let put = service
        .requests()
        .await
        .into_iter()
        .find(|it| it.method.as_str() == "PUT");
    assert_eq!(
        put.unwrap().headers["authorization"],
        format!("Bearer {TOKEN}")
    );
}

#[tokio::test]
async fn a_refusal_ends_with_3_and_says_which_right_is_lacking() {
    let service = azure_devops(json!([])).await;
    let refusal = json!({ "message": "TF401027: You need EditPolicies", "typeKey": "GitNeedsPermissionException" });
    service
        .on("POST", &format!("{PROJECT}/policy/configurations"))
        .reply(Reply::json(403, refusal))
        .await;

    let ended = run(&service, &["apply"]);

    ended
        .refused(3)
        .says("Edit policies")
        .says("0 changes before it are made");
}

#[tokio::test]
async fn somebody_whom_the_host_does_not_know_is_told_at_the_place() {
    let service = azure_devops(json!([])).await;
    let file = azure_devops_file(&service).replace("ada@contoso.test", "grace@contoso.test");
    service
        .on("GET", "/contoso/_apis/identities")
        .query("filterValue", "grace@contoso.test")
        .reply(list(json!([])))
        .await;
    let environment = TestEnvironment::new()
        .with("AZURE_DEVOPS_EXT_PAT", TOKEN)
        .file("branch-policy.yaml", file);

    let ended = environment.run(Program::Dataops, &["policy", "plan"]);

    shows!(ended, @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: ./branch-policy.yaml:8:23: Azure DevOps knows nobody who is called `grace@contoso.test`
       |
     8 |   prod: { approvers: [grace@contoso.test], oneAtATime: true }
       |                       ^
    hint: a group of a project is called `[project]\group`, a person by e-mail address
    "#);
}

#[test]
fn a_file_that_cannot_be_meant_is_refused_with_places_and_hints() {
    let environment = TestEnvironment::new().file(
        "branch-policy.yaml",
        "branches:\n  refs/heads/main: { builds: [{ name: x }] }\n",
    );

    shows!(environment.run(Program::Dataops, &["policy", "plan"]), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: ./branch-policy.yaml:2:31: nothing runs
    hint: name the `pipeline` of Azure DevOps, the `check` of GitHub, or both
    error: ./branch-policy.yaml:2:3: `refs/heads/main` is a reference; branches are named without `refs/heads/`
       |
     2 |   refs/heads/main: { builds: [{ name: x }] }
       |   ^
    hint: write `main`
    "#);
}

#[test]
fn nobody_is_guessed_at() {
    let with = |text: &str| TestEnvironment::new().file("branch-policy.yaml", text);
    let plan =
        |environment: TestEnvironment| environment.run(Program::Dataops, &["policy", "plan"]);

    plan(TestEnvironment::new())
        .refused(2)
        .says("dataops policy schema");
    plan(with("{}")).refused(2).says("--host azure-devops");
    plan(with("{azureDevOps: {}, github: {}}"))
        .refused(2)
        .says("--host github");
    plan(with("{azureDevOps: {organization: c, project: p}}"))
        .refused(2)
        .says("BUILD_REPOSITORY_NAME");
    plan(with("{github: {repository: o/r}}"))
        .refused(2)
        .says("GITHUB_TOKEN");
    plan(with("{github: {repository: nothing}}"))
        .refused(2)
        .says("owner/name");
    plan(with("branches: {main: {reviewer: 1}}"))
        .refused(2)
        .says("branch-policy.yaml:1:");
}

const DATA: &str = "/repos/contoso/data";

/// A repository without rulesets and environments, with a team.
async fn github() -> (Service, String) {
    let service = Service::start().await;
    service
        .on("GET", "/orgs/contoso/teams/platform")
        .reply(ok(json!({ "id": 7, "slug": "platform" })))
        .await;
    let missing =
        json!({ "message": "Not Found", "documentation_url": "https://docs.github.test" });
    service
        .on("GET", &format!("{DATA}/environments/prod"))
        .replies([
            Reply::json(404, missing),
            ok(json!({
                "name": "prod",
                "protection_rules": [{ "type": "required_reviewers", "prevent_self_review": true, "reviewers": [{ "type": "Team", "reviewer": { "id": 7 } }] }],
                "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true },
            })),
        ])
        .await;
    let file = format!(
        "github: {{ repository: contoso/data, api: '{}' }}
branches:
  main: {{ reviewers: {{ minimum: 1 }}, pathReviewers: [{{ paths: [/adf/*], reviewers: ['@contoso/platform'] }}], workItems: required }}
environments: {{ prod: {{ approvers: ['@contoso/platform'], branches: [main] }} }}
",
        service.uri()
    );
    (service, file)
}

#[tokio::test]
async fn rulesets_environments_and_owners_are_brought_to_github() {
    let (service, file) = github().await;
    let rulesets = format!("{DATA}/rulesets");
    let environment = TestEnvironment::new()
        .with("GITHUB_TOKEN", TOKEN)
        .file(".github/CODEOWNERS", "/adf/ @contoso/data\n")
        .file("branch-policy.yaml", file);
    service.on("GET", &rulesets).reply(ok(json!([]))).await;

    let plan = environment.run(Program::Dataops, &["policy", "plan"]);

    shows!(plan, @r#"
    exit: 0
    ----- stdout
    contoso/data on GitHub

    branch main
      + ruleset `dataops: main`  to create
          target: branch
          enforcement: active
          conditions.ref_name.include: refs/heads/main
          rules.deletion: yes
          rules.non_fast_forward: yes
          rules.pull_request.required_approving_review_count: 1
          rules.pull_request.dismiss_stale_reviews_on_push: yes
          rules.pull_request.require_code_owner_review: yes
          rules.pull_request.require_last_push_approval: yes
      note: GitHub has no rule about work items; a check of your own can ask for a link

    environment prod
      + protection, with approval by @contoso/platform  to create
          preventSelfReview: yes
          reviewers: @contoso/platform
          branches: main

    .github/CODEOWNERS
      ~ line 1 lacks @contoso/platform
      it has to say:
          /adf/ @contoso/platform

    2 to create
    ----- stderr
    "#);
}

#[tokio::test]
async fn github_is_settled_after_apply() {
    let (service, file) = github().await;
    let rulesets = format!("{DATA}/rulesets");
    let ruleset = json!({
        "id": 5, "name": "dataops: main", "target": "branch", "enforcement": "active",
        "conditions": { "ref_name": { "include": ["refs/heads/main"], "exclude": [] } },
        "rules": [{ "type": "deletion" }, { "type": "non_fast_forward" }, { "type": "pull_request", "parameters": {
            "required_approving_review_count": 1, "dismiss_stale_reviews_on_push": true, "require_code_owner_review": true,
            "require_last_push_approval": true, "required_review_thread_resolution": false,
            "allowed_merge_methods": ["merge", "squash", "rebase"],
        } }],
    });
    let summary = json!([{ "id": 5, "name": "dataops: main", "target": "branch" }]);
    service
        .on("GET", &rulesets)
        .replies([ok(json!([])), ok(summary)])
        .await;
    service
        .on("GET", &format!("{rulesets}/5"))
        .reply(ok(ruleset.clone()))
        .await;
    service
        .on("POST", &rulesets)
        .times(1)
        .reply(Reply::json(201, ruleset))
        .await;
    let prod = format!("{DATA}/environments/prod");
    service
        .on("PUT", &prod)
        .times(1)
        .reply(ok(json!({ "name": "prod" })))
        .await;
    let branches = format!("{prod}/deployment-branch-policies");
    let old = json!({ "id": 1, "name": "old" });
    let main = json!({ "id": 2, "name": "main" });
    service
        .on("GET", &branches)
        .replies([
            ok(json!({ "branch_policies": [old] })),
            ok(json!({ "branch_policies": [main] })),
        ])
        .await;
    service.on("POST", &branches).times(1).reply(ok(main)).await;
    service
        .on("DELETE", &format!("{branches}/1"))
        .times(1)
        .reply(Reply::empty(204))
        .await;
    let environment = TestEnvironment::new()
        .with("GH_TOKEN", TOKEN)
        .file(".github/CODEOWNERS", "/adf/ @contoso/platform\n")
        .file("branch-policy.yaml", file);

    let applied = environment.run(Program::Dataops, &["policy", "apply"]);
    let checked = environment.run(Program::Dataops, &["policy", "check"]);

    assert_eq!(applied.code, Some(0), "{applied}");
    applied.says("2 created");
    assert_eq!(checked.code, Some(0), "{checked}");
    checked
        .says("nothing to do")
        .says("every path has its owners");
}

/// What a file about hotfixes means, as GitHub has it: who may begin one, and what guards it then.
fn rulesets_of_hotfixes() -> [Value; 2] {
    let ruleset = |id: u64, name: &str, actors: Value, rule: Value| {
        json!({
            "id": id, "name": name, "target": "branch", "enforcement": "active", "bypass_actors": actors,
            "conditions": { "ref_name": { "include": ["refs/heads/hotfix/**/*"], "exclude": [] } }, "rules": [rule],
        })
    };
    let actors = json!([{ "actor_id": 7, "actor_type": "Team", "bypass_mode": "always" }]);
    let creation = ruleset(
        5,
        "dataops: hotfix/* (creation)",
        actors,
        json!({ "type": "creation" }),
    );
    let mut guard = ruleset(6, "dataops: hotfix/*", json!([]), Value::Null);
    guard["rules"] = json!([
        { "type": "deletion" }, { "type": "non_fast_forward" },
        { "type": "pull_request", "parameters": { "required_approving_review_count": 0 } },
        { "type": "required_status_checks", "parameters": {
            "strict_required_status_checks_policy": true, "do_not_enforce_on_create": true,
            "required_status_checks": [{ "context": "ci", "integration_id": 21 }],
        } },
    ]);
    [creation, guard]
}

/// A repository in which a team may begin hotfixes, before and after that is said.
async fn hotfixes() -> (Service, TestEnvironment) {
    let service = Service::start().await;
    let team = json!({ "id": 7, "slug": "platform" });
    service
        .on("GET", "/orgs/contoso/teams/platform")
        .reply(ok(team))
        .await;
    let rulesets = format!("{DATA}/rulesets");
    let there = rulesets_of_hotfixes();
    service
        .on("GET", &rulesets)
        .replies([ok(json!([])), ok(json!(there))])
        .await;
    for (id, document) in [(5, &there[0]), (6, &there[1])] {
        service
            .on("GET", &format!("{rulesets}/{id}"))
            .reply(ok(document.clone()))
            .await;
    }
    service
        .on("POST", &rulesets)
        .replies(there.map(|it| Reply::json(201, it)))
        .await;
    let file = format!(
        "github: {{ repository: contoso/data, api: '{}', app: 21 }}
branches:
  hotfix/*: {{ builds: [{{ check: ci }}], mayCreate: ['@contoso/platform'] }}
",
        service.uri()
    );
    let environment = TestEnvironment::new()
        .with("GH_TOKEN", TOKEN)
        .file("branch-policy.yaml", file);
    (service, environment)
}

#[tokio::test]
async fn who_may_begin_a_hotfix_is_planned_by_name() {
    let (_service, environment) = hotfixes().await;

    let plan = environment.run(Program::Dataops, &["policy", "plan"]);

    shows!(plan, @r#"
    exit: 0
    ----- stdout
    contoso/data on GitHub

    branch hotfix/*
      + ruleset `dataops: hotfix/* (creation)`  to create
          target: branch
          enforcement: active
          conditions.ref_name.include: refs/heads/hotfix/**/*
          bypass_actors: @contoso/platform
          rules.creation: yes
      + ruleset `dataops: hotfix/*`  to create
          target: branch
          enforcement: active
          conditions.ref_name.include: refs/heads/hotfix/**/*
          rules.deletion: yes
          rules.non_fast_forward: yes
          rules.pull_request.required_approving_review_count: 0
          rules.required_status_checks.strict_required_status_checks_policy: yes
          rules.required_status_checks.do_not_enforce_on_create: yes
          rules.required_status_checks.required_status_checks: ci (app 21)

    2 to create
    ----- stderr
    "#);
}

#[tokio::test]
async fn who_may_begin_a_hotfix_stands_in_a_ruleset_of_its_own_that_is_written_first() {
    let (service, environment) = hotfixes().await;
    let [creation, _] = rulesets_of_hotfixes();

    let applied = environment.run(Program::Dataops, &["policy", "apply"]);
    let checked = environment.run(Program::Dataops, &["policy", "check"]);

    assert_eq!(applied.code, Some(0), "{applied}");
    assert_eq!(checked.code, Some(0), "{checked}");
    let sent = service.requests().await;
    let sent: Vec<Value> = sent
        .iter()
        .filter(|it| it.method.as_str() == "POST")
        .map(|it| serde_json::from_slice(&it.body).unwrap())
        .collect();
    assert_eq!(sent.len(), 2, "{sent:#?}");
    for key in ["name", "bypass_actors", "rules"] {
        assert_eq!(sent[0][key], creation[key]);
    }
    assert_eq!(sent[1]["name"], "dataops: hotfix/*");
    assert_eq!(sent[1]["bypass_actors"], json!([]));
    let checks = &sent[1]["rules"][3]["parameters"]["required_status_checks"];
    assert_eq!(*checks, json!([{ "context": "ci", "integration_id": 21 }]));
}

#[tokio::test]
async fn what_is_to_be_set_by_hand_is_told_where_nothing_else_is_to_do() {
    let service = azure_devops(json!([])).await;
    let text = format!(
        "azureDevOps: {{ organization: '{}/contoso', project: ingestion, repository: data }}
branches:
  hotfix/*: {{ mayCreate: ['[ingestion]\\Managers'] }}
",
        service.uri()
    );
    let environment = TestEnvironment::new()
        .with("AZURE_DEVOPS_EXT_PAT", TOKEN)
        .file("branch-policy.yaml", text);

    for command in ["plan", "check"] {
        let ended = environment.run(Program::Dataops, &["policy", command]);

        assert_eq!(ended.code, Some(0), "{ended}");
        ended
            .says("branch hotfix/*\n  note: ")
            .says("`CreateBranch`")
            .says(r"for `hotfix` to `[ingestion]\Managers`")
            .says("repos/git/require-branch-folders")
            .says("nothing to do");
    }
}
