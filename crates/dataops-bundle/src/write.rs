//! Puts a bundle into a folder: all of it, or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Bundle, MANIFEST, OpenError, Sealed};

/// What became of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The bundle is there now.
    New,
    /// It was there already.
    Unchanged,
    /// It took the place of another one.
    Replaced,
}

/// A bundle that was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Something else is there.
    #[error("{} is there already, and is no bundle that may be replaced", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// Why it is none.
        #[source]
        source: Option<OpenError>,
    },
    /// A file or folder cannot be written.
    #[error("{} cannot be written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Sealed {
    /// Writes the bundle to `folder`, which appears with everything in it, or stays as it was. An older bundle is replaced; anything
    /// else that lies there is not.
    ///
    /// # Errors
    ///
    /// When `folder` holds something else, or cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Written, WriteError> {
        let standing = standing(folder)?;
        if let Standing::Bundle(bundle) = &standing
            && bundle.digest() == self.digest()
        {
            return Ok(Written::Unchanged);
        }
        let parent = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(failed(parent))?;
        let work = tempfile::Builder::new()
            .prefix(".bundle-")
            .tempdir_in(parent)
            .map_err(failed(parent))?;
        let new = work.path().join("new");
        self.write_files(&new)?;
        match standing {
            Standing::Nothing => {
                fs::rename(&new, folder).map_err(failed(folder))?;
                Ok(Written::New)
            }
            Standing::Empty => {
                fs::remove_dir(folder)
                    .and_then(|()| fs::rename(&new, folder))
                    .map_err(failed(folder))?;
                Ok(Written::New)
            }
            Standing::Bundle(_) => {
                exchange(&new, folder, &work.path().join("old"))?;
                Ok(Written::Replaced)
            }
        }
    }

    fn write_files(&self, folder: &Path) -> Result<(), WriteError> {
        let manifest = self.manifest.to_bytes();
        let files = self
            .contents
            .iter()
            .chain([(MANIFEST, manifest.as_slice())]);
        let mut last = PathBuf::new();
        for (path, bytes) in files {
            let path = folder.join(path);
            if let Some(parent) = path.parent()
                && parent != last
            {
                fs::create_dir_all(parent).map_err(failed(parent))?;
                parent.clone_into(&mut last);
            }
            fs::write(&path, bytes).map_err(failed(&path))?;
            set_mode(&path, 0o644)?;
        }
        set_folder_modes(folder)
    }
}

/// What lies where a bundle goes.
enum Standing {
    Nothing,
    Empty,
    Bundle(Box<Bundle>),
}

fn standing(folder: &Path) -> Result<Standing, WriteError> {
    let occupied = |source| WriteError::Occupied {
        path: folder.to_owned(),
        source,
    };
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
        Err(source) => return Err(failed(folder)(source)),
        Ok(metadata) if !metadata.is_dir() => return Err(occupied(None)),
        Ok(_) => {}
    }
    let mut entries = fs::read_dir(folder).map_err(failed(folder))?;
    if entries.next().is_none() {
        return Ok(Standing::Empty);
    }
    match Bundle::open(folder) {
        Ok(bundle) => Ok(Standing::Bundle(Box::new(bundle))),
        Err(error) => Err(occupied(Some(error))),
    }
}

/// Puts `new` in the place of `folder`, whose contents go to `old`.
fn exchange(new: &Path, folder: &Path, old: &Path) -> Result<(), WriteError> {
    fs::rename(folder, old).map_err(failed(folder))?;
    fs::rename(new, folder).map_err(|error| {
        // The one that was there is better than none.
        let _ = fs::rename(old, folder);
        failed(folder)(error)
    })
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    |source| WriteError::Io { path, source }
}

/// The mode of a file does not depend on who builds.
#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> Result<(), WriteError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed(path))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> Result<(), WriteError> {
    Ok(())
}

fn set_folder_modes(folder: &Path) -> Result<(), WriteError> {
    set_mode(folder, 0o755)?;
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let entry = entry.map_err(failed(folder))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            set_folder_modes(&entry.path())?;
        }
    }
    Ok(())
}
