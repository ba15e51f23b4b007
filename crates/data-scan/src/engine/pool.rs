//! Threads that open files and measure their units, in the order of the files.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::file::{Ended, File, Opened, Outcome, Shape};
use super::turn::Turn;
use super::work::Work;

/// Opens a file for a pass.
pub(crate) type Open<'a> =
    dyn Fn(&File, &Work<'_>) -> Result<(Shape, Arc<dyn Opened>), String> + Sync + 'a;

enum Task {
    Open(usize),
    Measure(usize, usize),
}

struct Tasks {
    waiting: VecDeque<Task>,
    /// Files that are being opened, and may bring more tasks.
    opening: usize,
}

/// Does a pass over files.
pub(crate) fn pass(
    files: &[File],
    open: &Open<'_>,
    changed: &(dyn Fn(&File) -> bool + Sync),
    work: &Work<'_>,
) {
    let waiting = (0..files.len()).map(Task::Open).collect();
    let tasks = Mutex::new(Tasks {
        waiting,
        opening: 0,
    });
    let more = Condvar::new();
    let worker = || {
        while let Some(task) = next(&tasks, &more, work) {
            let (place, unit) = match task {
                Task::Measure(place, unit) => (place, Some(unit)),
                Task::Open(place) => {
                    let file = caught(|| open(&files[place], work)).unwrap_or_else(Err);
                    let units = files[place].begin(file, work);
                    (place, opened(&tasks, &more, place, units))
                }
            };
            let (Some(unit), Some(opened)) = (unit, files[place].opened()) else {
                work.together.take(files, work);
                continue;
            };
            if measure(&files[place], (unit, opened.as_ref()), work) && changed(&files[place]) {
                files[place].changed();
            }
            work.together.take(files, work);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..work.options.threads.max(1) {
            scope.spawn(worker);
        }
        worker();
    });
    work.together.take(files, work);
}

/// Does a unit of work of a file, and those again that turn out to have begun at a wrong place. Says whether the file is done.
fn measure(file: &File, (unit, opened): (usize, &dyn Opened), work: &Work<'_>) -> bool {
    let turn = Turn::new(file, unit);
    let outcome = caught(|| opened.measure(&turn, work)).unwrap_or_else(Outcome::failed);
    let mut ended = file.end(unit, outcome, work);
    loop {
        match ended {
            Ended::Again(unit, start) => {
                let again = caught(|| opened.measure_from(unit, start, work));
                ended = file.end_again(unit, again.unwrap_or_else(Outcome::failed), work);
            }
            Ended::Unit => return false,
            Ended::File => return true,
        }
    }
}

/// What is done with a file; a reason where its reader gave up on it: foreign code reads foreign bytes here.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    crate::caught::caught(work).ok_or_else(|| "its reader gave up, as if it was damaged".to_owned())
}

/// The next task; waits where an open file may still bring some.
fn next(tasks: &Mutex<Tasks>, more: &Condvar, work: &Work<'_>) -> Option<Task> {
    let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if work.is_ended() {
            more.notify_all();
            return None;
        }
        if let Some(task) = tasks.waiting.pop_front() {
            tasks.opening += usize::from(matches!(task, Task::Open(_)));
            return Some(task);
        }
        if tasks.opening == 0 {
            return None;
        }
        tasks = more.wait(tasks).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Puts the units of a file in front of everything else, but for the first one, which whoever opened the file does itself.
fn opened(tasks: &Mutex<Tasks>, more: &Condvar, place: usize, units: usize) -> Option<usize> {
    let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
    tasks.opening -= 1;
    for unit in (1..units).rev() {
        tasks.waiting.push_front(Task::Measure(place, unit));
    }
    more.notify_all();
    (units > 0).then_some(0)
}
