//! What a file means on GitHub, and that nothing is done twice.

use serde_json::{Value, json};

use super::*;
use crate::compare::{Action, compare};
use crate::guard::{Guard, Target};

const FILE: &str = "\
people:
  platform: { azureDevOps: '[ingestion]\\Platform', github: '@contoso/platform' }
branches:
  main:
    reviewers: { minimum: 2 }
    pathReviewers: [{ paths: [/adf/linkedService/*, '!/adf/x'], reviewers: [platform, '@ada'] }]
    builds: [{ check: validate }, { check: tests, required: false }, { pipeline: ci }]
    comments: required
    workItems: required
    merge: [squash, semiLinear]
    linearHistory: false
  release/*: { linearHistory: true }
  adf_publish: { writes: nobody }
environments:
  prod: { approvers: [platform, '@ada'], minimum: 2, branches: [main], oneAtATime: true, wait: 10m }
  qa: {}
";

fn file() -> File {
    File::read("branch-policy.yaml", FILE).unwrap()
}

fn names() -> Names {
    let reviewer = |kind: &str, id| Reviewer {
        kind: kind.to_owned(),
        id,
    };
    Names {
        people: [
            ("@contoso/platform".to_owned(), reviewer("Team", 7)),
            ("@ada".to_owned(), reviewer("User", 8)),
        ]
        .into(),
        actions: actions("https://api.github.com/"),
    }
}

/// What the service has when it was sent what is wanted, in its own spelling.
fn sent(wanted: &[Wanted]) -> (Vec<Ruleset>, Vec<Environment>) {
    let rulesets = (1..)
        .zip(wanted)
        .filter(|(_, it)| it.guard == Guard::Ruleset);
    let rulesets = rulesets.map(|(id, wanted)| {
        let mut document = wanted.document.clone();
        document["id"] = json!(id);
        document["_links"] = json!({ "self": {} });
        let rules = document["rules"].as_array_mut().unwrap();
        rules.reverse();
        for rule in rules {
            if rule["type"] == "pull_request" {
                rule["parameters"]["automatic_copilot_code_review_enabled"] = json!(false);
                rule["parameters"]["required_reviewers"] = json!([]);
                rule["parameters"]["dismissal_restriction"] =
                    json!({ "enabled": false, "allowed_actors": [] });
                rule["parameters"]["require_extra_approval_for_unattributed_changes"] = json!(true);
                if rule["parameters"]["allowed_merge_methods"].is_null() {
                    rule["parameters"]["allowed_merge_methods"] =
                        json!(["merge", "squash", "rebase"]);
                }
            }
        }
        Ruleset {
            id,
            name: document["name"].as_str().unwrap().to_owned(),
            document,
        }
    });
    let environments = vec![
        Environment {
            name: "prod".to_owned(),
            wait_minutes: 10,
            prevent_self_review: true,
            reviewers: names().people.into_values().collect(),
            branches: Some(vec!["main".to_owned()]),
        },
        Environment {
            name: "qa".to_owned(),
            wait_minutes: 0,
            prevent_self_review: false,
            reviewers: Vec::new(),
            branches: None,
        },
    ];
    (rulesets.collect(), environments)
}

#[test]
#[expect(clippy::too_many_lines, reason = "all but a few are a snapshot")]
fn a_file_means_rulesets_and_protections() {
    let wanted = wanted(&file(), &names());

    let documents: Vec<_> = wanted
        .iter()
        .map(|it| format!("{}\n{:#}", it.title, it.document))
        .collect();
    insta::assert_snapshot!(documents.join("\n"), @r#"
    ruleset `dataops: adf_publish`
    {
      "name": "dataops: adf_publish",
      "target": "branch",
      "enforcement": "active",
      "bypass_actors": [],
      "conditions": {
        "ref_name": {
          "include": [
            "refs/heads/adf_publish"
          ],
          "exclude": []
        }
      },
      "rules": [
        {
          "type": "deletion"
        },
        {
          "type": "non_fast_forward"
        },
        {
          "type": "creation"
        },
        {
          "type": "update"
        }
      ]
    }
    ruleset `dataops: main`
    {
      "name": "dataops: main",
      "target": "branch",
      "enforcement": "active",
      "bypass_actors": [],
      "conditions": {
        "ref_name": {
          "include": [
            "refs/heads/main"
          ],
          "exclude": []
        }
      },
      "rules": [
        {
          "type": "deletion"
        },
        {
          "type": "non_fast_forward"
        },
        {
          "type": "pull_request",
          "parameters": {
            "required_approving_review_count": 2,
            "dismiss_stale_reviews_on_push": true,
            "require_code_owner_review": true,
            "require_last_push_approval": true,
            "required_review_thread_resolution": true,
            "allowed_merge_methods": [
              "squash"
            ]
          }
        },
        {
          "type": "required_status_checks",
          "parameters": {
            "strict_required_status_checks_policy": true,
            "do_not_enforce_on_create": false,
            "required_status_checks": [
              {
                "context": "validate",
                "integration_id": 15368
              }
            ]
          }
        }
      ]
    }
    ruleset `dataops: release/* (creation)`
    {
      "name": "dataops: release/* (creation)",
      "target": "branch",
      "enforcement": "active",
      "bypass_actors": [
        {
          "actor_id": 2,
          "actor_type": "RepositoryRole",
          "bypass_mode": "always"
        },
        {
          "actor_id": 5,
          "actor_type": "RepositoryRole",
          "bypass_mode": "always"
        }
      ],
      "conditions": {
        "ref_name": {
          "include": [
            "refs/heads/release/**/*"
          ],
          "exclude": []
        }
      },
      "rules": [
        {
          "type": "creation"
        }
      ]
    }
    ruleset `dataops: release/*`
    {
      "name": "dataops: release/*",
      "target": "branch",
      "enforcement": "active",
      "bypass_actors": [],
      "conditions": {
        "ref_name": {
          "include": [
            "refs/heads/release/**/*"
          ],
          "exclude": []
        }
      },
      "rules": [
        {
          "type": "deletion"
        },
        {
          "type": "non_fast_forward"
        },
        {
          "type": "pull_request",
          "parameters": {
            "required_approving_review_count": 0,
            "dismiss_stale_reviews_on_push": false,
            "require_code_owner_review": false,
            "require_last_push_approval": false,
            "required_review_thread_resolution": false,
            "allowed_merge_methods": [
              "squash",
              "rebase"
            ]
          }
        },
        {
          "type": "required_linear_history"
        }
      ]
    }
    protection, with approval by platform, @ada
    {
      "environment": {
        "wait_timer": 10,
        "prevent_self_review": true,
        "reviewers": [
          {
            "type": "Team",
            "id": 7
          },
          {
            "type": "User",
            "id": 8
          }
        ],
        "deployment_branch_policy": {
          "protected_branches": false,
          "custom_branch_policies": true
        }
      },
      "branches": [
        "main"
      ]
    }
    protection
    {
      "environment": {
        "wait_timer": 0,
        "prevent_self_review": false,
        "reviewers": [],
        "deployment_branch_policy": null
      },
      "branches": null
    }
    "#);
}

