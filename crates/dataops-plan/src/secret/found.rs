//! What is known of every secret of two documents: of the one that ought to be, and of the one that is there.

use serde_json::Value;

use super::beside::wrapped;
use super::{Address, Concealing, Rest, STARS, SecretAt, SecretFound, beside, is_concealed};
use crate::prepared::{Prepared, SEALED};

/// What is known of the secrets of two documents.
#[derive(Debug, Default)]
pub(crate) struct Found<'p> {
    /// The secrets that ought to be there.
    pub(crate) wanted: Vec<(&'p SecretAt, SecretFound)>,
    /// Where something that is no secret ought to be, and a secret is: the JSON pointer of the place in what ought to be.
    pub(crate) others: Vec<(String, SecretFound)>,
    /// The places of which the service shows nothing but what ought to be there, in its own form, as JSON pointers in both documents.
    pub(crate) concealed: Vec<[String; 2]>,
}

/// Looks at the secrets of both documents. One that has no counterpart, or one of another form, is a difference unless the service conceals
/// it.
pub(crate) fn found<'p>(desired: &'p Prepared, live: &Prepared) -> Found<'p> {
    let mut found = Found::default();
    let by = Concealing {
        kind: desired.kind,
        is_sealed: live.is_sealed,
        wants_sealed: desired.is_sealed,
    };
    let (ours, theirs) = (&desired.masked.secrets, &live.masked.secrets);
    if ours.is_empty() && live.is_sealed && !desired.is_sealed {
        // Of what it is nothing is shown: it may be one that ought to go.
        found
            .others
            .push((SEALED.to_owned(), SecretFound::Unreadable));
    }
    if ours.is_empty() && theirs.is_empty() {
        return found;
    }
    let (wanted, there) = (desired.masked.reveal(), live.masked.reveal());
    for secret in ours {
        let state = match Place::of(&wanted, &secret.pointer) {
            Some(place) => found.ours((desired, live), &place, &there, by),
            _ if live.is_sealed => SecretFound::Unreadable,
            _ => SecretFound::Missing,
        };
        found.wanted.push((secret, state));
    }
    for secret in theirs {
        let Some(place) = Place::of(&there, &secret.pointer) else {
            continue;
        };
        // What is only there is seen without its secret.
        let Some((pointer, value)) = place.find(&wanted) else {
            continue;
        };
        let is_ours =
            |own: &SecretAt| is_within(&own.pointer, &pointer) || is_within(&pointer, &own.pointer);
        let state = beside(
            value,
            place.value,
            by,
            rest((desired, &pointer), (live, &place.pointer)),
        );
        if state != SecretFound::Same && !ours.iter().any(is_ours) {
            if hides(by, state, value, place.value) {
                found.concealed.push([pointer.clone(), place.pointer]);
            }
            found.others.push((pointer, state));
        }
    }
    found
}

impl Found<'_> {
    /// What is known of a secret that ought to be at a place.
    fn ours(
        &mut self,
        (desired, live): (&Prepared, &Prepared),
        place: &Place<'_>,
        there: &Value,
        by: Concealing,
    ) -> SecretFound {
        let Some((pointer, shown)) = place.find(there) else {
            return match by.leaves_out(place.value) {
                true => {
                    let nowhere = String::new();
                    self.concealed.push([place.pointer.clone(), nowhere]);
                    SecretFound::Unreadable
                }
                false => SecretFound::Missing,
            };
        };
        let rest = rest((desired, &place.pointer), (live, &pointer));
        let state = beside(place.value, shown, by, rest);
        if hides(by, state, place.value, shown) {
            self.concealed.push([place.pointer.clone(), pointer]);
        }
        state
    }
}

/// Whether all that is shown of a secret of which nothing is known is what ought to be there.
fn hides(by: Concealing, state: SecretFound, wanted: &Value, there: &Value) -> bool {
    by.conceals() && state == SecretFound::Unreadable && is_concealed(wanted, there, by)
}

/// Whether of the texts at two places more than their secrets is shown.
fn rest(desired: (&Prepared, &str), live: (&Prepared, &str)) -> Rest {
    let is_whole = |(prepared, pointer): (&Prepared, &str)| {
        let shown = prepared.masked.json.pointer(pointer);
        let text = shown.map(|shown| wrapped(shown).map_or(shown, |(_, text)| text));
        text.is_some_and(|text| text == STARS)
    };
    match is_whole(desired) || is_whole(live) {
        true => Rest::Hidden,
        false => Rest::Shown,
    }
}

/// Whether a place is another, or below it.
fn is_within(pointer: &str, above: &str) -> bool {
    let below = pointer.strip_prefix(above);
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// Where a secret stands, with what says of which form it is.
struct Place<'d> {
    pointer: String,
    address: Address,
    value: &'d Value,
}

impl<'d> Place<'d> {
    /// The place of a secret that stands at a JSON pointer.
    fn of(document: &'d Value, pointer: &str) -> Option<Self> {
        let above = pointer.strip_suffix("/value");
        let is_wrapped = |above: &&str| {
            let above = document.pointer(above);
            above.is_some_and(|above| wrapped(above).is_some())
        };
        let pointer = above.filter(is_wrapped).unwrap_or(pointer);
        Some(Self {
            pointer: pointer.to_owned(),
            address: Address::of(document, pointer)?,
            value: document.pointer(pointer)?,
        })
    }

    /// The same place in another document: its JSON pointer, and what stands there.
    fn find<'o>(&self, document: &'o Value) -> Option<(String, &'o Value)> {
        self.address.find(document)
    }
}
