//! Compares two pipelines activity by activity.

use std::collections::{BTreeMap, HashMap};

use adf_model::Kind;
use serde_json::Value;

use crate::activity::{Key, Part, take_apart};
use crate::compare::{At, Comparison};
use crate::pairing::in_order;
use crate::renames::Renames;
use crate::similar::{Candidate, Leaves, matches};
use crate::{PropertyChange, What};

/// What differs between two pipelines.
pub(crate) fn compare(base: &Value, head: &Value, renames: &Renames) -> Vec<PropertyChange> {
    let (base_rest, base_parts) = take_apart(base);
    let (head_rest, head_parts) = take_apart(head);
    let twins = Twins::new(&base_parts, &head_parts);
    let renames = renames.with_activities(twins.renamed(&base_parts, &head_parts));
    let mut comparison = Comparison::new(Some(Kind::Pipeline), &renames);
    comparison.values(&base_rest, &head_rest, At::default());
    let moved = moved(&base_parts, &head_parts, &twins);
    for (at, part) in head_parts.iter().enumerate() {
        match twins.of_head[at] {
            Some(twin) => {
                let old = &base_parts[twin];
                comparison.enter(part.path.clone(), old.pointer.clone(), part.pointer.clone());
                twins_differ(old, part, &twins, &mut comparison);
                if let Some((from, to)) = moved.get(&at) {
                    let what = What::Moved {
                        from: *from,
                        to: *to,
                    };
                    comparison.note(what, true, At::default());
                }
            }
            None => {
                comparison.enter(part.path.clone(), String::new(), part.pointer.clone());
                comparison.note(What::Added(part.shell.clone()), false, At::default());
            }
        }
    }
    for part in &base_parts {
        if !twins.keys.contains_key(&part.key) {
            comparison.enter(part.path.clone(), part.pointer.clone(), String::new());
            comparison.note(What::Removed(part.shell.clone()), false, At::default());
        }
    }
    comparison.finish()
}

/// Compares an activity of the base with its twin in the head.
fn twins_differ(old: &Part, new: &Part, twins: &Twins, comparison: &mut Comparison<'_>) {
    let mut before = old.shell.clone();
    if old.name != new.name {
        let what = What::Renamed {
            from: old.name.clone(),
            to: new.name.clone(),
        };
        comparison.note(what, false, At::default());
        before["name"] = Value::from(new.name.as_str());
    }
    if twins.container(old) != new.within {
        let what = What::Relocated {
            from: old.place(),
            to: new.place(),
        };
        comparison.note(what, false, At::default());
    }
    comparison.values(&before, &new.shell, At::default());
}

/// Which activities of both sides are the same ones.
struct Twins {
    /// For each of the head the one of the base.
    of_head: Vec<Option<usize>>,
    /// The present keys of those of the base.
    keys: HashMap<Key, Key>,
}

impl Twins {
    /// By name first; then those that are alike.
    fn new(base: &[Part], head: &[Part]) -> Self {
        let places: HashMap<_, _> = base
            .iter()
            .enumerate()
            .map(|(at, part)| (&part.key, at))
            .collect();
        let mut of_head: Vec<_> = head
            .iter()
            .map(|part| places.get(&part.key).copied())
            .collect();
        let mut is_matched = vec![false; base.len()];
        for at in of_head.iter().flatten() {
            is_matched[*at] = true;
        }
        let gone: Vec<_> = (0..base.len()).filter(|at| !is_matched[*at]).collect();
        let new: Vec<_> = (0..head.len())
            .filter(|at| of_head[*at].is_none())
            .collect();
        for (from, to) in matches(&candidates_of(base, &gone), &candidates_of(head, &new)) {
            of_head[new[to]] = Some(gone[from]);
        }
        let pairs = of_head
            .iter()
            .enumerate()
            .filter_map(|(at, twin)| Some((at, (*twin)?)));
        let keys = pairs.map(|(at, twin)| (base[twin].key.clone(), head[at].key.clone()));
        Self {
            keys: keys.collect(),
            of_head,
        }
    }

    /// The new names of activities that have one.
    fn renamed(&self, base: &[Part], head: &[Part]) -> HashMap<String, String> {
        let pairs = self
            .of_head
            .iter()
            .enumerate()
            .filter_map(|(at, twin)| Some((at, (*twin)?)));
        pairs
            .filter(|(at, twin)| head[*at].name != base[*twin].name)
            .map(|(at, twin)| (base[twin].name.to_lowercase(), head[at].name.clone()))
            .collect()
    }

    /// The container of an activity of the base, by its present key.
    fn container(&self, part: &Part) -> Option<(Key, adf_graph::Branch)> {
        let (key, branch) = part.within.as_ref()?;
        let key = self.keys.get(key).unwrap_or(key);
        Some((key.clone(), branch.clone()))
    }
}

fn candidates_of<'p>(parts: &'p [Part], places: &[usize]) -> Vec<Candidate<'p>> {
    let of = |at: &usize| {
        let part = &parts[*at];
        Candidate {
            name: &part.name,
            group: crate::identity::fingerprint(&Value::from(part.kind())),
            leaves: Leaves::of(&part.shell, &["name", "dependsOn"]),
        }
    };
    places.iter().map(of).collect()
}

/// The activities of the head that stand elsewhere among their siblings than in the base.
fn moved(base: &[Part], head: &[Part], twins: &Twins) -> BTreeMap<usize, (usize, usize)> {
    let mut siblings: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, part) in head.iter().enumerate() {
        let twin = twins.of_head[at];
        if twin.is_some_and(|twin| twins.container(&base[twin]) == part.within) {
            siblings.entry(part.within.clone()).or_default().push(at);
        }
    }
    let mut moved = BTreeMap::new();
    for list in siblings.values() {
        let old: Vec<_> = list.iter().map(|at| twins.of_head[*at]).collect();
        let mut sorted: Vec<_> = old.iter().flatten().copied().collect();
        sorted.sort_unstable();
        for (to, stays) in in_order(&old).into_iter().enumerate() {
            if let (false, Some(twin)) = (stays, old[to]) {
                let from = sorted.partition_point(|other| *other < twin);
                moved.insert(list[to], (from, to));
            }
        }
    }
    moved
}
