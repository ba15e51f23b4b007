//! Secrets inside of texts: connection strings, signed links, bodies and headers of requests, keys of services.

use std::borrow::Cow;
use std::ops::Range;

use super::{header, pair, phrase, shape};

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Where its value stands.
    pub at: Range<usize>,
    /// Where the name that it was known by stands, if there is one.
    pub name: Option<Range<usize>>,
    /// What it is.
    pub kind: SecretKind,
}

/// What a secret in a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretKind {
    /// The value of a name in a connection string, as in `AccountKey=…;`.
    Setting,
    /// The value of a name in a query or a form, as in `client_secret=…&`.
    Field,
    /// The value of a name in JSON, as in `"password": "…"`.
    Property,
    /// The signature of a shared access.
    Signature,
    /// The `code` of a link, which is what a function takes its key by.
    Code,
    /// What a header authorises with, as in `Bearer …`.
    Header,
    /// The password in `scheme://user:password@host`.
    UserInfo,
    /// The key of a storage account or database: 64 bytes in base64.
    StorageKey,
    /// A token that shows by its beginning who has made it; this is what it is.
    Token(&'static str),
}

/// The secrets in a text, in order, none within another. Values that are interpolated, as in `Password=@{…}`, are none; values that
/// only stand for a secret, such as stars, are told like others.
#[must_use]
pub fn secrets_in(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    if text.len() < shape::SHORTEST && !text.bytes().any(|byte| b"=: <".contains(&byte)) {
        return found;
    }
    header::find(text, &mut found);
    shape::find(text, &mut found);
    pair::find(text, &mut found);
    phrase::find(text, &mut found);
    found.retain(|secret| !secret.at.is_empty() && !text[secret.at.clone()].starts_with("@{"));
    apart(&mut found);
    found
}

/// Puts secrets in order, and leaves out what is within another.
pub(super) fn apart(found: &mut Vec<Secret>) {
    found.sort_by_key(|secret| (secret.at.start, std::cmp::Reverse(secret.at.end)));
    let mut end = 0;
    found.retain(|secret| {
        let is_beyond = secret.at.start >= end;
        end = end.max(secret.at.end);
        is_beyond
    });
}

/// The tokens and keys in a text that are known by how they look, whatever is around them: in the code of a notebook, a name and a `=`
/// before a value make no setting.
#[must_use]
pub fn keys_in(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    shape::find(text, &mut found);
    apart(&mut found);
    found
}

/// A text with `mask` in the place of each secret.
///
/// ```
/// use adf_model::secret::masked;
///
/// assert_eq!(masked("Server=s.test;Password=hunter2", "***"), "Server=s.test;Password=***");
/// ```
#[must_use]
pub fn masked<'t>(text: &'t str, mask: &str) -> Cow<'t, str> {
    let Some(mut shown) = once(text, mask) else {
        return Cow::Borrowed(text);
    };
    // A text without its secrets may be one in whole, as `Bearer Password=…` is. Hiding what is hidden changes nothing.
    for _ in 0..MOST_ROUNDS {
        match once(&shown, mask) {
            Some(again) if again != shown => shown = again,
            _ => break,
        }
    }
    Cow::Owned(shown)
}

/// How often a text is looked at again. Each round hides more of it, and nobody writes so many secrets within each other.
const MOST_ROUNDS: usize = 8;

fn once(text: &str, mask: &str) -> Option<String> {
    let secrets = secrets_in(text);
    if secrets.is_empty() {
        return None;
    }
    Some(replaced(text, &secrets, mask))
}

/// A text with `mask` in the place of these secrets of it.
pub(super) fn replaced(text: &str, secrets: &[Secret], mask: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut copied = 0;
    for secret in secrets {
        shown.push_str(&text[copied..secret.at.start]);
        shown.push_str(mask);
        copied = secret.at.end;
    }
    shown.push_str(&text[copied..]);
    shown
}

#[cfg(test)]
mod tests;
