//! Secrets inside of texts, as far as they are certain enough to warn of.

use std::ops::Range;

use adf_model::secret::{Secret, SecretKind, secrets_in};

use super::placeholder::is_placeholder;
use super::{CONNECTION_STRING, FIELD, SAS, TOKEN};
use crate::Rule;

/// No text with a secret in it is shorter.
const SHORTEST: usize = 16;

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// What is read by a program: settings, requests.
    Data,
    /// The script of a data flow, say, where what looks like a setting is an assignment.
    Code,
    /// A description, where only a value that nobody would write for another reason is a secret.
    Prose,
}

/// What a text has in it that is a secret, and the rule about it.
pub(super) fn secret_in(text: &str, language: Language) -> Option<(&'static Rule, String)> {
    if text.len() < SHORTEST {
        return None;
    }
    secrets_in(text)
        .iter()
        .find_map(|secret| certain(text, secret, language))
}

/// The secrets of a file that is none of Data Factory's, line by line, and where each is.
pub(super) fn secrets_of(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.len() >= SHORTEST {
            let secrets = secrets_in(line).into_iter();
            found.extend(secrets.filter_map(|secret| {
                // With a blank behind the `=`, it is a comparison or an assignment in code.
                let is_code = line[secret.at.clone()].starts_with(' ');
                let is_named = matches!(secret.kind, SecretKind::Setting | SecretKind::Field);
                if is_code && is_named {
                    return None;
                }
                let (_, what) = certain(line, &secret, Language::Prose)?;
                Some((what, start + secret.at.start..start + secret.at.end))
            }));
        }
        start += line.len();
    }
    found
}

/// Whether the first word of a text has letters and digits in it, as passwords do and words do not.
fn is_made_up(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let has = |what: fn(&u8) -> bool| word.as_bytes().iter().any(what);
    // A `$` begins a variable of a script that is quoted.
    !word.starts_with('$')
        && word.len() >= 6
        && has(u8::is_ascii_alphabetic)
        && has(u8::is_ascii_digit)
}

fn certain(text: &str, secret: &Secret, language: Language) -> Option<(&'static Rule, String)> {
    let value = text[secret.at.clone()].trim();
    // In an expression, a text ends where a value is put in.
    let is_put_in = text.starts_with('@') && value.starts_with('\'');
    let value = value.trim_matches(['"', '\'']);
    if is_put_in || value.starts_with('@') || value.contains("@{") || is_placeholder(value) {
        return None;
    }
    let begins = |least, allowed: fn(u8) -> bool| {
        value.len() >= least && value.bytes().take(least).all(allowed)
    };
    let name = secret.name.clone().map_or("", |name| &text[name]);
    let named = || format!("the value of `{}`", name.trim());
    Some(match secret.kind {
        SecretKind::Setting if language == Language::Data => (&CONNECTION_STRING, named()),
        SecretKind::Field | SecretKind::Property if language == Language::Data => (&FIELD, named()),
        SecretKind::Setting | SecretKind::Field | SecretKind::Property
            if language == Language::Prose && is_made_up(value) =>
        {
            (&FIELD, named())
        }
        SecretKind::Signature if begins(20, is_base64_url) => {
            (&SAS, "the signature of a shared access".to_owned())
        }
        SecretKind::Code if begins(40, is_base64_url) => {
            (&TOKEN, "the key of a function".to_owned())
        }
        SecretKind::Header => (&TOKEN, "what a header authorises with".to_owned()),
        SecretKind::UserInfo => (&TOKEN, "a password in a URL".to_owned()),
        SecretKind::StorageKey => (
            &TOKEN,
            "the key of a storage account or database".to_owned(),
        ),
        SecretKind::Token(what) => (&TOKEN, what.to_owned()),
        _ => return None,
    })
}

