//! Places in documents that are secrets because of what stands above or beside them.

use std::ops::Range;

use serde_json::{Map, Value};

use super::name::{is_secret_name, is_secret_of_connection};
use super::text::{Secret, SecretKind, apart, keys_in, masked, replaced, secrets_in};
use crate::Kind;

/// Everything below these authorises.
const HEADERS: &str = "authHeaders";
/// Members that name what stands beside them.
const NAMES: [&str; 4] = ["name", "key", "variableName", "parameterName"];
/// Members that hold the value of such a name.
const VALUES: [&str; 3] = ["value", "content", "defaultValue"];
/// Members whose text is code or prose: a name and a `=` in it make no setting.
const CODE: [&str; 3] = ["description", "script", "scriptLines"];
/// What a value can be, which is no secret whatever the value is.
const TYPES: [&str; 16] = [
    "array",
    "azurekeyvaultsecret",
    "bool",
    "boolean",
    "credentialreference",
    "double",
    "expression",
    "float",
    "int",
    "int32",
    "integer",
    "linkedservicereference",
    "object",
    "secureobject",
    "securestring",
    "string",
];

/// What is known of a place in a document: whether the values there are secrets, whatever they look like.
///
/// ```
/// use adf_model::Kind;
/// use adf_model::secret::Secrecy;
/// use serde_json::json;
///
/// let activity = json!({"variableName": "apiToken", "value": "hunter2"});
/// let shown = Secrecy::of(Kind::Pipeline).masked(&activity, "***");
/// assert_eq!(shown, json!({"variableName": "apiToken", "value": "***"}));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Secrecy {
    /// Whether the document says how to reach something: there, more names are those of secrets.
    is_connection: bool,
    is_secret: bool,
    texts: Texts,
}

/// What texts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Texts {
    /// Anything.
    #[default]
    Plain,
    /// Code or prose.
    Code,
    /// Connection strings. One that is no list of settings and no link is a secret as a whole.
    Settings,
}

impl Texts {
    fn below(self, key: &str) -> Self {
        if CODE.contains(&key) {
            Self::Code
        } else if key.to_ascii_lowercase().ends_with("connectionstring") {
            Self::Settings
        } else {
            self
        }
    }
}

