//! Objects that nothing is asked of, because the checks that are made need nothing of them: their files are left alone.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use data_contract::compile::Selection;
use data_contract::plan::{Measure, Object, ObjectId, Plan};
use data_scan::{Entry, ReadAt, Source, Storage};

/// Which objects are looked at: all, or those that a selected check is about or measures.
///
/// `objects` are those of the plan, with all that is measured of them.
pub(crate) fn wanted(plan: &Plan, objects: &[Object], selection: &Selection) -> Vec<bool> {
    let is_whole = *selection == Selection::default();
    let measures = objects.iter().flat_map(|object| &object.measures);
    let compared: HashSet<_> = measures.filter_map(compared).collect();
    let objects = objects.iter().enumerate();
    let wanted = objects.map(|(at, object)| {
        let mut checks = plan.checks.iter();
        is_whole
            || !object.measures.is_empty()
            || compared.contains(&ObjectId(at))
            || checks.any(|check| check.object == ObjectId(at))
    });
    wanted.collect()
}

/// The other object that a measure compares with, of which nothing may be measured for itself.
fn compared(measure: &Measure) -> Option<ObjectId> {
    match measure {
        Measure::Orphans { to, .. } => Some(*to),
        Measure::Shared { with, .. } => Some(*with),
        Measure::Parts { of, .. } => Some(*of),
        _ => None,
    }
}

/// The sources, with nothing in those that are not looked at.
pub(crate) fn only(wanted: &[bool], sources: &[Source]) -> Vec<Source> {
    let nowhere: Arc<dyn Storage> = Arc::new(Nowhere);
    let all = wanted.iter().zip(sources);
    let only = all.map(|(wanted, source)| match wanted {
        true => source.clone(),
        false => Source {
            storage: Arc::clone(&nowhere),
            ..source.clone()
        },
    });
    only.collect()
}

/// Keeps what is wanted.
pub(crate) fn keep<T>(wanted: &[bool], all: &mut Vec<T>) {
    let mut wanted = wanted.iter();
    all.retain(|_| wanted.next().copied().unwrap_or(true));
}

/// A storage without files.
struct Nowhere;

impl Storage for Nowhere {
    fn list(&self, _: &str) -> io::Result<Vec<Entry>> {
        Ok(Vec::new())
    }

    fn head(&self, _: &str) -> io::Result<Option<Entry>> {
        Ok(None)
    }

    fn open(&self, _: &Entry) -> io::Result<Box<dyn ReadAt>> {
        Err(io::Error::from(io::ErrorKind::NotFound))
    }
}
