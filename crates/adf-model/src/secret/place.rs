//! Places in documents that are secrets because of what stands above or beside them.

use std::ops::Range;

use serde_json::{Map, Value};

use super::name::{is_connection_string_name, is_secret_name, is_secret_of_connection};
use super::text::{Secret, SecretKind, apart, keys_in, masked, replaced, secrets_in};
use crate::Kind;

/// Everything below these authorises.
const HEADERS: &str = "authHeaders";
/// Members that name what stands beside them, in any case.
const NAMES: [&str; 4] = ["name", "key", "variableName", "parameterName"];
/// Members that hold the value of such a name, in any case.
const VALUES: [&str; 3] = ["value", "content", "defaultValue"];
/// Members whose text is code or prose: a name and a `=` in it make no setting.
const CODE: [&str; 3] = ["description", "script", "scriptLines"];
/// What an activity sends.
const SENT: &str = "body";
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
    /// Whether nobody may see what the activity above is given.
    is_secure_input: bool,
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
    /// What nobody may see. A text that is no expression is a secret as a whole.
    Sent,
}

impl Texts {
    fn below(self, key: &str) -> Self {
        if CODE.contains(&key) {
            Self::Code
        } else if is_connection_string_name(key) {
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
        if tells_of_value(object, key) {
            return Self {
                is_secret: false,
                texts: Texts::Plain,
                ..self
            };
        }
        let texts = match self.is_secure_input && key == SENT {
            true => Texts::Sent,
            false => self.texts.below(key),
        };
        Self {
            is_secret: self.is_secret_below(object, key),
            is_secure_input: self.is_secure_input
                || (key == "typeProperties" && has_secure_input(object)),
            texts,
            ..self
        }
    }

    /// What is known of a place that is this one in one document, and that one in another.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            is_secret: self.is_secret || other.is_secret,
            is_secure_input: self.is_secure_input || other.is_secure_input,
            texts: match (self.texts, other.texts) {
                (Texts::Sent, _) | (_, Texts::Sent) => Texts::Sent,
                (one, another) if one == another => one,
                _ => Texts::Plain,
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
        let is_value = || is_one_of(&VALUES, key);
        let is_named_so = || {
            let members = object.iter().filter(|(key, _)| is_one_of(&NAMES, key));
            let mut names = members.filter_map(|(_, name)| name.as_str());
            names.any(|name| self.is_name(name))
        };
        self.is_secret
            || key == HEADERS
            || self.is_name(key)
            || (is_value() && (is_secure(object) || is_named_so()))
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
        self.is_secret || matches!(self.texts, Texts::Settings | Texts::Sent)
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
        let is_secret = self.is_secret
            || match self.texts {
                Texts::Settings => is_opaque(),
                Texts::Sent => !text.starts_with('@') && !text.contains("@{"),
                Texts::Plain | Texts::Code => false,
            };
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

fn is_one_of(names: &[&str], key: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(key))
}

fn type_of(object: &Map<String, Value>) -> &str {
    let kind = object.get("type").and_then(Value::as_str);
    kind.unwrap_or_default()
}

/// Whether a member says where a value is, or of which kind it is, which is no secret.
fn tells_of_value(object: &Map<String, Value>, key: &str) -> bool {
    match key {
        "type" => is_one_of(&TYPES, type_of(object)),
        "referenceName" => type_of(object).ends_with("Reference"),
        "store" | "secretName" | "secretVersion" => {
            type_of(object).eq_ignore_ascii_case("AzureKeyVaultSecret")
        }
        _ => false,
    }
}

fn is_secure(object: &Map<String, Value>) -> bool {
    is_one_of(&["SecureString", "SecureObject"], type_of(object))
}

/// Whether an activity has secure input, which monitoring does not show.
fn has_secure_input(activity: &Map<String, Value>) -> bool {
    let policy = activity.get("policy");
    policy.and_then(|policy| policy.get("secureInput")) == Some(&Value::Bool(true))
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
            "environment": [{"Name": "API_TOKEN", "Value": "CANARY"}, {"KEY": "pwd", "DefaultValue": "CANARY"}],
            "web": {"policy": {"secureInput": true}, "typeProperties": {"body": "CANARY"}},
            "web2": {"policy": {"secureInput": true}, "typeProperties": {"body": {"text": "CANARY"}}},
            "connStr": "CANARY",
            "connection_string": {"type": "String", "defaultValue": "CANARY"},
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
        assert_eq!(Secrecy::default().secrets(&secrets).len(), 25);
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
            "connectionString": {"type": "AzureKeyVaultSecret", "secretName": "sql", "store":
                {"referenceName": "Vault", "type": "LinkedServiceReference"}},
            "credential": {"referenceName": "Identity", "type": "CredentialReference"},
            "web": {"policy": {"secureInput": true}, "typeProperties": {"url": "https://a.test", "method": "POST",
                "body": "@activity('key').output.value", "headers": {"x": "y"}}},
            "form": {"policy": {"secureInput": true}, "typeProperties": {"body": "a=@{activity('key').output.value}"}},
            "open": {"policy": {"secureInput": false}, "typeProperties": {"body": "plain"}},
            "settings": [{"Name": "day", "Value": "x"}],
        });

        for kind in [Kind::Pipeline, Kind::LinkedService] {
            assert_eq!(shown(kind, &harmless), harmless);
        }
    }

    #[test]
    fn more_names_are_secrets_where_something_is_reached() {
        let value = json!({"typeProperties": {"key": "CANARY", "primaryKey": "CANARY", "credential": "CANARY",
            "credentials": {"user": "CANARY", "value": "CANARY"}, "certificate": "CANARY", "hmac": "CANARY"}});

        assert_eq!(shown(Kind::Pipeline, &value), value);
        for kind in [Kind::LinkedService, Kind::Credential] {
            let text = shown(kind, &value).to_string();
            assert!(!text.contains("CANARY"), "{text}");
        }
    }
}
