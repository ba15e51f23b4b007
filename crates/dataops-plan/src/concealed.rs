//! What is a secret in one of two documents is one in the other too, wherever it stands there.
//!
//! Only so can they be compared: where an environment sets a connection string as a secret, the service shows most of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use adf_model::secret::secrets_in;
use serde_json::Value;

use crate::plan::{Change, SecretState, What};
use crate::prepared::{Prepared, SEALED};
use crate::secret::{Address, Hidden, Masked, STARS, SecretFound};

/// Both documents, each with the secrets of the other.
pub(crate) fn both<'p>(
    desired: &'p Prepared,
    live: &'p Prepared,
) -> (Cow<'p, Prepared>, Cow<'p, Prepared>) {
    let in_live = places(&desired.masked, &live.masked.json);
    let in_desired = places(&live.masked, &desired.masked.json);
    (concealing(desired, &in_desired), concealing(live, &in_live))
}

fn concealing<'p>(document: &'p Prepared, places: &BTreeSet<String>) -> Cow<'p, Prepared> {
    match places.is_empty() {
        true => Cow::Borrowed(document),
        false => Cow::Owned(document.concealing(places)),
    }
}

/// Where another document shows what stands in the place of a secret.
fn places(secrets: &Masked, other: &Value) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for secret in secrets.covered() {
        let Some(address) = Address::of(&secrets.json, &secret.pointer) else {
            continue;
        };
        let found = address.find(other);
        // The text of a `SecureString` may stand there openly.
        let found = found.or_else(|| {
            let above = address.above();
            above.find(other).filter(|(_, value)| value.is_string())
        });
        if let Some((pointer, value)) = found {
            places.extend(shown(pointer, value));
        }
    }
    places
}

/// The place itself where something is shown there, or what of it is.
fn shown(pointer: String, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (text != STARS && !text.is_empty()).then_some(pointer),
        Value::Object(object) => match object.get("type").and_then(Value::as_str) {
            // It says where a secret is.
            Some("AzureKeyVaultSecret") => None,
            Some(_) if object.contains_key("value") => {
                shown(format!("{pointer}/value"), &object["value"])
            }
            _ => Some(pointer),
        },
        _ => Some(pointer),
    }
}

/// What stands for a secret that ought to be there, and for another one that is there. Stars would be taken for what the service hides.
const OURS: &str = "the secret of the environment";
const ANOTHER: &str = "another secret";

/// Hides the secret that stands at `pointer` in what ought to be, and what stands there in what is; tells what is known of that. Where it
/// is another, or no such secret is there, the two still differ.
pub fn conceal(desired: &mut Value, pointer: &str, live: &mut Value) -> SecretState {
    let address = Address::of(desired, pointer);
    let is_sealed = live.pointer(SEALED).is_some();
    let Some(wanted) = desired.pointer_mut(pointer) else {
        return SecretState::New;
    };
    let wanted = Hidden::new(std::mem::replace(wanted, STARS.into()));
    let there = address.and_then(|address| {
        let openly = || {
            address
                .above()
                .find(live)
                .filter(|(_, value)| value.is_string())
        };
        let (pointer, value) = address.find(live).or_else(openly)?;
        let place = shown(pointer.clone(), value).unwrap_or(pointer);
        live.pointer_mut(&place)
    });
    let Some(there) = there else {
        return SecretState::New;
    };
    match wanted.beside(&Hidden::new(there.clone()), is_sealed) {
        SecretFound::Another if there.is_string() => {
            *there = ANOTHER.into();
            if let Some(ours) = desired.pointer_mut(pointer) {
                *ours = OURS.into();
            }
            SecretState::Changed
        }
        SecretFound::Another => SecretState::Changed,
        SecretFound::Missing => SecretState::New,
        found => {
            *there = STARS.into();
            match found {
                SecretFound::Same => SecretState::Same,
                _ => SecretState::Unknown,
            }
        }
    }
}

/// No secret that is looked for in texts is shorter: every text has short ones in it.
const SHORTEST: usize = 6;

/// Hides the secrets that ought to be there in what is told of changes: a text may have stood where nobody took it for one.
pub(crate) fn hide(changes: &mut [Change], desired: &Prepared) {
    let known = known([desired]);
    if known.is_empty() {
        return;
    }
    for change in changes {
        match &mut change.what {
            What::Added { new: value } | What::Removed { old: value } => within(value, &known),
            What::Changed { old, new } => {
                within(old, &known);
                within(new, &known);
            }
            What::Moved { .. } | What::Renamed { .. } => {}
        }
    }
}