#[test]
fn what_was_sent_is_as_it_ought_to_be() {
    let file = file();
    let wanted = wanted(&file, &names());
    let (rulesets, environments) = sent(&wanted);

    let plan = compare(wanted, found(&file, &rulesets, &environments));

    assert!(plan.is_settled() && plan.counts().leave == 0, "{plan:#?}");
}

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
fn a_check_counts_by_the_app_that_reports_it() {
    let file = |github: &str| {
        let builds = "[{ check: own }, { check: scan, app: 9 }, { check: b, anyApp: true }, { check: told, required: false }]";
        let text = format!("github: {github}\nbranches: {{ main: {{ builds: {builds} }} }}\n");
        File::read("p.yaml", &text).unwrap()
    };
    let checks = |file: &File, names: &Names| {
        let body = wanted(file, names).remove(0).body;
        body["rules"]["required_status_checks"]["required_status_checks"].clone()
    };
    let server = Names {
        actions: actions("https://github.example.com/api/v3"),
        ..names()
    };

    assert_eq!(
        checks(&file("{}"), &names()),
        json!(["b", "own (app 15368)", "scan (app 9)"])
    );
    assert_eq!(
        checks(&file("{ app: 21 }"), &names()),
        json!(["b", "own (app 21)", "scan (app 9)"])
    );
    assert_eq!(
        checks(&file("{}"), &server),
        json!(["b", "own", "scan (app 9)"])
    );
    assert_eq!(notes(&file("{}"), &names()), []);
    let told = notes(&file("{}"), &server);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].text.contains("may report `own`: name the app"),
        "{told:#?}"
    );
}