impl Secrecy {
    /// What is known of the root of a document.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        let is_connection = matches!(
            kind,
            Kind::LinkedService | Kind::Credential | Kind::IntegrationRuntime
        );
        Self {
            is_connection,
            ..Self::default()
        }
    }

    /// What is known of a member of an object that stands here.
    #[must_use]
    pub fn below(self, object: &Map<String, Value>, key: &str) -> Self {
        Self {
            is_secret: self.is_secret_below(object, key),
            texts: self.texts.below(key),
            ..self
        }
    }

    /// What is known of a place that is this one in one document, and that one in another.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            is_secret: self.is_secret || other.is_secret,
            texts: match self.texts == other.texts {
                true => self.texts,
                false => Texts::Plain,
            },
            ..self
        }
    }

    /// Whether every text and number here is a secret.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.is_secret
    }

    /// A value that stands here with `mask` in the place of each secret.
    #[must_use]
    pub fn masked(self, value: &Value, mask: &str) -> Value {
        self.hide(value, mask, &mut |_| {})
    }

    /// The secrets of a value that stands here, in their order: whole texts and numbers, and parts of texts.
    #[must_use]
    pub fn secrets(self, value: &Value) -> Vec<String> {
        let mut secrets = Vec::new();
        self.hide(value, "", &mut |secret| secrets.push(secret.to_owned()));
        secrets
    }

    fn is_secret_below(self, object: &Map<String, Value>, key: &str) -> bool {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let kind = text("type").unwrap_or_default();
        let is_kind = |other: &str| kind.eq_ignore_ascii_case(other);
        // Where a secret is, is no secret, and neither is of which kind it is.
        let tells_of_value = match key {
            "type" => TYPES.contains(&kind.to_ascii_lowercase().as_str()),
            "referenceName" => kind.ends_with("Reference"),
            "store" | "secretName" | "secretVersion" => is_kind("AzureKeyVaultSecret"),
            _ => false,
        };
        if tells_of_value {
            return false;
        }
        let is_value = VALUES.contains(&key);
        let is_secure = is_kind("SecureString") || is_kind("SecureObject");
        let is_named_so = || {
            let mut names = NAMES.into_iter().filter_map(text);
            names.any(|name| self.is_name(name))
        };
        self.is_secret
            || key == HEADERS
            || self.is_name(key)
            || (is_value && (is_secure || is_named_so()))
    }

    fn is_name(self, name: &str) -> bool {
        match self.is_connection {
            true => is_secret_of_connection(name),
            false => is_secret_name(name),
        }
    }

    fn hide(self, value: &Value, mask: &str, found: &mut dyn FnMut(&str)) -> Value {
        match value {
            Value::Object(object) => {
                let members = object.iter().map(|(key, value)| {
                    let shown = self.below(object, key).hide(value, mask, found);
                    (masked(key, mask).into_owned(), shown)
                });
                Value::Object(members.collect())
            }
            Value::Array(items) => {
                let shown = items.iter().map(|item| self.hide(item, mask, found));
                Value::Array(shown.collect())
            }
            Value::String(text) => match self.shown(text, mask, found) {
                Some(shown) => shown.into(),
                None => value.clone(),
            },
            Value::Number(number) if self.is_secret => {
                found(&number.to_string());
                mask.into()
            }
            other => other.clone(),
        }
    }

    /// Whether a text here can be a secret as a whole.
    pub(super) fn may_be_secret(self) -> bool {
        self.is_secret || self.texts == Texts::Settings
    }

    /// The bytes of a text here that are secrets, where it is none as a whole.
    pub(super) fn parts(self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let secrets = match self.texts {
            Texts::Code => secrets_in_code(text),
            _ => secrets_in(text),
        };
        secrets.into_iter().map(|secret| secret.at)
    }

    /// Whether a text that stands here is a secret as a whole.
    pub(super) fn hides(self, text: &str) -> bool {
        let is_opaque = || !text.contains(['=', '@']) && !text.contains("://");
        let is_secret = self.is_secret || (self.texts == Texts::Settings && is_opaque());
        is_secret && !text.is_empty() && !is_kept_elsewhere(text)
    }

    /// What is shown of a text that stands here; nothing where it has no secret. Tells each secret in it.
    pub(super) fn shown(
        self,
        text: &str,
        mask: &str,
        found: &mut dyn FnMut(&str),
    ) -> Option<String> {
        if self.hides(text) {
            found(text);
            return Some(mask.to_owned());
        }
        let is_code = self.texts == Texts::Code;
        let secrets = match is_code {
            true => secrets_in_code(text),
            false => secrets_in(text),
        };
        for secret in &secrets {
            found(&text[secret.at.clone()]);
        }
        match (secrets.is_empty(), is_code) {
            (true, _) => None,
            (false, true) => Some(replaced(text, &secrets, mask)),
            (false, false) => Some(masked(text, mask).into_owned()),
        }
    }
}

/// The secrets in code: keys wherever they stand, and what is given to a name as a quoted text.
fn secrets_in_code(text: &str) -> Vec<Secret> {
    let mut secrets = secrets_in(text);
    secrets.retain(|secret| {
        let is_setting = matches!(secret.kind, SecretKind::Setting | SecretKind::Field);
        let written = text[secret.at.clone()].trim_start();
        !is_setting || written.starts_with(['\'', '"'])
    });
    secrets.extend(keys_in(text));
    secrets.extend(defaults_in(text));
    apart(&mut secrets);
    secrets
}

