//! What is known about the secrets of a resource.

use super::draft::Entry;
use crate::plan::{SecretPlan, SecretState};
use crate::secret::SecretFound;

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
                    None => SecretState::New,
                    Some(SecretFound::Same) => SecretState::Same,
                    Some(SecretFound::Another) => SecretState::Changed,
                    Some(SecretFound::Unreadable) => SecretState::Unknown,
                },
            }
        })
        .collect()
}
