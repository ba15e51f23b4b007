//! Secrets are taken out of documents before anything looks at them: what is compared, shown, hashed and stored has stars.

mod fingerprint;

use std::collections::BTreeSet;
use std::fmt;

use adf_model::Kind;
use adf_model::secret::{is_secret_name, is_secret_of_connection, masked};
use serde_json::{Map, Value};

pub use fingerprint::{Fingerprint, FingerprintKey, RecordedSecrets};

/// What stands in the place of a secret. The service writes the same where it does not give one back.
pub const STARS: &str = "**********";

/// A value that nobody may see.
#[derive(Clone, PartialEq)]
pub(crate) struct Hidden(Value);

impl Hidden {
    /// Whether it is really known, and not already stars.
    pub(crate) fn is_known(&self) -> bool {
        self.0.as_str().is_none_or(|text| !text.contains(STARS))
    }

    /// The value, for a body that is sent and for hashes.
    pub(crate) fn reveal(&self) -> &Value {
        &self.0
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
    /// Takes the secrets out of a document: those that show themselves by their names, types or form, and those at `places`.
    pub(crate) fn of(kind: Kind, mut json: Value, places: &BTreeSet<String>) -> Self {
        let mut mask = Mask {
            is_connection: matches!(
                kind,
                Kind::LinkedService | Kind::Credential | Kind::IntegrationRuntime
            ),
            places,
            pointer: String::new(),
            secrets: Vec::new(),
        };
        mask.value(&mut json, false);
        Self {
            json,
            secrets: mask.secrets,
        }
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
}

/// The JSON pointers of a document's secrets: those that show themselves by their names, types or form.
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

struct Mask<'p> {
    /// Whether the document says how to reach something: there, more names are those of secrets.
    is_connection: bool,
    places: &'p BTreeSet<String>,
    pointer: String,
    secrets: Vec<SecretAt>,
}

impl Mask<'_> {
    /// `named`: whether what the value stands below is called as secrets are.
    fn value(&mut self, value: &mut Value, named: bool) {
        if !self.places.is_empty() && self.places.contains(&self.pointer) {
            return self.hide(value);
        }
        match value {
            Value::Object(object) => self.object(object, named),
            Value::Array(items) => {
                for (at, item) in items.iter_mut().enumerate() {
                    self.below(&at.to_string(), |mask| mask.value(item, named));
                }
            }
            Value::String(text) if named && !text.is_empty() => self.hide(value),
            Value::Number(_) if named => self.hide(value),
            Value::String(text) => {
                if let Some(shown) = without_secrets(text) {
                    let whole = std::mem::replace(value, shown.into());
                    self.found(whole);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, object: &mut Map<String, Value>, named: bool) {
        let kind = object.get("type").and_then(Value::as_str);
        // Where a secret is, is no secret.
        if kind == Some("AzureKeyVaultSecret") {
            return;
        }
        let is_secure = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("SecureString"));
        let is_value_of_secret = object
            .get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| self.is_named(name));
        for (key, value) in object.iter_mut() {
            let is_value = matches!(key.as_str(), "value" | "defaultValue");
            self.below(key, |mask| match () {
                () if is_value && is_secure => mask.hide(value),
                () if is_value => mask.value(value, named || is_value_of_secret),
                // The names beside a value, such as its type.
                () if named && matches!(key.as_str(), "type" | "referenceName") => {}
                () => {
                    let named = mask.is_named(key) || (named && !value.is_string());
                    mask.value(value, named);
                }
            });
        }
    }

    /// Whether a property of this name holds a secret.
    fn is_named(&self, name: &str) -> bool {
        match self.is_connection {
            true => is_secret_of_connection(name),
            false => is_secret_name(name),
        }
    }

    fn below(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer += &key.replace('~', "~0").replace('/', "~1");
        visit(self);
        self.pointer.truncate(length);
    }

    fn hide(&mut self, value: &mut Value) {
        let whole = std::mem::replace(value, STARS.into());
        self.found(whole);
    }

    fn found(&mut self, whole: Value) {
        self.secrets.push(SecretAt {
            pointer: self.pointer.clone(),
            value: Hidden(whole),
        });
    }
}

#[cfg(test)]
mod tests;
