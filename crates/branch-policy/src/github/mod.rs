//! What a file means on GitHub, and what is there.

mod creation;
mod found;
mod protection;
mod ruleset;

use std::collections::{BTreeMap, BTreeSet};

use crate::codeowners::Ownership;
use crate::file::{File, Host};
use crate::guard::{Note, Wanted};

pub use found::{Environment, Ruleset, found};

/// A person or a team of GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// `User` or `Team`.
    pub kind: String,
    /// The number.
    pub id: u64,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Who people and teams are, by their names with `@`.
    pub people: BTreeMap<String, Reviewer>,
    /// The app whose checks count where the file names none: [`actions`].
    pub actions: Option<u64>,
}

/// The number of GitHub Actions where the API is at `endpoint`: that of github.com is known, that of an Enterprise Server is its own.
#[must_use]
pub fn actions(endpoint: &str) -> Option<u64> {
    let endpoint = endpoint.trim_end_matches('/');
    endpoint
        .eq_ignore_ascii_case("https://api.github.com")
        .then_some(15_368)
}

/// The app whose checks count.
fn app(file: &File, names: &Names) -> Option<u64> {
    let named = file.settings().github.as_ref().and_then(|it| it.app);
    named.or(names.actions)
}

/// The people and teams who have to be asked for, by their names with `@`.
#[must_use]
pub fn people(file: &File) -> BTreeSet<&str> {
    let environments = file.settings().environments.values();
    let approvers = environments.flat_map(|environment| &environment.approvers);
    let lent = file.settings().identities.iter();
    let lent = lent.filter(|identity| !identity.git_hub_environments.is_empty());
    let branches = file.settings().branches.values();
    approvers
        .chain(lent.flat_map(|identity| &identity.approvers))
        .chain(branches.flat_map(|branch| &branch.may_create))
        .map(|name| file.called(Host::GitHub, name))
        .collect()
}

/// The environments that the file is about.
pub fn environments(file: &File) -> impl Iterator<Item = &str> {
    let environments = file.settings().environments.iter();
    let lent = file.settings().identities.iter();
    let lent = lent.flat_map(|identity| &identity.git_hub_environments);
    environments
        .map(|(name, environment)| environment.on_github(name))
        .chain(lent.map(String::as_str))
}

/// What the file wants.
#[must_use]
pub fn wanted(file: &File, names: &Names) -> Vec<Wanted> {
    let settings = file.settings();
    let app = app(file, names);
    let branches = settings.branches.iter();
    // Who may begin a branch comes first: the rest no longer keeps one from being begun.
    let mut wanted: Vec<_> = branches
        .flat_map(|(name, branch)| {
            let creation = creation::wanted(file, names, name, branch);
            creation
                .into_iter()
                .chain([ruleset::wanted(name, branch, app)])
        })
        .collect();
    let environments = settings.environments.iter();
    wanted.extend(
        environments.map(|(name, it)| protection::wanted(file, names, it.on_github(name), it)),
    );
    for identity in &settings.identities {
        let asked = identity.as_environment();
        let lent = identity.git_hub_environments.iter();
        wanted.extend(lent.map(|name| protection::wanted(file, names, name, &asked)));
    }
    wanted
}

/// What those are called who may pass by a ruleset, and need not be asked for.
pub fn roles() -> impl Iterator<Item = (String, String)> {
    creation::known()
}

/// What GitHub cannot be told.
#[must_use]
pub fn notes(file: &File, names: &Names) -> Vec<Note> {
    let settings = file.settings();
    let app = app(file, names);
    let branches = settings.branches.iter();
    let mut notes: Vec<_> = branches
        .flat_map(|(name, branch)| ruleset::notes(name, branch, app))
        .collect();
    let environments = settings.environments.iter();
    notes.extend(environments.flat_map(|(name, it)| protection::notes(it.on_github(name), it)));
    for identity in &settings.identities {
        let asked = identity.as_environment();
        let lent = identity.git_hub_environments.iter();
        notes.extend(lent.flat_map(|name| protection::notes(name, &asked)));
    }
    notes
}

/// Who owns which paths, as CODEOWNERS has to say it.
#[must_use]
pub fn ownerships(file: &File) -> Vec<Ownership> {
    let branches = file.settings().branches.values();
    let reviewers = branches.flat_map(|branch| &branch.path_reviewers);
    let mut ownerships = Vec::new();
    for reviewers in reviewers.filter(|it| it.required) {
        let owners = reviewers.reviewers.iter();
        let owners: Vec<_> = owners
            .map(|name| file.called(Host::GitHub, name).to_owned())
            .collect();
        // What is taken out again is an owner's affair on GitHub, and has no line of its own.
        for path in reviewers.paths.iter().filter(|path| !path.starts_with('!')) {
            let ownership = Ownership {
                path: path.clone(),
                owners: owners.clone(),
            };
            if !ownerships.contains(&ownership) {
                ownerships.push(ownership);
            }
        }
    }
    ownerships
}

#[cfg(test)]
mod tests;
