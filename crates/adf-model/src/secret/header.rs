//! What headers authorise with, and the passwords in links.

use super::text::{Secret, SecretKind};

/// Finds what follows `Bearer` and its like, and passwords before a host.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    beginning(text, found);
    bearers(text, found);
    links(text, found);
}

/// A way of authorising that a text begins with, and what its secret looks like.
type Scheme = (&'static str, fn(&str) -> bool);

const SCHEMES: [Scheme; 4] = [
    ("Bearer ", |secret| secret.len() >= 6),
    ("Basic ", is_basic),
    ("SharedAccessSignature ", |secret| secret.contains('=')),
    ("token ", has_digit),
];

/// A text that is a header as a whole.
fn beginning(text: &str, found: &mut Vec<Secret>) {
    for (scheme, is_secret) in SCHEMES {
        let is_it = text
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme));
        if !is_it {
            continue;
        }
        let secret = &text[scheme.len()..];
        let is_stars = !secret.is_empty() && secret.bytes().all(|byte| byte == b'*');
        if !secret.contains(char::is_whitespace) && (is_stars || is_secret(secret)) {
            found.push(Secret {
                at: scheme.len()..text.len(),
                name: None,
                kind: SecretKind::Header,
            });
        }
    }
}

/// A user and a password in base64, and no word.
fn is_basic(secret: &str) -> bool {
    secret.len() >= 8
        && secret
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte))
        && secret
            .bytes()
            .skip(1)
            .any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'=')
}

pub(super) fn has_digit(secret: &str) -> bool {
    secret.len() >= 8 && secret.bytes().any(|byte| byte.is_ascii_digit())
}

/// `Bearer` and a token within a text, such as a body or a command.
fn bearers(text: &str, found: &mut Vec<Secret>) {
    const BEARER: &str = "earer ";
    for (at, _) in text.match_indices(BEARER) {
        let bytes = text.as_bytes();
        let is_word = at > 0
            && matches!(bytes[at - 1], b'B' | b'b')
            && !(at > 1 && bytes[at - 2].is_ascii_alphanumeric());
        let start = at + BEARER.len();
        let length = text[start..]
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte))
            .count();
        // What is long or has digits is no word of a sentence.
        if is_word && (length >= 24 || (length >= 6 && has_digit(&text[start..start + length]))) {
            found.push(Secret {
                at: start..start + length,
                name: None,
                kind: SecretKind::Header,
            });
        }
    }
}

/// `scheme://user:password@host`
fn links(text: &str, found: &mut Vec<Secret>) {
    for (at, mark) in text.match_indices("://") {
        let user = at + mark.len();
        let rest = &text[user..];
        let end = rest.find(['/', '?', '#', ' ', '\'', '"', ';', '\n']);
        let authority = &rest[..end.unwrap_or(rest.len())];
        // A password may hold an `@`, a host may not.
        let Some((info, host)) = authority.rsplit_once('@') else {
            continue;
        };
        let Some(colon) = info.find(':') else {
            continue;
        };
        // `@{…}` is no end of a password.
        if !host.starts_with('{') {
            found.push(Secret {
                at: user + colon + 1..user + info.len(),
                name: None,
                kind: SecretKind::UserInfo,
            });
        }
    }
}
