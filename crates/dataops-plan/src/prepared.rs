//! A document ready to be compared: its secrets taken out, its normal form, the digest of that.

use std::collections::BTreeSet;

use adf_model::Kind;
use serde_json::Value;

use crate::digest::Digest;
use crate::normal::normal;
use crate::secret::Masked;

/// Where the service puts a credential that it has sealed. It opens in one factory only, so nobody writes or compares it.
pub(crate) const SEALED: &str = "/properties/typeProperties/encryptedCredential";

/// A document ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) kind: Kind,
    pub(crate) masked: Masked,
    pub(crate) normal: Value,
    pub(crate) digest: Digest,
    /// Whether a credential is in it that the service has sealed for one factory.
    pub(crate) is_sealed: bool,
}

impl Prepared {
    /// Prepares a document whose secrets show themselves, or stand at `places`.
    pub(crate) fn of(kind: Kind, json: Value, places: &BTreeSet<String>) -> Self {
        Self::from_masked(kind, Masked::of(kind, json, places))
    }

    /// The same document in which what stands at some more places is secret too.
    pub(crate) fn concealing(&self, places: &BTreeSet<String>) -> Self {
        Self::from_masked(self.kind, self.masked.concealing(self.kind, places))
    }

    fn from_masked(kind: Kind, mut masked: Masked) -> Self {
        let normal = normal(kind, &masked.json);
        let digest = Digest::of_json(&normal);
        let is_sealed = masked.json.pointer(SEALED).is_some();
        masked.secrets.retain(|secret| secret.pointer != SEALED);
        Self {
            kind,
            is_sealed,
            masked,
            digest,
            normal,
        }
    }

    /// A text in the document.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.masked.json.pointer(pointer)?.as_str()
    }

    /// The type, such as `BlobEventsTrigger`.
    pub(crate) fn type_name(&self) -> &str {
        self.text("/properties/type").unwrap_or_default()
    }

    /// The folder that the user interface shows it in.
    pub(crate) fn folder(&self) -> Option<&str> {
        self.text("/properties/folder/name")
    }
}
