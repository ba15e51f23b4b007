//! Secrets never leave the comparison: what may be one is replaced before a change is told.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// What stands for a secret.
pub(crate) const MASK: &str = "***";

/// Keys whose values are secrets, in lower case.
const KEYS: [&str; 10] = [
    "password",
    "pwd",
    "connectionstring",
    "sasuri",
    "passphrase",
    "credstring",
    "pfx",
    "encryptedcredential",
    "authorization",
    "embeddedcertdata",
];
/// Ends of such keys.
const ENDS: [&str; 5] = ["key", "token", "cert", "password", "secret"];
/// Beginnings of such keys.
const BEGINNINGS: [&str; 2] = ["secret", "privatekey"];
/// Keys that end like secrets and are none.
const PLAIN: [&str; 12] = [
    "key",
    "partitionkey",
    "primarykey",
    "foreignkey",
    "rowkey",
    "sortkey",
    "businesskey",
    "surrogatekey",
    "mergekey",
    "naturalkey",
    "secretname",
    "secretversion",
];
/// What says of which kind a value is, not the value.
const STRUCTURE: [&str; 4] = ["type", "referenceName", "secretName", "secretVersion"];
/// What stands before a secret within a text, in lower case.
const MARKERS: [&str; 11] = [
    "sig=",
    "code=",
    "accountkey=",
    "sharedaccesskey=",
    "sharedaccesssignature=",
    "password=",
    "pwd=",
    "client_secret=",
    "access_token=",
    "api_key=",
    "bearer ",
];

/// Whether the value of a property is a secret by its name.
pub(crate) fn is_secret(key: &str) -> bool {
    let key: String = key
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let key = key.as_str();
    if PLAIN.contains(&key) {
        return false;
    }
    KEYS.contains(&key)
        || ENDS.iter().any(|end| key.ends_with(end))
        || BEGINNINGS
            .iter()
            .any(|beginning| key.starts_with(beginning))
}

/// Whether a property says of which kind or where a secret is, and not the secret.
pub(crate) fn is_structure(key: &str) -> bool {
    STRUCTURE.contains(&key)
}

/// Whether an object names a secret in a key vault.
pub(crate) fn is_in_vault(object: &Map<String, Value>) -> bool {
    object.get("type").and_then(Value::as_str) == Some("AzureKeyVaultSecret")
}

/// Whether an object says that what it holds is a secret: a value or parameter of type `SecureString`.
pub(crate) fn is_secure(object: &Map<String, Value>) -> bool {
    let kind = object.get("type").and_then(Value::as_str);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("SecureString"))
}

/// `value` without secrets; `secret` says that all of it is one.
pub(crate) fn masked(value: &Value, secret: bool) -> Value {
    match value {
        Value::Object(object) => {
            let inner = secret || is_secure(object);
            let in_vault = is_in_vault(object);
            let entries = object.iter().map(|(key, value)| {
                let plain = in_vault || is_structure(key);
                let secret = !plain && (inner || is_secret(key));
                (key.clone(), masked(value, secret))
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.iter().map(|item| masked(item, secret)).collect(),
        Value::String(text) if secret && !text.is_empty() => Value::from(MASK),
        Value::String(text) => Value::from(masked_text(text).into_owned()),
        Value::Number(_) if secret => Value::from(MASK),
        other => other.clone(),
    }
}

/// `text` without the secrets that a query, a header or a connection string in it carries.
pub(crate) fn masked_text(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut hidden: Vec<(usize, usize)> = Vec::new();
    for marker in MARKERS {
        for (at, _) in lower.match_indices(marker) {
            let before = lower[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let start = at + marker.len();
            let rest = &text[start..];
            let length = rest.find(|c: char| c.is_whitespace() || ";&\"'),}".contains(c));
            let length = length.unwrap_or(rest.len());
            // `@{…}` and `@…` name a value without telling it.
            if length > 0 && !rest.starts_with('@') {
                hidden.push((start, start + length));
            }
        }
    }
    hidden.extend(password_of_url(text));
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    hidden.sort_unstable();
    let mut kept = String::new();
    let mut at = 0;
    for (start, end) in hidden {
        if start >= at {
            kept.push_str(&text[at..start]);
            kept.push_str(MASK);
        }
        at = at.max(end);
    }
    kept.push_str(&text[at..]);
    Cow::Owned(kept)
}

/// The password in `scheme://user:password@host`.
fn password_of_url(text: &str) -> Option<(usize, usize)> {
    let user = text.find("://")? + 3;
    let authority = &text[user..];
    let end = authority.find(|c: char| c == '/' || c == '?' || c.is_whitespace());
    let authority = &authority[..end.unwrap_or(authority.len())];
    let host = authority.rfind('@')?;
    let password = authority[..host].find(':')? + 1;
    Some((user + password, user + host))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_tell_secrets() {
        for key in [
            "accountKey",
            "Ocp-Apim-Subscription-Key",
            "servicePrincipalKey",
            "connectionString",
            "sasToken",
            "clientSecret",
            "privateKeyContent",
            "servicePrincipalEmbeddedCert",
            "Authorization",
            "pwd",
            "encryptedCredential",
        ] {
            assert!(is_secret(key), "{key}");
        }
        for key in [
            "key",
            "partitionKey",
            "secretName",
            "keyVaultName",
            "userName",
            "tokens",
            "certThumbprint",
        ] {
            assert!(!is_secret(key), "{key}");
        }
    }

    #[test]
    fn secrets_are_masked_and_their_places_in_a_vault_are_not() {
        let service = json!({"typeProperties": {
            "url": "https://f.test/api?code=abc&x=1",
            "password": {"type": "AzureKeyVaultSecret", "secretName": "sql", "store": {"referenceName": "vault", "type": "LinkedServiceReference"}},
            "accountKey": {"type": "SecureString", "value": "hunter2"},
            "connectionString": "Server=s.test;Password=hunter2",
            "authHeaders": {"x-functions-key": "hunter2"},
        }});

        assert_eq!(
            masked(&service, false),
            json!({"typeProperties": {
                "url": "https://f.test/api?code=***&x=1",
                "password": {"type": "AzureKeyVaultSecret", "secretName": "sql", "store": {"referenceName": "vault", "type": "LinkedServiceReference"}},
                "accountKey": {"type": "SecureString", "value": "***"},
                "connectionString": "***",
                "authHeaders": {"x-functions-key": "***"},
            }})
        );
    }

    #[test]
    fn secrets_within_a_text_are_masked() {
        assert_eq!(masked_text("a?sv=1&sig=x%2F&se=2"), "a?sv=1&sig=***&se=2");
        assert_eq!(masked_text("Bearer abc.def"), "Bearer ***");
        assert_eq!(
            masked_text("wasbs://u:p@h.test/x"),
            "wasbs://u:***@h.test/x"
        );
        assert_eq!(
            masked_text("?code=@{variables('c')}"),
            "?code=@{variables('c')}"
        );
        assert_eq!(
            masked_text("errorcode=5 PASSWORD=a;b"),
            "errorcode=5 PASSWORD=***;b"
        );
    }
}
