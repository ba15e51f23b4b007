//! What an identity is lent by: the checks of service connections and variable groups.

use std::collections::BTreeSet;

use super::Names;
use super::checks::{self, Subject};
use crate::file::{File, Host};
use crate::guard::{Note, Target, Wanted};
use crate::settings::IdentitySettings;

/// What the checks of an identity guard.
pub(super) fn targets(settings: &IdentitySettings) -> impl Iterator<Item = Target> {
    let connections = settings.connections.iter().cloned().map(Target::Connection);
    let groups = settings.variable_groups.iter().cloned();
    connections.chain(groups.map(Target::VariableGroup))
}

pub(super) fn wanted(file: &File, names: &Names, settings: &IdentitySettings) -> Vec<Wanted> {
    let asked = settings.as_environment();
    let subjects = targets(settings).map(|target| Subject {
        target,
        settings: &asked,
    });
    subjects
        .flat_map(|subject| checks::of(file, names, &subject))
        .collect()
}

/// People who may approve.
pub(super) fn people<'f>(file: &'f File, settings: &'f IdentitySettings) -> BTreeSet<&'f str> {
    let approvers = settings.approvers.iter();
    approvers
        .map(|name| file.called(Host::AzureDevOps, name))
        .collect()
}

/// That something is used from every branch: whoever pushes one has its identity.
pub(super) fn notes(settings: &IdentitySettings) -> Vec<Note> {
    if !settings.branches.is_empty() {
        return Vec::new();
    }
    let note = |target| Note {
        target,
        text: "`branches` is not set: pipelines of every branch may use it".to_owned(),
    };
    targets(settings).map(note).collect()
}
