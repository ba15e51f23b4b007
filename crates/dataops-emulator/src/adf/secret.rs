//! Secrets never come back: what a caller reads has stars where it wrote a secret.

use serde_json::Value;

const STARS: &str = "**********";
const HIDDEN_PARTS: [&str; 6] = [
    "accountkey",
    "sharedaccesssignature",
    "sharedaccesskey",
    "password",
    "pwd",
    "accesskey",
];

/// Hides every `SecureString`, and the secret parts of connection strings.
pub(super) fn hide(value: &mut Value) {
    match value {
        Value::Object(object) => {
            let secure = object
                .get("type")
                .is_some_and(|kind| kind == "SecureString")
                && object.contains_key("value");
            if secure {
                object.insert("value".to_owned(), STARS.into());
                return;
            }
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(text) if key.eq_ignore_ascii_case("connectionString") => {
                        *text = without_secrets(text);
                    }
                    _ => hide(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

fn without_secrets(connection: &str) -> String {
    let parts = connection
        .split(';')
        .map(|part| match part.split_once('=') {
            Some((key, _)) if HIDDEN_PARTS.contains(&key.trim().to_lowercase().as_str()) => {
                format!("{key}={STARS}")
            }
            _ => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let mut value = json!({"typeProperties": {
            "connectionString": "AccountName=a;AccountKey=s3cr3t==;EndpointSuffix=x",
            "list": [{"type": "SecureString", "value": "s3cr3t"}],
            "vault": {"type": "AzureKeyVaultSecret", "secretName": "n"},
        }});

        hide(&mut value);

        assert_eq!(
            value,
            json!({"typeProperties": {
                "connectionString": "AccountName=a;AccountKey=**********;EndpointSuffix=x",
                "list": [{"type": "SecureString", "value": "**********"}],
                "vault": {"type": "AzureKeyVaultSecret", "secretName": "n"},
            }})
        );
    }
}