/// Hides those of some documents in a text.
pub(crate) fn hide_in<'p>(text: &mut String, desired: impl IntoIterator<Item = &'p Prepared>) {
    for secret in known(desired) {
        if text.contains(secret) {
            *text = text.replace(secret, STARS);
        }
    }
}

/// The secrets of documents that are long enough to be looked for, longer ones first: of what has others in it, nothing is left.
fn known<'p>(documents: impl IntoIterator<Item = &'p Prepared>) -> Vec<&'p str> {
    let mut known = Vec::new();
    for document in documents {
        let covered = document.masked.covered();
        known.extend(covered.filter_map(|secret| secret.value.reveal().as_str()));
        let secrets = document.masked.secrets.iter();
        let texts = secrets.filter_map(|secret| secret.value.reveal().as_str());
        known.extend(texts.flat_map(parts));
    }
    known.retain(|text| text.len() >= SHORTEST && !text.contains(STARS));
    longest_first(&mut known);
    known
}

/// The parts of a text that are secrets, such as the key in a connection string: a service may repeat one of them alone.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = secrets_in(text).into_iter();
    parts.map(move |part| &text[part.at])
}

/// A secret, and those parts of it that are secrets and long enough to be looked for; longer ones first.
#[must_use]
pub fn secret_texts(secret: &str) -> Vec<&str> {
    let parts = parts(secret).filter(|part| part.len() >= SHORTEST);
    let mut texts: Vec<_> = std::iter::once(secret).chain(parts).collect();
    longest_first(&mut texts);
    texts
}

fn longest_first(texts: &mut Vec<&str>) {
    texts.sort_unstable_by_key(|text| (std::cmp::Reverse(text.len()), *text));
    texts.dedup();
}

fn within(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::String(text) => {
            for secret in secrets {
                if text.contains(secret) {
                    *text = text.replace(secret, STARS);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| within(item, secrets)),
        Value::Object(object) => {
            for (_, value) in object.iter_mut() {
                within(value, secrets);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use adf_model::Kind;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_of_a_secret_is_hidden_like_the_whole() {
        let store = json!({"properties": {"type": "AzureBlobStorage", "typeProperties": {
            "connectionString": "AccountName=lake;AccountKey=canary/key==;EndpointSuffix=x.test"}}});
        let service = json!({"properties": {"type": "RestService", "typeProperties": {
            "url": "https://f.test/?code=canary-code&x=1"}}});
        let places = BTreeSet::from(["/properties/typeProperties/connectionString".to_owned()]);
        let store = Prepared::of(Kind::LinkedService, store, &places);
        let service = Prepared::of(Kind::LinkedService, service, &BTreeSet::new());
        let mut text = "The key canary/key== of AccountName=lake;AccountKey=canary/key==;EndpointSuffix=x.test \
            and the code canary-code are malformed"
            .to_owned();

        hide_in(&mut text, [&store, &service]);

        let expected = format!("The key {STARS} of {STARS} and the code {STARS} are malformed");
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_concealed_on_both_sides_differs_only_where_the_secret_does() {
        let secure = |value: &str| json!({"a": {"type": "SecureString", "value": value}});
        let vault = json!({"a": {"type": "AzureKeyVaultSecret", "secretName": "n"}});
        for (mut desired, pointer, mut live, state, is_same) in [
            (
                json!({"a": "s3cret"}),
                "/a",
                json!({"a": "s3cret"}),
                SecretState::Same,
                true,
            ),
            (
                json!({"a": "s3cret"}),
                "/a",
                json!({"a": "older"}),
                SecretState::Changed,
                false,
            ),
            (
                json!({"a": "s3cret"}),
                "/a",
                json!({"b": 1}),
                SecretState::New,
                false,
            ),
            (
                secure("s3cret"),
                "/a/value",
                secure(STARS),
                SecretState::Unknown,
                true,
            ),
            (secure("s3cret"), "/a/value", vault, SecretState::New, false),
            (
                json!({"a": "x=1;Password=s3cret"}),
                "/a",
                json!({"a": "x=1;Password=**********"}),
                SecretState::Unknown,
                true,
            ),
            (
                json!({"a": "x=1;Password=s3cret"}),
                "/a",
                json!({"a": "x=1"}),
                SecretState::Changed,
                false,
            ),
            (
                json!({"a": "s3cret"}),
                "/a",
                json!({"a": null}),
                SecretState::New,
                false,
            ),
        ] {
            assert_eq!(conceal(&mut desired, pointer, &mut live), state, "{live}");

            assert_eq!(desired == live, is_same, "{desired} {live}");
            assert!(!format!("{desired}{live}").contains("s3cret"));
        }
    }
}
