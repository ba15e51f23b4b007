//! Rulesets and environments of GitHub, and CODEOWNERS.

use std::collections::BTreeMap;

use branch_policy::github::{self, Environment, Names, Reviewer, Ruleset};
use branch_policy::{Action, File, Guard, Step, Target, compare};
use github_client::ServiceErrorExt;
use github_client::models::{BranchPolicyKind, NewEnvironment, NewReviewer};
use serde_json::Value;

use super::{Seen, file};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosting::github::{Repository, failure, repository};

/// A repository on GitHub.
pub(super) struct Hosted {
    pub(super) repository: Repository,
}

impl Hosted {
    pub(super) fn of(context: &Context, file: &File) -> Result<Self, Failure> {
        let settings = file.settings().github.clone().unwrap_or_default();
        let repository = repository(context, &settings)?;
        Ok(Self { repository })
    }

    pub(super) async fn see(&self, file: &File) -> Result<Seen, Failure> {
        let (rulesets, environments, people) =
            tokio::try_join!(self.rulesets(), self.environments(file), self.people(file))?;
        let names = Names {
            people,
            actions: github::actions(&self.repository.api),
        };
        let wanted = github::wanted(file, &names);
        let mut plan = compare(wanted, github::found(file, &rulesets, &environments));
        plan.notes = github::notes(file, &names);
        let shown = |(name, it): (String, Reviewer)| (format!("{} {}", it.kind, it.id), name);
        Ok(Seen {
            plan,
            names: names
                .people
                .into_iter()
                .map(shown)
                .chain(github::roles())
                .collect(),
            codeowners: file::codeowners(file, &github::ownerships(file)),
        })
    }

    async fn rulesets(&self) -> Result<Vec<Ruleset>, Failure> {
        let rulesets = self.repository.client.rulesets();
        let mut all = Vec::new();
        for summary in rulesets.list(None).await.map_err(failure)? {
            let found = rulesets.get(summary.id, None).await.map_err(failure)?;
            all.push(Ruleset {
                id: found.id,
                name: found.name,
                document: found.document,
            });
        }
        Ok(all)
    }

    async fn environments(&self, file: &File) -> Result<Vec<Environment>, Failure> {
        let environments = self.repository.client.environments();
        let mut all = Vec::new();
        for name in github::environments(file) {
            let Some(found) = environments.get(name, None).await.map_err(failure)? else {
                continue;
            };
            let listed = found.deployment_branch_policy;
            let branches = match listed.filter(|kind| kind.custom_branch_policies) {
                Some(_) => {
                    let branches = environments.branches(name, None).await.map_err(failure)?;
                    Some(branches.into_iter().map(|branch| branch.name).collect())
                }
                // Those that are protected are neither every one nor listed.
                None => listed.map(|_| vec!["every protected branch".to_owned()]),
            };
            let rules = &found.protection_rules;
            let reviewers = rules.iter().flat_map(|rule| &rule.reviewers);
            all.push(Environment {
                name: name.to_owned(),
                wait_minutes: rules.iter().find_map(|it| it.wait_timer).unwrap_or(0),
                prevent_self_review: rules.iter().any(|it| it.prevent_self_review == Some(true)),
                reviewers: reviewers
                    .map(|it| Reviewer {
                        kind: it.kind.clone(),
                        id: it.reviewer.id,
                    })
                    .collect(),
                branches,
            });
        }
        Ok(all)
    }

    /// Who people and teams are. One that is not there is refused: nobody else must approve.
    async fn people(&self, file: &File) -> Result<BTreeMap<String, Reviewer>, Failure> {
        let owners = self.repository.client.owners();
        let mut people = BTreeMap::new();
        for name in github::people(file) {
            let bare = name.strip_prefix('@').ok_or_else(|| {
                let message = format!("`{name}` is nobody on GitHub");
                file::mentioned(file, name, message)
                    .hint("write `@user` or `@organization/team`, or say under `people` who it is")
            })?;
            let (kind, found) = match bare.split_once('/') {
                Some((organization, team)) => ("Team", owners.team(organization, team, None).await),
                None => ("User", owners.user(bare, None).await),
            };
            let found = found.map_err(|error| match error.is_not_found() {
                true => file::mentioned(file, name, format!("GitHub knows no `{name}`")).hint(
                    "check the name; teams are seen only with a token that has `Members: read`",
                ),
                false => failure(error),
            })?;
            let kind = kind.to_owned();
            people.insert(name.to_owned(), Reviewer { kind, id: found.id });
        }
        Ok(people)
    }

    pub(super) async fn perform(&self, step: &Step) -> Result<(), Failure> {
        let rulesets = self.repository.client.rulesets();
        let sent = match (&step.guard, step.action, step.id, &step.target) {
            (Guard::Ruleset, Action::Create, _, _) => {
                rulesets.create(&step.document, None).await.map(|_| ())
            }
            (Guard::Ruleset, Action::Change, Some(id), _) => {
                rulesets.replace(id, &step.document, None).await.map(|_| ())
            }
            (Guard::Ruleset, Action::Delete, Some(id), _) => rulesets.delete(id, None).await,
            (Guard::Protection, Action::Create | Action::Change, _, Target::Environment(name)) => {
                return self.protect(name, &step.document).await;
            }
            _ => {
                let message = format!("`{}` is no step of GitHub", step.title);
                return Err(Failure::new(Exit::Bug, message));
            }
        };
        sent.map_err(failure)
    }

    async fn protect(&self, name: &str, document: &Value) -> Result<(), Failure> {
        let environments = self.repository.client.environments();
        let wanted = environment(&document["environment"]);
        environments
            .put(name, &wanted, None)
            .await
            .map_err(failure)?;
        let Some(branches) = document["branches"].as_array() else {
            return Ok(());
        };
        let branches: Vec<_> = branches.iter().filter_map(Value::as_str).collect();
        let there = environments.branches(name, None).await.map_err(failure)?;
        for branch in &branches {
            if !there.iter().any(|found| found.name == *branch) {
                let added = environments.add_branch(name, branch, None).await;
                added.map_err(failure)?;
            }
        }
        for found in &there {
            if !branches.contains(&found.name.as_str()) {
                let removed = environments.remove_branch(name, found.id, None).await;
                removed.map_err(failure)?;
            }
        }
        Ok(())
    }
}

fn environment(document: &Value) -> NewEnvironment {
    let reviewers = document["reviewers"].as_array().into_iter().flatten();
    let reviewer = |it: &Value| NewReviewer {
        kind: it["type"].as_str().unwrap_or_default().to_owned(),
        id: it["id"].as_u64().unwrap_or_default(),
    };
    let policy = &document["deployment_branch_policy"];
    NewEnvironment {
        wait_timer: document["wait_timer"].as_u64().unwrap_or_default(),
        prevent_self_review: document["prevent_self_review"] == Value::Bool(true),
        reviewers: reviewers.map(reviewer).collect(),
        deployment_branch_policy: (!policy.is_null()).then(|| BranchPolicyKind {
            protected_branches: policy["protected_branches"] == Value::Bool(true),
            custom_branch_policies: policy["custom_branch_policies"] == Value::Bool(true),
        }),
    }
}
