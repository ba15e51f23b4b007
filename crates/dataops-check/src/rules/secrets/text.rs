//! Secrets that are known by how they look.

use super::placeholder::is_placeholder;
use super::{CONNECTION_STRING, SAS, TOKEN};
use crate::Rule;

/// No secret is shorter.
const SHORTEST: usize = 16;

/// What a text has in it that is a secret, and the rule about it.
pub(super) fn secret_in(text: &str) -> Option<(&'static Rule, &'static str)> {
    if text.len() < SHORTEST {
        return None;
    }
    if let Some(what) = in_connection_string(text) {
        return Some((&CONNECTION_STRING, what));
    }
    if has_signature(text) {
        return Some((&SAS, "the signature of a shared access"));
    }
    token(text).map(|what| (&TOKEN, what))
}

/// `Key=value;Key=value`
fn in_connection_string(text: &str) -> Option<&'static str> {
    if !text.contains('=') {
        return None;
    }
    text.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        if key.len() > 40 {
            return None;
        }
        let key: String = key
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect();
        let what = match key.trim_start_matches('"').to_ascii_lowercase().as_str() {
            "accountkey" => "the key of a storage account or database",
            "sharedaccesskey" | "accesskey" => "an access key",
            "sharedaccesssignature" => "the signature of a shared access",
            "password" | "pwd" => "a password",
            "clientsecret" | "secretkey" | "secretaccesskey" => "a secret key",
            _ => return None,
        };
        let value = value.trim().trim_matches(['"', '\'']);
        let dynamic = value.contains("@{") || value.starts_with('@');
        (!dynamic && !is_placeholder(value)).then_some(what)
    })
}

fn has_signature(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("sig=") {
        let begins =
            at == 0 || matches!(rest.as_bytes()[at - 1], b'?' | b'&' | b';' | b'"' | b'\'');
        rest = &rest[at + 4..];
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"%+/=-_".contains(&byte);
        if begins && begins_with(rest, 20, allowed) {
            return true;
        }
    }
    false
}

/// Whether a text begins with so many bytes that are allowed.
fn begins_with(text: &str, count: usize, allowed: impl Fn(u8) -> bool) -> bool {
    text.len() >= count && text.bytes().take(count).all(allowed)
}

/// How a token begins, which bytes follow, how many at least, and what it is.
type Shape = (&'static str, fn(u8) -> bool, usize, &'static str);

const SHAPES: [Shape; 9] = [
    ("dapi", is_hex, 32, "a token of Databricks"),
    ("ghp_", is_word, 36, "a token of GitHub"),
    ("github_pat_", is_word, 30, "a token of GitHub"),
    ("AKIA", is_word, 16, "an access key of AWS"),
    ("eyJ", is_base64_url, 40, "a signed token"),
    ("xoxb-", is_base64_url, 20, "a token of Slack"),
    ("-----BEGIN PRIVATE KEY-----", |_| true, 20, "a private key"),
    (
        "-----BEGIN RSA PRIVATE KEY-----",
        |_| true,
        20,
        "a private key",
    ),
    ("code=", is_base64_url, 40, "the key of a function"),
];

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_base64_url(byte: u8) -> bool {
    is_word(byte) || b"-.=%/+".contains(&byte)
}

fn token(text: &str) -> Option<&'static str> {
    let shaped = SHAPES.iter().find(|(start, allowed, least, _)| {
        text.match_indices(start).any(|(at, start)| {
            let before = text.as_bytes()[..at].last();
            let word = before.is_some_and(u8::is_ascii_alphanumeric);
            !word && begins_with(&text[at + start.len()..], *least, allowed)
        })
    });
    if let Some((.., what)) = shaped {
        return Some(what);
    }
    if is_storage_key(text) {
        return Some("the key of a storage account or database");
    }
    has_user_info(text).then_some("a password in a URL")
}

/// 64 bytes in base64, and nothing else.
fn is_storage_key(text: &str) -> bool {
    text.len() == 88
        && text.ends_with("==")
        && text[..86]
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
}

/// `scheme://user:password@host`
fn has_user_info(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = &rest[..rest.find(['/', '?', '#', ' ', ';']).unwrap_or(rest.len())];
    let Some((info, host)) = authority.rsplit_once('@') else {
        return false;
    };
    let password = info.split_once(':').map_or("", |(_, password)| password);
    !host.is_empty()
        && !host.starts_with('{')
        && !password.contains("@{")
        && !is_placeholder(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<&'static str> {
        secret_in(text).map(|(rule, _)| rule.id)
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
            "@concat('https://', pipeline().parameters.user, ':x@', 'host.test')",
            "https://claims.test/@{item().name}:8080",
            "dapi-version-2-of-the-interface",
            "Password=;Server=db.test;Database=x",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
