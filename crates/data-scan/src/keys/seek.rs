//! Rows whose keys another object lacks or has, or stand beside several values.

use std::sync::{Mutex, PoisonError};

use super::set::{Sorted, apart};
use crate::kernel::Hit;

/// Which keys are looked for.
#[derive(Debug)]
pub(crate) enum Wanted<'a> {
    /// Those that are not in a set.
    Absent(&'a Sorted<u128>),
    /// Those that are in a set.
    Present(&'a Sorted<u128>),
    /// Those that are in a list, which is in order and has no values beside its keys.
    Listed(Vec<u128>),
}

/// A second look at keys, for rows of some of them.
#[derive(Debug)]
pub(crate) struct Seek<'a> {
    wanted: Wanted<'a>,
    most: usize,
    hits: Mutex<Vec<(usize, Hit)>>,
}

impl<'a> Seek<'a> {
    /// Looks for up to `most` rows.
    pub(crate) fn new(wanted: Wanted<'a>, most: usize) -> Self {
        Self {
            wanted,
            most,
            hits: Mutex::default(),
        }
    }

    /// So many rows are looked for.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Whether a key of these hashes is looked for.
    pub(crate) fn seeks(&self, first: u64, second: u64) -> bool {
        let key = u128::from(first) << 64 | u128::from(second);
        match &self.wanted {
            Wanted::Absent(there) => !there.has(key),
            Wanted::Present(there) => there.has(key),
            Wanted::Listed(keys) => keys.binary_search(&apart(key)).is_ok(),
        }
    }

    /// Adds rows of a file, in their order.
    pub(crate) fn add(&self, file: usize, rows: impl Iterator<Item = Hit>) {
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        let known = hits.iter().filter(|(known, _)| *known == file).count();
        let more = rows.take(self.most.saturating_sub(known));
        hits.extend(more.map(|hit| (file, hit)));
    }

    /// The first rows, in the order of the files, with the places of these.
    pub(crate) fn hits(self) -> Vec<(usize, Hit)> {
        let hits = self.hits.into_inner();
        let mut hits = hits.unwrap_or_else(PoisonError::into_inner);
        hits.sort_by_key(|(file, hit)| (*file, hit.row));
        hits.truncate(self.most);
        hits
    }
}
