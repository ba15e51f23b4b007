//! Many keys in little memory: eight bytes a key (sixteen where two objects are compared), sorted part by part when all
//! of them are there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A key as a number whose upper bits are evenly spread.
pub(crate) trait Key: Copy + Ord + Send + Sync {
    /// The part of the set that it belongs to.
    fn part(self) -> usize;
}

const PARTS: usize = 256;

impl Key for u64 {
    #[inline]
    fn part(self) -> usize {
        usize::from(self.to_be_bytes()[0])
    }
}

impl Key for u128 {
    #[inline]
    fn part(self) -> usize {
        usize::from(self.to_be_bytes()[0])
    }
}

/// Keys that are full are put into blocks of this length, so that nothing is copied when the set grows.
const BLOCK: usize = 2048;
/// The first block of a part, so that few keys take little.
const FIRST: usize = 16;

#[derive(Debug)]
struct Part<K> {
    blocks: Vec<Vec<K>>,
    /// So many keys were left when it was last made to hold each once.
    distinct: usize,
    length: usize,
}

/// Keys, in parts.
#[derive(Debug)]
pub(crate) struct KeySet<K> {
    parts: Vec<Part<K>>,
    /// Whether each key is kept once only.
    once: bool,
}

/// How keys repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repeats<K> {
    /// All keys.
    pub(crate) all: u64,
    /// Different keys.
    pub(crate) distinct: u64,
    /// Keys that are there more than once, in order.
    pub(crate) repeated: Vec<K>,
}

impl<K: Key> KeySet<K> {
    /// An empty set, which keeps each key as often as it comes, or `once`.
    pub(crate) fn new(once: bool) -> Self {
        let part = || Part {
            blocks: Vec::new(),
            distinct: 0,
            length: 0,
        };
        Self {
            parts: std::iter::repeat_with(part).take(PARTS).collect(),
            once,
        }
    }

    /// Adds keys.
    pub(crate) fn extend(&mut self, keys: impl IntoIterator<Item = K>) {
        for key in keys {
            self.parts[key.part()].push(key);
        }
        if self.once {
            self.parts
                .iter_mut()
                .filter(|part| part.length > BLOCK && part.length > 2 * part.distinct)
                .for_each(Part::dedup);
        }
    }

    /// Sorts the keys, with so many threads.
    pub(crate) fn sort(self, threads: usize) -> Sorted<K> {
        Sorted(self.parts(threads, |keys| keys))
    }

    /// How keys repeat. Parts are sorted and forgotten one after the other, so that this takes no memory beside the keys.
    pub(crate) fn repeats(self, threads: usize) -> Repeats<K> {
        let parts = self.parts(threads, |keys| Repeats::of(&keys));
        let mut all = Repeats {
            all: 0,
            distinct: 0,
            repeated: Vec::new(),
        };
        for part in parts {
            all.all += part.all;
            all.distinct += part.distinct;
            all.repeated.extend(part.repeated);
        }
        all
    }

    /// Does something with the sorted keys of each part, with so many threads.
    fn parts<T: Send>(self, threads: usize, of: impl Fn(Vec<K>) -> T + Sync) -> Vec<T> {
        let once = self.once;
        let waiting = self
            .parts
            .into_iter()
            .map(|part| Mutex::new((Some(part), None)));
        let waiting: Vec<Mutex<Doing<K, T>>> = waiting.collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(part) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
                part.1 = part.0.take().map(|part| of(part.sorted(once)));
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        let done = waiting
            .into_iter()
            .map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner));
        done.filter_map(|(_, done)| done).collect()
    }
}

impl<K: Key> Part<K> {
    #[inline]
    fn push(&mut self, key: K) {
        match self.blocks.last_mut() {
            Some(block) if block.len() < block.capacity() => block.push(key),
            Some(_) => self.begin(key, BLOCK),
            None => self.begin(key, FIRST),
        }
        self.length += 1;
    }

    fn begin(&mut self, key: K, capacity: usize) {
        let mut block = Vec::with_capacity(capacity);
        block.push(key);
        self.blocks.push(block);
    }

    fn sorted(mut self, once: bool) -> Vec<K> {
        let mut keys = Vec::with_capacity(self.length);
        for block in self.blocks.drain(..) {
            keys.extend_from_slice(&block);
        }
        keys.sort_unstable();
        if once {
            keys.dedup();
        }
        keys
    }

    fn dedup(&mut self) {
        let part = Self {
            blocks: std::mem::take(&mut self.blocks),
            distinct: 0,
            length: self.length,
        };
        let keys = part.sorted(true);
        self.length = keys.len();
        self.distinct = keys.len();
        self.blocks = keys.chunks(BLOCK).map(<[K]>::to_vec).collect();
    }
}

/// A part that waits, and what was done with it.
type Doing<K, T> = (Option<Part<K>>, Option<T>);

impl Sorted<u128> {
    /// Whether a key is there.
    pub(crate) fn has(&self, key: u128) -> bool {
        let part = self.0.get(key.part());
        part.is_some_and(|part| part.binary_search(&key).is_ok())
    }

    /// The keys that stand beside more than one value, each as often as it is: the upper 80 bits are the key, the others the value.
    fn groups(&self) -> impl Iterator<Item = &[u128]> {
        let groups = self
            .0
            .iter()
            .flat_map(|part| part.chunk_by(|a, b| a >> VALUE_BITS == b >> VALUE_BITS));
        groups.filter(|group| group.first() != group.last())
    }