#[test]
fn a_check_that_anybody_may_report_differs_from_one_that_an_app_reports() {
    let file = file();
    let wanted = wanted(&file, &names());
    let (mut rulesets, environments) = sent(&wanted);
    let main = rulesets.iter_mut().find(|it| it.name == "dataops: main");
    let rules = main.unwrap().document["rules"].as_array_mut().unwrap();
    let rule = rules
        .iter_mut()
        .find(|it| it["type"] == "required_status_checks");
    let checks = &mut rule.unwrap()["parameters"]["required_status_checks"];
    // The service says so of a check that was chosen without a source.
    *checks = json!([{ "integration_id": null, "context": "validate" }]);

    let plan = compare(wanted, found(&file, &rulesets, &environments));

    let change: Vec<_> = plan.steps.iter().flat_map(|it| &it.changes).collect();
    assert_eq!(change.len(), 1, "{plan:#?}");
    assert_eq!(change[0].before, Some(json!(["validate"])));
    assert_eq!(change[0].after, Some(json!(["validate (app 15368)"])));
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

#[test]
fn what_somebody_has_changed_is_told_and_strangers_stay() {
    let file = file();
    let wanted = wanted(&file, &names());
    let (mut rulesets, mut environments) = sent(&wanted);
    let main = rulesets
        .iter_mut()
        .find(|it| it.name == "dataops: main")
        .unwrap();
    main.document["enforcement"] = json!("evaluate");
    main.document["bypass_actors"] =
        json!([{ "actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always" }]);
    let rules = main.document["rules"].as_array_mut().unwrap();
    rules.retain(|rule| rule["type"] != "deletion");
    let reviews = rules.iter_mut().find(|it| it["type"] == "pull_request");
    reviews.unwrap()["parameters"]["require_extra_approval_for_unattributed_changes"] =
        json!(false);
    let mut theirs = main.clone();
    (theirs.id, theirs.name) = (40, "signed".to_owned());
    let mut wide = theirs.clone();
    wide.id = 41;
    wide.document["conditions"]["ref_name"]["include"] = json!(["~ALL"]);
    let mut tags = theirs.clone();
    (tags.id, tags.document["target"]) = (42, json!("tag"));
    rulesets.extend([theirs, wide, tags]);
    environments[0].reviewers.pop();

    let plan = compare(wanted, found(&file, &rulesets, &environments)).pruned();

    let steps = plan.steps.iter().filter(|it| it.action != Action::Keep);
    let steps: Vec<_> = steps
        .map(|it| {
            let places: Vec<_> = it
                .changes
                .iter()
                .map(|change| change.place.as_str())
                .collect();
            format!(
                "{:?} {} {:?} {}",
                it.action,
                it.title,
                it.id,
                places.join(" ")
            )
        })
        .collect();
    insta::assert_snapshot!(steps.join("\n"), @r#"
    Leave ruleset `signed` Some(41) 
    Change ruleset `dataops: main` Some(2) enforcement rules.deletion rules.pull_request.require_extra_approval_for_unattributed_changes bypass_actors
    Delete ruleset `signed` Some(40) 
    Leave ruleset `signed` Some(41) 
    Leave ruleset `signed` Some(41) 
    Change protection, with approval by platform, @ada None reviewers
    "#);
}

#[test]
fn reviewers_of_paths_are_owners() {
    let lines: Vec<_> = ownerships(&file())
        .iter()
        .map(crate::codeowners::Ownership::line)
        .collect();

    assert_eq!(lines, ["/adf/linkedService/ @contoso/platform @ada"]);
    assert_eq!(people(&file()), ["@ada", "@contoso/platform"].into());
}

#[test]
fn a_pattern_stands_for_the_same_branches_wherever_it_is_named() {
    let text = "\
branches: { hotfix/*: {} }
environments: { prod: { branches: [main, hotfix/*, release-*] } }
identities: [{ gitHubEnvironments: [prod-plan], branches: [hotfix/*] }]
";
    let file = File::read("p.yaml", text).unwrap();
    let wanted = wanted(&file, &names());
    let of = |target: &str| {
        let is = |it: &&Wanted| it.target == Target::Environment(target.to_owned());
        wanted.iter().find(is).unwrap().document["branches"].clone()
    };

    let included = &wanted[1].document["conditions"]["ref_name"]["include"];
    assert_eq!(*included, json!(["refs/heads/hotfix/**/*"]));
    // `*` passes no `/`, and `**/` passes any number of them, none too.
    assert_eq!(
        of("prod"),
        json!(["main", "hotfix/*", "hotfix/**/*", "release-*"])
    );
    assert_eq!(of("prod-plan"), json!(["hotfix/*", "hotfix/**/*"]));
    let notes: Vec<_> = notes(&file, &names())
        .into_iter()
        .map(|note| note.text)
        .collect();
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(
        notes[0].starts_with("`release-*` lets no branch in"),
        "{notes:#?}"
    );
}

#[test]
fn what_github_cannot_be_told_is_told() {
    let notes: Vec<_> = notes(&file(), &names())
        .into_iter()
        .map(|note| note.text)
        .collect();

    insta::assert_snapshot!(notes.join("\n"), @r#"
    GitHub has no rule about work items; a check of your own can ask for a link
    GitHub does not merge in the way `semiLinear`
    the pipeline `ci` names no check, and is left out
    one approval is enough for an environment on GitHub
    on GitHub, `concurrency` of the workflow lets one run at a time deploy
    "#);
}
