//! Files of this machine.

use std::fs::{self, File, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Entry, ReadAt, Storage};

/// Folders deeper than this are not read.
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
        let root = self.path(folder);
        let walked = fs::canonicalize(&root).and_then(|real| {
            let name = folder.trim_end_matches('/');
            walk(&root, name, &mut vec![real], &mut entries)
        });
        match walked {
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
        let path = self.path(&entry.path);
        let known = fs::metadata(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if entry.path.contains(char::REPLACEMENT_CHARACTER) => {
                io::Error::other("its name is no UTF-8, so that it cannot be named")
            }
            _ => error,
        })?;
        // Opening a pipe waits for somebody who writes to it, and a device has no end.
        if let Some(other) = no_file(known.file_type()) {
            return Err(io::Error::other(format!("it is {other}, not a file")));
        }
        Ok(Box::new(Handle(File::open(path)?)))
    }
}

/// What something is that is not a file.
fn no_file(kind: FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("a named pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Some("a device");
        }
    }
    if kind.is_dir() {
        return Some("a folder, or a link to one that it is in");
    }
    (!kind.is_file()).then_some("something else")
}

/// Lists what is below a folder. `above` are the folders that it is in and itself, without links. What cannot be looked at is
/// listed all the same, so that whoever opens it is told why.
fn walk(
    folder: &Path,
    name: &str,
    above: &mut Vec<PathBuf>,
    entries: &mut Vec<Entry>,
) -> io::Result<()> {
    if above.len() > DEEPEST {
        return Err(io::Error::other(format!(
            "{} is more than {DEEPEST} folders deep",
            folder.display()
        )));
    }
    for found in fs::read_dir(folder)? {
        let found = found?;
        let (path, file_name) = (found.path(), found.file_name());
        let shown = if name.is_empty() {
            file_name.to_string_lossy().into_owned()
        } else {
            format!("{name}/{}", file_name.to_string_lossy())
        };
        // Follows links, so that a link to a folder is one.
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {
                let real = fs::canonicalize(&path)?;
                if above.contains(&real) {
                    entries.push(entry(shown, &metadata));
                    continue;
                }
                above.push(real);
                walk(&path, &shown, above, entries)?;
                above.pop();
            }
            Ok(metadata) => entries.push(entry(shown, &metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => entries.push(Entry {
                path: shown,
                size: 0,
                modified: None,
                tag: None,
            }),
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_name_that_is_no_text_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join(OsStr::from_bytes(b"a\xFF.csv")),
            "a\n1\n",
        )
        .unwrap();
        let local = Local::new(folder.path());

        let entries = local.list("").unwrap();
        let error = local.open(&entries[0]).err().unwrap();

        assert_eq!(
            error.to_string(),
            "its name is no UTF-8, so that it cannot be named"
        );
    }
}
