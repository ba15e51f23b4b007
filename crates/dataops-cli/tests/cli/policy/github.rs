//! What a file means on GitHub: rulesets, environments and owners.

use super::*;

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