const fn is_base64_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'=' | b'%' | b'/' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<&'static str> {
        secret_in(text, Language::Data).map(|(rule, _)| rule.id)
    }

    #[test]
    fn secrets_are_known_by_how_they_look() {
        let hex = "0123456789abcdef0123456789abcdef";
        for (text, rule) in [
            ("DefaultEndpointsProtocol=https;AccountName=st;AccountKey=c2VjcmV0;EndpointSuffix=x.test".to_owned(), "ADF601"),
            ("Server=tcp:db.test;User ID=u;Password=hunter2".to_owned(), "ADF601"),
            ("https://st.test/c?sv=2020&sig=abcdefghijklmnopqrstuvwxyz%3D".to_owned(), "ADF602"),
            (format!("Bearer dapi{hex}"), "ADF603"),
            ("https://f.test/api/x?code=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ==".to_owned(), "ADF603"),
            ("mongodb://reader:hunter2@db.test/claims".to_owned(), "ADF603"),
            (format!("{}==", "Ab0+".repeat(22).split_at(86).0), "ADF603"),
            (r#"{"user": "u", "password": "hunter2"}"#.to_owned(), "ADF611"),
            ("grant_type=client_credentials&client_secret=hunter2&scope=x".to_owned(), "ADF611"),
            ("@concat('grant_type=x&client_secret=hunter2&scope=', variables('s'))".to_owned(), "ADF611"),
        ] {
            assert_eq!(id(&text), Some(rule), "{text}");
        }
    }

    #[test]
    fn what_only_names_a_secret_is_none() {
        for text in [
            "Server=db.test;User ID=u;Password=@{linkedService().password}",
            "Server=db.test;Authentication=Active Directory Managed Identity;Encrypt=true",
            "AccountName=st;AccountKey=<key>;EndpointSuffix=core.test",
            "select * from users where password = 'x'; update users set y = 1",
            "https://st.test/c?design=abcdefghijklmnopqrstuvwxyz",
            "https://st.test/c?country=x&code=US",
            "@concat('https://', pipeline().parameters.user, ':x@', 'host.test')",
            "@concat('Server=x;Password=', pipeline().parameters.password, ';Encrypt=true')",
            "@concat('grant_type=x&client_secret=', activity('Get secret').output.value, '&scope=y')",
            "@concat('{\"password\":\"', activity('Get secret').output.value, '\"}')",
            r#"{"password": "@{activity('Get secret').output.value}"}"#,
            r#"{"password": "<password>", "client_secret": "your-secret"}"#,
            "https://claims.test/@{item().name}:8080",
            "dapi-version-2-of-the-interface",
            "Password=;Server=db.test;Database=x",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn secrets_of_a_file_have_their_places() {
        let key = format!("{}==", &"Ab0+".repeat(22)[..86]);
        let yaml =
            format!("name: x\nvalue: \"AccountName=x;AccountKey={key}\"\npassword: optional\n");
        let requirements = "pandas==2.3.3\n--extra-index-url https://user:hunter2@pkgs.test/x\n";
        let found = |text: &str| {
            let found = secrets_of(text).into_iter();
            found
                .map(|(_, place)| text[place].trim_matches('"').to_owned())
                .collect::<Vec<_>>()
        };

        assert_eq!(found(&yaml), [key]);
        assert_eq!(found(requirements), ["hunter2"]);
        for harmless in [
            "- { name: password, logicalType: string, description: the hash of it }",
            "token: ${TOKEN_OF_THE_FEED}",
            "--extra-index-url https://${USER}:${TOKEN}@pkgs.test/x",
            "location: az://training/${RUN_ID}/*.csv",
            "query: \"SELECT COUNT(*) FROM {object} WHERE password = 'x1234567'\"",
        ] {
            assert_eq!(found(harmless), [""; 0], "{harmless}");
        }
    }

    #[test]
    fn an_assignment_in_code_is_no_setting() {
        let script = "source derive(Password = toString(secret), token = upper(name)) ~> Named";

        assert_eq!(secret_in(script, Language::Code), None);
    }

    #[test]
    fn a_description_that_tells_a_password_is_told_from_one_that_speaks_of_it() {
        let id = |text: &str| secret_in(text, Language::Prose).map(|(rule, _)| rule.id);

        for text in [
            "the password=Hunter2! of the reader",
            "signs in by password=hunter22",
        ] {
            assert_eq!(id(text), Some("ADF611"), "{text}");
        }
        for text in [
            "password=optional, see the handbook",
            "$token = \"$header64.$payload64\"",
            "set password=<password> before the first run",
            "rotates password=@{parameters.password} by night",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
