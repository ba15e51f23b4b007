//! Who may begin a branch.

use super::*;

const HOTFIXES: &str = "\
people:
  platform: { github: '@contoso/platform' }
branches:
  main: { builds: [{ check: validate }] }
  hotfix/*: { like: main, mayCreate: [platform, '@ada'] }
  fix/*: { like: release/* }
  release/*: { mayCreate: ['@ada'] }
  gone/*: { writes: nobody }
";

#[test]
fn a_branch_of_a_pattern_is_begun_without_checks_and_by_those_alone_who_may() {
    let file = File::read("branch-policy.yaml", HOTFIXES).unwrap();
    assert_eq!(file.problems(), []);

    let wanted = wanted(&file, &names());

    let said: Vec<_> = wanted
        .iter()
        .map(|it| {
            let rules = it.document["rules"].as_array().unwrap();
            let checks = rules
                .iter()
                .find(|it| it["type"] == "required_status_checks");
            let begun = checks.map(|it| it["parameters"]["do_not_enforce_on_create"].clone());
            (it.title.as_str(), begun, it.body["bypass_actors"].clone())
        })
        .collect();
    let those = json!(["Team 7", "User 8"]);
    assert_eq!(
        said,
        [
            (
                "ruleset `dataops: fix/* (creation)`",
                None,
                json!(["User 8"])
            ),
            ("ruleset `dataops: fix/*`", None, Value::Null),
            ("ruleset `dataops: gone/*`", None, Value::Null),
            ("ruleset `dataops: hotfix/* (creation)`", None, those),
            (
                "ruleset `dataops: hotfix/*`",
                Some(json!(true)),
                Value::Null
            ),
            ("ruleset `dataops: main`", Some(json!(false)), Value::Null),
            (
                "ruleset `dataops: release/* (creation)`",
                None,
                json!(["User 8"])
            ),
            ("ruleset `dataops: release/*`", None, Value::Null),
        ]
    );
    assert_eq!(people(&file), ["@ada", "@contoso/platform"].into());
}

#[test]
fn somebody_who_was_let_begin_a_branch_by_hand_is_told_by_name() {
    let file = File::read("branch-policy.yaml", HOTFIXES).unwrap();
    let wanted = wanted(&file, &names());
    let (mut rulesets, _) = sent(&wanted);
    let of =
        |name: &str, rulesets: &[Ruleset]| rulesets.iter().position(|it| it.name == name).unwrap();
    let creation = of("dataops: hotfix/* (creation)", &rulesets);
    let actors = rulesets[creation].document["bypass_actors"]
        .as_array_mut()
        .unwrap();
    actors.reverse();
    let settled = compare(wanted.clone(), found(&file, &rulesets, &[]));
    assert!(
        settled.is_settled() && settled.counts().leave == 0,
        "{settled:#?}"
    );

    // Whoever may write, but only by a pull request.
    rulesets[creation].document["bypass_actors"] = json!([
        { "actor_id": 4, "actor_type": "RepositoryRole", "bypass_mode": "pull_request" },
        { "actor_id": null, "actor_type": "DeployKey", "bypass_mode": "always" },
    ]);
    let checks = of("dataops: hotfix/*", &rulesets);
    let rules = rulesets[checks].document["rules"].as_array_mut().unwrap();
    let checks = rules
        .iter_mut()
        .find(|it| it["type"] == "required_status_checks")
        .unwrap();
    checks["parameters"]["do_not_enforce_on_create"] = json!(false);

    let plan = compare(wanted, found(&file, &rulesets, &[]));

    let changes: Vec<_> = plan.steps.iter().flat_map(|it| &it.changes).collect();
    assert_eq!(plan.counts().change, 2, "{plan:#?}");
    assert_eq!(
        changes[0].before,
        Some(json!(["DeployKey", "RepositoryRole 4 pull_request"]))
    );
    assert_eq!(changes[0].after, Some(json!(["Team 7", "User 8"])));
    assert_eq!(
        changes[1].place,
        "rules.required_status_checks.do_not_enforce_on_create"
    );
}
