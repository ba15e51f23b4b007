//! What is known about the secrets of a resource.

use super::draft::Entry;
use crate::plan::{SecretPlan, SecretState};
use crate::request::Request;
use crate::secret::SecretFound;

/// What is known about the secrets that a resource ought to have.
pub(super) fn plan(entry: &Entry<'_>, request: &Request) -> Vec<SecretPlan> {
    let Some(desired) = entry.desired else {
        return Vec::new();
    };
    let key = entry.key();
    let recorded = request.recorded.get(&key).filter(|recorded| {
        let now = entry.live.and_then(|live| live.etag.as_ref());
        recorded.etag.is_none() || recorded.etag.as_ref() == now
    });
    let wanted = desired.prepared.masked.secrets.iter();
    wanted
        .enumerate()
        .map(|(at, secret)| {
            let fingerprint = request
                .fingerprint_key
                .as_ref()
                .filter(|_| secret.value.is_known())
                .map(|hash| hash.fingerprint(&key, secret));
            let before = recorded.and_then(|recorded| recorded.fingerprints.get(&secret.pointer));
            let found = entry
                .compared
                .as_ref()
                .map(|compared| compared.secrets[at].1);
            let state = match (found, before, &fingerprint) {
                (None, _, _) => SecretState::New,
                (Some(SecretFound::Same), _, _) => SecretState::Same,
                (Some(SecretFound::Another), _, _) => SecretState::Changed,
                (Some(SecretFound::Unreadable), Some(before), Some(now)) if before == now => {
                    SecretState::Same
                }
                (Some(SecretFound::Unreadable), Some(_), Some(_)) => SecretState::Changed,
                (Some(SecretFound::Unreadable), _, _) => SecretState::Unknown,
            };
            SecretPlan {
                at: secret.pointer.clone(),
                state,
                fingerprint,
            }
        })
        .collect()
}