    /// How many keys stand beside more than one value, or how many rows have such a key.
    pub(crate) fn divided(&self, rows: bool) -> u64 {
        match rows {
            true => self.groups().map(|group| group.len() as u64).sum(),
            false => self.groups().count() as u64,
        }
    }

    /// The keys that stand beside more than one value, in order, without the values.
    pub(crate) fn keys_divided(&self) -> Vec<u128> {
        let keys = self.groups().filter_map(|group| group.first());
        keys.map(|key| key >> VALUE_BITS).collect()
    }
}

/// A key without the value beside it.
pub(crate) fn apart(key: u128) -> u128 {
    key >> VALUE_BITS
}

/// The bits of a key that are those of the value beside it.
const VALUE_BITS: u32 = 48;

/// The second half of a key that has a value beside it.
pub(crate) fn beside(second: u64, value: u64) -> u64 {
    (second >> VALUE_BITS << VALUE_BITS) | (value >> (u64::BITS - VALUE_BITS))
}

impl<K: Key> Repeats<K> {
    /// How sorted keys repeat.
    fn of(keys: &[K]) -> Self {
        let mut repeats = Self {
            all: keys.len() as u64,
            distinct: 0,
            repeated: Vec::new(),
        };
        for run in keys.chunk_by(|a, b| a == b) {
            repeats.distinct += 1;
            if run.len() > 1 {
                repeats.repeated.push(run[0]);
            }
        }
        repeats
    }
}

/// Keys in order, part by part.
#[derive(Debug)]
pub(crate) struct Sorted<K>(Vec<Vec<K>>);

impl<K: Key> Sorted<K> {
    /// How many different keys there are.
    pub(crate) fn distinct(&self) -> u64 {
        self.0
            .iter()
            .map(|part| part.chunk_by(|a, b| a == b).count() as u64)
            .sum()
    }

    /// How many keys are here, each as often as it is, that are not in another set.
    pub(crate) fn absent_from(&self, other: &Self) -> u64 {
        let parts = self.0.iter().zip(&other.0);
        let absent = parts.flat_map(|(part, other)| {
            part.chunk_by(|a, b| a == b)
                .filter(|run| other.binary_search(&run[0]).is_err())
                .map(<[K]>::len)
        });
        absent.map(|length| length as u64).sum()
    }

    /// How many different keys are in both, or how many rows here have such a key.
    pub(crate) fn shared_with(&self, other: &Self, rows: bool) -> u64 {
        let parts = self.0.iter().zip(&other.0);
        let shared = parts.flat_map(|(part, other)| {
            part.chunk_by(|a, b| a == b)
                .filter(|run| other.binary_search(&run[0]).is_ok())
                .map(|run| if rows { run.len() as u64 } else { 1 })
        });
        shared.sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn spread(value: u64) -> u64 {
        value.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    proptest! {
        #[test]
        fn sets_say_what_counting_says(
            here in proptest::collection::vec(0_u64..60, 0..200),
            there in proptest::collection::vec(0_u64..60, 0..200),
            once in any::<bool>(),
        ) {
            let set = |values: &[u64], once| {
                let mut set = KeySet::new(once);
                values.chunks(7).for_each(|values| set.extend(values.iter().map(|value| spread(*value))));
                set
            };
            let other = set(&there, true).sort(1);
            let mut counts = BTreeMap::new();
            here.iter().for_each(|value| *counts.entry(spread(*value)).or_insert(0_u64) += 1);
            let there: BTreeSet<u64> = there.iter().map(|value| spread(*value)).collect();
            let sorted = set(&here, once).sort(2);
            let repeats = set(&here, once).repeats(2);
            prop_assert_eq!(repeats.distinct, sorted.distinct());
            let often = |n: &u64| if once { 1 } else { *n };
            prop_assert_eq!(repeats.all, counts.values().map(often).sum::<u64>());
            prop_assert_eq!(repeats.distinct, counts.len() as u64);
            let repeated: Vec<u64> = counts.iter().filter(|(_, n)| often(n) > 1).map(|(key, _)| *key).collect();
            prop_assert_eq!(repeats.repeated, repeated);
            let absent = counts.iter().filter(|(key, _)| !there.contains(key));
            prop_assert_eq!(sorted.absent_from(&other), absent.map(|(_, n)| often(n)).sum::<u64>());
            let shared = counts.keys().filter(|key| there.contains(key)).count() as u64;
            prop_assert_eq!(sorted.shared_with(&other, false), shared);
            let rows = counts.iter().filter(|(key, _)| there.contains(key));
            prop_assert_eq!(sorted.shared_with(&other, true), rows.map(|(_, n)| often(n)).sum::<u64>());
        }
    }

    #[test]
    fn a_set_of_each_key_once_stays_small() {
        let mut set = KeySet::new(true);
        for _ in 0..100 {
            set.extend((0..5_000).map(|value| spread(value) & !(0xFE << 56)));
        }
        let kept: usize = set.parts.iter().map(|part| part.length).sum();
        assert!(kept < 25_000, "{kept}");
        assert_eq!(set.sort(1).distinct(), 5_000);
    }
}
