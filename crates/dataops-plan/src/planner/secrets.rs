//! What is known about the secrets of a resource.

use adf_diff::Path;

use super::draft::Entry;
use crate::plan::{SecretPlan, SecretState};
use crate::secret::SecretFound;

/// What is known about the secrets that a resource has where something else ought to be, but for what its changes tell.
pub(super) fn others(entry: &Entry<'_>) -> Vec<SecretPlan> {
    let (Some(desired), Some(compared)) = (entry.desired, &entry.compared) else {
        return Vec::new();
    };
    let others = compared.others.iter().filter(|(pointer, _)| {
        let place = Path::of_pointer(&desired.prepared.masked.json, pointer).to_string();
        !entry.changes.iter().any(|change| change.is_about(&place))
    });
    let others = others.map(|(pointer, found)| SecretPlan {
        at: pointer.clone(),
        state: match found {
            SecretFound::Unreadable => SecretState::Unknown,
            _ => SecretState::Changed,
        },
    });
    others.collect()
}

/// What is known about the secrets that a resource ought to have.
pub(super) fn plan(entry: &Entry<'_>) -> Vec<SecretPlan> {
    let Some(desired) = entry.desired else {
        return Vec::new();
    };
    let wanted = desired.prepared.masked.secrets.iter();
    wanted
        .enumerate()
        .map(|(at, secret)| {
            let compared = entry.compared.as_ref();
            let found = compared.map(|compared| compared.secrets[at].1);
            SecretPlan {
                at: secret.pointer.clone(),
                state: match found {
                    None | Some(SecretFound::Missing) => SecretState::New,
                    Some(SecretFound::Same) => SecretState::Same,
                    Some(SecretFound::Another) => SecretState::Changed,
                    Some(SecretFound::Unreadable) => SecretState::Unknown,
                },
            }
        })
        .collect()
}
