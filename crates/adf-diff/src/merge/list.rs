//! Merges two versions of a list that come from one.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::document::Merging;
use crate::Step;
use crate::identity::{By, Identity};
use crate::pairing::pairs;

type Key = (String, usize);

/// Both versions of the list under `key` in one.
pub(super) fn merge(
    merging: &mut Merging,
    key: &str,
    base: &[Value],
    one: &[Value],
    other: &[Value],
) -> Value {
    let all: Vec<Value> = base.iter().chain(one).cloned().collect();
    let identity = Identity::of(key, &all, other);
    match identity.by {
        By::Place => by_place(merging, base, one, other),
        By::Pointers(_) | By::Whole => by_key(merging, identity, base, one, other),
    }
}

/// Elements with names: each merged for itself, in the order of the side that has changed the order.
fn by_key(
    merging: &mut Merging,
    identity: Identity,
    base: &[Value],
    one: &[Value],
    other: &[Value],
) -> Value {
    let keys = |list: &[Value]| identity.keys(list, |_| None);
    let (base_keys, one_keys, other_keys) = (keys(base), keys(one), keys(other));
    let index = |keys: &[Key]| -> HashMap<Key, usize> {
        keys.iter()
            .enumerate()
            .map(|(at, key)| (key.clone(), at))
            .collect()
    };
    let (in_base, in_one, in_other) = (index(&base_keys), index(&one_keys), index(&other_keys));
    let has_base_order = |keys: &[Key]| {
        let places = keys.iter().filter_map(|key| in_base.get(key));
        places.is_sorted()
    };
    let order = match has_base_order(&one_keys) {
        true => woven(&other_keys, &one_keys),
        false => woven(&one_keys, &other_keys),
    };
    let mut merged = Vec::new();
    for key in order {
        let at = |index: &HashMap<Key, usize>| index.get(&key).copied();
        let three = (
            at(&in_base).map(|at| &base[at]),
            at(&in_one).map(|at| &one[at]),
            at(&in_other).map(|at| &other[at]),
        );
        let element = three.1.or(three.2);
        let step = element
            .and_then(|element| identity.name(element))
            .map_or(Step::Index(merged.len()), Step::Name);
        merged.extend(merging.below(step, |merging| merging.values(three)));
    }
    merged.into()
}

/// The keys of both, in the order of the first; those that only the second has stand after what they stand after there.
fn woven(first: &[Key], second: &[Key]) -> Vec<Key> {
    let known: HashSet<_> = first.iter().collect();
    let mut after: HashMap<Option<&Key>, Vec<&Key>> = HashMap::new();
    let mut last = None;
    for key in second {
        if known.contains(key) {
            last = Some(key);
        } else {
            after.entry(last).or_default().push(key);
        }
    }
    let mut keys: Vec<Key> = after.remove(&None).into_iter().flatten().cloned().collect();
    for key in first {
        keys.push(key.clone());
        keys.extend(after.remove(&Some(key)).into_iter().flatten().cloned());
    }
    keys
}

/// Elements without names, as git merges lines: stretches that only one side has changed are taken from it.
fn by_place(merging: &mut Merging, base: &[Value], one: &[Value], other: &[Value]) -> Value {
    let (kept_one, kept_other) = (kept(base, one), kept(base, other));
    let mut merged = Vec::new();
    let (mut at, mut from_one, mut from_other) = (0, 0, 0);
    loop {
        // The next element of the base that both sides have kept.
        let next = (at..base.len()).find_map(|at| Some((at, kept_one[at]?, kept_other[at]?)));
        let (to, to_one, to_other) = next.unwrap_or((base.len(), one.len(), other.len()));
        let stretch = (
            &base[at..to],
            &one[from_one..to_one],
            &other[from_other..to_other],
        );
        if stretch.1 == stretch.2 || stretch.0 == stretch.2 {
            merged.extend_from_slice(stretch.1);
        } else if stretch.0 == stretch.1 {
            merged.extend_from_slice(stretch.2);
        } else {
            merging.below(Step::Index(merged.len()), |merging| {
                merging.clash("both sides change this part of the list, differently");
            });
            merged.extend_from_slice(stretch.1);
        }
        if next.is_none() {
            return merged.into();
        }
        merged.push(base[to].clone());
        (at, from_one, from_other) = (to + 1, to_one + 1, to_other + 1);
    }
}

/// Where each element of the base stands in a version that has kept it in its order.
fn kept(base: &[Value], version: &[Value]) -> Vec<Option<usize>> {
    let identity = Identity {
        by: By::Place,
        is_ordered: true,
    };
    let mut kept = vec![None; base.len()];
    for pair in pairs(identity, base, version, |_| None) {
        if let (Some(old), Some(new), false) = (pair.base, pair.head, pair.is_moved)
            && base[old] == version[new]
        {
            kept[old] = Some(new);
        }
    }
    kept
}
