//! What is compared with what, by names that several may have.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// What is compared with what, where several may have one name: the first with the first, and so on.
pub(super) struct Pairs {
    pub(super) of_old: Vec<Option<usize>>,
    pub(super) of_new: Vec<Option<usize>>,
    /// What repeats a name in the new contract and did not before, with the first of that name.
    pub(super) repeats: BTreeMap<usize, usize>,
    /// What of the old contract is gone, while the first of its name, which is told, is still there.
    left: BTreeMap<usize, usize>,
}

impl Pairs {
    pub(super) fn of<K: Eq + Hash>(old: &[K], new: &[K]) -> Self {
        let mut named: HashMap<&K, Vec<usize>> = HashMap::new();
        for (at, key) in new.iter().enumerate() {
            named.entry(key).or_default().push(at);
        }
        let mut pairs = Self {
            of_old: Vec::new(),
            of_new: vec![None; new.len()],
            repeats: BTreeMap::new(),
            left: BTreeMap::new(),
        };
        let mut taken: HashMap<&K, Vec<usize>> = HashMap::new();
        for (at, key) in old.iter().enumerate() {
            let before = taken.entry(key).or_default();
            let places = named.get(key);
            let other = places.and_then(|places| places.get(before.len())).copied();
            if let (None, Some(_), Some(first)) = (other, places, before.first()) {
                pairs.left.insert(at, *first);
            }
            before.push(at);
            pairs.of_old.push(other);
            if let Some(other) = other {
                pairs.of_new[other] = Some(at);
            }
        }
        for places in named.values() {
            let (first, more) = (places[0], &places[1..]);
            let more = more.iter().filter(|at| pairs.of_new[**at].is_none());
            pairs.repeats.extend(more.map(|at| (*at, first)));
        }
        pairs
    }

    /// The one of the old contract that is still there by the name of one that is gone.
    pub(super) fn left(&self, gone: usize) -> Option<usize> {
        self.left.get(&gone).copied()
    }
}
