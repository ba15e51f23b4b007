//! The copy of a script's folder that publishing makes, so that later edits do not change what was published.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::refusal::Refusal;
use crate::private_file;

/// The service's limits of a snapshot.
const MOST_FILES: usize = 2000;
const MOST_BYTES: u64 = 300 << 20;
const LEFT_OUT: [&str; 6] = [
    ".git",
    "__pycache__",
    ".venv",
    ".pytest_cache",
    ".ruff_cache",
    ".ipynb_checkpoints",
];

/// Copies the folder `from` to `to`, all of it or nothing, and checks that the script is in it.
pub(super) fn copy(from: &Path, entry: &str, to: &Path) -> Result<(), Refusal> {
    if !from.is_absolute() {
        return Err(Refusal::bad(format!(
            "the source directory `{}` is not an absolute path",
            from.display()
        )));
    }
    let entry = relative(entry)?;
    let root = from
        .canonicalize()
        .ok()
        .filter(|root| root.is_dir())
        .ok_or_else(|| {
            Refusal::bad(format!(
                "the source directory `{}` does not exist",
                from.display()
            ))
        })?;
    if !root.join(&entry).is_file() {
        return Err(Refusal::bad(format!(
            "the entry script `{}` does not exist in `{}`",
            entry.display(),
            root.display()
        )));
    }
    let mut part = to.as_os_str().to_owned();
    part.push(private_file::PART);
    let part = PathBuf::from(part);
    let mut copy = Copy {
        root: &root,
        files: 0,
        bytes: 0,
    };
    let copied = copy
        .folder(&root, &part)
        .and_then(|()| fs::rename(&part, to).map_err(|error| Refusal::disk(to, &error)));
    if copied.is_err() {
        // What cannot be removed now is removed at the next start.
        let _ = fs::remove_dir_all(&part);
    }
    copied
}

/// Removes the copies that were never finished.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(private_file::PART) {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

fn relative(entry: &str) -> Result<PathBuf, Refusal> {
    let path = PathBuf::from(entry);
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    match !entry.is_empty() && path.components().all(is_plain) {
        true => Ok(path),
        false => Err(Refusal::bad(format!(
            "the entry script `{entry}` is not a path inside the source directory"
        ))),
    }
}

struct Copy<'r> {
    root: &'r Path,
    files: usize,
    bytes: u64,
}

impl Copy<'_> {
    fn folder(&mut self, from: &Path, to: &Path) -> Result<(), Refusal> {
        private_file::create_folder(to).map_err(|error| Refusal::disk(to, &error))?;
        let failed = |error| Refusal::disk(from, &error);
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (path, name) = (entry.path(), entry.file_name());
            if LEFT_OUT.iter().any(|left_out| name == *left_out) {
                continue;
            }
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                self.folder(&path, &to.join(&name))?;
            } else {
                self.file(&path, &to.join(&name), kind.is_symlink())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, from: &Path, to: &Path, is_link: bool) -> Result<(), Refusal> {
        let failed = |error| Refusal::disk(from, &error);
        let real = from.canonicalize().map_err(failed)?;
        let found = fs::metadata(&real).map_err(failed)?;
        if is_link && !(real.starts_with(self.root) && found.is_file()) {
            return Err(Refusal::bad(format!(
                "`{}` links out of the source directory or to a folder",
                from.display()
            )));
        }
        if !found.is_file() {
            let message = format!("`{}` is neither a file nor a folder", from.display());
            return Err(Refusal::bad(message));
        }
        self.files += 1;
        self.bytes += found.len();
        if self.files > MOST_FILES || self.bytes > MOST_BYTES {
            return Err(Refusal::bad(format!(
                "`{}` has more than {MOST_FILES} files or more than {MOST_BYTES} bytes",
                self.root.display()
            )));
        }
        fs::copy(&real, to).map(drop).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> tempfile::TempDir {
        let source = tempfile::tempdir().unwrap();
        fs::create_dir_all(source.path().join("inner/__pycache__")).unwrap();
        fs::write(source.path().join("train.py"), "x").unwrap();
        fs::write(source.path().join("inner/a.py"), "y").unwrap();
        fs::write(source.path().join("inner/__pycache__/a.pyc"), "z").unwrap();
        source
    }

    #[test]
    fn a_copy_is_whole_and_without_caches() {
        let (source, target) = (source(), tempfile::tempdir().unwrap());
        let to = target.path().join("copy");

        copy(source.path(), "train.py", &to).unwrap();

        assert_eq!(fs::read_to_string(to.join("inner/a.py")).unwrap(), "y");
        assert!(!to.join("inner/__pycache__").exists());
    }

    #[test]
    fn an_entry_outside_and_one_that_is_missing_are_refused() {
        let (source, target) = (source(), tempfile::tempdir().unwrap());
        for entry in ["../train.py", "/etc/passwd", "", "missing.py", "inner"] {
            let refused = copy(source.path(), entry, &target.path().join("copy"));
            assert_eq!(refused.unwrap_err().code(), "BadArgument", "{entry}");
        }
        assert!(
            copy(
                Path::new("relative"),
                "train.py",
                &target.path().join("copy")
            )
            .is_err()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_refused_and_nothing_is_left() {
        let (source, target) = (source(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink("/etc/hostname", source.path().join("link")).unwrap();

        let refused = copy(source.path(), "train.py", &target.path().join("copy"));

        assert!(refused.unwrap_err().to_string().contains("links out"));
        assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
    }
}
