//! Who may begin a hotfix on GitHub.

use super::*;

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
