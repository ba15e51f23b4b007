//! Rows whose keys another object lacks.

use std::sync::{Mutex, PoisonError};

use super::set::Sorted;
use crate::kernel::Hit;

/// A second look at keys, for rows of those that are not in a set.
#[derive(Debug)]
pub(crate) struct Seek<'a> {
    there: &'a Sorted<u128>,
    most: usize,
    hits: Mutex<Vec<(usize, Hit)>>,
}

impl<'a> Seek<'a> {
    /// Looks for up to `most` rows whose keys are not `there`.
    pub(crate) fn new(there: &'a Sorted<u128>, most: usize) -> Self {
        Self {
            there,
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
        !self.there.has(u128::from(first) << 64 | u128::from(second))
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
