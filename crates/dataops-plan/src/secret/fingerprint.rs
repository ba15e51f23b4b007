//! Keyed hashes of secrets: whether a secret is the one that was deployed last can be told without keeping it.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::SecretAt;
use crate::digest::hex;
use crate::key::ResourceKey;

/// The key of fingerprints. It must stand apart from them: whoever has both can try weak secrets.
#[derive(Clone)]
pub struct FingerprintKey(Vec<u8>);

impl FingerprintKey {
    /// A key.
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        Self(key.into())
    }

    /// The fingerprint of a secret in its place.
    pub(crate) fn fingerprint(&self, resource: &ResourceKey, secret: &SecretAt) -> Fingerprint {
        let mut hash =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length is accepted");
        let place = resource.to_string().to_lowercase();
        for part in [place.as_bytes(), secret.pointer.as_bytes()] {
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(secret.value.reveal().to_string().as_bytes());
        Fingerprint(hex(&hash.finalize().into_bytes()))
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FingerprintKey(…)")
    }
}

/// A keyed hash of a secret (HMAC-SHA-256).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// What was recorded of the secrets of a resource when it was deployed last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordedSecrets {
    /// The entity tag that the resource had then. A resource with another one was written by somebody else since: its secrets are
    /// not known.
    pub etag: Option<String>,
    /// The fingerprints, by JSON pointer.
    pub fingerprints: BTreeMap<String, Fingerprint>,
}