/// What parameters of a data flow's script have by default, where they are called as secrets are: `token as string ('…')`.
fn defaults_in(script: &str) -> Vec<Secret> {
    let mut defaults = Vec::new();
    for (at, mark) in script.match_indices(" as ") {
        let before = script[..at].trim_end();
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let name = before.trim_end_matches(is_part).len()..before.len();
        let after = &script[at + mark.len()..];
        let Some(quoted) = after
            .trim_start()
            .trim_start_matches(char::is_alphanumeric)
            .trim_start()
            .strip_prefix('(')
            .map(str::trim_start)
        else {
            continue;
        };
        if let Some(quote @ ('\'' | '"')) = quoted.chars().next()
            && is_secret_name(&script[name.clone()])
        {
            let value = &quoted[1..];
            let mut is_escaped = false;
            let end = value.find(|letter: char| {
                let ends = letter == quote && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
                ends
            });
            let start = script.len() - value.len();
            defaults.push(Secret {
                at: start..start + end.unwrap_or(value.len()),
                name: Some(name),
                kind: SecretKind::Property,
            });
        }
    }
    defaults.retain(|secret| !secret.at.is_empty());
    defaults
}

/// Whether a text is the name of a secret in a scope of Databricks, as `{{secrets/scope/key}}`.
fn is_kept_elsewhere(text: &str) -> bool {
    let inner = text.trim();
    let inner = inner
        .strip_prefix("{{secrets/")
        .and_then(|inner| inner.strip_suffix("}}"));
    inner.is_some_and(|path| !path.contains(['{', '}']))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(kind: Kind, value: &Value) -> Value {
        Secrecy::of(kind).masked(value, "***")
    }

    #[test]
    fn secrets_are_known_by_what_is_above_and_beside_them() {
        let secrets = json!({
            "password": "CANARY",
            "accountKey": {"type": "SecureString", "value": "CANARY"},
            "secretText": {"type": "securestring", "value": {"odd": ["CANARY", 1]}},
            "authHeaders": {"x": "CANARY", "y": {"type": "SecureString", "value": "CANARY"}, "type": "CANARY"},
            "headers": {"Authorization": "CANARY", "x-api-key": "CANARY"},
            "parameters": {"apiToken": {"type": "String", "defaultValue": "CANARY"}},
            "variable": {"variableName": "sqlPwd", "value": "CANARY"},
            "system": [{"key": "token", "value": {"type": "String", "content": "CANARY"}}],
            "userProperties": [{"name": "clientSecret", "value": "CANARY"}],
            "encryptedCredential": "CANARY",
            "url": "https://a.test?sig=CANARY",
            "https://b.test?sig=CANARY": true,
            "script": "password = 'CANARY'",
            "scriptLines": ["parameters{ day as string ('x'), apiToken as string ('CANARY\\\'CANARY') }"],
            "connectionString": "CANARY",
            "serviceBusConnectionString": "Endpoint=sb://s.test/;SharedAccessKey=CANARY",
        });

        for kind in [Kind::Pipeline, Kind::LinkedService] {
            let text = shown(kind, &secrets).to_string();

            assert!(!text.contains("CANARY"), "{text}");
        }
        assert_eq!(Secrecy::default().secrets(&secrets).len(), 19);
    }

    #[test]
    fn what_tells_of_a_secret_is_shown() {
        let harmless = json!({
            "password": {"type": "AzureKeyVaultSecret", "secretName": "sql", "secretVersion": "1", "store":
                {"referenceName": "Vault", "type": "LinkedServiceReference"}},
            "parameters": {"apiToken": {"type": "SecureString"}, "day": {"type": "String", "defaultValue": "x"}},
            "variable": {"variableName": "day", "value": "x"},
            "token": "", "usesToken": true,
            "script": "parameters{ token as string, day as string ('x') } derive(token = upper(token), password = b)",
            "accessKey": "{{secrets/scope/key}}",
        });

        assert_eq!(shown(Kind::Pipeline, &harmless), harmless);
    }

    #[test]
    fn more_names_are_secrets_where_something_is_reached() {
        let value = json!({"typeProperties": {"key": "CANARY"}});

        assert_eq!(shown(Kind::Pipeline, &value), value);
        assert_eq!(
            shown(Kind::LinkedService, &value)["typeProperties"]["key"],
            "***"
        );
    }
}
