//! The bytes below a folder, in memory: from a disk, from a git tree, or from a test.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::encoding::decode;
use crate::walk::{self, LARGEST_ELSEWHERE};
use crate::{Problem, ProblemKind};

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest file, in bytes. The service takes far less than a megabyte of a document, so none of its files has so many.
    pub file_bytes: u64,
    /// The most bytes of all files.
    pub total_bytes: u64,
    /// The most files.
    pub files: usize,
    /// The deepest folder.
    pub folders: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 20,
            total_bytes: 256 << 20,
            files: 100_000,
            folders: 32,
        }
    }
}

impl Limits {
    /// The largest file that is read, where Data Factory has files or elsewhere.
    pub(crate) fn most(&self, is_documents: bool) -> u64 {
        match is_documents {
            true => self.file_bytes,
            false => self.file_bytes.min(LARGEST_ELSEWHERE),
        }
    }

    pub(crate) fn too_large(path: &str, most: u64) -> Problem {
        let message = format!("the file has more than {}", shown(most));
        Problem::new(ProblemKind::TooLarge, path, message)
            .hint("Data Factory refuses documents of a small part of that, so it is none of its own; it is not read")
    }

    pub(crate) fn too_many_bytes(&self) -> Problem {
        let message = format!("the files have more than {}", shown(self.total_bytes));
        too_many("", message)
    }

    pub(crate) fn too_many_files(&self, path: &str) -> Problem {
        too_many(path, format!("there are more than {} files", self.files))
    }

    pub(crate) fn too_deep(&self, path: &str) -> Problem {
        let message = format!("folders are nested more than {} levels deep", self.folders);
        Problem::new(ProblemKind::TooDeep, path, message).hint("what is in this one is not read")
    }
}

fn too_many(path: &str, message: String) -> Problem {
    Problem::new(ProblemKind::TooMany, path, message)
        .hint("name the folder that has `pipeline/`, `dataset/` and so on")
}

/// A number of bytes as people write it.
fn shown(bytes: u64) -> String {
    match bytes.trailing_zeros() >= 20 {
        true => format!("{} MiB", bytes >> 20),
        false => format!("{bytes} bytes"),
    }
}

/// Files by their path below a root, with `/`, in the order of the bytes of their paths.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) strangers: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

impl Files {
    /// Reads the JSON files below `root`.
    ///
    /// Links are not followed. Folders that begin with a dot, and `node_modules`, are passed by.
    ///
    /// # Errors
    ///
    /// When `root` is not a folder that can be listed. Whatever is wrong below it is a [`Problem`].
    pub fn read_folder(root: &Path, limits: &Limits) -> io::Result<Self> {
        walk::read(root, limits)
    }

    /// The files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The text of a file, also of one that is no JSON.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        self.get(path).map(|bytes| decode(bytes).text)
    }

    /// The files that were not read because they are not JSON, where Data Factory has nothing else.
    #[must_use]
    pub fn strangers(&self) -> &[String] {
        &self.strangers
    }

    /// What could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// Files of a git tree, or of a test. Those that are not JSON by their names are strangers where Data Factory has nothing else.
impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let mut all = Self::default();
        for (path, bytes) in files {
            let path = path.into();
            match walk::Interest::of(&path) {
                walk::Interest::Content => {
                    all.files.insert(path, bytes.into());
                }
                walk::Interest::Presence => all.strangers.push(path),
                walk::Interest::None => {}
            }
        }
        all.strangers.sort();
        all
    }
}
