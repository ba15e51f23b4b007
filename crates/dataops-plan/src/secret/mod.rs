//! Secrets are taken out of documents before anything looks at them: what is compared, shown, hashed and stored has stars.

mod address;
mod beside;
mod found;
mod settings;
mod trace;

use std::collections::BTreeSet;
use std::fmt;

use adf_model::Kind;
use adf_model::secret::{Secrecy, masked};
use serde_json::Value;

pub(crate) use address::Address;
pub(crate) use beside::{Concealing, Rest, SecretFound, beside, is_concealed};
pub(crate) use found::{Found, found};
pub(crate) use settings::{open_parts, spell_alike};
pub use trace::SecretTrace;

/// What stands in the place of a secret. The service writes the same where it does not give one back.
pub const STARS: &str = "**********";

/// A value that nobody may see.
#[derive(Clone, PartialEq)]
pub(crate) struct Hidden(Value);

impl Hidden {
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }

    /// Whether it is really known, and not already stars.
    pub(crate) fn is_known(&self) -> bool {
        is_known(&self.0)
    }

    /// The value, for a body that is sent and for hashes.
    pub(crate) fn reveal(&self) -> &Value {
        &self.0
    }
}

/// Whether the service has put stars nowhere in a value.
fn is_known(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(STARS),
        Value::Object(_) | Value::Array(_) => !value.to_string().contains(STARS),
        _ => true,
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(STARS)
    }
}

/// A secret, and the JSON pointer of its place.
#[derive(Clone, Debug)]
pub(crate) struct SecretAt {
    pub(crate) pointer: String,
    pub(crate) value: Hidden,
}

/// A document whose secrets have been taken out.
#[derive(Clone, Debug)]
pub(crate) struct Masked {
    pub(crate) json: Value,
    pub(crate) secrets: Vec<SecretAt>,
}

impl Masked {
    /// Takes the secrets out of a document: those that show themselves, and those at `places`.
    pub(crate) fn of(kind: Kind, mut json: Value, places: &BTreeSet<String>) -> Self {
        let taken = Secrecy::of(kind).take(&mut json, STARS, places);
        let secrets = taken.into_iter().map(|taken| SecretAt {
            pointer: taken.pointer,
            value: Hidden(taken.value),
        });
        Self {
            secrets: secrets.collect(),
            json,
        }
    }

    /// The same document in which what stands at some more places is secret too, each as a whole.
    pub(crate) fn concealing(&self, kind: Kind, places: &BTreeSet<String>) -> Self {
        Self::of(kind, self.reveal(), places)
    }

    /// The document as it was.
    pub(crate) fn reveal(&self) -> Value {
        let mut json = self.json.clone();
        for secret in &self.secrets {
            if let Some(place) = json.pointer_mut(&secret.pointer) {
                *place = secret.value.0.clone();
            }
        }
        json
    }

    /// The places of which nothing is shown.
    pub(crate) fn covered(&self) -> impl Iterator<Item = &SecretAt> {
        let secrets = self.secrets.iter();
        secrets.filter(|secret| {
            self.json.pointer(&secret.pointer).and_then(Value::as_str) == Some(STARS)
        })
    }
}

/// The JSON pointers of a document's secrets: those that show themselves by what stands above or beside them, or by their form.
#[must_use]
pub fn secret_places(kind: Kind, document: &Value) -> BTreeSet<String> {
    let masked = Masked::of(kind, document.clone(), &BTreeSet::new());
    let secrets = masked.secrets.into_iter();
    secrets.map(|secret| secret.pointer).collect()
}

/// The text with stars in the places of its secrets; nothing where it has none.
#[must_use]
pub fn without_secrets(text: &str) -> Option<String> {
    let shown = masked(text, STARS);
    // Stars of the service are a secret that is not known.
    (shown != text || shown.contains(STARS)).then(|| shown.into_owned())
}

#[cfg(test)]
mod tests;
