//! The protection of an environment.

use serde_json::{Value, json};

use super::{Names, Reviewer};
use crate::file::{File, Host};
use crate::guard::{Guard, Note, Target, Wanted};
use crate::pattern;
use crate::settings::EnvironmentSettings;

/// The most reviewers of an environment.
const MOST: usize = 6;

/// What an environment says, in a form that can be compared.
pub(super) struct Said {
    pub(super) wait_minutes: u64,
    pub(super) prevent_self_review: bool,
    pub(super) reviewers: Vec<Reviewer>,
    /// The branches; nothing where every one is meant.
    pub(super) branches: Option<Vec<String>>,
}

impl Said {
    pub(super) fn body(&self) -> Value {
        let mut reviewers: Vec<_> = self
            .reviewers
            .iter()
            .map(|it| format!("{} {}", it.kind, it.id))
            .collect();
        reviewers.sort();
        reviewers.dedup();
        let mut branches = self.branches.clone().unwrap_or_default();
        branches.sort();
        // Only where somebody reviews can one be kept from it.
        let prevent = self.prevent_self_review && !reviewers.is_empty();
        crate::canonical::canonical(&json!({
            "waitMinutes": Some(self.wait_minutes).filter(|minutes| *minutes > 0),
            "preventSelfReview": prevent,
            "reviewers": reviewers,
            "branches": branches,
        }))
    }
}

pub(super) fn identity(name: &str) -> String {
    format!("environment/{}", name.to_lowercase())
}

/// What GitHub lets in for the names of the file. A `*` of GitHub passes no `/`, and `hotfix/*` of the file stands for `hotfix/a/b` too.
fn patterns(branches: &[String]) -> Vec<String> {
    let deep = |branch: &String| pattern::folder(branch).map(|folder| format!("{folder}/**/*"));
    branches
        .iter()
        .flat_map(|branch| [Some(branch.clone()), deep(branch)])
        .flatten()
        .collect()
}

pub(super) fn wanted(
    file: &File,
    names: &Names,
    name: &str,
    settings: &EnvironmentSettings,
) -> Wanted {
    let people = settings.approvers.iter();
    let reviewers: Vec<_> = people
        .filter_map(|name| names.people.get(file.called(Host::GitHub, name)))
        .cloned()
        .collect();
    let said = Said {
        wait_minutes: settings
            .wait
            .map_or(0, |time| time.length().as_secs().div_ceil(60)),
        prevent_self_review: !settings.self_approval && !reviewers.is_empty(),
        branches: Some(patterns(&settings.branches)).filter(|branches| !branches.is_empty()),
        reviewers,
    };
    let listed = json!({ "protected_branches": false, "custom_branch_policies": true });
    let reviewers: Vec<_> = said
        .reviewers
        .iter()
        .map(|it| json!({ "type": it.kind, "id": it.id }))
        .collect();
    let document = json!({
        "environment": {
            "wait_timer": said.wait_minutes,
            "prevent_self_review": said.prevent_self_review,
            "reviewers": reviewers,
            "deployment_branch_policy": said.branches.as_ref().map(|_| listed),
        },
        "branches": said.branches,
    });
    Wanted {
        target: Target::Environment(name.to_owned()),
        guard: Guard::Protection,
        title: match settings.approvers.as_slice() {
            [] => "protection".to_owned(),
            approvers => format!("protection, with approval by {}", approvers.join(", ")),
        },
        identities: vec![identity(name)],
        body: said.body(),
        document,
    }
}

pub(super) fn notes(name: &str, settings: &EnvironmentSettings) -> Vec<Note> {
    let mut texts = Vec::new();
    if settings.minimum.is_some_and(|minimum| minimum > 1) {
        texts.push("one approval is enough for an environment on GitHub".to_owned());
    }
    if settings.approvers.len() > MOST {
        texts.push(format!(
            "GitHub takes {MOST} approvers at most; name a team"
        ));
    }
    if settings.one_at_a_time {
        let text = "on GitHub, `concurrency` of the workflow lets one run at a time deploy";
        texts.push(text.to_owned());
    }
    let names = settings.branches.iter();
    let stars = names.filter(|name| pattern::folder(name).unwrap_or(name).contains('*'));
    texts.extend(stars.map(|name| {
        format!("`{name}` lets no branch in on GitHub that has a `/` where `*` is; `/*` at the end stands for all of a folder")
    }));
    let note = |text| Note {
        target: Target::Environment(name.to_owned()),
        text,
    };
    texts.into_iter().map(note).collect()
}
