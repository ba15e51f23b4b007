//! The second look at keys whose hashes repeat: which of them are the same key, and in which rows they stand.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::kernel::Hit;

/// What a second reading finds of keys whose first hash repeats.
#[derive(Debug)]
pub(crate) struct Verification {
    /// First hashes that repeat, in order.
    suspects: Arc<[u64]>,
    found: HashMap<(u64, u64), u64, FixedState>,
    hits: Vec<(usize, Hit)>,
    most: usize,
}

impl Verification {
    /// A second look at some hashes, which keeps up to `most` rows.
    pub(crate) fn new(suspects: Vec<u64>, most: usize) -> Self {
        Self {
            suspects: suspects.into(),
            found: HashMap::default(),
            hits: Vec::new(),
            most,
        }
    }

    /// First hashes that repeat, in order.
    pub(crate) fn suspects(&self) -> Arc<[u64]> {
        Arc::clone(&self.suspects)
    }

    /// Adds the keys of a unit of work of a file; `row` is the row of a key in the file.
    pub(crate) fn add(&mut self, file: usize, fill: &Fill<'_>, row: impl Fn(usize) -> u64) {
        for (place, (first, second)) in fill.first.iter().zip(fill.second).enumerate() {
            if self.suspects.binary_search(first).is_err() {
                continue;
            }
            let repeats = match self.found.entry((*first, *second)) {
                Entry::Vacant(entry) => {
                    entry.insert(1);
                    false
                }
                Entry::Occupied(mut entry) => {
                    *entry.get_mut() += 1;
                    true
                }
            };
            if repeats && self.hits.len() < self.most {
                let (row, value) = (row(place), fill.value(place));
                self.hits.push((file, Hit { row, value }));
            }
        }
    }

    /// Keys that are there more than once, and rows beyond the first of each.
    pub(crate) fn result(&self) -> (u64, u64) {
        let repeated = self.found.values().filter(|n| **n > 1);
        repeated.fold((0, 0), |(keys, rows), n| (keys + 1, rows + n - 1))
    }

    /// The rows in which keys are there again, with the places of their files.
    pub(crate) fn hits(&self) -> &[(usize, Hit)] {
        &self.hits
    }
}

/// The keys of a unit of work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill<'a> {
    pub(crate) first: &'a [u64],
    pub(crate) second: &'a [u64],
    /// What is shown of some of them, by their places, in order.
    pub(crate) values: &'a [(u32, String)],
}

impl Fill<'_> {
    /// What is shown of the key in a place.
    fn value(&self, place: usize) -> Option<String> {
        let place = u32::try_from(place).ok()?;
        let found = self.values.binary_search_by_key(&place, |(of, _)| *of);
        found.ok().map(|found| self.values[found].1.clone())
    }
}
