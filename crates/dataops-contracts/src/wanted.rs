//! Objects that nothing is asked of, because the checks that are made need nothing of them: their files are left alone.

use std::io;
use std::sync::Arc;

use data_contract::compile::Selection;
use data_contract::plan::{Object, ObjectId, Plan};
use data_scan::{Entry, ReadAt, Source, Storage};

/// Which objects are looked at: all, or those that a selected check is about or measures.
///
/// `objects` are those of the plan, with all that is measured of them.
pub(crate) fn wanted(plan: &Plan, objects: &[Object], selection: &Selection) -> Vec<bool> {
    let is_whole = *selection == Selection::default();
    let objects = objects.iter().enumerate();
    let wanted = objects.map(|(at, object)| {
        let mut checks = plan.checks.iter();
        is_whole || !object.measures.is_empty() || checks.any(|check| check.object == ObjectId(at))
    });
    wanted.collect()
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
