//! Reads a bundle, and believes nothing that its digest does not prove.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use adf_source::{Files, Repository};
use dataops_solution::Solution;
use dataops_solution::settings::{FILE_NAME, SettingsError};
use dataops_solution::source::{SolutionFiles, SolutionSource, below_root};

use crate::solution::{SOLUTION, TEMPLATES};
use crate::{Contents, Digest, Entry, MANIFEST, Manifest};

/// The largest manifest, in bytes.
const LARGEST_MANIFEST: u64 = 64 << 20;
/// The most bytes of all files.
const MOST_BYTES: u64 = 1 << 30;
/// The deepest folder.
const DEEPEST: usize = 64;
/// The most differences that are told.
const MOST_TOLD: usize = 20;

/// A bundle that was verified. Its files are in memory: what was verified is what is used.
#[derive(Clone, Debug)]
pub struct Bundle {
    folder: PathBuf,
    manifest: Manifest,
    contents: Contents,
}

/// How a folder differs from what its manifest says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file has other bytes.
    Changed(String),
    /// A file that the manifest does not have.
    Extra(String),
    /// A file that the folder does not have.
    Missing(String),
    /// A link, a pipe or a device.
    NoFile(String),
}

/// A folder that is no bundle, or no longer the one that was sealed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no manifest.
    #[error("{} is no bundle: it has no {MANIFEST}", .0.display())]
    NoBundle(PathBuf),
    /// The manifest cannot be used.
    #[error("{}: {reason}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The folder is not what was sealed.
    #[error("{} is not what was sealed: {}", folder.display(), list(differences))]
    Altered {
        /// The folder.
        folder: PathBuf,
        /// How it differs.
        differences: Vec<Difference>,
    },
    /// Something cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(path) => write!(out, "`{}` was changed", path.escape_debug()),
            Self::Extra(path) => write!(out, "`{}` does not belong to it", path.escape_debug()),
            Self::Missing(path) => write!(out, "`{}` is missing", path.escape_debug()),
            Self::NoFile(path) => write!(out, "`{}` is a link or a device", path.escape_debug()),
        }
    }
}

fn list(differences: &[Difference]) -> String {
    let told = differences.iter().take(MOST_TOLD).map(ToString::to_string);
    let mut told: Vec<_> = told.collect();
    if let Some(more) = differences
        .len()
        .checked_sub(MOST_TOLD)
        .filter(|more| *more > 0)
    {
        told.push(format!("and {more} more"));
    }
    told.join("; ")
}

impl Bundle {
    /// Reads the bundle in `folder`, and verifies all of it.
    ///
    /// # Errors
    ///
    /// When it is no bundle, or any file was changed, added or taken away.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let manifest = read_manifest(folder)?;
        let mut differences = Vec::new();
        let mut found = BTreeSet::new();
        walk(folder, "", 0, &mut found, &mut differences)?;
        let expected: BTreeSet<_> = manifest
            .files
            .iter()
            .map(|file| file.path.as_str())
            .collect();
        let extra = found
            .iter()
            .filter(|path| *path != MANIFEST && !expected.contains(path.as_str()));
        differences.extend(extra.cloned().map(Difference::Extra));
        let mut contents = Contents::default();
        let mut bytes_left = MOST_BYTES;
        for file in &manifest.files {
            let told = differences
                .iter()
                .any(|difference| *difference == Difference::NoFile(file.path.clone()));
            if !found.contains(&file.path) {
                if !told {
                    differences.push(Difference::Missing(file.path.clone()));
                }
                continue;
            }
            match read_file(folder, file, &mut bytes_left)? {
                Some(bytes) => {
                    let _ = contents.insert(&file.path, bytes);
                }
                None => differences.push(Difference::Changed(file.path.clone())),
            }
        }
        if !differences.is_empty() {
            differences.sort();
            return Err(OpenError::Altered {
                folder: folder.to_owned(),
                differences,
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
            contents,
        })
    }

    /// What the bundle holds, and where it came from.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The digest that names the bundle.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.manifest.digest
    }

    /// All files, by their paths from the bundle's folder.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The solution, with its environments. Its root is the folder in the bundle.
    ///
    /// # Errors
    ///
    /// When `dataops.yaml` cannot be used.
    pub fn solution(&self) -> Result<Solution, SettingsError> {
        Solution::new(self.folder.join(SOLUTION), self.yaml())
    }

    /// The solution in memory: what `dataops.yaml` says, and the files that it names.
    #[must_use]
    pub fn source(&self) -> SolutionSource {
        let files: SolutionFiles = self.contents.below(SOLUTION).collect();
        SolutionSource::new(self.yaml(), files)
    }

    /// The Data Factory repository.
    #[must_use]
    pub fn repository(&self) -> Repository {
        let solution = self.solution().ok();
        let adf = solution.and_then(|solution| solution.settings.adf);
        let root = adf.and_then(|adf| below_root(&adf.root.to_string_lossy()));
        let folder = match root.as_deref() {
            None => return Repository::default(),
            Some("") => SOLUTION.to_owned(),
            Some(root) => format!("{SOLUTION}/{root}"),
        };
        Repository::read(&self.contents.below(&folder).collect::<Files>())
    }

    /// The ARM templates, by their paths as Data Factory names them.
    pub fn templates(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.contents.below(TEMPLATES)
    }

    fn yaml(&self) -> String {
        let bytes = self.contents.get(&format!("{SOLUTION}/{FILE_NAME}"));
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    }
}

fn read_manifest(folder: &Path) -> Result<Manifest, OpenError> {
    let path = folder.join(MANIFEST);
    let unusable = |reason: String| OpenError::Manifest {
        path: path.clone(),
        reason,
    };
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(unusable("it is a link or a device".to_owned())),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Err(OpenError::NoBundle(folder.to_owned()));
        }
        Err(source) => return Err(OpenError::Unreadable { path, source }),
    }
    let bytes = read_at_most(&path, LARGEST_MANIFEST)?;
    let bytes =
        bytes.ok_or_else(|| unusable(format!("it has more than {LARGEST_MANIFEST} bytes")))?;
    Manifest::parse(&bytes).map_err(|error| unusable(error.to_string()))
}

/// The bytes of a file; none where they are not those that were sealed.
fn read_file(folder: &Path, file: &Entry, left: &mut u64) -> Result<Option<Vec<u8>>, OpenError> {
    let path = folder.join(&file.path);
    let Some(rest) = left.checked_sub(file.size) else {
        let message = format!("the bundle has more than {MOST_BYTES} bytes");
        return Err(OpenError::Unreadable {
            path,
            source: io::Error::other(message),
        });
    };
    *left = rest;
    let bytes = read_at_most(&path, file.size)?;
    Ok(bytes.filter(|bytes| bytes.len() as u64 == file.size && Digest::of(bytes) == file.sha256))
}

/// The bytes of a file; none where there are more than `most`.
fn read_at_most(path: &Path, most: u64) -> Result<Option<Vec<u8>>, OpenError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok((bytes.len() as u64 <= most).then_some(bytes)),
        Err(source) => Err(OpenError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Finds every file below a folder, and follows no link.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut BTreeSet<String>,
    differences: &mut Vec<Difference>,
) -> Result<(), OpenError> {
    let unreadable = |source| OpenError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() && depth < DEEPEST {
            walk(
                &entry.path(),
                &format!("{path}/"),
                depth + 1,
                files,
                differences,
            )?;
        } else if kind.is_file() {
            files.insert(path);
        } else {
            differences.push(match kind.is_dir() {
                true => Difference::Extra(path),
                false => Difference::NoFile(path),
            });
        }
    }
    Ok(())
}
