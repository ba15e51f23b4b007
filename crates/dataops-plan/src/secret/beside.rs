//! What ought to be there beside what the service shows of what is there, where either is a secret or has one in it.

use adf_model::secret::secrets_in;
use serde_json::Value;

use super::{Hidden, STARS, is_known, without_secrets};

/// What is known about a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretFound {
    /// The same one is there.
    Same,
    /// Something else is there.
    Another,
    /// Nothing is there.
    Missing,
    /// One is there, and the service does not give it back.
    Unreadable,
}

/// How the service conceals secrets, beside putting stars in their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Concealing {
    /// It may leave them out, as it does in linked services.
    pub(crate) leaves_out: bool,
    /// What ought to be there has its secrets sealed: one that is there openly may be the same.
    pub(crate) wants_sealed: bool,
}

impl Hidden {
    /// What is known of this secret, which ought to be there, where the service shows `there`.
    ///
    /// A connection string that is a secret as a whole is shown by the service without the secrets in it: what it shows is compared.
    pub(crate) fn beside(&self, there: &Self) -> SecretFound {
        let by = Concealing {
            leaves_out: true,
            wants_sealed: false,
        };
        beside(&self.0, &there.0, by)
    }
}

/// What is known of a value that ought to be there, where the service shows `there`.
///
/// What stands openly is compared: a value of another form is another, and so is one that is shown. Nothing is known only of what the
/// service conceals.
pub(crate) fn beside(wanted: &Value, there: &Value, by: Concealing) -> SecretFound {
    if !is_known(wanted) {
        return SecretFound::Unreadable;
    }
    match (Form::of(wanted), Form::of(there)) {
        _ if wanted == there => SecretFound::Same,
        (Form::Text(wanted), Form::Text(shown)) => texts(wanted, shown, by),
        (Form::Secure(wanted), Form::Secure(shown)) => beside(wanted, shown, by),
        (_, Form::Nothing) if by.leaves_out => SecretFound::Unreadable,
        _ if is_known(there) => SecretFound::Another,
        _ => SecretFound::Unreadable,
    }
}

/// The forms that a secret is written in.
enum Form<'v> {
    Nothing,
    /// A text or an expression, which the service reads alike.
    Text(&'v str),
    /// What is in a `SecureString`.
    Secure(&'v Value),
    /// Anything else, such as where a secret is kept.
    Other,
}

impl<'v> Form<'v> {
    fn of(value: &'v Value) -> Self {
        match (value, wrapped(value)) {
            (Value::Null, _) => Self::Nothing,
            (Value::String(text), _) => Self::Text(text),
            (_, Some(("Expression", Value::String(text)))) => Self::Text(text),
            (_, Some(("SecureString" | "SecureObject", value))) => Self::Secure(value),
            _ => Self::Other,
        }
    }
}

/// The type of a value that is written in an object of its own, and the value.
pub(super) fn wrapped(value: &Value) -> Option<(&'static str, &Value)> {
    const TYPES: [&str; 3] = ["Expression", "SecureString", "SecureObject"];
    let kind = value.get("type")?.as_str()?;
    let mut types = TYPES.into_iter();
    let kind = types.find(|known| known.eq_ignore_ascii_case(kind))?;
    Some((kind, value.get("value").unwrap_or(&Value::Null)))
}

/// Whether a value that the service shows tells nothing, not even of which form it is.
pub(crate) fn is_concealed(there: &Value) -> bool {
    match Form::of(there) {
        Form::Nothing => true,
        Form::Text(text) => text == STARS,
        Form::Secure(value) => value.is_null(),
        Form::Other => false,
    }
}

fn texts(wanted: &str, shown: &str, by: Concealing) -> SecretFound {
    match () {
        () if wanted == shown => SecretFound::Same,
        () if shown == STARS => SecretFound::Unreadable,
        () if open(wanted) != open(shown) => SecretFound::Another,
        () => parts(wanted, shown, by),
    }
}

/// What is known of the secrets in a text where the rest of it is the same.
fn parts(wanted: &str, shown: &str, by: Concealing) -> SecretFound {
    let mut missing = named(wanted);
    let mut is_hidden = false;
    for (name, value) in named(shown) {
        let found = missing.iter().position(|(wanted, _)| *wanted == name);
        match found.map(|at| missing.remove(at)) {
            Some(_) if value.contains(STARS) => is_hidden = true,
            Some((_, wanted)) if wanted == value => {}
            None if by.wants_sealed => {}
            _ => return SecretFound::Another,
        }
    }
    let may_be_there = by.leaves_out || shown.contains(STARS);
    match missing.is_empty() {
        false if !may_be_there => SecretFound::Another,
        true if !is_hidden => SecretFound::Same,
        _ => SecretFound::Unreadable,
    }
}

/// The secrets in a text with their names.
fn named(text: &str) -> Vec<(Option<String>, &str)> {
    let secrets = secrets_in(text).into_iter();
    let named = secrets.map(|secret| {
        let name = secret.name.map(|name| text[name].trim().to_lowercase());
        (name, text[secret.at].trim())
    });
    named.collect()
}

/// What of a text everybody may see, in one spelling: of a list of settings those that hold no secret, which the service leaves out or
/// hides.
fn open(text: &str) -> String {
    let shown = without_secrets(text);
    let shown = shown.as_deref().unwrap_or(text);
    if !shown.contains('=') {
        return shown.to_owned();
    }
    let parts = shown.split(';').map(str::trim);
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
