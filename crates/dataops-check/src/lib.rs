#![doc = include_str!("../README.md")]

mod catalogue;
mod context;
mod finding;
mod findings;
mod lint;
mod mending;
mod merge;
mod notebook_folders;
mod notebooks;
mod pipeline;
mod rules;
mod scope;
mod settings;
mod subject;
mod suggestion;
mod text;
mod time_span;
mod value;
mod walk;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub(crate) use context::Context;

pub use catalogue::{RULES, Rule, Severity, rule};
pub use finding::{Finding, Fix, Related};
pub use findings::Findings;
pub use lint::PythonLint;
pub use mending::{Mended, mend};
pub use merge::{Breach, SideChange, Sides, Since, check_change, check_merge};
pub use subject::Subject;

/// Looks at everything in `subject`; findings come in the order of their places.
#[must_use]
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let context = Context::new(subject);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut findings = Findings::default();
        while let Some(group) = rules::GROUPS.get(next.fetch_add(1, Ordering::Relaxed)) {
            (group.check)(&context, &mut findings);
        }
        findings
    };
    let found = thread::scope(|scope| {
        let others: Vec<_> = (1..threads(subject)).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for other in others {
            found.merge(other.join().expect("no rule panics"));
        }
        found
    });
    found.into_sorted(subject.prefix)
}

/// Fewer resources than this are looked at before a second thread has started.
const FEW: usize = 200;
/// More threads than this have nothing to do: a few groups of rules take most of the time.
const MOST_THREADS: usize = 4;

fn threads(subject: &Subject<'_>) -> usize {
    if subject.repository.resources.len() < FEW {
        return 1;
    }
    let processors = thread::available_parallelism();
    processors.map_or(1, usize::from).min(MOST_THREADS)
}
