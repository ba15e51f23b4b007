//! Who may begin a branch of a pattern. Who passes by one rule of a ruleset passes by all of them, so this one stands alone.

use serde_json::{Value, json};

use super::{Names, ruleset};
use crate::file::{File, Host};
use crate::guard::Wanted;
use crate::settings::BranchSettings;

/// The kind of actor that a role in the repository is.
const ROLE: &str = "RepositoryRole";

/// The roles that may begin a branch where nobody is named, by the numbers that GitHub has for them everywhere.
pub(super) const ROLES: [(u64, &str); 2] = [(2, "maintainers"), (5, "administrators")];

/// The name of the ruleset that is ours.
pub(super) fn name(branch: &str) -> String {
    format!("dataops: {branch} (creation)")
}

/// The ruleset; nothing of a branch that is there, or that nobody writes to.
pub(super) fn wanted(
    file: &File,
    names: &Names,
    branch: &str,
    settings: &BranchSettings,
) -> Option<Wanted> {
    let begun = settings.is_begun_anew(branch);
    begun.then(|| {
        let actors = actors(file, names, settings);
        let rules = [json!({ "type": "creation" })];
        ruleset::ours(branch, &name(branch), &actors, &rules)
    })
}

fn actors(file: &File, names: &Names, settings: &BranchSettings) -> Vec<Value> {
    let actor = |kind: &str, id: u64| json!({ "actor_id": id, "actor_type": kind, "bypass_mode": "always" });
    if settings.may_create.is_empty() {
        return ROLES.iter().map(|(id, _)| actor(ROLE, *id)).collect();
    }
    let named = settings.may_create.iter();
    named
        .filter_map(|name| names.people.get(file.called(Host::GitHub, name)))
        .map(|it| actor(&it.kind, it.id))
        .collect()
}

/// Somebody who passes by a ruleset, in a form that can be compared and shown: `Team 7`, and when, where not always.
pub(super) fn actor(value: &Value) -> String {
    let mut parts = vec![value["actor_type"].as_str().unwrap_or_default().to_owned()];
    parts.extend(value["actor_id"].as_u64().map(|id| id.to_string()));
    let mode = value["bypass_mode"].as_str();
    parts.extend(mode.filter(|mode| *mode != "always").map(str::to_owned));
    parts.join(" ")
}

/// What actors are called who are no people: the roles.
pub(super) fn known() -> impl Iterator<Item = (String, String)> {
    ROLES
        .iter()
        .map(|(id, name)| (format!("{ROLE} {id}"), (*name).to_owned()))
}
