//! Rows of a file that are not looked at, although they are in it.

use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use parquet::arrow::arrow_reader::RowSelection;
use roaring::RoaringTreemap;

/// Rows of a file that are left out: they are neither counted nor read. All others keep the place that they have in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeftOut(RoaringTreemap);

impl LeftOut {
    /// Leaves rows out by their places in the file, from 0.
    pub(crate) fn new(rows: RoaringTreemap) -> Self {
        Self(rows)
    }

    /// The last row that is left out.
    pub(crate) fn last(&self) -> Option<u64> {
        self.0.max()
    }

    /// How many rows are left out of a run of them.
    pub(super) fn count(&self, first: u64, rows: u64) -> u64 {
        let before = |row: u64| row.checked_sub(1).map_or(0, |last| self.0.rank(last));
        before(first.saturating_add(rows)) - before(first)
    }

    /// The rows of a run that are read.
    pub(super) fn rest(&self, first: u64, rows: usize) -> Kept {
        let mut mask = BooleanBufferBuilder::new(rows);
        mask.append_n(rows, true);
        let mut out = self.0.iter();
        out.advance_to(first);
        let within = out.map_while(|row| {
            let at = usize::try_from(row - first).ok();
            at.filter(|at| *at < rows)
        });
        within.for_each(|at| mask.set_bit(at, false));
        Kept(mask.finish())
    }
}

/// The rows of a run that are read, a bit each.
pub(super) struct Kept(BooleanBuffer);

impl Kept {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.count_set_bits()
    }

    /// The same as the reader of a file takes it.
    pub(super) fn selection(&self) -> RowSelection {
        RowSelection::from_boolean_buffer(self.0.clone())
    }

    /// Where in the run a row stands that is the first, second … of those that are read.
    pub(super) fn places(&self) -> Places<'_> {
        Places {
            kept: &self.0,
            at: 0,
            passed: 0,
        }
    }
}

/// Finds rows again. It goes on from where it is, so that rows in their order are found in one way along the run.
pub(super) struct Places<'a> {
    kept: &'a BooleanBuffer,
    at: usize,
    /// Rows that are read, before `at`.
    passed: usize,
}

impl Places<'_> {
    /// The place of a row that is read.
    pub(super) fn of(&mut self, row: usize) -> usize {
        if row < self.passed {
            (self.at, self.passed) = (0, 0);
        }
        while self.at < self.kept.len() {
            let is_read = self.kept.value(self.at);
            if is_read && self.passed == row {
                return self.at;
            }
            self.passed += usize::from(is_read);
            self.at += 1;
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(rows: impl IntoIterator<Item = u64>) -> LeftOut {
        LeftOut::new(rows.into_iter().collect())
    }

    #[test]
    fn rows_are_counted_in_runs() {
        let out = out([0, 3, 9, 1 << 40]);

        assert_eq!(out.count(0, 10), 3);
        assert_eq!(out.count(1, 3), 1);
        assert_eq!(out.count(4, 5), 0);
        assert_eq!(out.count(9, 0), 0);
        assert_eq!(out.count(1 << 40, u64::MAX), 1);
        assert_eq!(out.last(), Some(1 << 40));
    }

    #[test]
    fn rows_that_are_read_keep_their_places() {
        let out = out([2, 10, 11, 13, 15]);
        let kept = out.rest(10, 5);
        let selectors: Vec<_> = kept.selection().iter().copied().collect();
        let read: Vec<usize> = selectors
            .iter()
            .map(|part| part.row_count * usize::from(!part.skip))
            .collect();

        assert_eq!(read, [0, 1, 0, 1]);
        let mut places = kept.places();
        assert_eq!([0, 0, 1, 0, 1].map(|row| places.of(row)), [2, 2, 4, 2, 4]);
    }
}
