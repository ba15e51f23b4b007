//! What is done with each resource of the source.

use adf_model::Kind;

use super::draft::{Draft, Entry};
use super::secrets;
use crate::changes::changes;
use crate::concealed;
use crate::live::LiveResource;
use crate::plan::{Action, Because, SecretState};
use crate::request::Request;

/// What of a tumbling window trigger the service changes only by deleting it.
const WINDOW: [&str; 3] = ["startTime", "frequency", "interval"];

/// Decides what is done with the resources that ought to be.
pub(super) fn decide(draft: &mut Draft<'_>) {
    for entry in &mut draft.entries {
        if entry.desired.is_none() || !entry.is_selected {
            continue;
        }
        entry.secrets = secrets::plan(entry);
        let because = (entry.because != Because::NotSelected).then(|| entry.because.clone());
        let (action, why) = of(entry, draft.request);
        entry.action = action;
        entry.because = because.unwrap_or(why);
    }
}

fn of(entry: &mut Entry<'_>, request: &Request) -> (Action, Because) {
    let Some(compared) = &entry.compared else {
        return (Action::Create, Because::Missing);
    };
    let is_same = compared.is_same;
    if !is_same {
        entry.changes = changes(entry.id.kind, compared);
        if let Some(desired) = entry.desired {
            concealed::hide(&mut entry.changes, &desired.prepared);
        }
    }
    entry.secrets.extend(secrets::others(entry));
    if !entry.changes.is_empty() {
        let fixed = immutable(entry);
        return match fixed.is_empty() {
            true => (Action::Update, Because::Differs),
            false => (Action::Replace, Because::Immutable(fixed)),
        };
    }
    if let Some(status) = entry.live.and_then(LiveResource::refused) {
        return (Action::Replace, Because::Refused(status.to_owned()));
    }
    let has = |state: SecretState| entry.secrets.iter().any(|secret| secret.state == state);
    match () {
        () if has(SecretState::Changed) || has(SecretState::New) => {
            (Action::Update, Because::SecretDiffers)
        }
        () if has(SecretState::Unknown) && request.put_secrets => {
            (Action::Update, Because::SecretsAsked)
        }
        () if has(SecretState::Unknown) => (Action::Unchanged, Because::SameButSecrets),
        () if is_same => (Action::Unchanged, Because::Same),
        () => (Action::Unchanged, Because::SameMeaning),
    }
}

/// The properties that differ and that the service does not change in place.
fn immutable(entry: &Entry<'_>) -> Vec<String> {
    let paths = entry.changes.iter().map(|change| change.path.as_str());
    let is_window = |path: &&str| {
        let last = path.strip_prefix("typeProperties.");
        last.is_some_and(|last| WINDOW.contains(&last))
    };
    let is_tumbling = |kind: &str| kind == "TumblingWindowTrigger";
    let both_tumbling = entry
        .desired
        .is_some_and(|desired| is_tumbling(desired.prepared.type_name()))
        && entry
            .live
            .is_some_and(|live| is_tumbling(live.prepared().type_name()));
    let fixed: Vec<_> = match entry.id.kind {
        Kind::ManagedPrivateEndpoint => paths.collect(),
        Kind::Trigger if both_tumbling => paths.filter(is_window).collect(),
        _ => Vec::new(),
    };
    fixed.into_iter().map(str::to_owned).collect()
}
