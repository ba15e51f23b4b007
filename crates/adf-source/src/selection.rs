//! Which files of a tree are read, decided before anybody fetches their bytes; the same ones as of a folder of a disk.

use crate::walk::{Interest, is_documents};
use crate::{Files, Limits};

/// The choice among the files of a tree, such as a commit's.
#[derive(Clone, Debug)]
pub struct Selection {
    limits: Limits,
    count: usize,
    bytes: u64,
    is_full: bool,
    files: Files,
}

impl Selection {
    /// Nothing chosen yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            count: 0,
            bytes: 0,
            is_full: false,
            files: Files::default(),
        }
    }

    /// Whether the file at a path below the root, with `/`, is read. What keeps a file out that might be Data Factory's is a problem
    /// of the [`Files`].
    pub fn takes(&mut self, path: &str, size: u64) -> bool {
        match Interest::of(path) {
            _ if self.is_full => false,
            Interest::None => false,
            Interest::Presence => {
                self.files.strangers.push(path.to_owned());
                false
            }
            Interest::Content => self.has_room(path, size),
        }
    }

    fn has_room(&mut self, path: &str, size: u64) -> bool {
        let mut ends = path.match_indices('/').map(|(at, _)| at);
        if let Some(end) = ends.nth(self.limits.folders) {
            let problem = self.limits.too_deep(&path[..end]);
            let problems = &mut self.files.problems;
            if problems.last() != Some(&problem) {
                problems.push(problem);
            }
            return false;
        }
        let most = self.limits.most(is_documents(path));
        if size > most {
            if is_documents(path) {
                let problem = Limits::too_large(path, most);
                self.files.problems.push(problem);
            }
            return false;
        }
        if self.count == self.limits.files {
            self.is_full = true;
            self.files.problems.push(self.limits.too_many_files(path));
            return false;
        }
        self.count += 1;
        self.bytes += size;
        if self.bytes > self.limits.total_bytes {
            self.is_full = true;
            self.files.problems.push(self.limits.too_many_bytes());
        }
        true
    }

    /// The files with the bytes of those that were taken.
    #[must_use]
    pub fn with(mut self, taken: impl IntoIterator<Item = (String, Vec<u8>)>) -> Files {
        self.files.strangers.sort();
        self.files.files.extend(taken);
        self.files
    }
}
