//! Text that nobody may see, and how it is put into documents.

use std::fmt;

use adf_model::{Kind, ResourceId};
use serde_json::{Value, json};

use crate::fit::{Fit, Misfit};
use crate::key_vault;
use crate::overrides::{OverrideError, OverridePath};

/// Text that nobody may see: it has no `Display`, is never serialised, and its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What a value of `overrides` says that nobody may see: `{ secret: TEXT }`, or where a Key Vault keeps it,
    /// `{ keyVault: { vault: VAULT, name: NAME } }` and `keyvault://VAULT/NAME`.
    #[must_use]
    pub fn of_setting(value: &Value) -> Option<Self> {
        if let Some(text) = value.as_str() {
            return Some(Self::new(text)).filter(Self::is_address);
        }
        let object = value.as_object().filter(|object| object.len() == 1)?;
        let marked = object.get("secret").and_then(Value::as_str);
        marked
            .map(str::to_owned)
            .or_else(|| key_vault::written(object.get("keyVault")?))
            .map(Self)
    }

    /// The text, for the one place that it is meant for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is no secret itself, but the address of one in a Key Vault.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.0.starts_with(key_vault::SCHEME)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl OverridePath {
    /// Puts a secret there, and tells the JSON pointer of its text. It takes the form of what it replaces; a new property of what says
    /// how to reach something becomes a `SecureString`.
    ///
    /// # Errors
    ///
    /// When the document has no such place, or something there that no text can replace.
    pub fn apply_secret(
        &self,
        document: &mut Value,
        secret: &Secret,
    ) -> Result<String, OverrideError> {
        let value = self.as_secret(document, secret.reveal());
        let inner = if value.is_object() { "/value" } else { "" };
        Ok(self.apply(document, value)? + inner)
    }

    /// What the path and a secret for it are to a document.
    ///
    /// # Errors
    ///
    /// When the document has no such place, or something there that no text can replace.
    pub fn fit_secret<'d>(&self, document: &'d Value, text: &str) -> Result<Fit<'d>, Misfit> {
        self.fit_value(document, &self.as_secret(document, text))
    }

    fn as_secret(&self, document: &Value, text: &str) -> Value {
        let is_open = self.place().last().map(String::as_str) == Some("value");
        let secure = match self.find(document) {
            Some(there) => {
                let kind = there.get("type").and_then(Value::as_str);
                kind.is_some_and(|kind| matches!(kind, "SecureString" | "AzureKeyVaultSecret"))
            }
            None => is_connection(&self.id) && !is_open,
        };
        match secure {
            true => json!({"type": "SecureString", "value": text}),
            false => text.into(),
        }
    }
}

/// Whether the resource says how to reach something.
fn is_connection(id: &ResourceId) -> bool {
    matches!(
        id.kind,
        Kind::LinkedService | Kind::Credential | Kind::IntegrationRuntime
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_takes_the_form_of_what_it_replaces() {
        let document = json!({"properties": {"typeProperties": {
            "text": "old", "secure": {"type": "SecureString", "value": "old"}, "empty": {"type": "SecureString"},
            "vault": {"type": "AzureKeyVaultSecret", "secretName": "n"}, "number": {"other": 1}}}});
        let put = |path: &str| {
            let mut changed = document.clone();
            let path = OverridePath::parse(path).unwrap();
            let pointer = path.apply_secret(&mut changed, &Secret::new("hunter2"))?;
            assert_eq!(changed.pointer(&pointer).unwrap(), "hunter2");
            Ok::<_, OverrideError>(pointer)
        };
        let inner = |name: &str| format!("/properties/typeProperties/{name}/value");

        for (name, pointer) in [
            ("text", "/properties/typeProperties/text".to_owned()),
            ("secure", inner("secure")),
            ("secure.value", inner("secure")),
            ("empty.value", inner("empty")),
            ("vault", inner("vault")),
            ("password", inner("password")),
        ] {
            let path = format!("linkedService.s.typeProperties.{name}");
            assert_eq!(put(&path).unwrap(), pointer, "{name}");
        }
        let plain = put("pipeline.p.typeProperties.password").unwrap();
        assert_eq!(plain, "/properties/typeProperties/password");
        assert!(put("linkedService.s.typeProperties.number").is_err());
    }

    #[test]
    fn a_setting_says_in_three_ways_that_it_is_a_secret() {
        let said = |value: Value| Secret::of_setting(&value).map(|secret| secret.0);

        assert_eq!(said(json!({"secret": "x"})).unwrap(), "x");
        for (value, address) in [
            (json!("keyvault://kv/n"), "keyvault://kv/n"),
            (
                json!({"keyVault": {"vault": "kv", "name": "n"}}),
                "keyvault://kv/n",
            ),
            (
                json!({"keyVault": {"name": "n", "vault": "kv", "version": "0a"}}),
                "keyvault://kv/n/0a",
            ),
            // What lacks a part is still meant as an address, and refused as one.
            (json!({"keyVault": {"vault": "kv"}}), "keyvault://kv/"),
        ] {
            assert_eq!(said(value).unwrap(), address);
        }
        for value in [
            json!("x"),
            json!({"secret": 1}),
            json!({"secret": "x", "other": 1}),
            json!({"keyVault": "kv"}),
            json!({"keyVault": {"vault": "kv", "name": "n", "resourceId": "r"}}),
            json!({"keyVault": {}}),
        ] {
            assert_eq!(said(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let secret = Secret::new("hunter2");

        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.reveal(), "hunter2");
    }
}
