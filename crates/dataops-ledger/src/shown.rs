//! What the service has shown of the secrets of a resource, and what it shows of them now.

use std::collections::{BTreeMap, BTreeSet};

use dataops_plan::{Change, SecretTrace, places};

use crate::state::Left;

type Traces = BTreeMap<String, SecretTrace>;

/// Where the service shows another secret than it has shown, one where it has shown none, or none where it has shown one, but for what
/// changes tell.
pub(crate) fn other_secrets(was: &Left, is: &Left, changes: &[Change]) -> Vec<String> {
    let (Some(before), Some(now)) = (&was.shown, &is.shown) else {
        return Vec::new();
    };
    let is_told = |place: &str| changes.iter().any(|change| change.is_about(place));
    let mut others = Vec::new();
    let mut alone = Vec::new();
    for (place, trace) in now {
        match same_place(place, before) {
            Some((own, shown)) if shown.differs(trace) && (own == place || !is_told(place)) => {
                others.push(place.clone());
            }
            Some(_) => {}
            None => alone.push(place),
        }
    }
    let gone = before.keys();
    alone.extend(gone.filter(|place| same_place(place, now).is_none()));
    alone.retain(|place| !is_told(place));
    if alone.is_empty() {
        return others;
    }
    // Where the place itself came or went, that is a change of its own.
    let stands = |left: &Left| places(&left.normal).collect::<BTreeSet<_>>();
    let (stood, stands) = (stands(was), stands(is));
    for place in alone {
        let open = place.strip_suffix(".value").unwrap_or(place);
        if stood.contains(open) && stands.contains(open) {
            others.push(place.clone());
        }
    }
    others.sort();
    others
}

/// The trace at a place, where a text is written with its type or without it.
fn same_place<'t>(place: &str, traces: &'t Traces) -> Option<(&'t String, &'t SecretTrace)> {
    let found = traces.get_key_value(place);
    let found = found.or_else(|| traces.get_key_value(place.strip_suffix(".value")?));
    found.or_else(|| traces.get_key_value(&format!("{place}.value")))
}

/// Where a secret may be another without being shown; nothing where it is not known what was shown.
pub(crate) fn hidden_secrets(was: &Left, is: &Left) -> Option<Vec<String>> {
    was.shown.as_ref()?;
    let hidden = is.shown.as_ref()?.iter();
    let hidden = hidden.filter(|(_, trace)| trace.is_hidden);
    Some(hidden.map(|(place, _)| place.clone()).collect())
}
