//! What takes much memory in each file: added up over all files as they are done, so that it is there once.

use std::sync::{Mutex, PoisonError, TryLockError};

use super::file::{File, is_high};
use super::work::Work;
use crate::kernel::Slot;

/// What measures came to over all files that are done, in the order of these.
#[derive(Debug, Default)]
pub(crate) struct Together(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Files that are in it.
    files: usize,
    slots: Vec<Slot>,
}

impl Together {
    /// Merges what is large of finished files, in order; returns at once if another thread is doing so.
    pub(super) fn take(&self, files: &[File], work: &Work<'_>) {
        let mut state = match self.0.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(state)) => state.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let State { files: done, slots } = &mut *state;
        slots.resize(work.object.measures.len(), Slot::Idle);
        while let Some(large) = files.get(*done).and_then(File::take_large) {
            for (id, slot) in large {
                let high = is_high(&work.object.measures[id.0]);
                slots[id.0].merge(slot, 0, 0, high);
            }
            *done += 1;
        }
    }

    /// What each measure came to that takes much memory; nothing of any other.
    pub(super) fn slots(self) -> Vec<Slot> {
        let state = self.0.into_inner();
        state.unwrap_or_else(PoisonError::into_inner).slots
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use data_contract::plan::{Column, ColumnId, Kind, Measure, Object, Step};

    use super::super::object::scan_object;
    use super::super::scan::{Format, Options, Source};
    use crate::csv::Dialect;
    use crate::files::Local;
    use crate::kernel::Slot;
    use crate::progress::Progress;

    #[test]
    fn what_is_large_is_kept_once_and_not_in_each_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.csv", "b.csv", "c.csv"] {
            std::fs::write(folder.path().join(name), "y\nx\n").unwrap();
        }
        let object = Object {
            columns: vec![Column {
                path: vec![Step::Field("y".to_owned())],
                kind: Kind::String,
                wide: false,
                physical_type: None,
                optional: false,
                nullable: false,
                masked: false,
            }],
            measures: vec![Measure::Frequencies(ColumnId(0), 1)],
            ..Object::default()
        };
        let source = Source {
            storage: Arc::new(Local::new(folder.path())),
            location: "*.csv".to_owned(),
            format: Format::Csv(Dialect::default()),
        };
        for threads in [1, 3] {
            let options = Options {
                threads,
                ..Options::default()
            };

            let scanned = scan_object(&object, &source, &[], (&options, &Progress::new())).unwrap();

            assert_eq!(scanned.files.len(), 3);
            let mut slots = scanned.files.iter().flat_map(|(_, result)| &result.slots);
            assert!(!slots.any(Slot::is_large));
            assert!(scanned.large.iter().all(Slot::is_large));
            assert_eq!(scanned.large.len(), 1);
        }
    }
}
