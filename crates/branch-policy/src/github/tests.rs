//! What a file means on GitHub, and that nothing is done twice.

mod checks;
mod creation;
mod differences;
mod meaning;

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
