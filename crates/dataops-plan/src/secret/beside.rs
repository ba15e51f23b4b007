//! What ought to be there beside what the service shows of what is there, where either is a secret or has one in it.

use adf_model::Kind;
use adf_model::secret::secrets_in;
use serde_json::Value;

use super::settings::{has_secret, hides_given, is_alike};
use super::{Hidden, STARS, is_known};

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

/// How the service conceals the secrets of a resource, beside putting stars in their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Concealing {
    /// Of linked services and integration runtimes it does.
    pub(crate) kind: Kind,
    /// It has sealed what is there: only then does it show nothing of a secret of a linked service.
    pub(crate) is_sealed: bool,
    /// What ought to be there has its secrets sealed: one that is there openly may be the same.
    pub(crate) wants_sealed: bool,
}

impl Concealing {
    /// Whether it conceals anything.
    pub(crate) fn conceals(self) -> bool {
        matches!(self.kind, Kind::LinkedService | Kind::IntegrationRuntime)
    }

    /// Whether it may have left out a secret of this form.
    pub(crate) fn leaves_out(self, wanted: &Value) -> bool {
        match self.kind {
            Kind::LinkedService => self.is_sealed,
            // Nothing else there tells of it.
            Kind::IntegrationRuntime => matches!(Form::of(wanted), Form::Secure(_)),
            _ => false,
        }
    }
}

/// What is shown of a text beside the secrets in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// What else differs in the text is a change that is told.
    Shown,
    /// The text is a secret as a whole.
    Hidden,
}

impl Hidden {
    /// What is known of this secret, which ought to be there, where the service shows `there`, in a linked service whose credential it has
    /// sealed or not.
    ///
    /// A connection string that is a secret as a whole is shown by the service without the secrets in it: what it shows is compared.
    pub(crate) fn beside(&self, there: &Self, is_sealed: bool) -> SecretFound {
        let by = Concealing {
            kind: Kind::LinkedService,
            is_sealed,
            wants_sealed: false,
        };
        beside(&self.0, &there.0, by, Rest::Hidden)
    }
}

/// What is known of a value that ought to be there, where the service shows `there`.
///
/// What stands openly is compared: a value of another form is another, and so is one that is shown. Nothing is known only of what the
/// service conceals.
pub(crate) fn beside(wanted: &Value, there: &Value, by: Concealing, rest: Rest) -> SecretFound {
    if !is_known(wanted) {
        return SecretFound::Unreadable;
    }
    match (Form::of(wanted), Form::of(there)) {
        _ if wanted == there => SecretFound::Same,
        (Form::Text(wanted), Form::Text(shown)) => texts(wanted, shown, by, rest),
        (Form::Secure(_), Form::Secure(Value::Null)) if by.conceals() => SecretFound::Unreadable,
        (Form::Secure(wanted), Form::Secure(shown)) => beside(wanted, shown, by, Rest::Hidden),
        (Form::Secure(Value::String(wanted)), Form::Text(shown)) if by.is_sealed => {
            texts(wanted, shown, by, Rest::Hidden)
        }
        (_, Form::Nothing) if by.leaves_out(wanted) => SecretFound::Unreadable,
        (_, Form::Nothing) => SecretFound::Missing,
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

/// Whether what the service shows of a value is nothing but what ought to be there, of which it may have changed the form.
pub(crate) fn is_concealed(wanted: &Value, there: &Value, by: Concealing) -> bool {
    match (Form::of(wanted), Form::of(there)) {
        (_, Form::Nothing | Form::Text(STARS) | Form::Secure(Value::Null)) => true,
        (Form::Text(wanted), Form::Text(shown)) => is_alike(wanted, shown),
        (Form::Text(wanted), Form::Secure(shown)) => shown == STARS && has_secret(wanted),
        (Form::Secure(Value::String(wanted)), Form::Text(shown)) => {
            by.is_sealed && is_alike(wanted, shown)
        }
        _ => false,
    }
}

fn texts(wanted: &str, shown: &str, by: Concealing, rest: Rest) -> SecretFound {
    match () {
        () if wanted == shown => SecretFound::Same,
        () if shown == STARS => SecretFound::Unreadable,
        () if rest == Rest::Hidden && !is_alike(wanted, shown) => SecretFound::Another,
        () => parts(wanted, shown, by),
    }
}

/// What is known of the secrets in a text, whatever the rest of it is.
fn parts(wanted: &str, shown: &str, by: Concealing) -> SecretFound {
    let mut missing = named(wanted);
    let mut is_hidden = false;
    for (name, value) in named(shown) {
        let found = missing.iter().position(|(wanted, _)| *wanted == name);
        let is_given = || {
            name.as_deref()
                .is_some_and(|name| hides_given(wanted, name))
        };
        match found.map(|at| missing.remove(at)) {
            Some(_) if value.contains(STARS) => is_hidden = true,
            Some((_, wanted)) if wanted == value => {}
            None if value.contains(STARS) && is_given() => is_hidden = true,
            None if by.wants_sealed => {}
            _ => return SecretFound::Another,
        }
    }
    let is_sealed = by.kind == Kind::LinkedService && by.is_sealed;
    let may_be_there = is_sealed || shown.contains(STARS);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_known_as_far_as_the_service_shows_it() {
        use SecretFound::{Another, Missing, Same, Unreadable};
        let whole = "Server=s;Password=hunter2;Database=d";
        let secure = json!({"type": "SecureString", "value": STARS});
        for (wanted, there, found) in [
            (whole, json!(whole), Same),
            (whole, json!("database=d;server=s;"), Unreadable),
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
            assert_eq!(
                wanted.beside(&Hidden(there.clone()), true),
                found,
                "{there}"
            );
        }
        // A service that holds a secret shows stars, or that it has sealed something.
        let wanted = Hidden(whole.into());
        for (there, found) in [
            (json!("Server=s;Database=d"), Another),
            (Value::Null, Missing),
        ] {
            assert_eq!(wanted.beside(&Hidden(there), false), found);
        }
    }
}
