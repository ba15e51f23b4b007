//! What is there on GitHub.

use serde_json::Value;

use super::protection::{self, Said};
use super::{Reviewer, creation, ruleset};
use crate::File;
use crate::guard::{Found, Guard, Target};

/// A ruleset, as the service tells it.
#[derive(Clone, Debug)]
pub struct Ruleset {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// All of it.
    pub document: Value,
}

/// An environment that is there.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name, as the file has it.
    pub name: String,
    /// How many minutes a deployment waits.
    pub wait_minutes: u64,
    /// Whether who has started a deployment may not approve it.
    pub prevent_self_review: bool,
    /// Who may approve.
    pub reviewers: Vec<Reviewer>,
    /// The branches that it is deployed to from; nothing where every one is meant.
    pub branches: Option<Vec<String>>,
}

/// What is there about the branches and environments of the file.
#[must_use]
pub fn found(file: &File, rulesets: &[Ruleset], environments: &[Environment]) -> Vec<Found> {
    let mut found = Vec::new();
    for branch in file.settings().branches.keys() {
        found.extend(rulesets.iter().filter_map(|it| about(it, branch)));
    }
    found.extend(environments.iter().map(|environment| {
        let said = Said {
            wait_minutes: environment.wait_minutes,
            prevent_self_review: environment.prevent_self_review,
            reviewers: environment.reviewers.clone(),
            branches: environment.branches.clone(),
        };
        Found {
            target: Target::Environment(environment.name.clone()),
            guard: Guard::Protection,
            id: None,
            title: "protection".to_owned(),
            identities: vec![protection::identity(&environment.name)],
            body: said.body(),
            stays: None,
        }
    }));
    found
}

/// A ruleset as it stands to a branch: ours, by its name, or another one that covers it.
fn about(ruleset: &Ruleset, branch: &str) -> Option<Found> {
    let ours = [ruleset::name(branch), creation::name(branch)].contains(&ruleset.name);
    let included = ruleset.document["conditions"]["ref_name"]["include"].as_array();
    let included: Vec<_> = included
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let reference = ruleset::reference(branch);
    let wide = |name: &&str| matches!(*name, "~ALL" | "~DEFAULT_BRANCH");
    let covers = included.iter().any(|name| *name == reference || wide(name));
    if !ours && (!covers || ruleset.document["target"] != "branch") {
        return None;
    }
    let just = ours || included == [reference.as_str()];
    Some(Found {
        target: Target::Branch(branch.to_owned()),
        guard: Guard::Ruleset,
        id: Some(ruleset.id),
        title: format!("ruleset `{}`", ruleset.name),
        identities: vec![format!("ruleset/{}", ruleset.name)],
        body: ruleset::body(&ruleset.document),
        stays: (!just).then(|| "it is about other branches too".to_owned()),
    })
}
