//! Reads the files that a walk has found, on as many processors as help.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use crate::{Files, Limits, Problem, ProblemKind};

/// With fewer files than this for each, more threads cost more than they save.
const FILES_PER_THREAD: usize = 100;
/// More threads than this read no faster.
const MOST_THREADS: usize = 4;

/// A file to read.
pub(crate) struct Found {
    /// Its path below the root.
    pub(crate) path: String,
    /// Whether it stands where Data Factory has its own.
    pub(crate) is_documents: bool,
}

/// Reads what was found into `files`, until there are too many bytes.
pub(crate) fn read(root: &Path, found: Vec<Found>, limits: &Limits, files: &mut Files) {
    let reading = Reading {
        root,
        found: &found,
        limits,
        next: AtomicUsize::new(0),
        bytes: AtomicU64::new(0),
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors
        .min(MOST_THREADS)
        .min(found.len() / FILES_PER_THREAD + 1);
    let mut read = thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|_| scope.spawn(|| reading.share()))
            .collect();
        let mut read = reading.share();
        for other in others {
            read.extend(other.join().expect("reading a file does not panic"));
        }
        read
    });
    let is_full = reading.is_full();
    read.sort_unstable_by_key(|(at, _)| *at);
    let mut read = read.into_iter().peekable();
    for (at, file) in found.into_iter().enumerate() {
        let Some((_, contents)) = read.next_if(|(read, _)| *read == at) else {
            continue;
        };
        match contents {
            Ok(Some(bytes)) => drop(files.files.insert(file.path, bytes)),
            Ok(None) if file.is_documents => {
                let most = limits.most(true);
                files.problems.push(Limits::too_large(&file.path, most));
            }
            Ok(None) => {}
            Err(error) => files.problems.push(unreadable(&file.path, &error)),
        }
    }
    if is_full {
        files.problems.push(limits.too_many_bytes());
    }
}

/// The problem that something cannot be read.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> Problem {
    let message = format!("it cannot be read: {error}");
    Problem::new(ProblemKind::Unreadable, path, message)
}

/// What all threads have in common.
struct Reading<'r> {
    root: &'r Path,
    found: &'r [Found],
    limits: &'r Limits,
    next: AtomicUsize,
    bytes: AtomicU64,
}

type Contents = io::Result<Option<Vec<u8>>>;

impl Reading<'_> {
    /// Reads what no other thread has begun with: places of files, and what is in them.
    fn share(&self) -> Vec<(usize, Contents)> {
        let mut read = Vec::new();
        while !self.is_full() {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = self.found.get(at) else {
                break;
            };
            let most = self.limits.most(file.is_documents);
            let contents = contents(&self.root.join(&file.path), most);
            if let Ok(Some(bytes)) = &contents {
                self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            }
            read.push((at, contents));
        }
        read
    }

    fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > self.limits.total_bytes
    }
}

/// The bytes of a file; none where there are more than `most`.
fn contents(path: &Path, most: u64) -> Contents {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > most {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}
