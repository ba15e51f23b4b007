//! What a reader of the plan should know.

use adf_model::{Kind, ResourceId};

use super::draft::{Draft, Entry};
use crate::desired::Desired;
use crate::plan::{Action, Warning};

/// How many inconsistencies are told one by one.
const MOST_TOLD: usize = 50;

/// What a reader of the plan should know.
pub(super) fn warnings(draft: &Draft<'_>, desired: &Desired) -> Vec<Warning> {
    let mut warnings: Vec<_> = draft.entries.iter().filter_map(secrets).collect();
    warnings.extend(draft.entries.iter().filter_map(not_approved));
    warnings.extend(left_behind(draft));
    warnings.extend(unknown_triggers(draft));
    warnings.extend(additions(draft, desired));
    warnings.extend(desired.notes.iter().map(|note| Warning {
        hint: Some(note.hint.clone()),
        ..Warning::new(None, format!("`{}`: {}", note.setting, note.text))
    }));
    warnings
}

/// Properties that overrides add: one that is misspelt changes nothing of what it was meant for.
fn additions(draft: &Draft<'_>, desired: &Desired) -> Vec<Warning> {
    let is_selected = |id: &ResourceId| match draft.entries.binary_search_by(|it| it.id.cmp(id)) {
        Ok(at) => draft.entries[at].is_selected,
        Err(_) => draft.request.selection.selects(id, None),
    };
    let added = desired.added.iter().filter(|added| is_selected(&added.id));
    added
        .map(|added| Warning {
            place: draft.request.places.get(&added.path).cloned(),
            hint: Some(added.addition.hint.clone()),
            ..Warning::new(
                Some((&added.id).into()),
                format!(
                    "the override `{}` adds `{}`, which the document does not have",
                    added.path, added.addition.name
                ),
            )
        })
        .collect()
}

fn warning(entry: &Entry<'_>, text: impl Into<String>) -> Warning {
    Warning::new(Some(entry.key()), text)
}

/// Resources that are put without the secrets that they need.
fn secrets(entry: &Entry<'_>) -> Option<Warning> {
    let desired = &entry.desired?.prepared;
    if !entry.action.puts() {
        return None;
    }
    let mut secrets = desired.masked.secrets.iter();
    if let Some(secret) = secrets.find(|secret| !secret.value.is_known()) {
        let text = format!(
            "the source has only stars at {}: what is put cannot sign in; give the secret by an override",
            secret.pointer
        );
        return Some(warning(entry, text));
    }
    if desired.is_sealed && desired.masked.secrets.is_empty() {
        let text = "its credential is sealed for the source's own factory and is not put; give the secret by an override";
        return Some(warning(entry, text));
    }
    None
}

/// Private endpoints that lead nowhere until the owner of what they lead to approves them.
fn not_approved(entry: &Entry<'_>) -> Option<Warning> {
    let live = entry.live?;
    let status = live.approval.as_deref()?;
    if !entry.is_selected || entry.desired.is_none() || entry.action.puts() {
        return None;
    }
    let owner = live.prepared().text("/properties/privateLinkResourceId");
    let owner = owner.unwrap_or("what it leads to");
    let text = format!(
        "it waits for approval: the owner of {owner} has to approve the private endpoint connection"
    );
    (status == "Pending").then(|| warning(entry, text))
}

/// What is put beside resources that differ too and are left out.
fn left_behind(draft: &Draft<'_>) -> Vec<Warning> {
    if draft.request.selection.is_everything() {
        return Vec::new();
    }
    let differs = |entry: &Entry<'_>| {
        let compared = entry.compared.as_ref();
        let differs = compared.is_some_and(|it| !it.is_same || it.has_other_secret());
        !entry.is_selected && differs
    };
    let mut warnings = Vec::new();
    for (at, entry) in draft.entries.iter().enumerate() {
        if !entry.action.puts() {
            continue;
        }
        for used in &draft.desired.uses[at] {
            let used = &draft.entries[*used];
            if differs(used) {
                let text = format!(
                    "it uses {}, which differs too and is not selected",
                    used.key()
                );
                warnings.push(warning(entry, text));
            }
        }
        for by in &draft.desired.used_by[at] {
            let by = &draft.entries[*by];
            if differs(by) && entry.action != Action::Create {
                let text = format!("{} uses it, differs too, and is not selected", by.key());
                warnings.push(warning(entry, text));
            }
        }
    }
    let more = warnings.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        warnings.truncate(MOST_TOLD);
        let text = format!("{more} more resources differ beside what is put, and are not selected");
        warnings.push(Warning::new(None, text));
    }
    warnings
}

/// Names in the environment's policies that no trigger has.
fn unknown_triggers(draft: &Draft<'_>) -> Vec<Warning> {
    if draft.request.removes.is_some() {
        return Vec::new();
    }
    let triggers: Vec<_> = draft
        .entries
        .iter()
        .filter(|entry| entry.id.kind == Kind::Trigger)
        .map(|entry| entry.id.name.as_str())
        .collect();
    let names = draft.request.triggers.names();
    let unknown = names.filter(|name| !triggers.iter().any(|trigger| name.matches(trigger)));
    unknown
        .map(|name| {
            let text = format!(
                "the environment says whether trigger `{}` runs, and there is none",
                name.text()
            );
            Warning::new(None, text)
        })
        .collect()
}
