//! What a file means: rulesets, protections of environments, owners, and what GitHub cannot be told.

use super::*;

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
