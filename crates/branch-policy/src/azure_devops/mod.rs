//! What a file means on Azure DevOps, and what is there.

mod branches;
mod checks;
mod creation;
mod found;
mod resources;
mod scope;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::canonical::is_guid;
use crate::file::{File, Host};
use crate::guard::{Note, Target, Wanted};
use crate::pattern::is_pattern;
use crate::settings::Writes;

pub use found::{Check, Policy, found};

/// What has to be asked for before it is known what is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs<'f> {
    /// People and groups, as the service calls them.
    pub people: BTreeSet<&'f str>,
    /// Pipelines.
    pub pipelines: BTreeSet<&'f str>,
    /// Branches that are locked where they are there.
    pub locked: BTreeSet<&'f str>,
    /// Environments.
    pub environments: BTreeSet<&'f str>,
    /// Service connections and variable groups.
    pub resources: BTreeSet<Target>,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The repository's id.
    pub repository: String,
    /// Its default branch, as `refs/heads/main`.
    pub default_branch: Option<String>,
    /// The ids of people and groups.
    pub people: BTreeMap<String, String>,
    /// The ids of pipelines.
    pub pipelines: BTreeMap<String, u64>,
    /// The branches that are there, of those that are locked, and whether they are.
    pub branches: BTreeMap<String, bool>,
}

impl Names {
    fn person(&self, name: &str) -> String {
        let id = self.people.get(name).map_or(name, String::as_str);
        id.to_ascii_lowercase()
    }
}

/// What has to be asked for.
#[must_use]
pub fn needs(file: &File) -> Needs<'_> {
    let mut needs = Needs::default();
    let settings = file.settings();
    for (name, branch) in &settings.branches {
        let reviewers = branch.path_reviewers.iter().flat_map(|it| &it.reviewers);
        needs
            .people
            .extend(reviewers.map(|name| file.called(Host::AzureDevOps, name)));
        let pipelines = branch.builds.iter().filter_map(|it| it.pipeline.as_deref());
        needs.pipelines.extend(pipelines);
        if branch.writes == Writes::Nobody && !is_pattern(name) {
            needs.locked.insert(name);
        }
    }
    for (name, environment) in &settings.environments {
        let approvers = environment.approvers.iter();
        needs
            .people
            .extend(approvers.map(|name| file.called(Host::AzureDevOps, name)));
        needs
            .environments
            .insert(environment.on_azure_dev_ops(name));
    }
    for identity in &settings.identities {
        needs.people.extend(resources::people(file, identity));
        needs.resources.extend(resources::targets(identity));
    }
    // An id need not be asked for.
    needs.people.retain(|name| !is_guid(name));
    needs
}

/// What the file wants.
#[must_use]
pub fn wanted(file: &File, names: &Names) -> Vec<Wanted> {
    let settings = file.settings();
    let branches = settings.branches.iter();
    let mut wanted: Vec<_> = branches
        .flat_map(|(name, branch)| branches::wanted(file, names, name, branch))
        .collect();
    for (name, environment) in &settings.environments {
        let name = environment.on_azure_dev_ops(name);
        wanted.extend(checks::wanted(file, names, name, environment));
    }
    for identity in &settings.identities {
        wanted.extend(resources::wanted(file, names, identity));
    }
    wanted
}

/// What Azure DevOps cannot be told.
#[must_use]
pub fn notes(file: &File, names: &Names) -> Vec<Note> {
    let settings = file.settings();
    let branches = settings.branches.iter();
    let mut notes: Vec<_> = branches
        .flat_map(|(name, branch)| branches::notes(file, names, name, branch))
        .collect();
    for (name, environment) in &settings.environments {
        notes.extend(checks::notes(
            environment.on_azure_dev_ops(name),
            environment,
        ));
    }
    notes.extend(settings.identities.iter().flat_map(resources::notes));
    notes
}

/// Ids of people in a value, in the order that means the same.
fn ids(value: &Value) -> Value {
    let id = |item: &Value| match item {
        Value::Object(member) => member.get("id").cloned().unwrap_or_default(),
        other => other.clone(),
    };
    let items = value.as_array().into_iter().flatten();
    let mut ids = crate::canonical::canonical(&items.map(id).collect());
    crate::canonical::sorted(&mut ids);
    ids
}

#[cfg(test)]
mod tests;
