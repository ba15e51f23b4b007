//! What is there on Azure DevOps.

use serde_json::{Value, json};

use super::scope::{About, about};
use super::{Names, branches, checks};
use crate::File;
use crate::guard::{Found, Guard, Target};

/// A policy, as the service tells it.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its number.
    pub id: u64,
    /// Whether it is in force.
    pub enabled: bool,
    /// Whether it keeps out what does not satisfy it.
    pub blocking: bool,
    /// Its type's id, in lower case.
    pub kind: String,
    /// Its type's name.
    pub kind_name: String,
    /// What it says, with its `scope`.
    pub settings: Value,
}

/// A check, as the service tells it.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its number.
    pub id: u64,
    /// Its type's id.
    pub kind: String,
    /// Its type's name.
    pub kind_name: String,
    /// What it says.
    pub settings: Value,
    /// How many minutes it is waited for.
    pub timeout: Option<u64>,
}

/// What is there about the file. `policies` are those of the project, `checks` those of each environment, service connection and variable
/// group that is there.
#[must_use]
pub fn found(
    file: &File,
    names: &Names,
    policies: &[Policy],
    checks: &[(Target, Vec<Check>)],
) -> Vec<Found> {
    let mut found = Vec::new();
    for branch in file.settings().branches.keys() {
        found.extend(policies.iter().filter_map(|it| policy(it, branch, names)));
        if names.branches.get(branch) == Some(&true) {
            found.push(lock(branch));
        }
    }
    for (target, checks) in checks {
        if let Target::Environment(environment) = target {
            found.push(Found {
                target: target.clone(),
                guard: Guard::Environment,
                id: None,
                title: "the environment".to_owned(),
                identities: vec![format!("environment/{}", environment.to_lowercase())],
                body: json!({}),
                stays: None,
            });
        }
        found.extend(checks.iter().map(|it| check(it, target)));
    }
    found
}

fn policy(policy: &Policy, branch: &str, names: &Names) -> Option<Found> {
    let default = names.default_branch.as_deref();
    let stays = match about(&policy.settings, branch, &names.repository, default) {
        About::Just => None,
        About::More(why) => Some(why),
        About::Else => return None,
    };
    Some(Found {
        target: Target::Branch(branch.to_owned()),
        guard: Guard::Policy,
        id: Some(policy.id),
        title: described(policy),
        identities: branches::identities(&policy.kind, branch, &policy.settings),
        body: branches::body(
            &policy.kind,
            policy.enabled,
            policy.blocking,
            &policy.settings,
        ),
        stays,
    })
}

/// What a policy is called: its type, and what tells it from others of it.
fn described(policy: &Policy) -> String {
    let name = match policy.kind_name.as_str() {
        "" => policy.kind.as_str(),
        name => name,
    };
    let settings = &policy.settings;
    let texts = |key: &str| {
        let items = settings[key].as_array().into_iter().flatten();
        items
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let own = settings["displayName"]
        .as_str()
        .or(settings["statusName"].as_str());
    let own = own.map(|own| format!(" `{own}`")).unwrap_or_default();
    let paths = Some(texts("filenamePatterns")).filter(|paths| !paths.is_empty());
    let paths = paths
        .map(|paths| format!(" for {paths}"))
        .unwrap_or_default();
    format!("{name}{own}{paths}")
}

fn lock(branch: &str) -> Found {
    Found {
        target: Target::Branch(branch.to_owned()),
        guard: Guard::Lock,
        id: None,
        title: "locked".to_owned(),
        identities: vec![format!("lock/{branch}")],
        body: json!({ "isLocked": true }),
        stays: None,
    }
}

fn check(check: &Check, target: &Target) -> Found {
    let kind = checks::kind(&check.kind, &check.settings);
    let own = check.settings["displayName"].as_str();
    let name = match (own, check.kind_name.as_str()) {
        (Some(own), _) if !own.is_empty() => own,
        (_, "") => &kind,
        (_, name) => name,
    };
    Found {
        target: target.clone(),
        guard: Guard::Check,
        id: Some(check.id),
        title: name.to_owned(),
        identities: vec![checks::identity(target, &kind)],
        body: checks::body(&kind, &check.settings, check.timeout),
        stays: None,
    }
}
