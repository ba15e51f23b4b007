//! The bytes below a folder, in memory: from a disk, from a git tree, or from a test.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::{Problem, ProblemKind};

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// The most files.
    pub files: usize,
    /// The deepest folder.
    pub folders: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            files: 100_000,
            folders: 16,
        }
    }
}

/// Files by their path below a root, with `/`, in the order of the bytes of their paths.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: BTreeMap<String, Vec<u8>>,
    problems: Vec<Problem>,
}

impl Files {
    /// Reads every JSON file below `root`.
    ///
    /// # Errors
    ///
    /// When `root` is not a folder that can be listed. Whatever is wrong below it is a [`Problem`].
    pub fn read_folder(root: &Path, limits: &Limits) -> io::Result<Self> {
        let mut files = Self::default();
        files.walk(root, "", limits, 0)?;
        Ok(files)
    }

    fn walk(
        &mut self,
        folder: &Path,
        prefix: &str,
        limits: &Limits,
        depth: usize,
    ) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if depth < limits.folders && name != ".git" {
                    self.walk(&entry.path(), &format!("{path}/"), limits, depth + 1)?;
                }
            } else if kind.is_file() && name.to_ascii_lowercase().ends_with(".json") {
                if entry.metadata()?.len() > limits.file_bytes {
                    let message = format!("the file has more than {} bytes", limits.file_bytes);
                    self.problems.push(
                        Problem::new(ProblemKind::TooLarge, path, message)
                            .hint("Data Factory refuses documents of a small part of that"),
                    );
                } else {
                    self.files.insert(path, fs::read(entry.path())?);
                }
            }
        }
        Ok(())
    }

    /// The files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// What could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        Self {
            files: files
                .into_iter()
                .map(|(path, bytes)| (path.into(), bytes.into()))
                .collect(),
            problems: Vec::new(),
        }
    }
}
