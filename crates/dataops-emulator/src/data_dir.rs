//! The directory that holds everything an emulator knows, and the lock that keeps a second emulator out of it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;
use uuid::Uuid;

use crate::private_file;

const LOCK: &str = "lock";
/// What a directory may hold before the first emulator comes.
const HARMLESS: [&str; 3] = [".gitignore", ".gitkeep", "lost+found"];

/// An open data directory; the lock ends when this is dropped, and so does a directory that was made for one run only.
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
    _temporary: Option<TempDir>,
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataDirError {
    /// It is a file or something else.
    #[error("`{}` is not a directory; name one that is, or one that does not exist yet", .0.display())]
    NotADirectory(PathBuf),
    /// It holds what no emulator put there.
    #[error("`{}` holds other things; name an empty directory, one that does not exist yet, or one that an emulator made", .0.display())]
    Foreign(PathBuf),
    /// Another emulator runs on it.
    #[error("`{}` is used by another emulator; stop that one, or choose another directory", .0.display())]
    InUse(PathBuf),
    /// It cannot be read or written.
    #[error("`{}` cannot be written; check its permissions, or choose another directory", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl DataDir {
    /// Opens `path`, or a new directory that is removed at the end.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, DataDirError> {
        let (path, temporary) = match path {
            Some(path) => (path, None),
            None => {
                let made = TempDir::with_prefix("dataops-emulator-");
                let made = made.map_err(|source| failed(&std::env::temp_dir(), source))?;
                (made.path().to_owned(), Some(made))
            }
        };
        if path.exists() && !path.is_dir() {
            return Err(DataDirError::NotADirectory(path));
        }
        private_file::create_folder(&path).map_err(|source| failed(&path, source))?;
        if is_foreign(&path).map_err(|source| failed(&path, source))? {
            return Err(DataDirError::Foreign(path));
        }
        // Files are handed to Python and to mounts by absolute path.
        let path = path
            .canonicalize()
            .map_err(|source| failed(&path, source))?;
        restrict(&path)?;
        let lock = lock(&path)?;
        Ok(Self {
            path,
            _lock: lock,
            _temporary: temporary,
        })
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A secret that lasts as long as the directory: `given`, otherwise the one kept there, otherwise a new one.
    pub(crate) fn secret(&self, name: &str, given: Option<String>) -> Result<String, DataDirError> {
        let given = given.filter(|given| !given.trim().is_empty());
        let path = self.path.join(name);
        let kept = match fs::read_to_string(&path) {
            Ok(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(failed(&path, source)),
        };
        if let (None, Some(kept)) = (&given, kept) {
            return Ok(kept);
        }
        let secret = given.unwrap_or_else(new_secret);
        private_file::replace(&path, secret.as_bytes()).map_err(|source| failed(&path, source))?;
        Ok(secret)
    }
}

/// Whether the directory is somebody's own, such as a home or a project: it would be closed to others and filled.
fn is_foreign(path: &Path) -> io::Result<bool> {
    if path.join(LOCK).exists() {
        return Ok(false);
    }
    let mut entries = fs::read_dir(path)?;
    entries.try_fold(false, |found, entry| {
        let name = entry?.file_name();
        Ok(found || !HARMLESS.iter().any(|harmless| name == *harmless))
    })
}

fn failed(path: &Path, source: io::Error) -> DataDirError {
    DataDirError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(unix)]
fn restrict(path: &Path) -> Result<(), DataDirError> {
    let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(path, owner_only).map_err(|source| failed(path, source))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> Result<(), DataDirError> {
    Ok(())
}

fn lock(folder: &Path) -> Result<File, DataDirError> {
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(&path)
        .map_err(|source| failed(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(&path, source)),
    }
}

/// 64 bytes from the system's random source, as Base64: the form of a storage account key.
fn new_secret() -> String {
    let bytes: Vec<u8> = (0..4).flat_map(|_| Uuid::new_v4().into_bytes()).collect();
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_last_and_a_second_emulator_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/data");
        let first = DataDir::open(Some(path.clone())).unwrap();
        let secret = first.secret("token", None).unwrap();

        let second = DataDir::open(Some(path.clone())).err().unwrap();
        drop(first);
        let third = DataDir::open(Some(path)).unwrap();

        assert!(matches!(second, DataDirError::InUse(_)), "{second:?}");
        assert_eq!(third.secret("token", None).unwrap(), secret);
        assert_eq!(third.secret("token", Some("mine".into())).unwrap(), "mine");
        assert_eq!(third.secret("token", None).unwrap(), "mine");
        assert_eq!(secret.len(), 88);
    }

    #[test]
    fn a_file_is_not_a_data_directory() {
        let file = tempfile::NamedTempFile::new().unwrap();

        let error = DataDir::open(Some(file.path().to_owned())).err().unwrap();

        assert!(matches!(error, DataDirError::NotADirectory(_)), "{error:?}");
    }

    #[test]
    fn somebodys_own_directory_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".gitignore"), "*").unwrap();
        assert!(!is_foreign(folder.path()).unwrap());
        fs::write(folder.path().join("thesis.tex"), "").unwrap();

        let error = DataDir::open(Some(folder.path().to_owned())).err().unwrap();

        assert!(matches!(error, DataDirError::Foreign(_)), "{error:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_empty_secret_is_none() {
        let dir = DataDir::open(None).unwrap();

        let secret = dir.secret("token", Some(" ".into())).unwrap();

        assert_eq!(secret.len(), 88);
    }

    #[test]
    fn a_directory_for_one_run_goes_with_it() {
        let dir = DataDir::open(None).unwrap();
        let path = dir.path().to_owned();
        assert!(path.is_dir());

        drop(dir);

        assert!(!path.exists());
    }
}
