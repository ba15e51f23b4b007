//! Files of this machine.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Entry, ReadAt, Storage};

/// Folders deeper than this are taken for a circle.
const DEEPEST: usize = 64;

/// Files of this machine. Relative paths begin in a folder.
#[derive(Clone, Debug)]
pub struct Local {
    folder: PathBuf,
}

impl Local {
    /// Files, by absolute paths and by those that begin in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder
            .join(path.strip_prefix("file://").unwrap_or(path))
    }
}

impl Storage for Local {
    fn list(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        match walk(
            &self.path(folder),
            folder.trim_end_matches('/'),
            0,
            &mut entries,
        ) {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
            Ok(()) => Ok(entries),
        }
    }

    fn head(&self, path: &str) -> io::Result<Option<Entry>> {
        match fs::metadata(self.path(path)) {
            Ok(metadata) if metadata.is_dir() => Ok(None),
            Ok(metadata) => Ok(Some(entry(path.to_owned(), &metadata))),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn open(&self, entry: &Entry) -> io::Result<Box<dyn ReadAt>> {
        Ok(Box::new(Handle(File::open(self.path(&entry.path))?)))
    }
}

fn walk(folder: &Path, name: &str, depth: usize, entries: &mut Vec<Entry>) -> io::Result<()> {
    if depth > DEEPEST {
        return Err(io::Error::other(format!(
            "{} is more than {DEEPEST} folders deep",
            folder.display()
        )));
    }
    for found in fs::read_dir(folder)? {
        let found = found?;
        let file_name = found.file_name();
        let path = if name.is_empty() {
            file_name.to_string_lossy().into_owned()
        } else {
            format!("{name}/{}", file_name.to_string_lossy())
        };
        // Follows links, so that a link to a folder is one.
        match fs::metadata(found.path()) {
            Ok(metadata) if metadata.is_dir() => walk(&found.path(), &path, depth + 1, entries)?,
            Ok(metadata) => entries.push(entry(path, &metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn entry(path: String, metadata: &Metadata) -> Entry {
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.and_then(|time| i64::try_from(time.as_micros()).ok());
    Entry {
        path,
        size: metadata.len(),
        modified,
        tag: None,
    }
}

struct Handle(File);

impl ReadAt for Handle {
    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.0, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.0, buffer, offset)
    }
}
