//! A secret that ought to be there beside what the service shows of the one that is there.

use serde_json::Value;

use super::{Hidden, STARS, without_secrets};

/// What is known about a secret that ought to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretFound {
    /// The same one is there.
    Same,
    /// Another one is there.
    Another,
    /// One is there, and the service does not give it back.
    Unreadable,
}

impl Hidden {
    /// What is known of this secret, which ought to be there, where the service shows `there`.
    ///
    /// A connection string that is a secret as a whole is shown by the service without the secrets in it: what it shows is compared.
    pub(crate) fn beside(&self, there: &Self) -> SecretFound {
        if !self.is_known() {
            return SecretFound::Unreadable;
        }
        if self == there {
            return SecretFound::Same;
        }
        let (Value::String(wanted), Value::String(shown)) = (&self.0, &there.0) else {
            return match there.is_known() {
                true => SecretFound::Another,
                false => SecretFound::Unreadable,
            };
        };
        if shown == STARS {
            return SecretFound::Unreadable;
        }
        if open(wanted) != open(shown) {
            return SecretFound::Another;
        }
        match (without_secrets(wanted), without_secrets(shown)) {
            (None, None) => SecretFound::Same,
            (Some(_), Some(_)) if there.is_known() => SecretFound::Another,
            _ => SecretFound::Unreadable,
        }
    }
}

/// What of a text everybody may see, in one spelling: of a list of settings those that hold no secret, which the service leaves out or
/// hides.
fn open(text: &str) -> String {
    let shown = without_secrets(text);
    let parts = shown.as_deref().unwrap_or(text).split(';').map(str::trim);
    let is_secret = |part: &str| {
        let setting = part.split_once('=');
        setting.is_some_and(|(name, value)| value == STARS && !name.contains('?'))
    };
    let parts: Vec<_> = parts
        .filter(|part| !part.is_empty() && !is_secret(part))
        .collect();
    parts.join(";")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_known_as_far_as_the_service_shows_it() {
        use SecretFound::{Another, Same, Unreadable};
        let whole = "Server=s;Password=hunter2;Database=d";
        let secure = json!({"type": "SecureString", "value": STARS});
        for (wanted, there, found) in [
            (whole, json!(whole), Same),
            (whole, json!("Server=s;Database=d;"), Unreadable),
            (
                whole,
                json!("Server=s; Password=**********;Database=d"),
                Unreadable,
            ),
            (whole, json!("Server=t;Database=d"), Another),
            (
                whole,
                json!("Server=s;Password=hunter3;Database=d"),
                Another,
            ),
            (whole, json!(STARS), Unreadable),
            (whole, secure, Unreadable),
            (
                whole,
                json!({"type": "AzureKeyVaultSecret", "secretName": "n"}),
                Another,
            ),
            ("Server=s;Database=d", json!("Server=s;Database=d;"), Same),
            ("hunter2", json!("hunter3"), Another),
            (
                "https://a.test/?sig=x",
                json!("https://a.test/?sig=**********"),
                Unreadable,
            ),
            (
                "https://a.test/?sig=x",
                json!("https://b.test/?sig=**********"),
                Another,
            ),
            (STARS, json!("hunter3"), Unreadable),
        ] {
            let wanted = Hidden(wanted.into());
            assert_eq!(wanted.beside(&Hidden(there.clone())), found, "{there}");
        }
    }
}
